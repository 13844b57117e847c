"""The sources of figures counted: each once for a period, together or by service or by month.

Months that are kept are added up, and only the days between them are counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.queries.base import Asking
from core.queries.days_taken import ANSWERED, answers_taken, lengthened
from core.queries.figure_rows import SOURCES, facets_of, joined, of_scheme, service_of
from core.queries.kept_months import Holding, Wanted, parts, standing
from core.queries.slice_counts import AT_END, KEPT, LENGTHS, SCHEME, Tally
from core.queries.sources import Source
from core.rules.periods import Period
from core.rules.working_days import months_after

_C = Complaint.__table__  # type: ignore[attr-defined]
By = Literal["service", "month", "quarter"]
Key = int | date | None
_SPANS = ("month", "quarter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be counted: which sources, and the days that answers (`days`) and extensions (`lengths`) took.

    `services` are the only services that count, all where it is empty.
    """

    period: Period
    scheme: str
    services: tuple[int, ...]
    by: By | None
    sources: frozenset[str]
    days: bool
    lengths: bool


@dataclass(slots=True)
class Counts:
    """What was counted of one service, one month or all: groups of each source, and how many took how many days."""

    groups: dict[str, list[tuple[dict[str, Any], int, int]]] = field(default_factory=dict)
    days: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def number(self, source: str, chosen: Mapping[str, tuple[Any, ...]], *, amount: bool = False) -> int:
        """How many rows of a source have the facets chosen, or what they add up to."""
        return sum(
            total if amount else count
            for facets, count, total in self.groups.get(source, ())
            if all(facets[name] in values for name, values in chosen.items())
        )


def counted(asking: Asking, asked: Asked) -> dict[Key, Counts]:
    """Every source asked for: by service, by the first day of each month or quarter, or all under None.

    Months that are kept and hold are added up; what is left is counted.
    """
    wanted, at_end = asked.sources & KEPT, asked.sources & AT_END
    holding = standing(asking, asked.period) if asked.scheme == SCHEME else Holding()
    months = holding.months
    if not months:
        return afresh(asking, asked)
    left = [replace(asked, sources=asked.sources - KEPT - AT_END, days=False, lengths=False)]
    left += [replace(asked, sources=wanted, period=between) for between in between(asked.period, months)]
    ends = {_last_month(span, asked, asking.today): span for span in _spans(asked)}
    for month, span in ends.items():
        if at_end and month not in months:
            left.append(replace(asked, sources=at_end, period=span, days=False, lengths=False))
    found = _added_up(asking, asked, holding, {*ends})
    for each in left:
        for key, counts in afresh(asking, each).items():
            _add(found.setdefault(key, Counts()), counts)
    return found


def _last_month(span: Period, asked: Asked, today: date) -> date:
    """The month at whose end it is seen how things stood in a run of days: it holds only where it ends with them.

    What runs on is seen as it is today, in the month under way.
    """
    last = span.end if asked.by in _SPANS else min(span.end, today)
    return last.replace(day=1)


def _add(to: Counts, more: Counts) -> None:
    for name, groups in more.groups.items():
        to.groups.setdefault(name, []).extend(groups)
    for number, days in more.days.items():
        to.days.setdefault(number, []).extend(days)


def between(period: Period, months: tuple[date, ...]) -> Iterator[Period]:
    """The runs of days of a period that lie in none of these months, which are in order."""
    start = period.start
    for month in months:
        if start < month:
            yield Period(start, month - timedelta(days=1))
        start = months_after(month, 1)
    if start <= period.end:
        yield Period(start, period.end)


def _added_up(asking: Asking, asked: Asked, holding: Holding, ends: Set[date]) -> dict[Key, Counts]:
    """What is kept of these months, added up as it is asked for; how things stood, of those in `ends` alone."""
    added: dict[Key, Tally] = defaultdict(Tally)
    wanted = Wanted(services=asked.services, names=asked.sources, by_service=asked.by == "service")
    standing_at = ends & {*holding.months} if asked.sources & AT_END else frozenset[date]()
    for month, service, tally, times in parts(asking, holding, wanted, standing_at):
        key: Key = _begin_of(month, asked.by) if asked.by in _SPANS else service if asked.by == "service" else None
        added[key].add(_asked_for(tally, asked, at_end=month in ends), times)
    found: dict[Key, Counts] = {}
    for key, tally in added.items():
        for (name, values), count in tally.numbers.items():
            if count:
                facets = dict(zip(SOURCES[name].facets, values, strict=True))
                _keep(found, key, name, [facets, count, tally.amounts[name, values]])
        for (number, days), count in tally.days.items():
            if count:
                found.setdefault(key, Counts()).days.setdefault(number, []).append((days, count))
    return found


def _asked_for(tally: Tally, asked: Asked, *, at_end: bool) -> Tally:
    """What is asked for of a month's tally; how things stood only where the month ends the time asked about."""
    names = asked.sources if at_end else asked.sources - AT_END
    numbers = Counter({group: count for group, count in tally.numbers.items() if group[0] in names})
    days = {taken: n for taken, n in tally.days.items() if (asked.lengths if taken[0] == LENGTHS else asked.days)}
    return Tally(numbers, tally.amounts, Counter(days))


