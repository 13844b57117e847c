"""The words: those of the Code and no others, no work left lying about, and no code kept in comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, Rule, Source, offences, python_files, sample

# Words that other systems use and the Code does not. In names of code the gap is an underscore or a capital.
FORBIDDEN = re.compile(
    r"\b(tickets?|ticketing|customers?|slas?|(?:level|tier)[ _-]?(?:1|2|one|two)|stage[ _-]?(?:0|zero|3|three)"
    r"|informal[ _-](?:complaints?|stages?)|pre[ _-]complaints?|case[ _-]status(?:es)?)\b",
    re.IGNORECASE,
)
# (file, word): why it may stand there.
ALLOWED = {
    ("core/channels/columns.toml", "customer"): "a heading that councils' old files have",
    ("core/channels/columns.toml", "sla"): "a heading that councils' old files have",
    ("core/channels/columns.toml", "case status"): "a heading that councils' old files have",
}
# Put together from parts, so that this file does not itself hold what it looks for.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "W" + "IP"]) + r")\b")
_CAPITAL_AHEAD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]*\b")


def spelt_out(text: str) -> str:
    """A text with the names in it taken apart: "CaseStatus" and "ticket_id" as words."""
    return _NAME.sub(lambda found: _CAPITAL_AHEAD.sub(" ", found.group()).replace("_", " "), text)


def forbidden(path: str, text: str) -> list[str]:
    """Words a reader must not meet, with their line."""
    return [
        f"{path}:{number}: “{found.group()}” is no word of the Code"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in FORBIDDEN.finditer(spelt_out(line))
        if (path, found.group().lower()) not in ALLOWED
    ]


def written() -> Iterator[tuple[str, str]]:
    """Everything written in the product: code with its names, data and documents."""
    for folder in ("core", "app", "docs", "migrations"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".md"}:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for name in ("README.md", "CHANGELOG.md", "Makefile", "go.py"):
        yield name, (ROOT / name).read_text(encoding="utf-8")


def test_only_the_words_of_the_code_are_used() -> None:
    assert [said for path, text in written() for said in forbidden(path, text)] == []


def test_each_exception_is_needed_and_gives_its_reason() -> None:
    held = dict(written())
    for (path, word), reason in ALLOWED.items():
        assert reason
        assert re.search(rf"\b{word}\b", held[path], re.IGNORECASE), f"{word} is not in {path} any more"


@pytest.mark.parametrize(
    "line",
    [
        "Open a new ticket.", "ticket_id = 1", "class TicketView:", "Dear customer,", "sla_date", "the SLA is met",
        "at level 2", "level_one", "Stage 0 comes first", "stage_zero", "an informal complaint", "case_status = 1",
        "CaseStatus", "the case status", "a pre-complaint", "Tier 1", "stage 3",
    ],
)  # fmt: skip
def test_another_systems_word_is_noticed(line: str) -> None:
    assert len(forbidden("core/sample.py", line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "PydanticCustomError", "stage 1 and stage 2", "translate", "level=logging.INFO", "the case stands at",
        "status_code", "stage_two", "customary", "island",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(line: str) -> None:
    assert forbidden("core/sample.py", line) == []


# ------------------------------------------------------------------------------------------- nothing left lying about


def unfinished(source: Source) -> Iterator[str]:
    """A note to do something later belongs in docs/ with a name beside it, not in the code."""
    for line, comment in source.comments.items():
        found = UNFINISHED.search(comment)
        if found:
            yield f"{source.path}:{line}: “{found.group()}”; do it, or write it in docs/ with an owner"


_DOES_SOMETHING = (
    ast.Assign, ast.AugAssign, ast.Return, ast.Raise, ast.Import, ast.ImportFrom, ast.If, ast.For, ast.While, ast.With,
    ast.Try, ast.FunctionDef, ast.ClassDef, ast.Delete, ast.Assert,
)  # fmt: skip


def is_code(line: str) -> bool:
    """Whether the text of a comment is a statement rather than a sentence."""
    for attempt in (line, f"{line}\n    pass"):
        try:
            tree = ast.parse(attempt)
        except SyntaxError:
            continue
        if len(tree.body) == 1:
            (node,) = tree.body
            call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await)
            declared = isinstance(node, ast.AnnAssign) and node.value is not None
            return isinstance(node, _DOES_SOMETHING) or call or declared
    return False


def commented_out(source: Source) -> Iterator[str]:
    """What is not used is deleted; git remembers it."""
    for number, comment in source.comments.items():
        alone = source.lines[number - 1].lstrip().startswith("#")
        said = comment.lstrip("#").strip()
        if alone and said and is_code(said):
            yield f"{source.path}:{number}: code in a comment: {said}"


def lazy_suppression(source: Source) -> Iterator[str]:
    """A suppression names what it suppresses; without a code it would hide the next mistake too."""
    for number, comment in source.comments.items():
        if re.search(r"#\s*(noqa|type:\s*ignore)(?!:?\s*[\[A-Z])", comment) or re.search(r"#\s*noqa(?!:)", comment):
            yield f"{source.path}:{number}: {comment} names no rule"


OURS = ("core", "app", "migrations", "tests", "bench", "go.py")


@pytest.mark.parametrize("rule", [unfinished, commented_out, lazy_suppression], ids=lambda rule: rule.__name__)
def test_nothing_is_left_lying_about(rule: Rule) -> None:
    assert offences(rule, python_files(*OURS)) == []


def test_no_document_is_left_half_written() -> None:
    found = [path for path, text in written() if path.endswith((".md", ".toml")) and UNFINISHED.search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (unfinished, "x = 1  # TO" + "DO: later"),
        (unfinished, "# FIX" + "ME"),
        (commented_out, "# x = compute(1)"),
        (commented_out, "# if late:"),
        (commented_out, "# return due"),
        (commented_out, "    # print(due)".strip()),
        (commented_out, "# from core import desk"),
        (lazy_suppression, "import core.model  # noqa"),
        (lazy_suppression, "x = 1  # type: ignore"),
    ],
)
def test_what_is_left_lying_about_is_noticed(rule: Rule, bad: str) -> None:
    assert len(list(rule(sample(bad)))) == 1


@pytest.mark.parametrize(
    "good",
    [
        "# Reading R2: the day after receipt is day one.",
        "# house: a reason",
        "import core.model  # noqa: F401 - registers the tables",
        "x = f()  # type: ignore[attr-defined]",
        "# fmt: skip",
        "# ------------- names",
        "x = 1  # y = 2 is what follows",
    ],
)
def test_a_comment_that_says_why_passes(good: str) -> None:
    assert [said for rule in (unfinished, commented_out, lazy_suppression) for said in rule(sample(good))] == []
