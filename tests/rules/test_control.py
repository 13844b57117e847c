"""Control charts: known examples, worked by hand or published, and what must hold of any series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.control import ENOUGH, IN_A_ROW, Control, p_chart, xmr
from core.rules.working_days import months_after

SERIES = st.lists(st.integers(0, 200), min_size=1, max_size=40)
START = date(2024, 1, 1)


def by_month(values: Sequence[float]) -> dict[date, float]:
    """Values from January 2024 on."""
    return {months_after(START, at): value for at, value in enumerate(values)}


def whole(value: float) -> str:
    """A value as a whole number."""
    return f"{value:.0f}"


def test_limits_of_a_series_worked_by_hand() -> None:
    """Mean 41.42, moving ranges 2 0 0 2 1 3 1 2 1 3 4, their mean 1.73: 36.8 to 46.0."""
    chart = xmr(by_month([39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]))
    assert chart.average == pytest.approx(41.4167, abs=1e-3)
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((36.82, 46.01), abs=0.01)
    assert (chart.early, chart.signal, chart.words(whole)) == (False, False, "Nothing more than usual variation.")


def test_a_published_p_chart_comes_back() -> None:
    """Thirty wafers of fifty chips each, from a public handbook of statistics: 0.2313, limits 0.0524 and 0.4102."""
    failing = [
        12,
        15,
        8,
        10,
        4,
        7,
        16,
        9,
        14,
        10,
        5,
        6,
        17,
        12,
        22,
        8,
        10,
        5,
        13,
        11,
        20,
        18,
        24,
        15,
        9,
        12,
        7,
        13,
        9,
        6,
    ]
    chart = p_chart({months_after(START, at): (bad, 50) for at, bad in enumerate(failing)})
    assert chart.average == pytest.approx(0.2313, abs=5e-5)
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((0.0524, 0.4102), abs=6e-4)
    assert [point.month for point in chart.beyond] == [months_after(START, 14), months_after(START, 22)]


def test_a_month_beyond_its_limits_is_named_with_what_is_usual() -> None:
    chart = xmr(by_month([20, 22, 19, 21, 20, 22, 19, 21, 20, 22, 19, 60]))
    assert [point.month for point in chart.beyond] == [date(2024, 12, 1)]
    assert chart.words(whole).startswith("December 2024 is above what is usual: 60, where ")
    below = p_chart({months_after(START, at): (90 if at else 10, 100) for at in range(ENOUGH)})
    assert below.words(lambda value: f"{100 * value:.1f} %").startswith("January 2024 is below what is usual: 10.0 %")


def test_eight_months_in_a_row_on_one_side_are_a_signal_and_seven_are_none() -> None:
    def chart(length: int) -> Control:
        return xmr(by_month([10, 14, 10, 14, 10, 14, 10, 14] + [13] * length + [10, 14]))

    eight, seven = chart(IN_A_ROW - 1), chart(IN_A_ROW - 2)
    [run] = eight.runs
    assert (run.first, run.last, run.length, run.side) == (date(2024, 8, 1), date(2025, 3, 1), IN_A_ROW, 1)
    assert "8 months in a row lie above the average of 12, August 2024 to March 2025" in eight.words(whole)
    assert seven.runs == ()


def test_all_that_differs_is_said_one_sentence_after_the_other() -> None:
    """Mean 15.6 of seventeen months, their moving ranges 7.4 in the mean: 0 to 35.3; the last eight lie below."""
    chart = xmr(by_month([20, 14, 20, 14, 50, 14, 20, 14, 20] + [10] * 8))
    assert chart.words(whole) == (
        "May 2024 is above what is usual: 50, where 0 to 35 is usual. "
        "8 months in a row lie below the average of 16, October 2024 to May 2025: something has changed."
    )


def test_without_a_floor_the_limits_lie_as_far_below_the_average_as_above() -> None:
    """Mean 1, each month 2 from the one before: 5.32 either way, and never below nought with a floor."""
    values = by_month([0, 2] * 6)
    free, floored = xmr(values, floor=None).points[0], xmr(values).points[0]
    assert (free.lower, free.upper) == pytest.approx((-4.32, 6.32))
    assert (floored.lower, floored.upper) == pytest.approx((0, 6.32))


def test_one_month_is_its_own_average_and_no_month_has_none() -> None:
    """Nothing moves between months where there is one."""
    [point] = xmr(by_month([5])).points
    assert (point.lower, point.value, point.upper) == (5, 5, 5)
    nothing = Control(points=(), average=0.0, early=True, runs=())
    assert xmr({}) == p_chart({}) == p_chart({START: (0, 0)}) == nothing
    assert nothing.words(whole) == "Too early to tell: 0 months, and 12 are needed."


def test_too_few_months_tell_nothing_whatever_they_hold() -> None:
    chart = xmr(by_month([5] * 10 + [500]))
    assert (chart.early, chart.beyond, chart.runs) == (True, (), ())
    assert chart.words(whole) == "Too early to tell: 11 months, and 12 are needed."
    assert xmr({}).early and p_chart({}).early and p_chart({START: (0, 0)}).early


def test_a_month_of_nothing_has_no_share() -> None:
    chart = p_chart({months_after(START, at): (0, 0) if at == 3 else (1, 2) for at in range(ENOUGH + 1)})
    assert (len(chart.points), chart.early) == (ENOUGH, False)


@given(SERIES)
def test_limits_lie_about_the_average_and_never_below_nought(values: list[int]) -> None:
    chart = xmr(by_month(values))
    for point in chart.points:
        assert 0 <= point.lower <= chart.average <= point.upper
    assert chart.early == (len(values) < ENOUGH)


@given(SERIES, st.integers(0, 1000))
def test_more_of_everything_changes_no_signal(values: list[int], more: int) -> None:
    """Without a floor the chart moves with its values, and turned over it tells the other side."""
    chart = xmr(by_month(values), floor=None)
    moved = xmr(by_month([value + more for value in values]), floor=None)
    over = xmr(by_month([-value for value in values]), floor=None)
    assert chart.average + more == pytest.approx(moved.average)
    assert [run.side for run in over.runs] == [-run.side for run in chart.runs]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=30))
def test_shares_have_limits_between_none_and_all(pairs: list[tuple[int, int]]) -> None:
    counts = {months_after(START, at): (part, part + rest) for at, (part, rest) in enumerate(pairs)}
    chart = p_chart(counts)
    for point in chart.points:
        assert 0 <= point.lower <= chart.average <= point.upper <= 1
        assert point.lower <= 1 and 0 <= point.value <= 1


@given(st.floats(0, 1e6))
def test_what_never_changes_has_no_signal(value: float) -> None:
    chart = xmr(by_month([value] * ENOUGH))
    assert chart.points[0].lower <= value * (1 + 1e-12) + 1e-12
    assert not chart.runs or value != round(value)
