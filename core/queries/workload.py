"""How much each person has in hand: the same duties that the queue lists, counted by whoever owes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.duties import Duty
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.queue import QueueFilter, conditions

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsWork:
    """What one person owes; `id` is None for what is not assigned. `week` is after today and up to a week from it.

    `oldest_on` is the day of receipt of the complaint that has been open longest, and `oldest` its reference.
    """

    id: int | None
    name: str
    role: str
    open: int
    today: int
    week: int
    overdue: int
    oldest_on: date
    oldest: str


@query(needs=Permission.STAFF, kept=True)
def workload(asking: Asking) -> tuple[PersonsWork, ...]:
    """Open, due today or this week, and overdue for each person, from the duties that the queue shows [lgsco:4.3]."""
    today = asking.today
    where = conditions(asking, QueueFilter())
    late = sa.func.sum(sa.case((_D.c.act_by < today, 1), else_=0))
    now = sa.func.sum(sa.case((_D.c.act_by == today, 1), else_=0))
    week = sa.func.sum(sa.case((sa.and_(_D.c.act_by > today, _D.c.act_by <= today + _WEEK), 1), else_=0))
    # References begin with their year and are numbered as they come, so the lowest of a day came first.
    oldest = sa.func.min(sa.cast(_C.c.received_on, sa.Text) + " " + _C.c.reference)
    statement = (
        sa.select(
            _D.c.owner_id,
            _W.c.name,
            _W.c.role,
            sa.func.count().label("open"),
            now.label("today"),
            week.label("week"),
            late.label("overdue"),
            oldest.label("oldest"),
        )
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id).outerjoin(_W, _W.c.id == _D.c.owner_id))
        .where(*where)
        .group_by(_D.c.owner_id, _W.c.name, _W.c.role)
    )
    found = []
    for row in asking.connection.execute(statement):
        received, _, reference = row.oldest.partition(" ")
        found.append(
            PersonsWork(
                id=row.owner_id,
                name=row.name or "",
                role=row.role or "",
                open=row.open,
                today=int(row.today),
                week=int(row.week),
                overdue=int(row.overdue),
                oldest_on=date.fromisoformat(received),
                oldest=reference,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.overdue, -each.open, each.name)))
