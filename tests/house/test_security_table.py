"""What docs/security.md claims of OWASP's requirements can be looked up: every test it names is there."""

from __future__ import annotations

import re
from functools import cache

from tests.house.source import ROOT, functions, python_files

_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w./]+\.py)::(\w+)`")
_STANDS = ("met by test `", "met by design: ", "not met")


def rows() -> list[tuple[str, str, str]]:
    """The table: id, what it asks, how it stands."""
    return _ROW.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of one file."""
    (source,) = python_files(path)
    return frozenset(function.name for function in functions(source.tree))


def missing(stands: str) -> list[str]:
    """Tests a row names that are not there."""
    named = _TEST.findall(stands)
    return [name for path, name in named if not (ROOT / path).exists() or name not in names_in(path)]


def test_all_eighty_two_requirements_have_their_line() -> None:
    ids = [number for number, _asks, _stands in rows()]
    assert len(ids) == len(set(ids)) == 82
    assert ids == sorted(ids, key=lambda number: [int(part) for part in number.split(".")])


def test_every_line_says_how_it_stands_and_names_a_test_that_is_there() -> None:
    for number, asks, stands in rows():
        assert asks, number
        assert stands.startswith(_STANDS), number
        assert bool(_TEST.search(stands)) is stands.startswith("met by test"), number
        assert missing(stands) == [], number


def test_a_test_that_is_gone_is_noticed() -> None:
    assert missing("met by test `tests/house/test_security_table.py::test_nothing`") == ["test_nothing"]
    assert missing("met by test `tests/house/test_none.py::test_nothing`") == ["test_nothing"]
