"""Equality counts: by quarters, and never so small that somebody could be picked out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.monitoring import quarter_of, shown

FEWEST = 5


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2028, 2, 29), date(2028, 1, 1)),
        (date(2026, 9, 30), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 10, 1)),
    ],
)
def test_a_day_lies_in_the_quarter_that_begins_before_it(day: date, first: date) -> None:
    assert quarter_of(day) == first


def test_every_day_of_a_year_lies_in_one_of_four_quarters() -> None:
    begins = [quarter_of(date(2026, 1, 1) + timedelta(days=number)) for number in range(365)]
    assert begins == sorted(begins)
    assert sorted(set(begins)) == [date(2026, month, 1) for month in (1, 4, 7, 10)]


@pytest.mark.parametrize(
    ("counts", "as_shown"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}),
        ({"a": 9, "b": 5}, {"a": 9, "b": 5}),
        ({"a": 9, "b": 4}, {"a": None, "b": None}),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9, "b": None, "c": None}),
        # One alone could be worked out from the total, so the next smallest goes as well.
        ({"a": 9, "b": 7, "c": 3}, {"a": 9, "b": None, "c": None}),
        # Two that come to fewer than five together would still tell too much.
        ({"a": 9, "b": 7, "c": 1, "d": 1}, {"a": 9, "b": None, "c": None, "d": None}),
        ({"a": 9, "b": 0}, {"a": None, "b": None}),
        ({"a": 2, "b": 1}, {"a": None, "b": None}),
        ({}, {}),
    ],
)
def test_small_counts_are_held_back_and_those_that_would_tell_them(
    counts: dict[str, int], as_shown: dict[str, int | None]
) -> None:
    assert shown(counts, fewest=FEWEST) == as_shown


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 12), max_size=9))
def test_what_is_held_back_cannot_be_worked_out_from_the_total(counts: dict[str, int]) -> None:
    """Whatever the counts: none below the limit is shown, and what is missing from the total is several people."""
    said = shown(counts, fewest=FEWEST)
    hidden = [counts[key] for key, count in said.items() if count is None]
    assert said.keys() == counts.keys()
    assert all(count is None or count == counts[key] >= FEWEST for key, count in said.items())
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1 and sum(hidden) >= FEWEST
