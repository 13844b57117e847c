"""The clocks of a route elsewhere: its law's dates from the day of receipt and the steps taken there [lgsco:using.5].

A route never restarts a clock: each counts from its own event, whatever was recorded later and wherever the complaint
went before. Where a clock can be read in two ways both dates are given and the earlier is the one to act by; late is
only what is late by the clock's own reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from core.code.catalogue import ROUTES, SCHEMES, DayOff, RouteClock, RouteStep, Scheme
from core.rules.facts import RouteFacts, Standing, Taken
from core.rules.working_days import Holiday, WorkingDays, months_after

_ONE_DAY = timedelta(days=1)
TITLES = {
    clock.kind: f"{route.short}: {clock.title[0].lower()}{clock.title[1:]}"
    for route in ROUTES.values()
    for clock in route.clocks
    if clock.met_by
}
"""What each clock of a route asks for, by its kind of duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One clock of a route as it stands: dates are None while what it runs from has not happened.

    `due_on` is its own date and `other_on` the one by the other reading; `put_off_to` is a later day that was agreed
    before it ran out. `act_by` is the day to act by. A clock that nobody here owes has no standing.
    """

    clock: RouteClock
    start_on: date | None = None
    due_on: date | None = None
    other_on: date | None = None
    put_off_to: date | None = None
    met_on: date | None = None
    standing: Standing | None = None

    @property
    def act_by(self) -> date | None:
        """The later day agreed, or else the earlier of the two readings' days."""
        if self.put_off_to is not None:
            return self.put_off_to
        return self.soonest

    @property
    def soonest(self) -> date | None:
        """The earlier of the two readings' days."""
        return min((day for day in (self.due_on, self.other_on) if day is not None), default=None)


def clocks_of(facts: RouteFacts, *, calendar: WorkingDays) -> tuple[Reached, ...]:
    """Every clock of a route, counted from what has happened there [lgsco:using.5].

    Raises CalendarEnds when a date lies past the last published bank holidays.
    """
    route = SCHEMES[facts.scheme]
    days = _days_of(route.key, calendar)
    found: dict[str, Reached] = {}
    for clock in route.clocks:
        found[clock.key] = _counted(clock, facts, found, days)
    # A clock that another one extends is settled once both have their dates.
    return tuple(_settled(each, facts, found, route) for each in found.values())


def begun(facts: RouteFacts) -> tuple[RouteClock, ...]:
    """The clocks the council owes whose start has happened."""
    known = {"received", *facts.steps} | ({"issue_or_awareness"} if facts.issue_or_awareness else set())
    return tuple(clock for clock in SCHEMES[facts.scheme].clocks if clock.met_by and clock.anchor in known)


def latest_put_off(clock: RouteClock, facts: RouteFacts, *, calendar: WorkingDays) -> date | None:
    """The latest day to which a clock can be put off; None where its route sets no limit."""
    counted = {each.clock.key: each for each in clocks_of(facts, calendar=calendar)}
    return next((each.act_by for each in counted.values() if each.clock.extends == clock.key), None)


def steps_before(route: Scheme, step: str) -> tuple[RouteStep, ...]:
    """What has to have happened before a step: the starts of the clocks that it alone meets."""
    needed = {clock.anchor for clock in route.clocks if clock.met_by == (step,)}
    return tuple(each for each in route.steps if each.key in needed)


def next_clock(clocks: tuple[Reached, ...]) -> Reached | None:
    """The clock to be met next."""
    still = [each for each in clocks if each.standing is Standing.OPEN]
    return min(still, key=lambda each: each.act_by or date.max, default=None)


@lru_cache(maxsize=64)
def _days_of(scheme: str, calendar: WorkingDays) -> WorkingDays:
    """The calendar a route counts by: bank holidays and the days its law leaves out besides, no closure of ours."""
    years = range(calendar.first.year, calendar.last.year + 1)
    also = [Holiday(on=date(year, off.month, off.day), name=off.name) for year in years for off in _off(scheme)]
    return calendar.without_closures(also=also)


def _off(scheme: str) -> tuple[DayOff, ...]:
    return SCHEMES[scheme].extra_days_off


