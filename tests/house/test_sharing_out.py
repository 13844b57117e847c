"""How the whole suite is shared out between processes: every file to one of them, and the costly ones together."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.sharing_out import SAMPLE_COUNCIL, ByFile

TESTS = Path(__file__).resolve().parents[1]


def test_a_file_is_never_torn_apart_and_two_browsers_are_enough() -> None:
    """Whatever a file makes for all its tests is made once; each half of the browser's files has work."""
    sharing = ByFile.__new__(ByFile)  # which tests belong together follows from their names alone
    together: dict[str, set[str]] = defaultdict(set)
    for file in TESTS.rglob("test_*.py"):
        name = file.relative_to(TESTS.parent).as_posix()
        scopes = {sharing._split_scope(f"{name}::test_{each}[a/b::c]") for each in ("one", "two")}  # noqa: SLF001
        assert len(scopes) == 1
        together[scopes.pop()].add(name)
    shared = {scope: names for scope, names in together.items() if len(names) > 1}
    assert set(shared) == {"browser, first half", "browser, second half", "sample council"}
    assert all(len(names) > 5 for scope, names in shared.items() if scope.startswith("browser"))


def test_the_sample_council_is_shared_by_the_files_that_use_it() -> None:
    uses = {file.name for file in TESTS.glob("test_*.py") if "small_folder" in file.read_text("utf-8")}
    assert uses == SAMPLE_COUNCIL
