"""Tables of a report by name: attacked by somebody who has all four packs and the yearly report in hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules.report_rows import Lines, Named, each_shown, listed, listed_of_typed, named_at_least
from core.rules.suppression import Hidden

FEWEST = 5
NAMES = ("Bins", "Noise", "Roads")
REST = "Others"
SMALL = {*range(1, FEWEST)}


def added(quarters: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The year that these quarters make."""
    names = sorted({name for each in quarters for name in each})
    return {name: sum(each.get(name, 0) for each in quarters) for name in names}


def random_years(seed: int, quarters: int, count: int) -> Iterator[list[dict[str, int]]]:
    """Quarters of small and middling numbers."""
    random = Random(seed)
    for _ in range(count):
        yield [{name: random.choice((0, 1, 2, 3, 4, 5, 6, 8, 11)) for name in NAMES} for _ in range(quarters)]


def agreeing(total: int, lines: Lines | None) -> list[tuple[int, ...]]:
    """Every line of counts that agrees with a printed table and its total. A name that is not printed is any number."""
    told = dict(lines or ())
    options = [[told[name]] if name in told else range(total + 1) for name in NAMES]
    return [each for each in product(*options) if sum(each) == total]


def left_open(
    quarters: Sequence[Mapping[str, int]], tables: Sequence[Lines | None], year: Lines | None
) -> list[list[set[int]]]:
    """What each count of each quarter can be for whoever has every table and every total."""
    found = [[set() for _ in NAMES] for _ in quarters]  # type: list[list[set[int]]]
    printed = dict(year or ())
    tried = [agreeing(sum(each.values()), table) for each, table in zip(quarters, tables, strict=True)]
    for rows in product(*tried):
        sums = dict(zip(NAMES, map(sum, zip(*rows, strict=True)), strict=True))
        if all(sums[name] == printed[name] for name in NAMES if name in printed):
            for cells, counts in zip(found, rows, strict=True):
                for cell, count in zip(cells, counts, strict=True):
                    cell.add(count)
    return found


def attacked(quarters: Sequence[Mapping[str, int]], *, table: bool = True) -> Lines | None:
    """The year's table, after an attack that must leave every small count open, of a quarter and of the year."""
    packs = [listed(each, fewest=FEWEST, rest=REST) for each in quarters]
    whole = added(quarters)
    year = listed(whole, fewest=FEWEST, rest=REST, quarters=quarters)
    shown = year if table else tuple(whole.items())
    for quarter, cells in zip(quarters, left_open(quarters, packs, shown), strict=True):
        for name, cell in zip(NAMES, cells, strict=True):
            assert not 0 < quarter[name] < FEWEST or cell >= SMALL, (quarters, packs, shown)
    return year


@pytest.mark.parametrize(("quarters", "count"), [(2, 60), (3, 8)])
def test_9_6_four_packs_and_the_yearly_report_tell_no_small_count(quarters: int, count: int) -> None:
    seen = [attacked(each) for each in random_years(quarters, quarters, count) if all(_tellable(one) for one in each)]
    assert any(each is not None and len(each) > 1 for each in seen)


def _tellable(quarter: Mapping[str, int]) -> bool:
    """A table stands beside a total that is told: one of few is not."""
    return not 0 < sum(quarter.values()) < FEWEST


def test_the_attack_finds_a_quarter_s_small_count_in_a_year_that_does_not_give_way() -> None:
    """Three about noise in the second quarter: the year's fifteen less the first quarter's twelve."""
    quarters = [{"Bins": 9, "Noise": 12, "Roads": 8}, {"Bins": 9, "Noise": 3, "Roads": 8}]
    with pytest.raises(AssertionError):
        attacked(quarters, table=False)
    year = attacked(quarters)
    assert year is not None and "Noise" not in dict(year)


