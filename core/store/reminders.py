"""Whom to remind, and taking each reminder once: short statements that survive a kill at any point.

Reminders are no part of a complaint's record and need no event. A row is there before the first try, so that nobody is
reminded twice for one day under two Message-IDs, whichever process looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.access import Account
from core.model.people import Colleague
from core.model.reminders import Reminder, ReminderChoice, ReminderKind, ReminderState
from core.store.engine import Database

_A = Account.__table__  # type: ignore[attr-defined]
_H = ReminderChoice.__table__  # type: ignore[attr-defined]
_R = Reminder.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where a colleague is reminded, and whether they want to be; the address is "" where none is known."""

    address: str
    own: str
    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A reminder that is this worker's alone for a while."""

    id: int
    colleague_id: int
    kind: ReminderKind
    day: date
    message_id: str
    tries: int
    leased_by: str


_TAKEN = [_R.c[name] for name in Taken.__dataclass_fields__]


def choice_of(connection: Connection, colleague_id: int) -> Choice:
    """What one colleague has chosen; an address of their own comes before the sign-in name."""
    return choices(connection, [colleague_id]).get(colleague_id, Choice(address="", own="", wanted=True))


def choices(connection: Connection, ids: Collection[int] | None = None) -> dict[int, Choice]:
    """What colleagues have chosen, by their ids: of those who work here, or of some."""
    statement = sa.select(_W.c.id, _H.c.address, _H.c.wanted, _A.c.sign_in_name).select_from(
        _W.outerjoin(_H, _H.c.colleague_id == _W.c.id).outerjoin(_A, _A.c.colleague_id == _W.c.id)
    )
    chosen = statement.where(_W.c.active.is_(True)) if ids is None else statement.where(_W.c.id.in_(ids))
    return {row.id: _choice(row) for row in connection.execute(chosen)}


def _choice(row: Any) -> Choice:
    own, name = row.address or "", row.sign_in_name or ""
    return Choice(address=own or (name if "@" in name else ""), own=own, wanted=row.wanted is not False)


def entered(connection: Connection, days: Mapping[ReminderKind, date]) -> set[tuple[int, ReminderKind]]:
    """Who has a reminder of each kind for its day already, sent or not."""
    these = sa.or_(*(sa.and_(_R.c.kind == kind.value, _R.c.day == day) for kind, day in days.items()))
    found = connection.execute(sa.select(_R.c.colleague_id, _R.c.kind).where(these))
    return {(row.colleague_id, ReminderKind(row.kind)) for row in found}


def enter(database: Database, rows: Iterable[Mapping[str, Any]]) -> None:
    """Owe these reminders from now on; what another process entered in the same moment stays as it is."""
    from sqlalchemy.dialects import postgresql, sqlite

    with database.writing() as session:
        connection = session.connection()
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        for row in rows:
            same = ("colleague_id", "kind", "day")
            owed = {"state": ReminderState.WAITING.value, "tries": 0, "leased_by": "", **row}
            connection.execute(insert(_R).values(**owed).on_conflict_do_nothing(index_elements=same))


def leave_behind(database: Database, days: Mapping[ReminderKind, date], *, older_than: date) -> int:
    """Give up what was owed for an earlier day and never went, and forget what is older; how many were given up."""
    today = [sa.and_(_R.c.kind == kind.value, _R.c.day == day) for kind, day in days.items()]
    stale = sa.update(_R).where(_R.c.state == ReminderState.WAITING.value, ~sa.or_(*today))
    with database.writing() as session:
        connection = session.connection()
        connection.execute(sa.delete(_R).where(_R.c.day < older_than))
        return int(connection.execute(stale.values(state=ReminderState.DROPPED.value)).rowcount)


def take(database: Database, *, worker: str, now: datetime, until: datetime) -> Taken | None:
    """Take the reminder that has been due longest for oneself until a moment; None when nothing is due.

    One that was taken and never finished is due again from that moment on, under the same Message-ID.
    """
    due = (
        sa.select(_R.c.id)
        .where(_R.c.state == ReminderState.WAITING.value, _R.c.next_try_at <= now)
        .order_by(_R.c.next_try_at, _R.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        sa.update(_R)
        .where(_R.c.id == due.scalar_subquery())
        .values(tries=_R.c.tries + 1, leased_by=worker, next_try_at=until)
        .returning(*_TAKEN)
    )
    with database.writing() as session:
        row = session.connection().execute(taken).first()
    return None if row is None else Taken(**{**row._mapping, "kind": ReminderKind(row.kind)})


def settle(database: Database, taken: Taken, state: ReminderState, *, sent_at: datetime | None = None) -> None:
    """Note what became of a reminder, whoever holds it now."""
    waits = (_R.c.id == taken.id, _R.c.state == ReminderState.WAITING.value)
    with database.writing() as session:
        session.connection().execute(sa.update(_R).where(*waits).values(state=state.value, sent_at=sent_at))


def put_off(database: Database, taken: Taken, *, until: datetime) -> None:
    """Let go of a reminder until a moment."""
    mine = (_R.c.id == taken.id, _R.c.leased_by == taken.leased_by)
    with database.writing() as session:
        session.connection().execute(sa.update(_R).where(*mine).values(next_try_at=until))


def newest(connection: Connection, colleague_id: int) -> tuple[date, ReminderState] | None:
    """The last reminder of a colleague that was to go out, and what became of it."""
    own = (_R.c.colleague_id == colleague_id, _R.c.state != ReminderState.NOTHING.value)
    row = connection.execute(sa.select(_R.c.day, _R.c.state).where(*own).order_by(_R.c.id.desc()).limit(1)).first()
    return None if row is None else (row.day, ReminderState(row.state))
