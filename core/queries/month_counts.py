"""One month counted from the record, as it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from core.errors import BadInput
from core.model.months import MonthCount
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_counts import Asked, Counts, afresh
from core.queries.kept_months import AT_END, KEPT, SCHEME, MonthPart, made_by, written
from core.rules.periods import Period
from core.rules.working_days import months_after
from core.store.months import height


@query(needs=Permission.FIGURES)
def month_counted(asking: Asking, month: date) -> MonthCount:
    """The month that begins on this day, counted now: what the table keeps of it. BadInput where it is not over yet.

    Nothing in it is of one person: how many rows there are of each kind, and how many took how many days [lgsco:8.1].
    """
    if month.day != 1 or months_after(month, 1) > asking.today:
        raise BadInput("Only a month that is over is kept. Name it by its first day.")
    span = Period(month, date.fromordinal(months_after(month, 1).toordinal() - 1))
    asked = Asked(period=span, scheme=SCHEME, services=(), by="service", sources=KEPT | AT_END, days=True, lengths=True)
    found = afresh(asking, asked)
    return MonthCount(
        month=month,
        height=height(asking.connection),
        counted_on=asking.today,
        made_by=made_by(),
        whole=written({None: _part(found.values())}),
        services=written({key: _part([counts]) for key, counts in found.items()}),
    )


def _part(counted: Iterable[Counts]) -> MonthPart:
    """Counts put together, each group once."""
    numbers: Counter[tuple[str, tuple[Any, ...]]] = Counter()
    amounts: Counter[tuple[str, tuple[Any, ...]]] = Counter()
    took: Counter[tuple[int, int]] = Counter()
    for counts in counted:
        for name, groups in counts.groups.items():
            for facets, count, total in groups:
                numbers[name, (*facets.values(),)] += count
                amounts[name, (*facets.values(),)] += total
        for number, days in counts.days.items():
            for length, count in days:
                took[number, length] += count
    groups_of = tuple((name, values, count, amounts[name, values]) for (name, values), count in numbers.items())
    return MonthPart(groups=groups_of, days=tuple((number, length, count) for (number, length), count in took.items()))
