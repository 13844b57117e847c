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


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(6, 24, "25.0 % (6 of 24)"), (0, 0, "n/a (0 of 0)"), (FEW, 24, "not shown"), (6, HELD, "not shown")],
)
def test_9_6_a_share_is_told_of_shown_counts_alone(part: Shown, whole: Shown, told: str) -> None:
    assert share_shown(part, whole) == told
