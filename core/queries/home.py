"""My day: what I owe and to whom, what I answered, and what others changed on my cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from core.events.access import LOOKED_AT
from core.events.base import restore
from core.model.complaints import Complaint, Stage
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.queue import QueueCounts, QueueFilter, QueueRow, queue, queue_counts
from core.rules.s6_stages import LONDON

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
_LP = LedgerPersonal.__table__  # type: ignore[attr-defined]
_SHOWN = 8
_LOOKS_BACK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A stage someone answered."""

    reference: str
    matter: str
    stage: int
    responded_on: date
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something another colleague did on one of my cases."""

    reference: str
    at: datetime
    actor: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDay:
    """What Home shows one person."""

    counts: QueueCounts
    overdue: tuple[QueueRow, ...]
    today: tuple[QueueRow, ...]
    week: tuple[QueueRow, ...]
    answered: tuple[Answered, ...]
    changed: tuple[Change, ...]
    unassigned: int


@query(needs=Permission.READ, kept=True)
def my_day(asking: Asking, *, everyone: bool = False) -> MyDay:
    """What this person owes, nearest first; with `everyone`, what the whole council owes."""
    owner = None if everyone else asking.actor.id
    today, tomorrow, week = asking.today, asking.today + timedelta(days=1), asking.today + timedelta(weeks=1)

    def nearest(chosen: QueueFilter) -> tuple[QueueRow, ...]:
        # Each list is asked for by itself: many overdue duties must not crowd out what is due today.
        return queue(asking, chosen, limit=_SHOWN).rows

    return MyDay(
        counts=queue_counts(asking, QueueFilter(owner_id=owner)),
        overdue=nearest(QueueFilter(owner_id=owner, overdue=True)),
        today=nearest(QueueFilter(owner_id=owner, due_from=today, due_until=today)),
        week=nearest(QueueFilter(owner_id=owner, due_from=tomorrow, due_until=week)),
        answered=_answered(asking, owner),
        changed=_changed(asking) if owner is not None else (),
        unassigned=queue_counts(asking, QueueFilter(unassigned=True)).total,
    )


def _answered(asking: Asking, owner: int | None) -> tuple[Answered, ...]:
    statement = (
        sa.select(_C.c.reference, _C.c.matter, _ST.c.number, _ST.c.responded_on, _ST.c.outcome)
        .select_from(_ST.join(_C, _C.c.id == _ST.c.complaint_id))
        .where(_ST.c.responded_on >= asking.today - timedelta(days=_LOOKS_BACK), _ST.c.responded_on <= asking.today)
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_ST.c.responded_on.desc(), _ST.c.id.desc())
        .limit(_SHOWN)
    )
    if owner is not None:
        statement = statement.where(_ST.c.responded_by == owner)
    return tuple(
        Answered(
            reference=row.reference,
            matter=row.matter,
            stage=row.number,
            responded_on=row.responded_on,
            outcome=(row.outcome or "").replace("_", " "),
        )
        for row in asking.connection.execute(statement)
    )


def _changed(asking: Asking) -> tuple[Change, ...]:
    # Asked first and by themselves: they are few, and a planner that does not know it would walk the whole ledger.
    mine = asking.connection.execute(
        sa.select(_ST.c.complaint_id)
        .distinct()
        .select_from(_ST.join(_C, _C.c.id == _ST.c.complaint_id))
        .where(_ST.c.handler_id == asking.actor.id, _C.c.is_open.is_(True), *asking.seen(_C.c.id))
    ).scalars()
    since = datetime.combine(asking.today - timedelta(days=_LOOKS_BACK), time(), tzinfo=LONDON).astimezone(UTC)
    statement = (
        sa.select(_C.c.reference, _L.c.at, _L.c.actor, _L.c.tag, _L.c.data, _LP.c.payload)
        .select_from(_L.join(_C, _C.c.id == _L.c.complaint_id).outerjoin(_LP, _LP.c.n == _L.c.n))
        .where(
            _L.c.complaint_id.in_(list(mine)),
            _L.c.actor_id != asking.actor.id,
            _L.c.tag.not_in(LOOKED_AT),
            _L.c.at >= since,
        )
        .order_by(_L.c.n.desc())
        .limit(_SHOWN)
    )
    return tuple(
        Change(
            reference=row.reference,
            at=row.at,
            actor=row.actor,
            sentence=restore(row.tag, row.data, row.payload).sentence(),
        )
        for row in asking.connection.execute(statement)
    )
