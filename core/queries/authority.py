"""Limits of authority as they hold, and the sums that await a colleague's agreement or had it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.authority import AuthorityLimit, SumAsked
from core.model.complaints import Complaint
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.authority import covers, limit_of
from core.store import authority

_C = Complaint.__table__  # type: ignore[attr-defined]
_L = AuthorityLimit.__table__  # type: ignore[attr-defined]
_S = SumAsked.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """The limit of a role or a colleague in pence, None for one that was ended; `holds` says it has begun."""

    who: str
    own: bool
    pence: int | None
    in_force_from: date
    holds: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds or is planned, roles first, and the limit in pence of whoever asks; None for none."""

    lines: tuple[LimitLine, ...]
    mine: int | None

    @property
    def any_holds(self) -> bool:
        """Whether anybody has a limit today."""
        return any(line.holds and line.pence is not None for line in self.lines)


@query(needs=Permission.READ, kept=True)
def authority_limits(asking: Asking) -> Limits:
    """Up to which sum somebody offers money on a complaint alone, as it holds or is planned [lgsco:4.2]."""
    statement = (
        sa.select(_L.c.role, _L.c.colleague_id, _L.c.pence, _L.c.in_force_from, _L.c.why, _W.c.name)
        .select_from(_L.outerjoin(_W, _W.c.id == _L.c.colleague_id))
        .order_by(_L.c.in_force_from, _L.c.id)
    )
    standing: dict[tuple[str, bool], LimitLine] = {}
    for row in asking.connection.execute(statement):
        holds = row.in_force_from <= asking.today
        who = row.name or row.role
        standing[(f"{row.colleague_id is not None}{who}", holds)] = LimitLine(
            who=who, own=row.colleague_id is not None, pence=row.pence, in_force_from=row.in_force_from, holds=holds,
            why=row.why,
        )  # fmt: skip
    lines = sorted(standing.values(), key=lambda line: (line.own, line.who, not line.holds))
    shown = tuple(line for line in lines if line.pence is not None or not line.holds)
    return Limits(lines=shown, mine=_limit(asking))


def _limit(asking: Asking) -> int | None:
    held = authority.limits(asking.connection)
    actor = asking.actor
    return None if actor.whole else limit_of(held, colleague_id=actor.id, role=actor.role.value, on=asking.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """Money on one complaint, in all and in pence, that agreement was asked to; `agreed` is None while it waits.

    `mine` says that whoever reads this may agree to it.
    """

    id: int
    reference: str
    pence: int
    why: str
    asked_by: str
    asked_on: date
    agreed: bool | None
    answered_by: str
    answered_on: date | None
    note: str
    mine: bool


@query(needs=Permission.READ, of_one=True)
def sums_asked(asking: Asking, reference: str | None = None) -> tuple[SumLine, ...]:
    """The sums asked about on one complaint, or those that wait on all that may be seen, oldest first [lgsco:4.2]."""
    asker, answerer = _W.alias("asker"), _W.alias("answerer")
    where = [_S.c.agreed.is_(None)] if reference is None else [_C.c.reference == reference.strip().upper()]
    statement = (
        sa.select(
            *(_S.c[name] for name in ("id", "pence", "why", "asked_on", "agreed", "answered_on", "note")),
            _C.c.reference,
            _S.c.asked_by.label("asker_id"),
            sa.func.coalesce(asker.c.name, "").label("asked_by"),
            sa.func.coalesce(answerer.c.name, "").label("answered_by"),
        )
        .select_from(
            _S.join(_C, _C.c.id == _S.c.complaint_id)
            .outerjoin(asker, asker.c.id == _S.c.asked_by)
            .outerjoin(answerer, answerer.c.id == _S.c.answered_by)
        )
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_S.c.id)
    )
    rows = [dict(row) for row in asking.connection.execute(statement).mappings()]
    limit = _limit(asking) if rows else None
    may = asking.actor.may(Permission.AGREE_SUM)
    return tuple(
        SumLine(
            **row, mine=may and row["agreed"] is None and asker_id != asking.actor.id and covers(limit, row["pence"])
        )
        for row in rows
        for asker_id in [row.pop("asker_id")]
    )
