"""What holds of every calendar, whatever the holidays: more holidays are never earlier, adding and counting agree."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CalendarEnds
from core.rules.working_days import Holiday, WorkingDays, months_after, moves

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
LENGTH = (LAST - FIRST).days

starts = st.dates(FIRST, LAST - timedelta(days=LENGTH // 2))
periods = st.integers(1, 60)
kinds = st.sampled_from(["bank_holiday", "closure"])
holidays = st.lists(st.builds(Holiday, on=st.dates(FIRST, LAST), name=st.just("Made-up day"), kind=kinds), max_size=40)


def calendar_of(days: list[Holiday]) -> WorkingDays:
    return WorkingDays.of(days, first=FIRST, last=LAST, version="made up")


@given(holidays, st.dates(FIRST, LAST), starts, periods)
def test_adding_a_holiday_never_makes_a_date_earlier(days: list[Holiday], extra: date, start: date, n: int) -> None:
    """A late-announced day can only give more time (T23)."""
    before, after = calendar_of(days), calendar_of([*days, Holiday(on=extra, name="Late")])
    was, becomes = before.after(start, n), after.after(start, n)
    assert becomes >= was
    # It moves exactly when the new day takes away one that was counted.
    assert (becomes > was) == (start < extra <= was and before.is_working(extra))
    moved = list(moves(before, after, [("one", start, n, was)]))
    assert [(move.was, move.becomes) for move in moved] == ([(was, becomes)] if becomes > was else [])


@given(holidays, starts, periods, st.booleans())
def test_adding_then_counting_gives_the_period_back(days: list[Holiday], start: date, n: int, deemed: bool) -> None:
    calendar = calendar_of(days)
    zero = calendar.next_working(start) if deemed else start
    due = calendar.after(start, n, deemed_next=deemed)
    assert calendar.is_working(due) and due > start
    assert calendar.between(zero, due) == n
    assert calendar.between(due, zero) == -n
    assert calendar.between(zero, due - timedelta(days=1)) == n - 1


@given(holidays, st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_counting_then_adding_gives_the_last_working_day_back(days: list[Holiday], start: date, end: date) -> None:
    calendar = calendar_of(days)
    n = calendar.between(start, end)
    assert n == -calendar.between(end, start)
    if n > 0:
        answer = calendar.after(start, n)
        assert answer <= end and (answer == end) == calendar.is_working(end)


@given(holidays, starts, periods, st.booleans())
def test_why_leads_to_the_same_date_and_leaves_no_day_unexplained(
    days: list[Holiday], start: date, n: int, deemed: bool
) -> None:
    calendar = calendar_of(days)
    why = calendar.why(start, n, deemed_next=deemed)
    assert why.due == calendar.after(start, n, deemed_next=deemed)
    assert why.day_one == calendar.after(why.deemed_on or start, 1)
    # Each day after the start is counted, skipped by name, or is the deemed day 0.
    assert (why.due - start).days == n + len(why.skipped) + (why.deemed_on is not None)
    assert all(calendar.name_of(day) == name and not calendar.is_working(day) for day, name in why.skipped)
    assert set(why.closures) <= {day for day, _ in why.skipped}


@given(holidays, starts, periods)
def test_a_later_start_and_a_longer_period_are_never_earlier(days: list[Holiday], start: date, n: int) -> None:
    calendar = calendar_of(days)
    assert calendar.after(start, n) <= calendar.after(start + timedelta(days=1), n)
    assert calendar.after(start, n) < calendar.after(start, n + 1)
    assert calendar.after(calendar.after(start, n), 1) == calendar.after(start, n + 1)
    assert calendar.after(start, n) <= calendar.after(start, n, deemed_next=True) <= calendar.after(start, n + 1)


@given(holidays, st.lists(st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2029, 6, 1))), max_size=30), periods,
       st.booleans())  # fmt: skip
def test_bulk_answers_as_one_by_one_or_refuses_as_one_by_one(
    days: list[Holiday], given_days: list[date | None], n: int, deemed: bool
) -> None:
    calendar = calendar_of(days)
    array = np.array(given_days, dtype="datetime64[D]")
    try:
        one_by_one = [day and calendar.after(day, n, deemed_next=deemed) for day in given_days]
    except CalendarEnds:
        one_by_one = None
    try:
        bulk = calendar.bulk_after(array, n, deemed_next=deemed).tolist()
    except CalendarEnds:
        bulk = None
    assert bulk == one_by_one


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_land_in_the_right_month_on_the_day_or_its_last(start: date, n: int) -> None:
    """Calendar months with a month-end clamp [lgsco:2.2]."""
    end = months_after(start, n)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
