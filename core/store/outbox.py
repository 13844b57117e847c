"""Taking queued letters one by one and noting what became of each: short statements that survive a kill at any point.

These are no part of a complaint's record and need no event; what is (that a letter was queued, went or could not go)
goes through the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.access import ColleagueService
from core.model.outbox import JobLease, MailChannel, Outbox, OutboxState
from core.model.people import Colleague
from core.permissions import SYSTEM, Actor, Role
from core.store.engine import Database

_J = JobLease.__table__  # type: ignore[attr-defined]
_O = Outbox.__table__  # type: ignore[attr-defined]
_R = ColleagueService.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A queued letter that is this worker's alone until its lease ends. `accepted`: only its record is left to do."""

    id: int
    letter_id: int
    channel: MailChannel
    address: str
    subject: str
    message_id: str
    step: str
    step_values: str
    dated_on: date
    pdf_sha256: str
    word_sha256: str
    tries: int
    queued_by: int | None
    leased_by: str
    sent_at: datetime | None

    @property
    def accepted(self) -> bool:
        """Whether the mail server has it already."""
        return self.sent_at is not None


_TAKEN = [_O.c[name] for name in Claimed.__dataclass_fields__]


def claim(database: Database, *, worker: str, now: datetime, until: datetime) -> Claimed | None:
    """Take the letter that has been due longest for oneself until a moment; None when nothing is due.

    Due is what waits and whose time has come, and what another worker took and did not finish within its lease.
    """
    left = sa.and_(_O.c.lease_until <= now, _O.c.state.in_((OutboxState.SENDING, OutboxState.ACCEPTED)))
    unhindered = sa.or_(_O.c.state != OutboxState.ACCEPTED, _O.c.last_problem == "")
    waits = sa.and_(_O.c.state == OutboxState.WAITING, _O.c.next_try_at <= now)
    # On PostgreSQL two workers never wait for each other here; SQLite has one writer at a time.
    due = (
        sa.select(_O.c.id)
        .where(sa.or_(waits, left), unhindered)
        .order_by(_O.c.next_try_at, _O.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    sending = sa.case((_O.c.state == OutboxState.ACCEPTED, _O.c.state), else_=OutboxState.SENDING.value)
    taken = (
        sa.update(_O)
        .where(_O.c.id == due.scalar_subquery())
        .values(state=sending, tries=_O.c.tries + 1, leased_by=worker, lease_until=until)
        .returning(*_TAKEN)
    )
    with database.writing() as session:
        row = session.connection().execute(taken).first()
    return None if row is None else Claimed(**{**row._mapping, "channel": MailChannel(row.channel)})


def redate(database: Database, outbox_id: int, *, dated_on: date, files: Mapping[str, str]) -> None:
    """Note the day and the digests of the files that are about to go."""
    _set(database, _O.c.id == outbox_id, dated_on=dated_on, **files)


def accepted(database: Database, outbox_id: int, *, at: datetime) -> None:
    """Note that the mail server has it, whoever holds it now: from here on it is never sent again."""
    still = _O.c.state == OutboxState.SENDING
    _set(database, _O.c.id == outbox_id, still, state=OutboxState.ACCEPTED.value, sent_at=at, last_problem="")


def put_off(database: Database, row: Claimed, *, until: datetime, problem: str | None) -> None:
    """Let go of a letter until a moment, with what stood in the way; None keeps what was said before."""
    mine = (_O.c.id == row.id, _O.c.leased_by == row.leased_by)
    told = {} if problem is None else {"last_problem": problem}
    resting: dict[str, Any] = {"next_try_at": until, "lease_until": until, **told}
    back = sa.case((_O.c.state == OutboxState.SENDING, OutboxState.WAITING.value), else_=_O.c.state)
    _set(database, *mine, state=back, **resting)


def _set(database: Database, *where: Any, **values: Any) -> None:
    with database.writing() as session:
        session.connection().execute(sa.update(_O).where(*where).values(**values))


def actor_who_queued(connection: Connection, colleague_id: int | None) -> Actor | None:
    """Who queued a letter, in the role they have now; None when they have left. No id is the console itself."""
    if colleague_id is None:
        return SYSTEM
    row = connection.execute(sa.select(_W).where(_W.c.id == colleague_id, _W.c.active.is_(True))).first()
    if row is None:
        return None
    services = connection.execute(sa.select(_R.c.service_id).where(_R.c.colleague_id == colleague_id)).scalars()
    return Actor(id=row.id, name=row.name, role=Role(row.role), services=frozenset(services))


def hold(database: Database, job: str, *, worker: str, now: datetime, until: datetime) -> bool:
    """Take or keep the lease of a kind of work; whether this worker has it now. It is free once its time is over."""
    free = sa.or_(_J.c.held_by == worker, _J.c.held_until <= now)
    taken = sa.update(_J).where(_J.c.job == job, free).values(held_by=worker, held_until=until)
    with database.writing() as session:
        connection = session.connection()
        if connection.execute(taken).rowcount:
            return True
        if connection.execute(sa.select(_J.c.job).where(_J.c.job == job)).first() is not None:
            return False
        return _first(connection, {"job": job, "held_by": worker, "held_until": until})


def _first(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Be the first who ever does this work; another process may be it in the same moment."""
    from sqlalchemy.dialects import postgresql, sqlite

    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    # Asked for the row and not for a count, which a driver may not tell.
    mine = insert(_J).values(**row).on_conflict_do_nothing().returning(_J.c.job)
    return connection.execute(mine).first() is not None


def let_go(database: Database, job: str, *, worker: str, now: datetime) -> None:
    """Give the lease back, so that another process need not wait for its end."""
    with database.writing() as session:
        mine = (_J.c.job == job, _J.c.held_by == worker)
        session.connection().execute(sa.update(_J).where(*mine).values(held_until=now))