def afresh(asking: Asking, asked: Asked) -> dict[Key, Counts]:
    """The same counted from the record alone, each source once.

    How things stood at the end of a month has no day of its own, and is asked month by month.
    """
    found: dict[Key, Counts] = {}
    for name in asked.sources:
        source = SOURCES[name]
        if asked.by in _SPANS and source.day is None:
            for span in _spans(asked):
                for _key, *group in _groups(asking, source, span, asked, None):
                    _keep(found, _begin_of(span.start, asked.by), name, group)
            continue
        for key, *group in _groups(asking, source, asked.period, asked, _key_of(source, asked.by)):
            _keep(found, _begin_of(key, asked.by) if asked.by in _SPANS else key, name, group)
    for key, number, days, count in _taken(asking, asked):
        found.setdefault(key, Counts()).days.setdefault(number, []).append((days, count))
    return found


def _keep(found: dict[Key, Counts], key: Key, name: str, group: list[Any]) -> None:
    facets, count, total = group
    found.setdefault(key, Counts()).groups.setdefault(name, []).append((facets, count, total))


def _key_of(source: Source, by: By | None) -> Any:
    """The column that rows are told apart by: their service, or their day, which says the month."""
    if by is None:
        return None
    return service_of(source) if by == "service" else sa.type_coerce(source.day, sa.String)


def _begin_of(day: Any, by: By | None) -> date:
    """The first day of the month or quarter of a day as the database holds it, which on SQLite is text."""
    month = date.fromisoformat(f"{str(day)[:8]}01")
    return Period.quarter_with(month).start if by == "quarter" else month


def _spans(asked: Asked) -> tuple[Period, ...]:
    """The months or the quarters of the period, or the whole of it."""
    if asked.by not in _SPANS:
        return (asked.period,)
    return asked.period.months() if asked.by == "month" else asked.period.quarters()


def _groups(
    asking: Asking, source: Source, period: Period, asked: Asked, key: Any
) -> Iterator[tuple[Any, dict[str, Any], int, int]]:
    """The rows of a source in groups: their key, their facets, how many they are and what they add up to."""
    facets = facets_of(source, period, asking.today)
    amount = sa.literal(0) if source.amount is None else sa.func.coalesce(sa.func.sum(source.amount), 0)
    columns = [*([] if key is None else [key]), *facets.values()]
    to_complaint = source.service is None and (asked.by == "service" or bool(asked.services))
    statement = (
        sa.select(*columns, sa.func.count(), amount)
        .select_from(joined(source, to_complaint=to_complaint))
        .where(*source.where(period, asking.today), *of_scheme(source, asked.scheme))
        .where(*(service_of(source) == each for each in asked.services))
    )
    # The facets are named by their place, because a fact that is worked out cannot be named twice.
    grouped = statement.group_by(*(sa.literal_column(str(at)) for at in range(1, len(columns) + 1)))
    for row in asking.connection.execute(grouped):
        *values, count, total = row
        first = None if key is None else values.pop(0)
        yield first, dict(zip(facets, values, strict=True)), int(count), int(total)


def _taken(asking: Asking, asked: Asked) -> Iterator[tuple[Key, int, int, int]]:
    """The days that are asked for: the key, the stage or the place of extensions, days, and how many took them."""
    if asked.days:
        yield from _days(asking, asked)
    if asked.lengths:
        source, by_service = SOURCES["answers"], asked.by == "service"
        for span in _spans(asked):
            begins = _begin_of(span.start, asked.by) if asked.by in _SPANS else None
            where = [*source.where(span, asking.today), *_chosen(source, asked)]
            apart = by_service or bool(asked.services)
            for named, days in lengthened(asking, where, [_C.c.service_id] if by_service else [], to_complaint=apart):
                yield begins or (named[0] if named else None), LENGTHS, days, 1


def _days(asking: Asking, asked: Asked) -> Iterator[tuple[Key, int, int, int]]:
    """Working days from receipt to answer, stage by stage, and how many answers took them."""
    source, by_service = SOURCES["answers"], asked.by == "service"
    where = [*source.where(asked.period, asking.today), *_chosen(source, asked)]
    keys = [_C.c.service_id] if by_service else [ANSWERED] if asked.by in _SPANS else []
    begins: dict[Any, date] = {}
    apart = by_service or bool(asked.services)
    for named, number, days, count in answers_taken(asking, where, keys, to_complaint=apart):
        key: Key = named[0] if named else None
        if asked.by in _SPANS:
            key = begins.get(key) or begins.setdefault(key, _begin_of(key, asked.by))
        yield key, number, days, count


def _chosen(source: Source, asked: Asked) -> list[Any]:
    return [*of_scheme(source, asked.scheme), *(_C.c.service_id == each for each in asked.services)]