def test_two_names_with_four_each_take_a_third_with_them() -> None:
    """Eight together would say four and four."""
    assert listed({"Bins": 20, "Noise": 4, "Roads": 4}, fewest=FEWEST, rest=REST) == ((REST, 28),)
    assert listed({"Bins": 20, "Noise": 4, "Parks": 9, "Roads": 4}, fewest=FEWEST, rest=REST) == (
        ("Bins", 20),
        (REST, 17),
    )


def test_a_table_beside_a_small_total_is_left_out() -> None:
    assert listed({"Bins": 3}, fewest=FEWEST, rest=REST) is None
    assert listed({"Bins": 9}, fewest=FEWEST, rest=REST, quarters=[{"Bins": 6}, {"Bins": 3}]) is None
    assert listed({}, fewest=FEWEST, rest=REST) == ()


def test_8_1b_a_year_names_what_its_quarters_name() -> None:
    quarters = [{"Bins": 20, "Noise": 9}, {"Bins": 8, "Noise": 7, "Roads": 6}]
    assert listed(added(quarters), fewest=FEWEST, rest=REST, quarters=quarters) == (
        ("Bins", 28),
        ("Noise", 16),
        ("Roads", 6),
    )


Typed = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 14), max_size=7)


@settings(max_examples=60)
@given(st.lists(Typed, min_size=1, max_size=4))
def test_9_6_a_name_that_somebody_typed_is_named_for_several_alone_and_all_make_the_whole(
    quarters: list[dict[str, int]],
) -> None:
    whole = added(quarters)
    for counts, of_each in ((quarters[0], ()), (whole, quarters)):
        told = listed_of_typed(counts, fewest=FEWEST, rest=REST, quarters=of_each)
        if told is not None:
            assert sum(count for _name, count in told) == sum(counts.values())
            assert all(count == counts[name] >= FEWEST for name, count in told if name != REST)
            assert REST not in dict(told) or dict(told)[REST] >= FEWEST


@given(st.lists(Typed, min_size=2, max_size=4))
def test_9_6_a_year_gives_no_typed_name_s_small_quarter_away(quarters: list[dict[str, int]]) -> None:
    """A name of the year that one quarter alone does not name would be had by subtraction."""
    told = listed_of_typed(added(quarters), fewest=FEWEST, rest=REST, quarters=quarters)
    for name, _count in told or ():
        silent = [
            each[name]
            for each in quarters
            if name in each and name not in dict(listed_of_typed(each, fewest=FEWEST, rest=REST) or ())
        ]
        assert name == REST or len(silent) != 1 or silent[0] >= FEWEST, (quarters, told)


def test_8_1c_clauses_are_named_where_their_numbers_are_not_told() -> None:
    few = Named({"lgsco:6.2": 1, "lgsco:6.3": 2})
    assert named_at_least(few, fewest=FEWEST, total_told=False) == dict.fromkeys(few.counts, Hidden.HELD)
    several = Named({"lgsco:6.2": 20, "lgsco:6.3": 2, "lgsco:6.15": 30})
    shown = named_at_least(several, fewest=FEWEST, total_told=True)
    assert shown == {"lgsco:6.15": 30, "lgsco:6.2": Hidden.HELD, "lgsco:6.3": Hidden.FEW}


def test_8_1c_a_number_known_from_another_figure_hides_no_small_one() -> None:
    """Twenty late acknowledgements are known from their share, so another has to go."""
    named = Named({"lgsco:6.2": 20, "lgsco:6.3": 2, "lgsco:6.15": 30}, frozenset({"lgsco:6.2"}))
    assert each_shown(named, fewest=FEWEST) == {
        "lgsco:6.15": Hidden.HELD, "lgsco:6.2": 20, "lgsco:6.3": Hidden.FEW,
    }  # fmt: skip
    alone = Named({"lgsco:6.2": 20, "lgsco:6.3": 2}, frozenset({"lgsco:6.2"}))
    assert named_at_least(alone, fewest=FEWEST, total_told=True) == {}, "22 less 20"
    each_once = Named(dict.fromkeys(("lgsco:6.2", "lgsco:6.3", "lgsco:6.12", "lgsco:6.15", "lgsco:2.4"), 1))
    assert named_at_least(each_once, fewest=FEWEST, total_told=True) == {}, "five of five clauses: one each"


