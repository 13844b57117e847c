"""What a source of figures is: rows to be counted, and which of them belong to a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from core.rules.periods import Period

Conditions = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows to be counted: what they are joined from, the facets they are grouped by, and which belong to a period.

    `where` gets the period and today's date, and so does a facet that depends on them. `complaint` and `service` are
    columns of the rows; a source without a service of its own takes its complaint's. `amount` is what is added up
    besides. `of` names what a row is about: a complaint, a service request, an improvement, which has any number of
    complaints behind it, or answers to the survey, which have nobody behind them.
    """

    rows: Any
    where: Callable[[Period, date], Conditions]
    facets: Mapping[str, Any] = field(default_factory=dict)
    complaint: Any = None
    service: Any = None
    amount: Any = None
    of: Literal["complaint", "request", "improvement", "survey"] = "complaint"

    @property
    def day(self) -> Any:
        """The column of the day that puts a row into its period; None for how things stand at a period's end."""
        return self.where.day if isinstance(self.where, Within) else None


@dataclass(frozen=True, slots=True)
class Within:
    """Rows whose day lies in the period, with what else is asked of them, whatever the period.

    So the rows of two periods side by side are those of both together, and one question can count many periods.
    """

    day: Any
    more: Callable[[date], Conditions] = lambda _today: []

    def __call__(self, period: Period, today: date) -> Conditions:
        """The conditions on a row."""
        return [self.day >= period.start, self.day <= period.end, *self.more(today)]

    def ever(self, today: date) -> Conditions:
        """The conditions on a row whatever its day."""
        return [self.day.is_not(None), *self.more(today)]


def within(day: Any, *more: Any) -> Within:
    """Rows whose day lies in the period and for which all the rest holds."""
    return Within(day, lambda _today: [*more])
