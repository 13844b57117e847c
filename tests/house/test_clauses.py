"""The Code is covered: each clause is held and met where it says, and whatever cites a clause cites one that is."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest

import core.commands  # noqa: F401 - registers every command
import core.events  # noqa: F401 - registers every event
from core.channels.columns import Target
from core.code import example_shapes, scheme_shapes, shapes
from core.code.catalogue import CLAUSES, READINGS, SCHEMES, USING, cited, clause
from core.commands.base import HANDLERS
from core.events.base import known_tags
from tests.house.source import ROOT, Source, offences, public, python_files, sample

CITATION = re.compile(r"\b(?:lgsco|hos):(?:\d|using\.\d)[\w.]*")
ENDS_WITH_ITS_CLAUSE = re.compile(r"\[(lgsco:[\w.]+)\]\.$|[Rr]eading (R\d+)\)?\.$")
# Not read from a file: worked out from what was.
WORKED_OUT = {"Timescale"}
THEIRS = {theirs for scheme in SCHEMES.values() for theirs in scheme.renumbered.values()}


# ------------------------------------------------------------------------------------------------- held and met


def test_all_73_clauses_are_held() -> None:
    assert len(CLAUSES) == 73


def met_at(where: str) -> Any:
    """What meets a clause, by import; raises when there is nothing of that name or it does nothing."""
    module, _, name = where.rpartition(".")
    found = getattr(import_module(module), name)
    if not callable(found):
        raise TypeError(f"{where} is neither a function nor a class.")
    return found


MET = [each for each in (*CLAUSES.values(), *USING.values()) if each.where]


@pytest.mark.parametrize("where", sorted({str(each.where) for each in MET}))
def test_what_meets_a_clause_is_there(where: str) -> None:
    found = met_at(where)
    assert not where.rpartition(".")[2].startswith("_")
    assert inspect.getdoc(found)


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("core.rules.s6_stages.extension_within_limits", AttributeError),
        ("core.rules.s10_nothing.rule", ModuleNotFoundError),
        ("core.rules.s6_stages.LONDON", TypeError),
    ],
)
def test_a_clause_met_nowhere_is_noticed(where: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        met_at(where)


def test_some_clauses_are_met() -> None:
    assert len(MET) > 20


# ----------------------------------------------------------------------------------------------- what is cited exists


def wrong_citations(text: str) -> list[str]:
    """Keys of clauses in a text that neither Code has."""
    keys = {found.group().rstrip(".") for found in CITATION.finditer(text)}
    return sorted(key for key in keys if not cited(key) and key not in THEIRS)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the product that may cite: code, comments and docstrings, data and documents."""
    for folder in ("core", "app", "migrations", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".md"}:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for name in ("README.md", "CHANGELOG.md"):
        yield name, (ROOT / name).read_text(encoding="utf-8")


def test_every_clause_cited_in_code_data_and_documents_exists() -> None:
    seen = {path: wrong_citations(text) for path, text in texts()}
    assert {path: keys for path, keys in seen.items() if keys} == {}
    assert sum(bool(CITATION.search(text)) for _path, text in texts()) > 20


def test_every_clause_a_test_is_named_for_exists() -> None:
    """Tests cite in square brackets; what stands between quotation marks there may be wrong on purpose."""
    bracketed = re.compile(r"(?<![\"'])\[((?:lgsco|hos):[\w.]+)\](?![\"'])")
    for source in python_files("tests"):
        if "/house/" not in source.path:
            assert wrong_citations(" ".join(bracketed.findall(source.text))) == [], source.path


def test_a_wrong_citation_is_noticed() -> None:
    assert wrong_citations("as in [lgsco:6.3], lgsco:6.18a and lgsco:using.1; elsewhere hos:6.12.") == []
    assert wrong_citations("Answer in time [lgsco:6.30].") == ["lgsco:6.30"]
    assert wrong_citations("[lgsco:6.18h] [hos:9.9] [lgsco:using.7]") == ["hos:9.9", "lgsco:6.18h", "lgsco:using.7"]


def without_a_clause(kinds: Iterable[Any]) -> list[str]:
    """Commands and events whose `clauses` hold something else than clauses of the Code."""
    return [
        f"{kind.__name__} cites {key}"
        for kind in kinds
        for key in kind.clauses
        if not cited(key) or clause(key).section == 0
    ]


def test_the_clauses_of_commands_and_events_are_the_codes() -> None:
    assert without_a_clause([*HANDLERS, *known_tags().values()]) == []


def test_a_command_with_a_clause_of_its_own_invention_is_noticed() -> None:
    invented = type("Invented", (), {"clauses": ("lgsco:6.3", "6.3", "lgsco:6.99", "lgsco:using.1")})
    assert without_a_clause([invented]) == [
        "Invented cites 6.3",
        "Invented cites lgsco:6.99",
        "Invented cites lgsco:using.1",
    ]


# ---------------------------------------------------------------------------------- data refuses what it does not know


def lenient(kinds: Iterable[Any]) -> list[str]:
    """Shapes of data that would take a misspelt field without a word."""
    configs = {kind: getattr(kind, "__pydantic_config__", None) or getattr(kind, "model_config", {}) for kind in kinds}
    return [kind.__name__ for kind, config in configs.items() if config.get("extra") != "forbid"]


def test_every_shape_that_data_is_read_into_refuses_a_field_it_does_not_know() -> None:
    held = [
        kind
        for module in (shapes, scheme_shapes, example_shapes)
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.__name__
    ]
    read_from_files = [kind for kind in held if kind.__name__ not in WORKED_OUT]
    assert len(read_from_files) > 10
    assert lenient([*read_from_files, Target]) == []
    assert lenient([type("Loose", (), {})]) == ["Loose"]


