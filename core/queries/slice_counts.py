"""Complaints counted slice by slice: what a few of them put into each month, by service.

A slice is a run of complaints' numbers. Whatever is recorded about a complaint can change no count but those of its own
slice, whatever the day: so a month that was counted before is put right by counting a few complaints again.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.queries.base import Asking
from core.queries.category_rows import FOUND, FOUND_ROWS
from core.queries.days_taken import ANSWERED, answers_taken, lengthened
from core.queries.figure_rows import SOURCES, facets_of, joined, of_scheme, service_of
from core.queries.sources import Conditions, Source, Within
from core.rules.periods import Period
from core.rules.working_days import months_after

SCHEME = "lgsco"
"""The scheme whose months are kept: nearly all complaints go by it."""
KEPT = frozenset(name for name, each in SOURCES.items() if each.day is not None and each.of == "complaint")
"""What is kept: rows of complaints, each with the day that puts it into a month."""
AT_END = frozenset({"open_long"})
"""What is kept besides of how things stood at a month's end."""
LENGTHS = 0
"""Stands beside the stages for the days they were extended by."""
SLICE = 64  # house: complaints that are counted again together
_ROWS: Mapping[str, Source] = {**{name: SOURCES[name] for name in sorted(KEPT)}, FOUND: FOUND_ROWS}
_ANSWERS = SOURCES["answers"]

Group = tuple[str, tuple[Any, ...]]
"""The source and the values of its facets."""


@dataclass(slots=True)
class Tally:
    """How many rows there are of each group, what they add up to, and how many took how many days at which stage."""

    numbers: Counter[Group] = field(default_factory=Counter)
    amounts: Counter[Group] = field(default_factory=Counter)
    days: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, other: Tally, times: int = 1) -> None:
        """Put another tally to this one, or take it away."""
        for group, count in other.numbers.items():
            self.numbers[group] += times * count
            self.amounts[group] += times * other.amounts[group]
        for taken, count in other.days.items():
            self.days[taken] += times * count

    def said(self) -> dict[str, Any]:
        """The tally as it is kept: without what is nothing, and in one order."""
        groups = [
            [name, list(values), count, self.amounts[name, values]]
            for (name, values), count in sorted(self.numbers.items(), key=str)
            if count
        ]
        return {"groups": groups, "days": [[*key, count] for key, count in sorted(self.days.items()) if count]}

    @classmethod
    def read(cls, said: Mapping[str, Any], names: Collection[str] | None = None) -> Tally:
        """A tally as it was kept, or of it the sources that are named and the days."""
        found = cls()
        for name, values, count, amount in said["groups"]:
            if names is None or name in names:
                found.numbers[name, tuple(values)] = count
                found.amounts[name, tuple(values)] = amount
        found.days.update({(number, days): count for number, days, count in said["days"]})
        return found


ByService = dict[int | None, Tally]
Counted = dict[tuple[date, int], ByService]
"""What each slice puts into each month, by service."""


