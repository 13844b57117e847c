"""What may stand in a council's letter template: named values, `for` over a list, `if` something is there. No more.

The sandbox of the template engine keeps code from reaching out; here even the rest of the language is closed, so that
no call, filter, calculation, macro or other file can be written at all. Used inside the bounded process.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_BRACES = 2_000  # each placeholder opens with two
DEEPEST = 3  # loops inside each other
ALLOWED = "A template may only name placeholders, repeat with for, and choose with if."
_PARTS = {
    "section": {"heading": "text", "paragraphs": "lines"},
    "loop": {"first": "flag", "last": "flag"},
}
_EACH = {"sections": "section", "lines": "text"}
_WHAT = {
    nodes.Call: "a call in brackets",
    nodes.Filter: "a filter after a bar",
    nodes.FilterBlock: "a filter",
    nodes.Test: "a test",
    nodes.Compare: "a comparison",
    nodes.Literal: "a value of its own",
    nodes.BinExpr: "a calculation",
    nodes.Getitem: "square brackets",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a macro",
    nodes.Include: "another file",
    nodes.Import: "another file",
    nodes.FromImport: "another file",
    nodes.Extends: "another file",
    nodes.Block: "a block",
    nodes.Assign: "an assignment",
    nodes.AssignBlock: "an assignment",
    nodes.With: "an assignment",
}


class NotAllowed(Exception):
    """A template that was judged before holds something that is not allowed."""


class Language(ImmutableSandboxedEnvironment):
    """The template engine with everything but placeholders, `for` and `if` closed; judges whatever it is to run.

    `known` gives the kind of each placeholder: text, lines or sections. `problems` are sentences; `used` holds what
    was named, with “heading” and “paragraphs” for the parts of a section; `unread` says that not all could be read.
    `strict` refuses to run what has a problem.
    """

    def __init__(self, known: dict[str, str], *, strict: bool) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, optimized=False, cache_size=0)
        for door in (self.globals, self.filters, self.tests):
            door.clear()
        self.known, self.strict = known, strict
        self.problems: list[str] = []
        self.used: set[str] = set()
        self.unread = False

    def crowded(self, source: str, part: str) -> bool:
        """Whether there are more placeholders in this part than can be looked at in good time; then it is a problem."""
        if source.count("{") <= MOST_BRACES:
            return False
        self.unread = True
        self._problem(f"There are more than {MOST_BRACES // 2:,} placeholders in {part}. No letter needs so many.")
        return True

    def judge(self, source: str, part: str) -> None:
        """Add what is wrong with the placeholders in this part of a template, and what it names."""
        read = False
        try:
            self.parse(source)
            read = True
        except TemplateSyntaxError as error:
            said = " ".join(str(error.message).split())[:120]
            self._problem(f"A placeholder in {part} is not written right ({said}). Look at its brackets and its end.")
        except RecursionError:
            self._problem(f"Placeholders in {part} are nested too deeply. {ALLOWED}")
        self.unread = self.unread or not read

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        before = len(self.problems)
        self._walk(tree.body, self.known, 0)
        if self.strict and len(self.problems) > before:
            raise NotAllowed(self.problems[before])
        return tree

    def _walk(self, statements: list[nodes.Node], names: dict[str, str], depth: int) -> None:
        """Judge statements one by one; what is none of the three is a problem."""
        for each in statements:
            if isinstance(each, nodes.Output):
                for shown in each.nodes:
                    if not isinstance(shown, nodes.TemplateData):
                        self._shown(shown, names)
            elif isinstance(each, nodes.For):
                self._repeated(each, names, depth + 1)
            elif isinstance(each, nodes.If):
                self._asked(each.test, names)
                for way in (each.body, each.elif_, each.else_):
                    self._walk(list(way), names, depth)
            else:
                self._refuse(each)

    def _shown(self, node: nodes.Node, names: dict[str, str]) -> None:
        kind = self._kind(node, names)
        if kind not in (None, "text", "lines"):
            self._problem("“sections” is a list: repeat it with for, and name its heading and paragraphs.")

    def _repeated(self, loop: nodes.For, names: dict[str, str], depth: int) -> None:
        kind = self._kind(loop.iter, names)
        if loop.recursive or loop.test is not None or not isinstance(loop.target, nodes.Name):
            self._problem(f"A for in the template is more than a plain one. {ALLOWED}")
            return
        if kind is None:
            return
        if kind not in _EACH or depth > DEEPEST or (kind == "sections" and "section" in names.values()):
            self._problem("A for in the template repeats what is no list, or the sections inside themselves.")
            return
        if loop.target.name in self.known or loop.target.name == "loop":
            self._problem(f"A for in the template gives the name “{loop.target.name}” to something else. Change it.")
            return
        self._walk(list(loop.body), {**names, loop.target.name: _EACH[kind], "loop": "loop"}, depth)
        self._walk(list(loop.else_), names, depth)

    def _asked(self, test: nodes.Node, names: dict[str, str]) -> None:
        if isinstance(test, nodes.Not):
            self._asked(test.node, names)
        elif isinstance(test, nodes.And | nodes.Or):
            self._asked(test.left, names)
            self._asked(test.right, names)
        else:
            self._kind(test, names)

    def _kind(self, node: nodes.Node, names: dict[str, str]) -> str | None:
        """What a name stands for; None, and a problem, when it is no name or no placeholder."""
        if isinstance(node, nodes.Name):
            if node.name not in names:
                self._unknown(node.name, list(names))
                return None
            self.used.add(node.name)
            return names[node.name]
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            parts = _PARTS.get(names.get(node.node.name, ""), {})
            if node.attr not in parts:
                self._unknown(f"{node.node.name}.{node.attr}", [f"{node.node.name}.{part}" for part in parts])
                return None
            self.used.add(node.attr)
            return parts[node.attr]
        self._refuse(node)
        return None

    def _unknown(self, name: str, names: list[str]) -> None:
        near = get_close_matches(name, names, n=1)
        meant = f" Is “{near[0]}” meant?" if near else " Take one from the list of placeholders."
        self._problem(f"“{name[:60]}” is no placeholder.{meant}")

    def _refuse(self, node: nodes.Node) -> None:
        what = next(
            (said for kind, said in _WHAT.items() if isinstance(node, kind)), "something that is no placeholder"
        )
        self._problem(f"The template holds {what}. {ALLOWED}")

    def _problem(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)


def named(language: Language, needed: list[str]) -> list[str]:
    """What every letter needs and this template does not name, as sentences."""
    wanted = [*needed, "heading", "paragraphs"] if "sections" in language.used else needed
    return [
        f"The template does not name “{name}”, so every letter would lack it. Put it in."
        for name in wanted
        if name not in language.used
    ]


def values(letter: dict[str, Any], markup: Any) -> dict[str, Any]:
    """A letter as the values of its placeholders; `markup` makes a text inert in the file."""
    made: dict[str, Any] = {}
    for name, value in letter.items():
        if name == "sections":
            made[name] = [
                {"heading": markup(each["heading"] or ""), "paragraphs": Lines(map(markup, each["paragraphs"]))}
                for each in value
            ]
        elif isinstance(value, list):
            made[name] = Lines(map(markup, value))
        elif isinstance(value, str):
            made[name] = markup(value)
    return made


class Lines(list[Any]):
    """Lines that can be repeated one by one, or placed all together with a break after each."""

    def __html__(self) -> str:
        return "\n".join(self)
