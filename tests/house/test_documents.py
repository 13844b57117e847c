"""What the documents promise is there: commands, pictures, links, files, and a changelog for this version."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from core.cli import app
from tests.house.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```.*?$(.*?)^```$", re.MULTILINE | re.DOTALL)
_OURS = re.compile(r"(?:complaints|python3 go\.py|make) +[a-z-].*")
_VERBS = re.compile(r"^    python3 go\.py (\w+) ", re.MULTILINE)
COMMAND_LINE: Any = typer.main.get_command(app)


# ---------------------------------------------------------------------------------------------------------------- links


def broken_links(document: Path, text: str) -> list[str]:
    """Links and pictures of a document that lead to no file of the project."""
    targets = [found.partition("#")[0] for found in _LINK.findall(text)]
    inside = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    return [target for target in inside if not (document.parent / target).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_is_there(document: Path) -> None:
    assert broken_links(document, document.read_text(encoding="utf-8")) == []


def test_a_link_to_nowhere_is_noticed() -> None:
    text = "![Home](docs/images/none.png) [here](docs/security.md#top) [out](https://example.org) [gone](docs/x.md)"
    assert broken_links(ROOT / "README.md", text) == ["docs/images/none.png", "docs/x.md"]


def test_every_picture_is_a_picture() -> None:
    pictures = list((ROOT / "docs/images").glob("*.png"))
    assert len(pictures) >= 4
    assert [path.name for path in pictures if path.read_bytes()[:8] != b"\x89PNG\r\n\x1a\n"] == []


# ------------------------------------------------------------------------------------------------------------- commands


def commands_in(text: str) -> list[str]:
    """The commands a document tells its reader to type."""
    lines = [line.split("#")[0].strip() for block in _BLOCK.findall(text) for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text))
    return [line for line in lines if _OURS.fullmatch(line)]


def wrong_with(line: str) -> str:
    """What is wrong with a command line of ours; empty when it could be typed."""
    words = shlex.split(re.sub(r"[\[\]]", " ", line))
    if words[:2] == ["python3", "go.py"]:
        verbs = _VERBS.findall((ROOT / "go.py").read_text(encoding="utf-8"))
        return "" if words[2] in verbs else f"go.py does not know {words[2]}"
    if words[0] == "make":
        targets = re.findall(r"^(\w+): ##", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
        return "" if words[1] in targets else f"make does not know {words[1]}"
    return _wrong_with_complaints(words[1:])


def _wrong_with_complaints(words: list[str]) -> str:
    command = COMMAND_LINE
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        name, *words = words
        found = command.commands.get(name)
        if found is None:
            return f"complaints does not know {name}"
        command = found
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    return f"{command.name} has no option {unknown[0]}" if unknown else ""


def tellers() -> Iterator[tuple[str, str]]:
    """Every command that a document tells its reader to type, with the document."""
    for document in DOCUMENTS:
        for line in commands_in(document.read_text(encoding="utf-8")):
            yield document.name, line


def test_every_command_in_the_documents_can_be_typed() -> None:
    told = list(tellers())
    assert len([name for name, _line in told if name == "README.md"]) >= 6
    wrong = [f"{name}: {line}: {why}" for name, line in told if (why := wrong_with(line))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("complaints frobnicate", "complaints does not know frobnicate"),
        ("complaints days subtract 2026-03-26 5", "complaints does not know subtract"),
        ("complaints import FILE --wet-run", "import has no option --wet-run"),
        ("complaints import FILE [--map M] [--dry-run]", ""),
        ("complaints --help", ""),
        ("python3 go.py deploy", "go.py does not know deploy"),
        ("python3 go.py demo --port 9000", ""),
        ("make everything", "make does not know everything"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str, why: str) -> None:
    assert wrong_with(line) == why


def test_commands_are_found_where_they_stand() -> None:
    block = '```\ncomplaints setup --council "X"\npython3 go.py demo   # opens it\n```\n'
    text = f"Type `complaints ledger verify`, or\n\n{block}"
    assert commands_in(text) == ['complaints setup --council "X"', "python3 go.py demo", "complaints ledger verify"]
    assert commands_in("The complaints team makes `core/desk.py` and `complaints`.") == []


def commands_without_help(command: Any, path: str = "complaints") -> list[str]:
    """Commands of the command line that do not explain themselves."""
    silent = [] if (command.help or "").strip() else [path]
    for name, inner in getattr(command, "commands", {}).items():
        silent += commands_without_help(inner, f"{path} {name}")
    return silent


def test_every_command_explains_itself() -> None:
    assert commands_without_help(COMMAND_LINE) == []
    mute = typer.Typer()
    mute.command("speak", help="Say something.")(lambda: None)
    mute.command("hum")(lambda: None)
    assert commands_without_help(typer.main.get_command(mute)) == ["complaints", "complaints hum"]


# ------------------------------------------------------------------------------------------------------------ changelog


def sections(text: str) -> dict[str, list[str]]:
    """The versions of a changelog and the kinds of change each one lists."""
    parts = re.split(r"^## (\S+).*$", text, flags=re.MULTILINE)[1:]
    return {
        version: re.findall(r"^\*\*(.+)\*\*$", body, flags=re.MULTILINE)
        for version, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_the_changelog_has_a_section_for_this_version() -> None:
    """The newest stands first, and says apart what changed in the rules, on the screens and underneath."""
    held = sections((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert next(iter(held)) == PROJECT["version"]
    for version, kinds in held.items():
        assert set(kinds) <= {"Rule change", "Screen change", "Technical"}, version
        assert kinds, version


def test_a_version_without_a_section_is_noticed() -> None:
    held = sections("# Changelog\n\n## 0.2.0 (unreleased)\n\n**Technical**\n- x\n\n## 0.1.0\n\n**Surprise**\n- y\n")
    assert held == {"0.2.0": ["Technical"], "0.1.0": ["Surprise"]}


# ------------------------------------------------------------------------------------------------------------ decisions


def test_every_decision_is_numbered_and_fits_on_a_page() -> None:
    """docs/decisions/NNNN-title.md, without a gap: context, decision and why in so many words."""
    held = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in held] == list(range(1, len(held) + 1))
    for number, path in enumerate(held, start=1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), path.name
        assert len(text.splitlines()) <= 60, path.name
        for part in ("**Context.**", "**Decision.**"):
            assert part in text, f"{path.name} lacks {part}"


def test_every_file_a_document_names_is_there() -> None:
    """A path in backquotes that begins with one of our folders leads somewhere."""
    named = re.compile(r"`((?:app|core|docs|tests|bench|migrations|deploy)/[\w./-]+)`")
    missing = [
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in named.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / path.rstrip("/")).exists()
    ]
    assert missing == []
