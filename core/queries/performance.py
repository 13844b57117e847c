"""How the work stands today and what falls due: by week and by person, for whoever gives the work out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core.model.duties import Duty
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.queue import QueueFilter, conditions

_D = Duty.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
NOBODY = "Not assigned"
_WEEKS = 4
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsWeeks:
    """What one person owes: what is late already, and what falls due in each of the weeks; `id` is None for nobody."""

    id: int | None
    name: str
    late: int
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Everything owed in the next weeks. `weeks` are their Mondays; the first is the week that today lies in.

    `total` adds the people up. What is owed later than the last week is in none of the numbers.
    """

    weeks: tuple[date, ...]
    people: tuple[PersonsWeeks, ...]
    total: PersonsWeeks


@query(needs=Permission.PERFORMANCE, kept=True)
def forecast(asking: Asking) -> Forecast:
    """All that is owed by week and person, the fullest first: what the queue lists when it is asked for every step."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    weeks = tuple(monday + at * _WEEK for at in range(_WEEKS))
    owed = conditions(asking, QueueFilter(every=True, due_until=weeks[-1] + _WEEK - _DAY))
    statement = (
        sa.select(_D.c.owner_id, sa.func.coalesce(_W.c.name, NOBODY), _D.c.act_by, sa.func.count())
        .select_from(_D.outerjoin(_W, _W.c.id == _D.c.owner_id))
        .where(*owed)
        .group_by(_D.c.owner_id, _W.c.name, _D.c.act_by)
    )
    names: dict[int | None, str] = {}
    late: Counter[int | None] = Counter()
    due: Counter[tuple[int | None, int]] = Counter()
    for who, name, act_by, count in asking.connection.execute(statement):
        names[who] = name
        if act_by < asking.today:
            late[who] += count
        else:
            due[who, (act_by - monday) // _WEEK] += count
    people = [
        PersonsWeeks(id=who, name=name, late=late[who], weeks=tuple(due[who, at] for at in range(_WEEKS)))
        for who, name in names.items()
    ]
    return Forecast(
        weeks=weeks,
        people=tuple(sorted(people, key=lambda each: (-each.late - sum(each.weeks), each.name))),
        total=PersonsWeeks(
            id=None,
            name="Everybody",
            late=sum(each.late for each in people),
            weeks=tuple(sum(each.weeks[at] for each in people) for at in range(_WEEKS)),
        ),
    )