# ---------------------------------------------------------------------------------------------------------- docstrings


def first_paragraph(documented: str) -> str:
    """The first paragraph of a docstring in one line."""
    return " ".join(inspect.cleandoc(documented).split("\n\n")[0].split())


def documented_members(sources: Iterable[Source]) -> dict[str, tuple[list[str], set[str]]]:
    """For each class its bases and the members it documents, to know what an override need not say again."""
    known: dict[str, tuple[list[str], set[str]]] = {}
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases]
                members = {
                    member.name
                    for member in node.body
                    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(member)
                }
                known[node.name] = (bases, members)
    return known


def undocumented(known: dict[str, tuple[list[str], set[str]]]) -> Callable[[Source], Iterator[str]]:
    """The rule that every public function and class says what it is; an override may leave that to its base."""

    def inherited(base: str, name: str) -> bool:
        bases, members = known.get(base, ([], set()))
        return name in members or any(inherited(above, name) for above in bases)

    def rule(source: Source) -> Iterator[str]:
        if source.text.strip() and not ast.get_docstring(source.tree):
            yield f"{source.path}: does not say what it holds"
        for node, owner in public(source.tree):
            if ast.get_docstring(node) or (owner is not None and inherited(owner.name, node.name)):
                continue
            yield source.at(node, f"{node.name} has no docstring")

    return rule


def test_everything_public_in_the_core_says_what_it_is() -> None:
    core_files = python_files("core")
    assert offences(undocumented(documented_members(core_files)), core_files) == []


def test_something_public_without_a_docstring_is_noticed() -> None:
    bad = sample(
        '''
        """A module."""
        class Base:
            """A base."""
            def said(self):
                """Said once."""
        class Child(Base):
            """A child."""
            def said(self): ...
            def unsaid(self): ...
            def _private(self): ...
        def alone(): ...
        '''
    )
    found = list(undocumented(documented_members([bad]))(bad))
    assert [sentence.partition(": ")[2] for sentence in found] == ["unsaid has no docstring", "alone has no docstring"]
    assert list(undocumented({})(sample("x = 1"))) == ["core/sample.py: does not say what it holds"]


def section_of(source: Source) -> int:
    """The section of the Code a rules file stands for; 0 when it is no section file."""
    found = re.fullmatch(r"core/rules/s(\d)_\w+\.py", source.path)
    return int(found[1]) if found else 0


def uncited_rule(source: Source) -> Iterator[str]:
    """A public function of a section file ends its first sentence with a clause of that section, or a reading."""
    section = section_of(source)
    for node, owner in public(source.tree) if section else ():
        if isinstance(node, ast.ClassDef) or owner is not None:
            continue
        said = first_paragraph(ast.get_docstring(node) or "")
        found = ENDS_WITH_ITS_CLAUSE.search(said)
        if found is None:
            yield source.at(node, f"{node.name} does not end its first sentence with its clause or reading")
        elif found[2] and found[2] not in READINGS:
            yield source.at(node, f"{node.name} names {found[2]}, and there is no such reading")
        elif found[1] and (not cited(found[1]) or clause(found[1]).section != section):
            yield source.at(node, f"{node.name} cites {found[1]}, which is no clause of section {section}")


def test_every_rule_of_a_section_cites_its_clause() -> None:
    files = python_files("core/rules")
    assert len([source for source in files if section_of(source)]) >= 3
    assert offences(uncited_rule, files) == []


@pytest.mark.parametrize(
    ("docstring", "caught"),
    [
        ("Answer in time [lgsco:6.3].", False),
        ("Answer in time (reading R6).", False),
        ("Answer in time,\n\n    or not at all [lgsco:6.3].", True),
        ("Answer in time.", True),
        ("Answer in time [lgsco:6.33].", True),
        ("Answer in time [lgsco:5.5].", True),
        ("Answer in time (reading R99).", True),
        ("", True),
    ],
)
def test_a_rule_without_its_clause_is_noticed(docstring: str, caught: bool) -> None:
    source = sample(f'def rule():\n    """{docstring}"""', "core/rules/s6_sample.py")
    assert bool(list(uncited_rule(source))) is caught
    assert list(uncited_rule(sample(source.text, "core/rules/sample.py"))) == []


def uncited_handlers(handlers: Iterable[tuple[Any, Any]]) -> list[str]:
    """Handlers that do not end their first sentence with a clause their command declares."""
    wrong = []
    for command, handler in handlers:
        found = ENDS_WITH_ITS_CLAUSE.search(first_paragraph(handler.__doc__ or ""))
        if command.clauses and (found is None or found[1] not in command.clauses):
            wrong.append(handler.__name__)
    return wrong


def test_every_step_says_the_rule_it_follows_with_its_clause() -> None:
    assert uncited_handlers(HANDLERS.items()) == []


def test_a_step_that_names_another_commands_clause_is_noticed() -> None:
    def step() -> None:
        """Do it [lgsco:6.3]."""

    step_of = {clauses: type("Step", (), {"clauses": clauses}) for clauses in [("lgsco:6.3",), ("lgsco:6.4",), ()]}
    assert uncited_handlers([(step_of[("lgsco:6.3",)], step), (step_of[()], step)]) == []
    assert uncited_handlers([(step_of[("lgsco:6.4",)], step)]) == ["step"]
