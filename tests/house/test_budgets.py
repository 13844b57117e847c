"""Layers, sizes and names: the five contracts stand, and nothing grows past a screen."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, Rule, Source, functions, offences, python_files, sample

PAGE, MODULE, FUNCTION = 120, 400, 40
NO_NAME = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools"}


def module_fits(source: Source) -> Iterator[str]:
    """A page stays under 120 lines and a module under 400."""
    page = source.path.startswith("app/pages/") or source.path == "app/Home.py"
    limit = PAGE if page else MODULE
    if len(source.lines) >= limit:
        yield f"{source.path}: {len(source.lines)} lines, and it stays under {limit}. Give a part of it its own home."


def function_fits(source: Source) -> Iterator[str]:
    """A function fits on a screen: 40 lines at most, its docstring not counted."""
    for function in functions(source.tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        first = function.body[0]
        if ast.get_docstring(function, clean=False) is not None:
            lines -= (first.end_lineno or first.lineno) - first.lineno + 1
        if lines > FUNCTION:
            yield source.at(function, f"{function.name} has {lines} lines, and {FUNCTION} fit on a screen. Split it.")


def has_a_name(source: Source) -> Iterator[str]:
    """A module or folder that has no better name than "utils" has no home yet."""
    for part in source.path.removesuffix(".py").split("/"):
        if part.lower() in NO_NAME or set(part.lower().split("_")) & NO_NAME:
            yield f"{source.path}: “{part}” names nothing. Call it by what it holds."


@pytest.mark.parametrize("rule", [module_fits, function_fits], ids=["modules", "functions"])
def test_every_page_module_and_function_keeps_its_budget(rule: Rule) -> None:
    assert offences(rule, python_files("core", "app")) == []


def test_every_module_has_a_name_of_its_own() -> None:
    assert offences(has_a_name, python_files("core", "app", "tests", "migrations", "bench")) == []


LONG = "def long():\n" + "    go()\n" * FUNCTION
DOCUMENTED = 'def long():\n    """One\n\n    two.\n    """\n' + "    go()\n" * (FUNCTION - 1)


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (module_fits, Source("app/pages/x.py", "x\n" * PAGE), Source("app/pages/x.py", "x\n" * (PAGE - 1))),
        (module_fits, Source("app/Home.py", "x\n" * PAGE), Source("app/ui/x.py", "x\n" * (MODULE - 1))),
        (module_fits, Source("core/x.py", "x\n" * MODULE), Source("core/x.py", "x\n" * (MODULE - 1))),
        (function_fits, sample(LONG), sample(DOCUMENTED)),
        (function_fits, sample(f"class A:\n    async {LONG}".replace("\n    go", "\n        go")), sample("x = 1")),
        (has_a_name, sample("", "core/store/utils.py"), sample("", "core/words.py")),
        (has_a_name, sample("", "core/helpers/dates.py"), sample("", "core/store/search.py")),
        (has_a_name, sample("", "app/ui/date_utils.py"), sample("", "app/ui/badge.py")),
    ],
)
def test_each_budget_catches_one_line_too_many(rule: Rule, bad: Source, good: Source) -> None:
    assert len(list(rule(bad))) == 1
    assert list(rule(good)) == []


def test_the_five_contracts_stand_and_a_module_without_a_place_fails() -> None:
    """import-linter runs as a check of its own; here only that nobody took a contract away or made one softer."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = settings["contracts"]
    assert [contract["name"][0] for contract in contracts] == ["1", "2", "3", "4", "5"]
    assert settings["root_packages"] == ["app", "core"]
    assert settings["include_external_packages"] is True
    assert not any("ignore_imports" in contract for contract in contracts)
    layers = contracts[2]
    assert layers["type"] == "layers"
    assert layers["containers"] == ["core"]
    assert layers["exhaustive"] is True
    assert {"streamlit", "altair", "pandas"} <= set(contracts[1]["forbidden_modules"])
    assert {"sqlalchemy", "sqlmodel", "core.store", "core.model"} <= set(contracts[3]["forbidden_modules"])
    assert {"core.store", "core.model", "sqlmodel", "sqlalchemy"} <= set(contracts[4]["forbidden_modules"])


def test_the_checks_run_import_linter() -> None:
    assert '"layers": ["-c", "from importlinter.cli import' in (ROOT / "go.py").read_text(encoding="utf-8")


def test_the_pages_are_a_package_so_that_import_linter_sees_them() -> None:
    """Without this empty file no contract would look at a page; Streamlit passes it over."""
    assert (ROOT / "app/pages/__init__.py").read_bytes() == b""


def test_every_page_has_its_line_in_the_page_table() -> None:
    """A file in app/pages that Home.py does not name could never be opened."""
    places = ast.parse((ROOT / "app/ui/places.py").read_text(encoding="utf-8"))
    held = {
        node.targets[0].id: node.value.value
        for node in places.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    home = ast.parse((ROOT / "app/Home.py").read_text(encoding="utf-8"))
    named = {
        held[node.attr]
        for node in ast.walk(home)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "places"
        if node.attr in held
    }
    assert named == {f"pages/{path.name}" for path in (ROOT / "app/pages").glob("*.py") if path.name != "__init__.py"}
