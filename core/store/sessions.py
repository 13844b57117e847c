"""Reading accounts and sessions before anybody is known: short statements by key, asked at every click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.access import Account, CalendarFeed, ColleagueService, LoginSession, OneTimeLink, SignInFailure
from core.model.people import Colleague
from core.permissions import Actor, Role
from core.store.engine import Database

_A = Account.__table__  # type: ignore[attr-defined]
_F = SignInFailure.__table__  # type: ignore[attr-defined]
_FEED = CalendarFeed.__table__  # type: ignore[attr-defined]
_L = LoginSession.__table__  # type: ignore[attr-defined]
_LINK = OneTimeLink.__table__  # type: ignore[attr-defined]
_R = ColleagueService.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A live session: whose it is, when it was last used, and whether a second factor protects the account."""

    id: str
    actor: Actor
    how: str
    seen_at: datetime
    ends_at: datetime
    second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What signing in needs to know of an account."""

    colleague_id: int
    name: str
    sign_in_name: str
    role: Role
    active: bool
    password_hash: str | None
    totp_secret: str | None
    totp_step: int


_SERVICES = sa.select(_R.c.service_id).where(_R.c.colleague_id == sa.bindparam("who"))
_HELD = (
    sa.select(
        _L.c.id, _L.c.how, _L.c.seen_at, _L.c.ends_at, _L.c.colleague_id, _W.c.name, _W.c.role, _A.c.totp_secret,
        _R.c.service_id,
    )
    .select_from(
        _L.join(_W, _W.c.id == _L.c.colleague_id)
        .outerjoin(_A, _A.c.colleague_id == _L.c.colleague_id)
        .outerjoin(_R, _R.c.colleague_id == _L.c.colleague_id)
    )
    .where(_L.c.id == sa.bindparam("id"), _L.c.ended_at.is_(None), _W.c.active.is_(True))
)  # fmt: skip


def held(connection: Connection, session_id: str, *, now: datetime, idle: timedelta) -> Held | None:
    """A session that lives: open, within its hours, not idle too long, its colleague still here."""
    rows = connection.execute(_HELD, {"id": session_id}).all()
    if not rows:
        return None
    one = rows[0]
    if now >= one.ends_at or now - one.seen_at >= idle:
        return None
    services = frozenset(row.service_id for row in rows if row.service_id is not None)
    return Held(
        id=one.id,
        actor=Actor(id=one.colleague_id, name=one.name, role=Role(one.role), services=services),
        how=one.how,
        seen_at=one.seen_at,
        ends_at=one.ends_at,
        second_factor=one.totp_secret is not None,
    )


def touch(database: Database, session_id: str, *, at: datetime) -> None:
    """Note that a session is in use: no part of any record, so it needs no event."""
    with database.writing() as session:
        session.connection().execute(
            sa.update(_L).where(_L.c.id == session_id, _L.c.ended_at.is_(None)).values(seen_at=at)
        )


def _entry(connection: Connection, where: sa.ColumnElement[bool]) -> Entry | None:
    joined = _A.join(_W, _W.c.id == _A.c.colleague_id)
    row = connection.execute(sa.select(_A, _W.c.name, _W.c.role, _W.c.active).select_from(joined).where(where)).first()
    if row is None:
        return None
    return Entry(
        colleague_id=row.colleague_id,
        name=row.name,
        sign_in_name=row.sign_in_name,
        role=Role(row.role),
        active=bool(row.active),
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        totp_step=row.totp_step,
    )


def entry_named(connection: Connection, sign_in_name: str) -> Entry | None:
    """The account with this sign-in name, as it is kept."""
    return _entry(connection, _A.c.sign_in_name == sign_in_name)


def entry_of(connection: Connection, colleague_id: int) -> Entry | None:
    """The account of a colleague."""
    return _entry(connection, _A.c.colleague_id == colleague_id)


def entry_linked(connection: Connection, *, issuer: str, subject: str) -> Entry | None:
    """The account linked to this person at this identity provider."""
    return _entry(connection, sa.and_(_A.c.issuer == issuer, _A.c.subject == subject))


def link_owner(connection: Connection, link_id: str, *, now: datetime) -> int | None:
    """Whose a one-time link is; None when it does not work any more."""
    statement = sa.select(_LINK.c.colleague_id).where(
        _LINK.c.id == link_id, _LINK.c.used_at.is_(None), _LINK.c.ends_at > now
    )
    owner: int | None = connection.execute(statement).scalar()
    return owner


def has_accounts(connection: Connection) -> bool:
    """Whether anybody can sign in at all: an administrator with an account and a way to prove who they are."""
    statement = (
        sa.select(_A.c.colleague_id)
        .select_from(_A.join(_W, _W.c.id == _A.c.colleague_id))
        .where(
            _W.c.role == Role.ADMINISTRATOR.value,
            _W.c.active.is_(True),
            sa.or_(_A.c.password_hash.is_not(None), _A.c.subject.is_not(None)),
        )
        .limit(1)
    )
    return connection.execute(statement).first() is not None


def feed_owner(connection: Connection, token_hash: str) -> Actor | None:
    """Whose calendar feed an address is; None when it is nobody's or its owner has left."""
    joined = _FEED.join(_W, _W.c.id == _FEED.c.colleague_id)
    statement = (
        sa.select(_W.c.id, _W.c.name, _W.c.role)
        .select_from(joined)
        .where(_FEED.c.token_hash == token_hash, _W.c.active.is_(True))
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    services = services_of(connection, row.id)
    return Actor(id=row.id, name=row.name, role=Role(row.role), services=services)


def services_of(connection: Connection, colleague_id: int) -> frozenset[int]:
    """The only services a colleague sees; empty for all of them."""
    return frozenset(connection.execute(_SERVICES, {"who": colleague_id}).scalars())


def failures(connection: Connection, *, name_hash: str, address: str, since: datetime) -> tuple[int, int, int]:
    """Wrong sign-ins since a moment: of this name from this address, from this address, and of this name."""

    def count(*where: sa.ColumnElement[bool]) -> int:
        statement = sa.select(sa.func.count()).select_from(_F).where(_F.c.at > since, *where)
        return int(connection.execute(statement).scalar_one())

    of_name, of_address = _F.c.name_hash == name_hash, _F.c.address == address
    return count(of_name, of_address), count(of_address), count(of_name)