def _counted(clock: RouteClock, facts: RouteFacts, before: Mapping[str, Reached], days: WorkingDays) -> Reached:
    """A clock with the dates of both readings, as far as what they run from has happened."""
    start = _happened(clock.anchor, clock, facts, before)
    due = _last_day(clock, start, inclusive=clock.inclusive, days=days)
    other = None
    if clock.other_reading is not None:
        anchor = clock.other_reading.anchor or clock.anchor
        begun = _happened(anchor, clock, facts, before)
        other = _last_day(clock, begun, inclusive=clock.other_reading.inclusive, days=days)
    return Reached(clock=clock, start_on=start, due_on=due, other_on=other)


def _happened(anchor: str, clock: RouteClock, facts: RouteFacts, before: Mapping[str, Reached]) -> date | None:
    """The day of what a clock runs from; what another clock came to stands in for `respond_by`."""
    if anchor == "received":
        return facts.received_on
    if anchor == "issue_or_awareness":
        return facts.issue_or_awareness
    if anchor == "respond_by":
        return before[str(clock.extends)].soonest
    return facts.steps[anchor].on if anchor in facts.steps else None


def _last_day(clock: RouteClock, start: date | None, *, inclusive: bool, days: WorkingDays) -> date | None:
    """The last day of a clock that runs from `start`; a day past the published bank holidays is refused."""
    if start is None:
        return None
    day = _COUNT[clock.unit](start, clock.n, inclusive, days)
    if clock.roll == "next_working_day":
        day = days.next_working(day)
    days.is_working(day)
    return day


def _working_days(start: date, n: int, inclusive: bool, days: WorkingDays) -> date:
    return days.after(start - _ONE_DAY if inclusive else start, n)


def _calendar_days(start: date, n: int, inclusive: bool, _days: WorkingDays) -> date:
    return start + timedelta(days=n - inclusive)


def _weeks(start: date, n: int, inclusive: bool, _days: WorkingDays) -> date:
    return start + timedelta(weeks=n) - inclusive * _ONE_DAY


def _months(start: date, n: int, inclusive: bool, _days: WorkingDays) -> date:
    """The same day of the month, the last of a shorter one; counting the first day it ends the day before that."""
    day = months_after(start, n)
    # In a shorter month the same day does not exist, and its last day is the day before it.
    return day - _ONE_DAY if inclusive and day.day == start.day else day


_COUNT: Mapping[str, Callable[[date, int, bool, WorkingDays], date]] = {
    "working_days": _working_days,
    "calendar_days": _calendar_days,
    "weeks": _weeks,
    "months": _months,
}


def _settled(each: Reached, facts: RouteFacts, found: Mapping[str, Reached], route: Scheme) -> Reached:
    """A clock that the council owes, with how it stands; any other as it is."""
    clock, due = each.clock, each.due_on
    if not clock.met_by or due is None:
        return each
    put_off_to = _put_off(each, facts.steps, found)
    met = min((facts.steps[step].on for step in clock.met_by if step in facts.steps), default=None)
    if met is None:
        standing = _unmet(clock, facts.steps, route, latest=put_off_to or due)
    elif met <= due:
        standing = Standing.IN_TIME
    else:
        standing = Standing.EXTENDED if put_off_to is not None and met <= put_off_to else Standing.LATE
    return Reached(
        clock=clock, start_on=each.start_on, due_on=due, other_on=each.other_on, put_off_to=put_off_to, met_on=met,
        standing=standing,
    )  # fmt: skip


def _put_off(each: Reached, steps: Mapping[str, Taken], found: Mapping[str, Reached]) -> date | None:
    """The later day that was agreed while the clock still ran; never past the latest its law allows."""
    told = steps.get(each.clock.put_off_by or "")
    if told is None or each.due_on is None or told.on > each.due_on:
        return None
    cap = next((other.soonest for other in found.values() if other.clock.extends == each.clock.key), None)
    days = [day for day in (told.until, cap) if day is not None]
    return min(days, default=None)


def _unmet(clock: RouteClock, steps: Mapping[str, Taken], route: Scheme, *, latest: date) -> Standing:
    """Open, or settled by what overtook it: a later part of the route, or its end."""
    order = [step.key for step in route.steps]
    last = max(order.index(step) for step in clock.met_by)
    overtaken = min((steps[step].on for step in order[last + 1 :] if step in steps), default=None)
    if overtaken is None:
        return Standing.OPEN
    return Standing.VOID if overtaken <= latest else Standing.LATE
