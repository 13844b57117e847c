"""Each row of the requirements that the console meets has a test whose name holds the row: test_1_4_…, test_T19_…"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import Source, python_files, sample

# Rows of sections 1 to 5, of triage, and of the edge cases that concern recording and considering.
ROWS = (
    *(f"1.{number}" for number in range(1, 9)),
    *(f"2.{number}" for number in range(1, 6)),
    "3.2", "3.4", "3.5", "3.6", "3.7",
    "5.1", "5.2", "5.3", "5.4a", "5.4b", "5.4c", "5.4d", "5.4e",
    *(f"5.{number}" for number in range(5, 12)),
    "4.1", "4.2", "4.3",
    "6.1", "6.20", "6.22", "8.1", *(f"8.1{part}" for part in "abcdef"), "8.2", "8.3", "9.1", "9.2", "9.3", "9.4", "9.5",
    "9.6", "9.7a", "9.7b", "9.7c", "9.8",
    "T4", "T13", "T17", "T18", "T19", "T21", "T29", "T30", "T31",
)  # fmt: skip
ELSEWHERE = {
    "Using-5": "the statutory routes have a list and letters of their own",
    "T27": "a transfer belongs to the routes; its clock is tested with them",
    "T32": "a mixed complaint belongs to the routes",
    "3.1": "the form that the public fills in is not built; the officers' screens are tested for accessibility",
    "3.3": "volumes in context and services nobody complains about belong to the performance figures, not built yet",
    "3.8": "there are no surveys",
}
_ROW = re.compile(r"(?P<edge>T\d+)|(?P<section>\d+)_(?P<number>\d+)(?P<part>[a-f]?)(?![0-9a-z])")


def rows_in(name: str) -> Iterator[str]:
    """The rows that a test's name begins with, such as 5.4d in test_5_4d_a_conflict…; T13 in test_T13_no_pause."""
    rest = name.removeprefix("test_")
    while found := _ROW.match(rest):
        yield found["edge"] or f"{found['section']}.{found['number']}{found['part']}"
        rest = rest[found.end() :].removeprefix("_")


def rows_named(sources: Iterable[Source]) -> set[str]:
    """Every row that a test of the product is named for."""
    return {
        row
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for row in rows_in(node.name)
    }


def without_a_test(sources: Iterable[Source]) -> list[str]:
    """Rows that no test is named for."""
    named = rows_named(sources)
    return [row for row in ROWS if row not in named]


def test_every_row_has_a_test_that_is_named_for_it() -> None:
    tests = [source for source in python_files("tests") if "/house/" not in source.path]
    assert without_a_test(tests) == []


def test_what_is_left_out_says_why_and_is_not_listed_twice() -> None:
    assert not set(ROWS) & set(ELSEWHERE)
    assert len(set(ROWS)) == len(ROWS)
    assert all(len(reason.split()) > 3 for reason in ELSEWHERE.values())


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("test_T13_no_pause", ["T13"]),
        ("test_1_4_group_of_twelve_is_one_case", ["1.4"]),
        ("test_5_4d_E6_a_conflict", ["5.4d"]),
        ("test_5_11_a_restriction", ["5.11"]),
        ("test_3_6_1_5_a_representative", ["3.6", "1.5"]),
        ("test_a_month_5_4a_is_not_at_the_start", []),
        ("test_twelve_months", []),
        ("test_2_years", []),
    ],
)
def test_a_row_is_read_from_the_start_of_a_name(name: str, rows: list[str]) -> None:
    assert list(rows_in(name)) == rows


def test_a_row_without_a_test_is_noticed() -> None:
    named = [sample(f"def test_{row.replace('.', '_')}_holds(): ...") for row in ROWS if row not in {"2.5", "T30"}]
    assert without_a_test([*named, sample("def helper_2_5(): ...")]) == ["2.5", "T30"]
