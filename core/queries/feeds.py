"""One's own next steps as a calendar program shows them: references, duties and days alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from core.code.catalogue import SCHEMES
from core.model.complaints import Complaint
from core.model.duties import Duty
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.beside import OwedBeside, owed_beside
from core.queries.queue import QueueFilter, conditions
from core.rules.duties import TITLES

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One duty on the day it is owed by. `key` stays the same for as long as it is owed.

    `changed_at` is when its complaint last changed; `cited` is "" for one of the council's own standards.
    """

    key: str
    reference: str
    title: str
    cited: str
    act_by: date
    changed_at: datetime


@query(needs=Permission.READ)
def feed_entries(asking: Asking) -> tuple[FeedEntry, ...]:
    """What one owes next on each complaint one may see, and on none, nearest first [lgsco:6.1]."""
    statement = (
        sa.select(_C.c.reference, _C.c.scheme, _C.c.changed_at, _D.c.kind, _D.c.clause, _D.c.ours, _D.c.act_by)
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(*conditions(asking, QueueFilter(owner_id=asking.actor.id)))
        .order_by(_D.c.act_by, _D.c.ours, _D.c.id)
    )
    found = [
        FeedEntry(
            key=f"{row.reference}-{row.kind}",
            reference=row.reference,
            title=TITLES[row.kind],
            cited="" if row.ours else SCHEMES[row.scheme].number(row.clause),
            act_by=row.act_by,
            changed_at=row.changed_at,
        )
        for row in asking.connection.execute(statement)
    ]
    return tuple(sorted([*found, *map(_of_beside, owed_beside(asking, own=True))], key=lambda each: each.act_by))


def _of_beside(each: OwedBeside) -> FeedEntry:
    return FeedEntry(
        key=f"{each.kind.name.lower()}-{each.number}",
        reference=each.named,
        title=each.kind.value,
        cited="",
        act_by=each.act_by,
        changed_at=datetime.combine(each.since, time(), tzinfo=UTC),
    )
