"""The sample of a month and what a check says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.quality import Mark, checked_by_somebody_else, draw, passes

STRATA = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(1, 40), min_size=1, max_size=9
).map(
    lambda counts: {
        kind: list(range(1_000 * place, 1_000 * place + count)) for place, (kind, count) in enumerate(counts.items())
    }
)


@given(strata=STRATA, size=st.integers(1, 60), seed=st.integers(1, 999))
def test_E8_a_sample_has_every_kind_where_there_is_room(
    strata: dict[tuple[str, ...], list[int]], size: int, seed: int
) -> None:
    """As many as asked for, nobody twice, one of each kind at the least or as many kinds as there are places."""
    drawn = draw(strata, size=size, seed=seed)
    everybody = {one for ids in strata.values() for one in ids}
    assert len(drawn) == len(set(drawn)) == min(size, len(everybody))
    assert set(drawn) <= everybody
    kinds = [sum(one in ids for one in drawn) for ids in strata.values()]
    assert sum(each > 0 for each in kinds) == min(size, len(strata))


@given(strata=STRATA, size=st.integers(1, 60), seed=st.integers(1, 999))
def test_E8_the_same_seed_draws_the_same_sample_in_whatever_order_things_come(
    strata: dict[tuple[str, ...], list[int]], size: int, seed: int
) -> None:
    turned = {kind: strata[kind][::-1] for kind in reversed(list(strata))}
    assert draw(strata, size=size, seed=seed) == draw(turned, size=size, seed=seed)


@given(strata=STRATA, size=st.integers(1, 200), seed=st.integers(1, 999))
def test_E8_a_larger_kind_never_has_fewer_places(
    strata: dict[tuple[str, ...], list[int]], size: int, seed: int
) -> None:
    drawn = set(draw(strata, size=max(size, len(strata)), seed=seed))
    places = sorted((len(ids), len(drawn & set(ids))) for ids in strata.values())
    by_size: dict[int, list[int]] = {}
    for count, place in places:
        by_size.setdefault(count, []).append(place)
    ordered = [by_size[count] for count in sorted(by_size)]
    assert all(max(small) <= min(large) + 1 for small, large in zip(ordered, ordered[1:], strict=False))
    assert all(max(same) - min(same) <= 1 for same in ordered)


def test_E8_every_place_is_in_proportion() -> None:
    """Worked out by hand: 60, 30 and 10 of a hundred, ten places; nobody can tell beforehand which ones."""
    strata = {("a",): list(range(60)), ("b",): list(range(100, 130)), ("c",): list(range(200, 210))}
    drawn = draw(strata, size=10, seed=4)
    assert [sum(one in ids for one in drawn) for ids in strata.values()] == [6, 3, 1]
    assert len({draw(strata, size=10, seed=seed) for seed in range(30)}) == 30
    assert {one for seed in range(400) for one in draw(strata, size=10, seed=seed)} == {*sum(strata.values(), [])}


def test_E8_nobody_checks_what_they_had_in_hand() -> None:
    assert checked_by_somebody_else(3, [1, 2]) == ()
    (found,) = checked_by_somebody_else(2, [1, 2])
    assert (found.clause, found.force) == ("lgsco:9.4", "structure")
    assert found.sentence == (
        "You had this complaint in your own hands, so somebody else checks it. Leave it to a colleague."
    )


@pytest.mark.parametrize(
    ("marks", "passed"),
    [
        ([Mark.MET, Mark.MET], True),
        ([Mark.MET, Mark.NOT_APPLICABLE], True),
        ([Mark.MET, Mark.NOT_MET], False),
        ([Mark.NOT_APPLICABLE], False),
        ([], False),
    ],
)
def test_KPI_28_a_check_is_passed_when_no_item_that_applies_fails(marks: list[Mark], passed: bool) -> None:
    assert passes(marks) is passed
