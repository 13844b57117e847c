"""When complaints have risen by more than chance: exact on small numbers, and quiet when nothing changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import nextafter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.themes import Series, candidates, chance_of, comes_back

NOTHING = Series(kind="category", key="a", service_id=1, title="A", new=0, past=0, all_new=0, all_past=0)
AT_LEAST, FALSE = 5, 0.05


def series(new: int, past: int, all_new: int, all_past: int, **fields: object) -> Series:
    return replace(NOTHING, new=new, past=past, all_new=all_new, all_past=all_past, **fields)  # type: ignore[arg-type]


SMALL = st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3), st.integers(0, 3)).map(
    lambda n: series(n[0], n[1], n[0] + n[2], n[1] + n[3])
)


def by_counting(one: Series) -> float:
    """Every way in which the service's complaints could have come, counted one by one."""
    everything, kind = range(one.all_new + one.all_past), one.new + one.past
    ways = list(combinations(everything, one.all_new))
    return sum(sum(each < kind for each in way) >= one.new for way in ways) / len(ways)


@given(one=SMALL)
def test_9_2_the_chance_is_the_share_of_all_ways_in_which_they_could_have_come(one: Series) -> None:
    expected = 1.0 if one.new <= one.expected else by_counting(one)
    assert chance_of(one) == pytest.approx(expected)


@given(
    new=st.integers(0, 300), past=st.integers(0, 900), others=st.integers(0, 3_000), past_others=st.integers(0, 9_000)
)
def test_9_2_a_chance_is_a_share_and_never_rises_with_one_more(
    new: int, past: int, others: int, past_others: int
) -> None:
    one = series(new, past, new + others, past + past_others)
    more = series(new + 1, past, new + 1 + others, past + past_others)
    assert 0.0 <= chance_of(more) <= chance_of(one) * (1 + 1e-9) <= 1 + 1e-9


def test_9_2_a_kind_that_doubles_is_named_and_one_that_keeps_its_share_is_not() -> None:
    steady = [series(30 + n, 120 + 4 * n, 330, 1_200, key=f"k{n}") for n in range(8)]
    risen = series(60, 110, 330, 1_200, key="risen")
    (found,) = candidates([*steady, risen], at_least=AT_LEAST, false_alarms=FALSE)
    assert (found.series.key, found.risen) == ("risen", True)
    assert found.series.expected == pytest.approx(36.7, abs=0.1)


def test_9_2_a_whole_service_that_doubles_names_no_kind_in_it() -> None:
    """It is the service that has more complaints then, and the performance figures show that."""
    doubled = [series(40, 80, 400, 800, key=f"k{n}") for n in range(10)]
    assert candidates(doubled, at_least=AT_LEAST, false_alarms=FALSE) == ()


@pytest.mark.parametrize(("new", "kind", "named"), [(5, "cause", True), (4, "cause", False), (5, "category", False)])
def test_9_2_the_same_cause_five_times_is_a_candidate_whatever_the_past(new: int, kind: str, named: bool) -> None:
    """A new installation has no past to hold it against [lgsco:9.2]."""
    found = candidates([series(new, 0, 40, 0, kind=kind)], at_least=AT_LEAST, false_alarms=FALSE)
    assert [each.risen for each in found] == ([False] if named else [])


def test_9_2_few_alarms_are_false_when_nothing_has_changed() -> None:
    """Two hundred councils in which each complaint's day is drawn by lot: at the most one in twenty names anything."""
    lots, alarms = Random(9), 0
    for _council in range(200):
        found = []
        for service in range(5):
            kinds = [lots.choices(range(12), weights=range(1, 13))[0] for _complaint in range(250)]
            new = [lots.random() < 0.2 for _kind in kinds]
            for kind in range(12):
                of = [is_new for each, is_new in zip(kinds, new, strict=True) if each == kind]
                one = series(sum(of), len(of) - sum(of), sum(new), len(new) - sum(new), key=str(kind))
                found.append(replace(one, service_id=service))
        alarms += bool(candidates(found, at_least=AT_LEAST, false_alarms=FALSE))
    assert alarms <= 200 * FALSE


