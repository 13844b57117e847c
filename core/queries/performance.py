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
from core.rules.duties import TITLES
from core.rules.facts import Standing

_D = Duty.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
NOBODY = "Not assigned"
_WEEKS = 4
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsWeeks:
    """What one person owes: what is late already, and what falls due in each of the weeks."""

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


@query(needs=Permission.ASSIGN, kept=True)
def forecast(asking: Asking) -> Forecast:
    """Open duties of the Code, the law and the council's own standards by week and person, the fullest first."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    weeks = tuple(monday + at * _WEEK for at in range(_WEEKS))
    statement = (
        sa.select(sa.func.coalesce(_W.c.name, NOBODY), _D.c.act_by, sa.func.count())
        .select_from(_D.outerjoin(_W, _W.c.id == _D.c.owner_id))
        .where(_D.c.kind.in_([*TITLES]), _D.c.standing == Standing.OPEN.value, _D.c.act_by < weeks[-1] + _WEEK)
        .where(*asking.seen(_D.c.complaint_id, service_id=_D.c.service_id, owner_id=_D.c.owner_id))
        .group_by(_W.c.name, _D.c.act_by)
    )
    late: Counter[str] = Counter()
    due: Counter[tuple[str, int]] = Counter()
    for name, act_by, count in asking.connection.execute(statement):
        if act_by < asking.today:
            late[name] += count
        else:
            due[name, (act_by - monday) // _WEEK] += count
    names = {*late, *(name for name, _week in due)}
    people = [
        PersonsWeeks(name=name, late=late[name], weeks=tuple(due[name, at] for at in range(_WEEKS))) for name in names
    ]
    return Forecast(
        weeks=weeks,
        people=tuple(sorted(people, key=lambda each: (-each.late - sum(each.weeks), each.name))),
        total=PersonsWeeks(
            name="Everybody",
            late=sum(each.late for each in people),
            weeks=tuple(sum(each.weeks[at] for each in people) for at in range(_WEEKS)),
        ),
    )
