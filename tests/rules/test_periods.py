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
    ("period", "first", "last", "named"),
    [
        (Period.quarter(2026, 1), "2026-04-01", "2026-06-30", "April to June 2026"),
        (Period.quarter(2026, 3), "2026-10-01", "2026-12-31", "October to December 2026"),
        (Period.quarter(2026, 4), "2027-01-01", "2027-03-31", "January to March 2027"),
        (Period.financial_year(2025), "2025-04-01", "2026-03-31", "April 2025 to March 2026"),
        (Period(day("2026-02-01"), day("2026-02-28")), "2026-02-01", "2026-02-28", "February 2026"),
        (Period(day("2026-02-02"), day("2026-02-28")), "2026-02-02", "2026-02-28",
         "Mon 2 February 2026 to Sat 28 February 2026"),
        (Period.quarter_with(day("2027-03-31")), "2027-01-01", "2027-03-31", "January to March 2027"),
        (Period.year_with(day("2027-03-31")), "2026-04-01", "2027-03-31", "April 2026 to March 2027"),
        (Period.year_with(day("2027-04-01")), "2027-04-01", "2028-03-31", "April 2027 to March 2028"),
    ],
)  # fmt: skip
def test_a_period_has_its_days_and_its_name(period: Period, first: str, last: str, named: str) -> None:
    assert (period.start, period.end, period.words) == (day(first), day(last), named)


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        (Period.quarter(2026, 1), Period.quarter(2025, 4)),
        (Period.financial_year(2025), Period.financial_year(2024)),
        (Period(day("2026-03-01"), day("2026-03-31")), Period(day("2026-02-01"), day("2026-02-28"))),
        (Period(day("2026-03-02"), day("2026-03-08")), Period(day("2026-02-23"), day("2026-03-01"))),
    ],
)
def test_the_period_before_is_of_the_same_kind(period: Period, earlier: Period) -> None:
    assert period.before() == earlier


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Period.quarter(2026, 0),
        lambda: Period.quarter(2026, 5),
        lambda: Period.financial_year(20),
        lambda: Period.financial_year(99999),
        lambda: Period(day("2026-03-02"), day("2026-03-01")),
    ],
)
def test_a_period_that_cannot_be_is_a_sentence(wrong: object) -> None:
    with pytest.raises(BadInput, match="Choose"):
        wrong()  # type: ignore[operator]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_months_are_the_period_without_a_gap(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    for earlier, later in zip(months, months[1:], strict=False):
        assert earlier.end + ONE_DAY == later.start and later.start.day == 1
    assert period.before().end + ONE_DAY == period.start


@pytest.mark.parametrize(
    ("period", "a_year_before"),
    [
        (Period.quarter(2026, 1), Period.quarter(2025, 1)),
        (Period.financial_year(2026), Period.financial_year(2025)),
        (Period(day("2025-02-01"), day("2025-02-28")), Period(day("2024-02-01"), day("2024-02-29"))),
        (Period(day("2024-02-29"), day("2024-03-10")), Period(day("2023-02-28"), day("2023-03-10"))),
    ],
)
def test_9_7_the_same_of_last_year_is_the_same_months(period: Period, a_year_before: Period) -> None:
    assert period.a_year_before() == a_year_before
