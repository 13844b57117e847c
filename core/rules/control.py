"""Control charts: whether a month differs from the others by more than the usual ups and downs, said in words.

Times and counts have XmR limits, from how much each month differs from the one before; shares have the limits of a
p-chart, which are wider for a month with few cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from math import sqrt

from core.words import counted, month_words

ENOUGH = 12  # house: how many points a chart needs, no period of the Code
IN_A_ROW = 8  # house: how many points on one side make a signal, no period of the Code
_OF_RANGES = 2.66  # three standard deviations, as the mean of the moving ranges tells them
_DEVIATIONS = 3
_NONE = "Nothing more than usual variation."
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One month: its value, and the limits within which it is nothing unusual."""

    month: date
    value: float
    lower: float
    upper: float

    @property
    def beyond(self) -> int:
        """1 above its limits, -1 below, 0 within."""
        return (self.value > self.upper) - (self.value < self.lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Months in a row on one side of the average: 1 above it, -1 below."""

    first: date
    last: date
    length: int
    side: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A series with its average and limits; `early` while there are too few months to tell anything."""

    points: tuple[Point, ...]
    average: float
    early: bool
    runs: tuple[Run, ...]

    @property
    def beyond(self) -> tuple[Point, ...]:
        """Months beyond their limits; none while it is early."""
        return () if self.early else tuple(point for point in self.points if point.beyond)

    @property
    def signal(self) -> bool:
        """Whether something differs by more than usual."""
        return bool(self.beyond or self.runs)

    def words(self, write: Write) -> str:
        """What the chart says; `write` writes a value: "March 2026 is above what is usual: 31, between 12 and 28 …"."""
        if self.early:
            return f"Too early to tell: {counted(len(self.points), 'month')}, and {ENOUGH} are needed."
        told = [_beyond(point, write) for point in self.beyond] + [_run(run, write(self.average)) for run in self.runs]
        return " ".join(told) or _NONE


def xmr(values: Mapping[date, float], *, floor: float | None = 0.0) -> Control:
    """Times or counts by month, by each month's first day; no limit lies below `floor` [lgsco:9.7]."""
    months = sorted(values)
    series = [float(values[month]) for month in months]
    if not series:
        return Control(points=(), average=0.0, early=True, runs=())
    average = sum(series) / len(series)
    ranges = [abs(later - earlier) for earlier, later in pairwise(series)]
    spread = _OF_RANGES * sum(ranges) / len(ranges) if ranges else 0.0
    lower = average - spread if floor is None else max(floor, average - spread)
    return _judged(
        [
            Point(month=month, value=value, lower=lower, upper=average + spread)
            for month, value in zip(months, series, strict=True)
        ],
        average,
    )


def p_chart(counts: Mapping[date, tuple[int, int]]) -> Control:
    """Shares by month, from how many of how many; a month of nothing has no point [lgsco:9.7]."""
    counted = {month: pair for month, pair in sorted(counts.items()) if pair[1]}
    whole = sum(of for _part, of in counted.values())
    if not whole:
        return Control(points=(), average=0.0, early=True, runs=())
    average = sum(part for part, _of in counted.values()) / whole
    points = []
    for month, (part, of) in counted.items():
        spread = _DEVIATIONS * sqrt(average * (1 - average) / of)
        lower, upper = max(0.0, average - spread), min(1.0, average + spread)
        points.append(Point(month=month, value=part / of, lower=lower, upper=upper))
    return _judged(points, average)


def _judged(points: Sequence[Point], average: float) -> Control:
    early = len(points) < ENOUGH
    return Control(points=tuple(points), average=average, early=early, runs=() if early else _runs(points, average))


def _runs(points: Sequence[Point], average: float) -> tuple[Run, ...]:
    """Enough months in a row on one side; one that lies on the average ends a run."""
    found = []
    for side, group in groupby(points, key=lambda point: (point.value > average) - (point.value < average)):
        listed = [*group]
        if side and len(listed) >= IN_A_ROW:
            found.append(Run(first=listed[0].month, last=listed[-1].month, length=len(listed), side=side))
    return tuple(found)


def _beyond(point: Point, write: Write) -> str:
    way = "above" if point.beyond > 0 else "below"
    usual = f"{write(point.lower)} to {write(point.upper)}"
    return f"{month_words(point.month)} is {way} what is usual: {write(point.value)}, where {usual} is usual."


def _run(run: Run, average: str) -> str:
    way = "above" if run.side > 0 else "below"
    span = f"{month_words(run.first)} to {month_words(run.last)}"
    return f"{run.length} months in a row lie {way} the average of {average}, {span}: something has changed."