@given(found=st.lists(SMALL, max_size=8))
def test_9_2_what_is_named_is_among_what_was_counted_and_no_rarer_one_is_left_out(found: list[Series]) -> None:
    numbered = [replace(one, key=str(n)) for n, one in enumerate(found)]
    named = candidates(numbered, at_least=2, false_alarms=FALSE)
    assert {each.series.key for each in named} <= {one.key for one in numbered}
    assert [each.chance for each in named] == sorted(each.chance for each in named)
    surest = max((each.chance for each in named if each.risen), default=0.0)
    for one in numbered:
        if one.new >= 2 and chance_of(one) < surest:
            assert one.key in {each.series.key for each in named}


def test_9_2_what_was_dismissed_comes_back_only_when_it_has_grown() -> None:
    assert not comes_back(count=5, count_decided=5)
    assert comes_back(count=6, count_decided=5)


RISEN = series(6, 2, 20, 80)
"""Eight complaints of a kind among a hundred, six of them among the newest twenty."""


def named(*found: Series, false_alarms: float) -> list[str]:
    return [each.series.key for each in candidates(found, at_least=AT_LEAST, false_alarms=false_alarms)]


def test_9_2_a_service_without_complaints_expects_none_and_one_that_keeps_its_share_expects_its_share() -> None:
    assert (NOTHING.expected, chance_of(NOTHING)) == (0.0, 1.0)
    assert RISEN.expected == pytest.approx(1.6)
    at_its_share = series(2, 8, 20, 80)
    assert (at_its_share.expected, chance_of(at_its_share)) == (2.0, 1.0)
    assert chance_of(series(3, 7, 20, 80)) < 1.0


def test_9_2_a_chance_is_never_more_than_certain_however_many_complaints_there_are() -> None:
    """All but one of twenty million are of the kind, and so is the newest: as good as certain."""
    everything = 20_000_003
    assert 1 - 1e-6 < chance_of(series(1, everything - 2, 1, everything - 1)) <= 1.0


def test_9_2_one_kind_is_named_up_to_the_very_share_of_false_alarms() -> None:
    chance = chance_of(RISEN)
    assert 0.0 < chance < 0.01
    (found,) = candidates([RISEN], at_least=AT_LEAST, false_alarms=chance)
    assert (found.series, found.chance, found.risen) == (RISEN, chance, True)
    assert named(RISEN, false_alarms=nextafter(chance, 0.0)) == []


def test_9_2_the_more_kinds_are_looked_at_the_seldomer_each_has_to_be() -> None:
    """A second kind that never rose halves what the first may be; two that rose alike carry each other."""
    chance, usual = chance_of(RISEN), series(1, 7, 20, 80, key="usual")
    assert named(RISEN, usual, false_alarms=2 * chance) == ["a"]
    assert named(RISEN, usual, false_alarms=nextafter(2 * chance, 0.0)) == []
    assert named(RISEN, replace(RISEN, key="b"), false_alarms=chance) == ["a", "b"]
    too_few = series(2, 2, 20, 80, key="few")
    assert named(RISEN, too_few, false_alarms=chance) == ["a"]
    just_enough = replace(too_few, past=3)
    assert named(RISEN, just_enough, false_alarms=chance) == []


def test_9_2_of_two_as_sure_the_order_is_by_kind_then_key_then_service() -> None:
    """So that a list does not jump about from one day to the next."""
    found = [
        replace(RISEN, kind="cause", key="a", service_id=None),
        replace(RISEN, key="b", service_id=1),
        replace(RISEN, key="a", service_id=2),
        replace(RISEN, key="a", service_id=1),
        replace(RISEN, key="a", service_id=None),
    ]
    for shuffled in (found, found[::-1]):
        of = [each.series for each in candidates(shuffled, at_least=AT_LEAST, false_alarms=FALSE)]
        assert [(one.kind, one.key, one.service_id) for one in of] == [
            ("category", "a", None), ("category", "a", 1), ("category", "a", 2), ("category", "b", 1),
            ("cause", "a", None),
        ]  # fmt: skip


def test_9_2_what_rose_among_few_is_not_named_below_the_least_number_of_new_ones() -> None:
    four = series(4, 1, 20, 800)
    assert chance_of(four) < 0.001
    assert named(four, false_alarms=FALSE) == []
    assert named(series(5, 0, 20, 800), false_alarms=FALSE) == ["a"]
