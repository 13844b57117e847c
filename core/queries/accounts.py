"""Accounts: who works here, how they get in, and one's own sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.model.access import Account, CalendarFeed, ColleagueService, LoginSession
from core.model.complaints import Complaint, Stage
from core.model.people import Colleague, Service
from core.permissions import Permission, Role
from core.queries.base import Asking, query
from core.rules.facts import Ending
from core.store.scope import not_confidential

_A = Account.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_F = CalendarFeed.__table__  # type: ignore[attr-defined]
_L = LoginSession.__table__  # type: ignore[attr-defined]
_R = ColleagueService.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One colleague as the Accounts page shows them. `in_hand` counts open stages, without confidential ones."""

    id: int
    name: str
    role: Role
    services: tuple[str, ...]
    service_ids: tuple[int, ...]
    active: bool
    sign_in_name: str
    has_account: bool
    has_password: bool
    second_factor: bool
    single_sign_on: bool
    sessions: int
    last_seen: datetime | None
    in_hand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One of one's own open sessions."""

    id: str
    how: str
    address: str
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """One's own account: what protects it, and where it is in use."""

    sign_in_name: str
    has_password: bool
    second_factor: bool
    single_sign_on: bool
    calendar_since: datetime | None
    sessions: tuple[SessionLine, ...]


@query(needs=Permission.ACCOUNTS)
def colleagues(asking: Asking) -> tuple[AccountLine, ...]:
    """Every colleague, those who are here first, by name."""
    reach = _reach(asking)
    live, hands = _in_use(asking), _in_hand()
    joined = (
        _W.outerjoin(_A, _A.c.colleague_id == _W.c.id)
        .outerjoin(live, live.c.colleague_id == _W.c.id)
        .outerjoin(hands, hands.c.handler_id == _W.c.id)
    )
    statement = (
        sa.select(_W, _A, live.c.seen, live.c.sessions, hands.c.in_hand)
        .select_from(joined)
        .order_by(_W.c.active.desc(), _W.c.name)
    )
    return tuple(_line(row, reach.get(row.id, [])) for row in asking.connection.execute(statement))


def _reach(asking: Asking) -> dict[int, list[tuple[int, str]]]:
    """The services of those who are limited to some."""
    found: dict[int, list[tuple[int, str]]] = {}
    limited = sa.select(_R.c.colleague_id, _S.c.id, _S.c.name).select_from(_R.join(_S, _S.c.id == _R.c.service_id))
    for row in asking.connection.execute(limited.order_by(_S.c.name)):
        found.setdefault(row.colleague_id, []).append((row.id, row.name))
    return found


def _in_use(asking: Asking) -> sa.Subquery:
    """When each was last seen, and in how many live sessions they are."""
    live = sa.func.sum(sa.case((_lives(asking), 1), else_=0))
    statement = sa.select(_L.c.colleague_id, sa.func.max(_L.c.seen_at).label("seen"), live.label("sessions"))
    return statement.group_by(_L.c.colleague_id).subquery()


def _in_hand() -> sa.Subquery:
    """How many open stages each considers."""
    at_stage = sa.and_(_C.c.id == _ST.c.complaint_id, _C.c.stage_number == _ST.c.number)
    statement = sa.select(_ST.c.handler_id, sa.func.count().label("in_hand")).select_from(_ST.join(_C, at_stage))
    in_hand = sa.or_(_C.c.is_open.is_(True), _C.c.ending == Ending.ROUTED.value)
    considered = statement.where(in_hand, _ST.c.handler_id.is_not(None), not_confidential(_C.c.id))
    return considered.group_by(_ST.c.handler_id).subquery()


def _line(row: Any, reach: Sequence[tuple[int, str]]) -> AccountLine:
    return AccountLine(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        services=tuple(name for _id, name in reach),
        service_ids=tuple(number for number, _name in reach),
        active=bool(row.active),
        sign_in_name=row.sign_in_name or "",
        has_account=row.sign_in_name is not None,
        has_password=row.password_hash is not None,
        second_factor=row.totp_secret is not None,
        single_sign_on=row.subject is not None,
        sessions=int(row.sessions or 0),
        last_seen=row.seen,
        in_hand=int(row.in_hand or 0),
    )


def _lives(asking: Asking) -> sa.ColumnElement[bool]:
    """That a session is still good: open, within its hours, and not idle too long."""
    idle = timedelta(minutes=asking.settings.idle_minutes)
    return sa.and_(_L.c.ended_at.is_(None), _L.c.ends_at > asking.now, _L.c.seen_at > asking.now - idle)


@query(needs=Permission.OWN)
def own_account(asking: Asking) -> OwnAccount:
    """One's own account and open sessions, the latest first; empty where there is no account, as in the demo."""
    read = asking.connection.execute
    account = read(sa.select(_A).where(_A.c.colleague_id == asking.actor.id)).first()
    since = read(sa.select(_F.c.made_at).where(_F.c.colleague_id == asking.actor.id)).scalar()
    open_ones = sa.select(_L).where(_L.c.colleague_id == asking.actor.id, _lives(asking))
    lines = tuple(
        SessionLine(id=row.id, how=row.how, address=row.address, opened_at=row.opened_at, seen_at=row.seen_at)
        for row in read(open_ones.order_by(_L.c.seen_at.desc()))
    )
    return OwnAccount(
        sign_in_name=account.sign_in_name if account else "",
        has_password=bool(account and account.password_hash),
        second_factor=bool(account and account.totp_secret),
        single_sign_on=bool(account and account.subject),
        calendar_since=since,
        sessions=lines,
    )
