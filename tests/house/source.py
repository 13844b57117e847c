"""The project's own source as the house tests read it: each file once, with its tree and its comments.

A rule is a function from one source to sentences about what is wrong with it, so that the same rule reads the project
and the bad sample that proves it can fail.
"""

from __future__ import annotations

import ast
import io
import textwrap
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True)
class Source:
    """One Python file; `path` is its place in the project."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python reads it."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The file line by line; line n is at n - 1."""
        return self.text.splitlines()

    @cached_property
    def comments(self) -> dict[int, str]:
        """Every comment by its line."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    def marked(self, node: ast.AST) -> bool:
        """Whether one of the node's lines gives a reason for an exception: `# house: reason`."""
        first, last = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        said = [self.comments.get(line, "") for line in range(first, last + 1)]
        return any(comment.partition("house:")[2].strip() for comment in said)

    def at(self, node: ast.AST, sentence: str) -> str:
        """A sentence about one place of the file."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {sentence}"


Rule = Callable[[Source], Iterator[str]]


@cache
def python_files(*folders: str) -> tuple[Source, ...]:
    """Every Python file below these folders (or these files), read once."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    found += [ROOT / name for name in folders if name.endswith(".py")]
    assert found, f"no Python file in {folders}"
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(set(found))
    )


def sample(text: str, path: str = "core/sample.py") -> Source:
    """A few lines as if they stood in the project."""
    return Source(path, textwrap.dedent(text).strip("\n") + "\n")


def offences(rule: Rule, sources: Iterable[Source]) -> list[str]:
    """Everything a rule finds wrong, in the order of the files."""
    return [said for source in sources for said in rule(source)]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def public(tree: ast.Module) -> Iterator[tuple[Definition, ast.ClassDef | None]]:
    """What others may use: public classes and functions of the module, and the public members of those classes."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node, None
            if isinstance(node, ast.ClassDef):
                for member in node.body:
                    if isinstance(member, Definition) and not member.name.startswith("_"):
                        yield member, node


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every text in the code, but for docstrings and the texts that explain a constant below it."""
    explaining = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node


def dotted(node: ast.AST) -> str:
    """A chain of names as it is written: "st.session_state"; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""
