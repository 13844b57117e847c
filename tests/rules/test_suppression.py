"""Small numbers held back: attacked by somebody who tries every table that what is shown allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import pytest

from core.rules.suppression import (
    Hidden,
    Shown,
    Table,
    any_hidden,
    beside_totals,
    one,
    over,
    row,
    share_shown,
    table,
    words,
)

FEWEST = 5
FEW, HELD = Hidden.FEW, Hidden.HELD
MOST = 26
"""No number of the attacked tables is larger, so the attacker tries no larger one."""


def allowed(shown: Shown) -> range:
    """What a reader who knows the rules takes to be possible."""
    if shown is FEW:
        return range(1, FEWEST)
    if shown is HELD:
        return range(FEWEST, MOST * 9)
    assert isinstance(shown, int)
    return range(shown, shown + 1)


def possible(shown: Table, *, columns_shown: bool) -> Iterator[tuple[int, ...]]:
    """Every table, cells first and then totals, that agrees with all that is shown: row by row, cell by cell."""
    tried = [
        [
            cells
            for cells in product(*(range(each.start, min(each.stop, MOST)) for each in map(allowed, of_row)))
            if sum(cells) in allowed(total)
        ]
        for of_row, total in zip(shown.cells, shown.row_totals, strict=True)
    ]
    for rows in product(*tried):
        columns = [sum(column) for column in zip(*rows, strict=True)]
        totals = [*columns, sum(columns)] if columns_shown else []
        told = [*shown.column_totals, *([] if shown.total is None else [shown.total])]
        if all(got in allowed(each) for got, each in zip(totals, told, strict=True)):
            cells = [cell for each in rows for cell in each]
            yield (*cells, *(sum(each) for each in rows), *totals)


def everything(shown: Table) -> list[Shown]:
    """Cells and totals in the order of `possible`."""
    cells = [cell for each in shown.cells for cell in each]
    return [*cells, *shown.row_totals, *shown.column_totals, *([] if shown.total is None else [shown.total])]


def attacked(counts: Sequence[Sequence[int]], *, columns_shown: bool = True) -> Table:
    """What is shown of a table, after an attack that must find out nothing."""
    shown = table(counts, fewest=FEWEST, columns_shown=columns_shown)
    numbers = everything(shown)
    if all(each is HELD for each in numbers):
        return shown
    if not any_hidden(numbers):
        return shown
    found: list[set[int]] = [set() for _ in numbers]
    for values in possible(shown, columns_shown=columns_shown):
        for each, value in zip(found, values, strict=True):
            each.add(value)
    for each, values_found in zip(numbers, found, strict=True):
        if each is FEW:
            assert values_found == {*range(1, FEWEST)}, (counts, shown)
        elif each is HELD:
            assert len(values_found) >= FEWEST - 1, (counts, shown)
    return shown


def random_tables(seed: int, rows: int, columns: int, count: int) -> Iterator[list[list[int]]]:
    """Tables of small and middling numbers."""
    random = Random(seed)
    for _ in range(count):
        yield [[random.choice((0, 1, 2, 3, 4, 5, 6, 7, 9, 12)) for _ in range(columns)] for _ in range(rows)]


@pytest.mark.parametrize(("rows", "columns", "count"), [(1, 2, 60), (1, 3, 60), (2, 2, 60), (3, 2, 12), (2, 3, 12)])
def test_no_hidden_number_of_a_random_table_is_worked_out_or_narrowed(rows: int, columns: int, count: int) -> None:
    for counts in random_tables(rows * 10 + columns, rows, columns, count):
        attacked(counts, columns_shown=rows > 1)


def test_the_attack_finds_out_what_a_table_without_protection_tells() -> None:
    """So the attack can succeed: one small cell hidden alone stands in the total."""
    naive = Table(cells=((20, FEW),), row_totals=(21,), column_totals=(), total=None)
    assert {values[1] for values in possible(naive, columns_shown=False)} == {1}


def test_one_small_number_takes_another_with_it() -> None:
    assert row([20, 1, 30], fewest=FEWEST) == ((HELD, FEW, 30), 51)


def test_what_needs_no_protection_is_shown_whole() -> None:
    """Nought is nobody, and no number here is small."""
    assert row([21, 0, 0], fewest=FEWEST) == ((21, 0, 0), 21)
    shown = table([[5, 9], [0, 12]], fewest=FEWEST)
    assert everything(shown) == [5, 9, 0, 12, 14, 12, 5, 21, 26]


def test_two_small_numbers_that_would_narrow_each_other_take_a_third() -> None:
    """2 and 4 make 6, so neither could be 1: the total must not say so."""
    (first, second), total = row([2, 4], fewest=FEWEST)
    assert (first, second, total) == (FEW, FEW, HELD)


def test_a_square_is_hidden_where_rows_and_columns_have_totals() -> None:
    shown = attacked([[1, 9, 12], [12, 9, 9], [12, 12, 9]])
    hidden = sum(isinstance(cell, Hidden) for each in shown.cells for cell in each)
    assert hidden == 4 and shown.total == 85 and shown.row_totals == (22, 30, 33)


def test_a_table_that_cannot_be_protected_shows_nothing() -> None:
    shown = table([[2, 2]], fewest=FEWEST)
    assert not any(isinstance(each, int) for each in everything(shown))


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1204, "1,204")]
)
def test_a_count_by_itself_reads(count: int, written: str) -> None:
    assert words(one(count, fewest=FEWEST), fewest=FEWEST) == written


def test_what_is_held_back_says_nothing_of_its_size() -> None:
    assert words(HELD, fewest=FEWEST) == "not shown"


def test_a_large_table_is_protected_quickly() -> None:
    """Twenty services by three outcomes: each small number is hidden, and most others are shown."""
    counts = [[Random(at * 3 + to).choice((1, 3, 8, 15, 40)) for to in range(3)] for at in range(20)]
    shown = table(counts, fewest=FEWEST)
    for of_row, listed in zip(counts, shown.cells, strict=True):
        for count, each in zip(of_row, listed, strict=True):
            assert (each is FEW) == (count < FEWEST) and each in (FEW, HELD, count)
    assert sum(isinstance(each, int) for each in everything(shown)) > len(everything(shown)) // 3


def test_a_table_beside_its_own_totals_is_left_out_where_one_of_them_is_small() -> None:
    shown = beside_totals([[1, 9, 12], [12, 9, 9], [12, 12, 9]], fewest=FEWEST)
    assert shown is not None and shown.column_totals == (25, 30, 30) and shown.cells[0][0] is FEW
    assert beside_totals([[1, 9], [2, 9]], fewest=FEWEST) is None


def test_9_6_a_table_beside_its_totals_hides_none_of_them_here_or_by_themselves() -> None:
    """Tried on random tables: what is given shows each total of a column, their sum, and needs no more elsewhere."""
    given = 0
    for counts in random_tables(11, 3, 3, 60):
        shown = beside_totals(counts, fewest=FEWEST)
        if shown is not None:
            given += 1
            sums = tuple(map(sum, zip(*counts, strict=True)))
            assert (shown.column_totals, shown.total) == (sums, sum(sums)) == row(sums, fewest=FEWEST)
    assert 0 < given < 60


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(6, 24, "25.0 % (6 of 24)"), (0, 0, "n/a (0 of 0)"), (FEW, 24, "not shown"), (6, HELD, "not shown")],
)
def test_9_6_a_share_is_told_of_shown_counts_alone(part: Shown, whole: Shown, told: str) -> None:
    assert share_shown(part, whole) == told


# ------------------------------------------------------------------------------------------- a year beside its quarters


def told_of(counts: Sequence[Sequence[int]]) -> list[tuple[tuple[Shown, ...], Shown]]:
    """Each quarter as it was shown when it was over."""
    return [row(each, fewest=FEWEST) for each in counts]


def attacked_together(counts: Sequence[Sequence[int]]) -> tuple[tuple[Shown, ...], Shown]:
    """What is shown of a year, after an attack with its quarters in hand that must find out nothing."""
    quarters = told_of(counts)
    cells, total = over(counts, quarters, fewest=FEWEST)
    told = [*(each for row_cells, row_total in quarters for each in (*row_cells, row_total)), *cells, total]
    real = [*(each for line in counts for each in (*line, sum(line))), *map(sum, zip(*counts, strict=True))]
    real.append(sum(map(sum, counts)))
    found: list[set[int]] = [set() for _ in told]
    for values in agreeing(quarters, cells, total):
        for each, value in zip(found, values, strict=True):
            each.add(value)
    for each, count, values_found in zip(told, real, found, strict=True):
        if each is FEW:
            assert values_found == {*range(1, FEWEST)}, (counts, cells, total)
        elif each is HELD and count:
            assert len(values_found) >= FEWEST - 1, (counts, cells, total)
        elif each is not HELD:
            assert values_found == {each} == {count}
    return cells, total


def agreeing(
    quarters: Sequence[tuple[Sequence[Shown], Shown]], cells: Sequence[Shown], total: Shown
) -> Iterator[list[int]]:
    """Every four quarters that agree with all that is shown of them and of their year."""
    tried = []
    for of_row, row_total in quarters:
        nothing = all(each is HELD for each in (*of_row, row_total))
        options = [range(MOST)] * len(of_row) if nothing else [*map(allowed, of_row)]
        tried.append([
            line
            for line in product(*(range(each.start, min(each.stop, MOST)) for each in options))
            if nothing or sum(line) in allowed(row_total)
        ])  # fmt: skip
    silent = all(each is HELD for each in (*cells, total))
    for rows in product(*tried):
        sums = [sum(column) for column in zip(*rows, strict=True)]
        if silent or all(got in allowed(each) for got, each in zip([*sums, sum(sums)], [*cells, total], strict=True)):
            yield [*(each for line in rows for each in (*line, sum(line))), *sums, sum(sums)]


@pytest.mark.parametrize(("quarters", "columns", "count"), [(4, 1, 40), (3, 1, 40), (2, 2, 25), (2, 3, 4)])
def test_9_6_quarters_and_their_year_tell_no_hidden_number_together(quarters: int, columns: int, count: int) -> None:
    for counts in random_tables(quarters * 31 + columns, quarters, columns, count):
        attacked_together(counts)


def test_the_attack_finds_a_quarter_s_small_number_where_a_year_does_not_give_way() -> None:
    """So the joint attack can succeed: 10, 12, 9 and fewer than 5, in a year of 34."""
    quarters = told_of([[10], [12], [9], [3]])
    assert {values[6] for values in agreeing(quarters, (34,), 34)} == {3}


def test_9_6_a_year_gives_way_to_one_small_quarter_and_not_to_several() -> None:
    assert over([[10], [12], [9], [3]], told_of([[10], [12], [9], [3]]), fewest=FEWEST) == ((HELD,), HELD)
    several = [[10], [3], [3], [1]]
    assert over(several, told_of(several), fewest=FEWEST) == ((17,), 17)
    narrow = [[10], [3], [3], [4]]
    assert over(narrow, told_of(narrow), fewest=FEWEST) == ((HELD,), HELD), "ten of three quarters: none could be 1"
    shown = [[10, 0], [12, 6], [9, 7], [8, 0]]
    assert over(shown, told_of(shown), fewest=FEWEST) == ((39, 13), 52)


def test_9_6_a_quarter_that_shows_nothing_is_not_its_year_less_the_others() -> None:
    counts = [[12, 9], [2, 2], [9, 9], [9, 12]]
    assert over(counts, told_of(counts), fewest=FEWEST) == ((HELD, HELD), HELD)