@pytest.mark.parametrize(
    ("counts", "known", "named"),
    [
        ({"lgsco:6.2": 20, "lgsco:6.3": 4}, {"lgsco:6.2"}, False),  # 24 less 20
        ({"lgsco:6.2": 2, "lgsco:6.3": 2}, set(), False),  # neither can be more than three
        ({"lgsco:6.2": 3, "lgsco:6.3": 3}, set(), True),  # one can be five, the other one
        ({"lgsco:6.2": 4, "lgsco:6.3": 4}, set(), True),
    ],
)
def test_8_1c_a_clause_is_named_where_its_name_and_the_total_tell_no_small_number(
    counts: dict[str, int], known: set[str], named: bool
) -> None:
    """What the total leaves for a clause, less one for each other one, is no small number."""
    given = Named(counts, frozenset(known))
    assert each_shown(given, fewest=FEWEST) is None
    shown = named_at_least(given, fewest=FEWEST, total_told=True)
    assert shown == (dict.fromkeys(counts, Hidden.HELD) if named else {})


def test_8_1c_a_total_that_is_not_told_leaves_the_names_and_a_clause_nobody_broke_stays_at_none() -> None:
    several = Named({"lgsco:6.2": 20, "lgsco:6.3": 9, "lgsco:6.15": 0})
    assert named_at_least(several, fewest=FEWEST, total_told=False) == {
        "lgsco:6.2": Hidden.HELD,
        "lgsco:6.3": Hidden.HELD,
        "lgsco:6.15": 0,
    }
    assert named_at_least(several, fewest=FEWEST, total_told=True) == {"lgsco:6.2": 20, "lgsco:6.3": 9}


def test_8_1c_a_year_gives_way_to_a_quarter_with_few_under_one_clause() -> None:
    """Three under 6.3 in the second quarter: the year's fifteen less the first quarter's twelve."""
    quarters = [Named({"lgsco:6.2": 9, "lgsco:6.3": 12, "lgsco:6.15": 8}),
                Named({"lgsco:6.2": 9, "lgsco:6.3": 3, "lgsco:6.15": 8})]  # fmt: skip
    year = Named(added([each.counts for each in quarters]))
    alone = named_at_least(year, fewest=FEWEST, total_told=True)
    beside = named_at_least(year, fewest=FEWEST, total_told=True, quarters=quarters)
    assert (alone["lgsco:6.3"], beside["lgsco:6.3"]) == (15, Hidden.HELD)


def test_8_1c_a_clause_that_one_quarter_never_broke_counts_with_nothing_there() -> None:
    quarters = [Named({"lgsco:6.2": 9, "lgsco:6.3": 12}), Named({"lgsco:6.2": 8})]
    year = Named(added([each.counts for each in quarters]))
    assert each_shown(year, fewest=FEWEST, quarters=quarters) == {"lgsco:6.2": 17, "lgsco:6.3": 12}


def test_8_1c_a_year_has_no_table_where_what_is_known_of_it_would_tell_a_quarter() -> None:
    """Two under 6.2 in the second quarter: eleven, known from another figure, less the first quarter's nine."""
    quarters = [Named({"lgsco:6.2": 9, "lgsco:6.3": 12}), Named({"lgsco:6.2": 2, "lgsco:6.3": 3})]
    year = added([each.counts for each in quarters])
    both = dict.fromkeys(year, Hidden.HELD)
    assert each_shown(Named(year), fewest=FEWEST, quarters=quarters) == both
    known = Named(year, frozenset({"lgsco:6.2"}))
    assert each_shown(known, fewest=FEWEST, quarters=quarters) is None
    assert named_at_least(known, fewest=FEWEST, total_told=True, quarters=quarters) == both