def text_of(found: Mapping[int | None, Tally]) -> str:
    """Tallies by service as the tables keep them, so that the same counts are the same text; None is no service."""
    told = {"" if service is None else str(service): tally.said() for service, tally in found.items()}
    told = {service: said for service, said in told.items() if said["groups"] or said["days"]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read(text: str, *, services: Collection[int] = (), names: Collection[str] | None = None) -> ByService:
    """Tallies by service as they were kept: of the services and sources named, of all where none is."""
    told = {int(service) if service else None: said for service, said in json.loads(text).items()}
    return {key: Tally.read(said, names) for key, said in told.items() if not services or key in services}


def of_month(asking: Asking, month: date) -> Counted:
    """What every slice puts into one month."""
    span = month_with(month)
    rows = _counted(asking, lambda source: source.where(span, asking.today), on=span.start)
    return together(rows, at_ends(asking, [month]))


def of_slices(asking: Asking, slices: Collection[int]) -> Counted:
    """What these slices put into every month there is, by the days of their rows."""
    ids = _ids(slices)

    def where(source: Source) -> Conditions:
        day = source.where
        if not isinstance(day, Within):
            raise TypeError("What has no day of its own belongs to no month.")
        return [*day.ever(asking.today), source.complaint.in_(ids)]

    return _counted(asking, where)


def at_ends(asking: Asking, months: Iterable[date], slices: Collection[int] | None = None) -> Counted:
    """How things stood at the end of these months, in these slices or in all."""
    found: Counted = defaultdict(lambda: defaultdict(Tally))
    for span in map(month_with, months):
        for name in AT_END:
            source = SOURCES[name]
            of_these = [] if slices is None else [source.complaint.in_(_ids(slices))]
            conditions = [*source.where(span, asking.today), *of_these]
            facets = facets_of(source, span, asking.today)
            for row in _groups(asking, name, source, conditions, facets, _literal(span.start)):
                _put(found, row)
    return found


def together(*counted: Counted) -> Counted:
    """Counts of different sources put together."""
    found: Counted = defaultdict(lambda: defaultdict(Tally))
    for each in counted:
        for key, services in each.items():
            for service, tally in services.items():
                found[key][service].add(tally)
    return found


def _ids(slices: Collection[int]) -> list[int]:
    return [each * SLICE + at for each in sorted(slices) for at in range(SLICE)]


def month_with(first: date) -> Period:
    """The month that begins on a day."""
    return Period(first, date.fromordinal(months_after(first, 1).toordinal() - 1))


def _counted(asking: Asking, where: Callable[[Source], Conditions], *, on: date | None = None) -> Counted:
    """Rows as they are chosen, told apart by their days; all those of one month under its first day, `on`."""
    found: Counted = defaultdict(lambda: defaultdict(Tally))
    for name, source in _ROWS.items():
        day = sa.type_coerce(source.day, sa.String) if on is None else _literal(on)
        for row in _groups(asking, name, source, where(source), source.facets, day):
            _put(found, row)
    of_answers = [*where(_ANSWERS), *of_scheme(_ANSWERS, SCHEME)]
    keys = [_slice(_ANSWERS), service_of(_ANSWERS), ANSWERED if on is None else _literal(on)]
    for (number, service, day), stage, days, count in answers_taken(asking, of_answers, keys, to_complaint=True):
        found[_month(day), number][service].days[stage, days] += count
    for (number, service, day), days in lengthened(asking, of_answers, keys, to_complaint=True):
        found[_month(day), number][service].days[LENGTHS, days] += 1
    return found


_Row = tuple[int, int | None, str, Group, int, int]


def _put(found: Counted, row: _Row) -> None:
    number, service, day, group, count, amount = row
    tally = found[_month(day), number][service]
    tally.numbers[group] += count
    tally.amounts[group] += amount


def _groups(
    asking: Asking, name: str, source: Source, where: Conditions, facets: Mapping[str, Any], day: Any
) -> Iterator[_Row]:
    """The rows of a source in groups: slice, service, day, facets, how many they are and what they add up to."""
    amount = sa.literal(0) if source.amount is None else sa.func.coalesce(sa.func.sum(source.amount), 0)
    columns = [_slice(source), service_of(source), day, *facets.values()]
    statement = (
        sa.select(*columns, sa.func.count(), amount)
        .select_from(joined(source, to_complaint=source.service is None))
        .where(*where, *of_scheme(source, SCHEME))
        .group_by(*(sa.literal_column(str(at)) for at in range(1, len(columns) + 1)))
    )
    for number, service, on, *values, count, total in asking.connection.execute(statement):
        yield number, service, on, (name, tuple(values)), int(count), int(total)


def _literal(day: date) -> Any:
    return sa.literal(day.isoformat())


def _slice(source: Source) -> Any:
    return source.complaint // SLICE


def _month(day: Any) -> date:
    """The first day of the month of a day as the database holds it, which on SQLite is text."""
    return date.fromisoformat(f"{str(day)[:8]}01")
