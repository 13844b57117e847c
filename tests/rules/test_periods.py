"""Quarters and years as councils count them, the period before, and how each is named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.rules.periods import Period
from tests.builders import day

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "n", "first", "last", "named"),
    [
        (2026, 1, "2026-04-01", "2026-06-30", "April to June 2026"),
        (2026, 2, "2026-07-01", "2026-09-30", "July to September 2026"),
        (2026, 3, "2026-10-01", "2026-12-31", "October to December 2026"),
        (2026, 4, "2027-01-01", "2027-03-31", "January to March 2027"),
    ],
)
def test_9_7_a_year_has_four_quarters_from_april(year: int, n: int, first: str, last: str, named: str) -> None:
    period = Period.quarter(year, n)
    assert (period.start, period.end, period.words) == (day(first), day(last), named)


@pytest.mark.parametrize("year", [1900, 2025, 2200])
def test_a_financial_year_runs_from_april_to_march(year: int) -> None:
    period = Period.financial_year(year)
    assert (period.start, period.end) == (date(year, 4, 1), date(year + 1, 3, 31))
    assert period.words == f"April {year} to March {year + 1}"


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2026-02-01", "2026-02-28", "February 2026"),
        ("2026-02-02", "2026-02-28", "Mon 2 February 2026 to Sat 28 February 2026"),
        ("2026-02-01", "2026-02-27", "Sun 1 February 2026 to Fri 27 February 2026"),
        ("2026-11-01", "2027-01-31", "November 2026 to January 2027"),
    ],
)
def test_a_period_is_named_by_its_months_or_its_days(first: str, last: str, named: str) -> None:
    assert Period(day(first), day(last)).words == named


@pytest.mark.parametrize(
    ("on", "quarter", "year"),
    [
        ("2026-01-31", (2025, 4), 2025),
        ("2027-03-31", (2026, 4), 2026),
        ("2027-04-01", (2027, 1), 2027),
        ("2027-05-31", (2027, 1), 2027),
        ("2027-06-30", (2027, 1), 2027),
        ("2027-07-01", (2027, 2), 2027),
        ("2027-11-30", (2027, 3), 2027),
        ("2027-12-31", (2027, 3), 2027),
    ],
)
def test_a_day_lies_in_one_quarter_and_one_financial_year(on: str, quarter: tuple[int, int], year: int) -> None:
    assert Period.quarter_with(day(on)) == Period.quarter(*quarter)
    assert Period.year_with(day(on)) == Period.financial_year(year)


def test_the_period_before_is_of_the_same_kind() -> None:
    assert Period.quarter(2026, 1).before() == Period.quarter(2025, 4)
    assert Period.financial_year(2025).before() == Period.financial_year(2024)
    march, february = Period(day("2026-03-01"), day("2026-03-31")), Period(day("2026-02-01"), day("2026-02-28"))
    assert march.before() == february
    week, last_week = Period(day("2026-03-02"), day("2026-03-08")), Period(day("2026-02-23"), day("2026-03-01"))
    assert week.before() == last_week


@pytest.mark.parametrize("n", [0, 5])
def test_another_quarter_is_a_sentence(n: int) -> None:
    with pytest.raises(BadInput) as refused:
        Period.quarter(2026, n)
    assert str(refused.value) == "A year has quarters 1 to 4, the first from April to June. Choose one of them."


@pytest.mark.parametrize("year", [20, 1899, 2201, 99999])
def test_a_year_far_outside_is_a_sentence(year: int) -> None:
    with pytest.raises(BadInput) as refused:
        Period.financial_year(year)
    assert str(refused.value) == "That is no year with figures. Choose one of the list."


def test_a_period_ends_on_its_first_day_or_later() -> None:
    assert Period(day("2026-03-02"), day("2026-03-02")).words == "Mon 2 March 2026 to Mon 2 March 2026"
    with pytest.raises(BadInput) as refused:
        Period(day("2026-03-02"), day("2026-03-01"))
    said = "The period ends before it begins. Choose a last day on or after the first."
    assert str(refused.value) == said


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_months_are_the_period_without_a_gap(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    for earlier, later in zip(months, months[1:], strict=False):
        assert earlier.end + ONE_DAY == later.start and later.start.day == 1
    assert period.before().end + ONE_DAY == period.start


@pytest.mark.parametrize(
    ("first", "last", "pieces"),
    [
        ("2026-05-15", "2026-10-01", [("2026-05-15", "2026-06-30"), ("2026-07-01", "2026-09-30"), ("2026-10-01",) * 2]),
        ("2026-04-01", "2026-06-30", [("2026-04-01", "2026-06-30")]),
        ("2026-12-30", "2027-01-02", [("2026-12-30", "2026-12-31"), ("2027-01-01", "2027-01-02")]),
    ],
)
def test_9_7_quarters_are_the_period_in_pieces_cut_to_it(first: str, last: str, pieces: list[tuple[str, str]]) -> None:
    assert Period(day(first), day(last)).quarters() == tuple(Period(day(start), day(end)) for start, end in pieces)


def test_9_7_the_same_of_last_year_is_the_same_months() -> None:
    assert Period.quarter(2026, 1).a_year_before() == Period.quarter(2025, 1)
    assert Period.financial_year(2026).a_year_before() == Period.financial_year(2025)
    before_leap = Period(day("2025-02-01"), day("2025-02-28")).a_year_before()
    assert before_leap == Period(day("2024-02-01"), day("2024-02-29"))
    from_leap = Period(day("2024-02-29"), day("2024-03-10")).a_year_before()
    assert from_leap == Period(day("2023-02-28"), day("2023-03-10"))
