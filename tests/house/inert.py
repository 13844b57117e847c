"""The lint for user text: nothing anybody wrote reaches a place where Streamlit reads Markdown, unless made plain.

It follows values through the screens: from the fields of the core's views, through variables, loops and functions, to
the labels, headings and messages they end in. A number, a date, a choice of ours or a sentence of the catalogue may
stand there; a text may not, until it has gone through `plain` or `one_line`. A view's field is known by its type, so a
new text field counts as somebody's words until OUR_WORDS says whose they are.

It does not follow `**arguments`, and it believes an annotation. What it cannot tell counts as somebody's words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

from tests.house.inert_names import ELEM, Path, Scope, Screen, along, comprehended, element, inert, member, one_class
from tests.house.inert_words import (
    CARRIES,
    CARRYING,
    CATALOGUE,
    COUNCILS_OWN,
    INERT_WORDS,
    MADE_ONCE,
    MAKES_PLAIN,
    NAMED,
    NUMBERS,
    OUR_PLACES,
    OUR_WORDS,
    SHOWS_AS_IT_IS,
    SINKS,
    TRUSTED,
)
from tests.house.source import Function, Source, dotted


@dataclass(frozen=True)
class Reason:
    """Why a value may not be shown: it is somebody's words, or a parameter (of `owner`) that a caller fills."""

    words: str
    owner: Scope | None = None


Verdict = frozenset[Reason]
SAFE: Verdict = frozenset()


class Lint:
    """The screens read together, so that a value is followed from one file into another."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.screens = {screen.module: screen for screen in map(Screen, sources)}
        self._answers: dict[str, Verdict] = {}
        self._asked: set[tuple[object, ...]] = set()
        self._filled: dict[Scope, set[str]] = {}
        self._called: set[Scope] = set()

    @contextmanager
    def _once(self, *question: object) -> Iterator[bool]:
        """Whether this question is not being asked already: names may be bound to each other in a circle."""
        first = question not in self._asked
        self._asked.add(question)
        try:
            yield first
        finally:
            if first:
                self._asked.discard(question)

    # ------------------------------------------------------------------------------------------ what a name stands for

    def origin(self, node: ast.expr, scope: Scope) -> str:
        """The full dotted name of what an expression names, local functions included."""
        name = dotted(node)
        head, _, tail = name.partition(".")
        if scope.holder(head) is not None and head not in scope.screen.functions:
            return ""
        if head in scope.screen.imported:
            return f"{scope.screen.imported[head]}.{tail}" if tail else scope.screen.imported[head]
        return f"{scope.screen.module}.{name}" if name in scope.screen.functions else name

    def function(self, node: ast.expr, scope: Scope) -> tuple[str, Function, Scope] | None:
        """The function of the screens that an expression names."""
        name = self.origin(node, scope)
        module, _, last = name.rpartition(".")
        screen = self.screens.get(module)
        return (name, *screen.functions[last]) if screen is not None and last in screen.functions else None

    def type_of(self, node: ast.expr, scope: Scope) -> Any:
        """The type of an expression; None when it is not known."""
        match node:
            case ast.Constant():
                return type(node.value)
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return bool
            case ast.UnaryOp():
                return self.type_of(node.operand, scope)
            case ast.Name():
                return self._type_of_name(node, scope)
            case ast.Attribute():
                return member(self.type_of(node.value, scope), node.attr)
            case ast.Subscript():
                return self._type_of_part(node, scope)
            case ast.IfExp():
                either = self.type_of(node.body, scope), self.type_of(node.orelse, scope)
                return either[0] if either[0] == either[1] or all(map(inert, either)) else None
            case ast.BinOp():
                both = self.type_of(node.left, scope), self.type_of(node.right, scope)
                return both[0] if both[0] == both[1] and inert(both[0]) else None
            case ast.Call():
                return self._type_of_call(node, scope)
        return None

    def _type_of_part(self, node: ast.Subscript, scope: Scope) -> Any:
        kind = self.type_of(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            return kind
        if get_origin(kind) is tuple:
            place = node.slice.value if isinstance(node.slice, ast.Constant) else ELEM
            return along(kind, (place,)) if isinstance(place, int) else element(kind)
        return (get_args(kind) or (None,))[-1]

    def _type_of_name(self, node: ast.Name, scope: Scope) -> Any:
        name = node.id
        holder = scope.holder(name)
        if holder is None:
            held = self.constant(node, scope)
            return type(held) if is_data(held) else None
        if name in holder.typed:
            return holder.screen.resolved(holder.typed[name])
        with self._once("type", holder, name) as first:
            bound = holder.bound.get(name, []) if first else []
            kinds = [self._type_along(value, path, at) for value, path, at in bound]
        return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else None

    def _type_along(self, value: ast.expr, path: Path, scope: Scope) -> Any:
        declared = along(self.type_of(value, scope), path)
        if declared not in (None, Any):
            return declared
        kinds = [along(self.type_of(part, at), rest) for part, rest, at in self.parts(value, path, scope)]
        return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else None

    def _type_of_call(self, node: ast.Call, scope: Scope) -> Any:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "ask" and node.args:
            return self._answer_of(node.args[0], scope)
        name = dotted(node.func)
        if name in NUMBERS:
            return int
        if name in {"sorted", "list", "tuple", "reversed", "next", "max", "min"} and node.args:
            kind = self.type_of(node.args[0], scope)
            return element(kind) if name == "next" else kind
        if isinstance(node.func, ast.Attribute) and not self.origin(node.func, scope):
            owner = self.type_of(node.func.value, scope)
            if node.func.attr in {"items", "keys", "values", "get"} and len(get_args(owner)) == 2:
                key, value = get_args(owner)
                held: Any = {"items": tuple[key, value], "keys": key, "values": value}  # type: ignore[valid-type]
                return value if node.func.attr == "get" else list[held[node.func.attr]]  # type: ignore[misc]
            return member(owner, node.func.attr)
        return self._answer_of(node.func, scope)

    def _answer_of(self, named: ast.expr, scope: Scope) -> Any:
        """The type a function answers with, by its annotation."""
        found = self.function(named, scope)
        if found is not None:
            _name, function, _inner = found
            return self.screens[found[0].rpartition(".")[0]].resolved(function.returns) if function.returns else None
        held = self.constant(named, scope)
        try:
            return held if isinstance(held, type) else get_type_hints(held).get("return")
        except (NameError, TypeError):
            return None

    def constant(self, node: ast.expr, scope: Scope) -> Any:
        """What a name imported from the core stands for; None when it comes from elsewhere."""
        head, *rest = dotted(node).split(".")
        if not head or scope.holder(head) is not None or not scope.screen.imported.get(head, "").startswith("core."):
            return None
        held = scope.screen.namespace.get(head)
        for name in rest:
            held = getattr(held, name, None)
        return held

    def parts(self, value: ast.expr, path: Path, scope: Scope) -> Iterator[tuple[ast.expr, Path, Scope]]:
        """The expressions that stand at the end of a path into another, as far as it is written out here."""
        step, rest = (path[0], path[1:]) if path else ("", ())
        if not path:
            yield value, path, scope
        elif isinstance(value, ast.Tuple | ast.List | ast.Set):
            for each in value.elts if step == ELEM else value.elts[int(step) : int(step) + 1]:
                inside = (each.value, path) if isinstance(each, ast.Starred) else (each, rest)
                yield from self.parts(*inside, scope)
        elif isinstance(value, ast.IfExp):
            yield from self.parts(value.body, path, scope)
            yield from self.parts(value.orelse, path, scope)
        elif isinstance(value, ast.ListComp | ast.GeneratorExp | ast.SetComp) and step == ELEM:
            yield from self.parts(value.elt, rest, comprehended(value, scope))
        elif isinstance(value, ast.Call):
            yield from self._parts_of_call(value, path, scope)
        elif isinstance(value, ast.Name):
            yield from self._parts_of_name(value, path, scope)
        else:
            yield value, path, scope

    def _parts_of_name(self, node: ast.Name, path: Path, scope: Scope) -> Iterator[tuple[ast.expr, Path, Scope]]:
        holder = scope.holder(node.id)
        if holder is None or node.id in holder.parameters or not holder.bound.get(node.id):
            yield node, path, scope
            return
        with self._once("parts", holder, node.id, path) as first:
            for bound, more, at in holder.bound[node.id] if first else []:
                yield from self.parts(bound, (*more, *path), at)

    def _parts_of_call(self, node: ast.Call, path: Path, scope: Scope) -> Iterator[tuple[ast.expr, Path, Scope]]:
        name, step, rest = dotted(node.func), path[0], path[1:]
        if step == ELEM and name == "zip" and rest and isinstance(rest[0], int) and rest[0] < len(node.args):
            yield from self.parts(node.args[rest[0]], (ELEM, *rest[1:]), scope)
        elif step == ELEM and name == "enumerate" and rest:
            if rest[0] == 0:
                yield ast.Constant(0), (), scope
            else:
                yield from self.parts(node.args[0], (ELEM, *rest[1:]), scope)
        elif name in {"sorted", "list", "tuple", "reversed", "iter"} and node.args:
            yield from self.parts(node.args[0], path, scope)
        else:
            yield node, path, scope

    # -------------------------------------------------------------------------------------------- may a value be shown

    def verdict(self, node: ast.expr, scope: Scope) -> Verdict:
        """Why a value may not be shown as it is; SAFE when it may."""
        if inert(self.type_of(node, scope)):
            return SAFE
        match node:
            case ast.Constant() | ast.Compare() | ast.Lambda():
                return SAFE
            case ast.Name():
                return self._of_name(node, scope)
            case ast.Attribute():
                return self._of_field(node, scope)
            case ast.Call():
                return self._of_call(node, scope)
            case ast.FormattedValue():
                spec = node.format_spec
                numeric = isinstance(spec, ast.JoinedStr) and "," in ast.unparse(spec)  # no text takes such a format
                return SAFE if numeric else self.verdict(node.value, scope)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.verdict(node.elt, comprehended(node, scope))
        held = held_in(node)
        return self._of_all(held, scope) if held is not None else somebodys(node)

    def _of_all(self, nodes: Iterable[ast.expr], scope: Scope) -> Verdict:
        return SAFE.union(*(self.verdict(node, scope) for node in nodes))

    def _of_name(self, node: ast.Name, scope: Scope) -> Verdict:
        holder = scope.holder(node.id)
        if holder is None:
            return SAFE if is_data(self.constant(node, scope)) else self._of_screens_constant(node, scope)
        verdict = SAFE
        if node.id in holder.parameters:
            verdict = frozenset({Reason(node.id, holder)})
        with self._once("verdict", holder, node.id) as first:
            for value, path, at in holder.bound.get(node.id, []) if first else []:
                for part, rest, place in self.parts(value, path, at):
                    shown = inert(along(self.type_of(part, place), rest)) or self._ours_by_place(part, rest, place)
                    if not shown:
                        verdict |= self.verdict(part, place)
        known = bool(holder.bound.get(node.id)) or node.id in holder.parameters
        return verdict if known else somebodys(node)

    def _ours_by_place(self, node: ast.expr, path: Path, scope: Scope) -> bool:
        """Whether a query's answer holds words of ours at this place of its rows."""
        asked = (
            node.args[0] if isinstance(node, ast.Call) and dotted(node.func).endswith(".ask") and node.args else None
        )
        return asked is not None and path[:1] == (ELEM,) and path[1:2] in OUR_PLACES.get(self.origin(asked, scope), ())

    def _of_screens_constant(self, node: ast.expr, scope: Scope) -> Verdict:
        """A constant that another file of the screens holds."""
        module, _, name = self.origin(node, scope).rpartition(".")
        screen = self.screens.get(module)
        if screen is None or name not in screen.scope.bound:
            return somebodys(node)
        return self.verdict(ast.Name(name), screen.scope)

    def _of_field(self, node: ast.Attribute, scope: Scope) -> Verdict:
        if is_data(self.constant(node, scope)):
            return SAFE
        if self.origin(node, scope) and dotted(node):
            return self._of_screens_constant(node, scope)
        kind = one_class(self.type_of(node.value, scope))
        if kind is None:
            return self.verdict(node.value, scope)
        ours = any(node.attr in OUR_WORDS.get(each.__name__, ()) for each in kind.__mro__)
        return SAFE if inert(kind) or ours or of_the_catalogue(kind) else somebodys(node)

    def _of_call(self, node: ast.Call, scope: Scope) -> Verdict:
        name = self.origin(node.func, scope)
        if name in MAKES_PLAIN or name in TRUSTED or name in NUMBERS:
            return SAFE
        if name == MADE_ONCE and isinstance(node.args[-1], ast.Lambda):
            return self.verdict(node.args[-1].body, scope)
        found = self.function(node.func, scope)
        if found is not None:
            return self._answered(found, node, scope)
        if name == "map" and node.args:
            return self._mapped(node, scope)
        if name in CARRIES or name in CARRYING:
            return self._of_all([*node.args, *(word.value for word in node.keywords)], scope)
        if isinstance(node.func, ast.Attribute) and (not name or is_data(self.constant(node.func.value, scope))):
            return self._of_method(node, node.func, scope)
        return SAFE if of_the_catalogue(self.type_of(node, scope)) else somebodys(node)

    def _of_method(self, node: ast.Call, called: ast.Attribute, scope: Scope) -> Verdict:
        owner = one_class(self.type_of(called.value, scope))
        if of_the_catalogue(owner):
            return SAFE
        if owner is not None and owner.__module__.partition(".")[0] in {"core", "app"}:
            trusted = f"{owner.__module__}.{owner.__qualname__}.{called.attr}" in TRUSTED
            return SAFE if trusted else somebodys(node)
        given = node.args[1:] if called.attr in {"get", "pop", "setdefault"} else node.args
        return self.verdict(called.value, scope) | self._of_all(given, scope)

    def _mapped(self, node: ast.Call, scope: Scope) -> Verdict:
        if self.origin(node.args[0], scope) in MAKES_PLAIN | set(TRUSTED):
            return SAFE
        found = self.function(node.args[0], scope)
        over = self._of_all(node.args[1:], scope)
        if found is None:
            return over
        answer = self.answer(*found)
        own = frozenset(reason for reason in answer if reason.owner is not found[2])
        return own | over if answer != own else own

    def _answered(self, found: tuple[str, Function, Scope], node: ast.Call, scope: Scope) -> Verdict:
        """What a function of the screens answers, with the parameters filled as they are in this call."""
        _name, function, inner = found
        verdict = SAFE
        for reason in self.answer(*found):
            if reason.owner is not inner:
                verdict |= {reason}
            else:
                verdict |= self._of_all(arguments(function, node).get(reason.words, []), scope)
        return verdict

    def answer(self, name: str, function: Function, inner: Scope) -> Verdict:
        """What a function of the screens may answer."""
        if name not in self._answers:
            with self._once("answer", name) as first:
                if not first:
                    return SAFE
                given = [node.value for node, _scope in walk(function.body, inner) if isinstance(node, ast.Return)]
                self._answers[name] = self._of_all([value for value in given if value is not None], inner)
        return self._answers[name]

    # ------------------------------------------------------------------------------------------- where values are shown

    def offences(self) -> list[str]:
        """Every place where somebody's words would be read as Markdown."""
        before = -1
        while before != (before := sum(map(len, self._filled.values()))):
            said = {sentence for screen in self.screens.values() for sentence in self._of_screen(screen)}
        for screen in self.screens.values():
            for name, (function, inner) in screen.functions.items():
                if self._filled.get(inner) and inner not in self._called:
                    what = ", ".join(sorted(self._filled[inner]))
                    said.add(screen.source.at(function, f"{name} shows {what}, and nobody here calls it"))
        return sorted(said)

    def _of_screen(self, screen: Screen) -> Iterator[str]:
        places = [(screen.source.tree.body, screen.scope)]
        places += [(function.body, inner) for function, inner in screen.functions.values()]
        for body, scope in places:
            for node, at in walk(body, scope):
                if isinstance(node, ast.Call):
                    for shown in [*shown_by(node, self.origin(node.func, at)), *self._handed_on(node, at)]:
                        yield from self._judged(screen, shown, at)

    def _handed_on(self, node: ast.Call, scope: Scope) -> list[ast.expr]:
        """The arguments of a call that the function called will show."""
        found = self.function(node.func, scope)
        if found is None:
            return []
        _name, function, inner = found
        self._called.add(inner)
        given = arguments(function, node)
        return [value for name in self._filled.get(inner, ()) for value in given.get(name, [])]

    def _judged(self, screen: Screen, shown: ast.expr, scope: Scope) -> Iterator[str]:
        for reason in self.verdict(shown, scope):
            if reason.owner is not None:
                self._filled.setdefault(reason.owner, set()).add(reason.words)
            else:
                yield screen.source.at(
                    shown, f"{reason.words} may be somebody's words; wrap it in plain() or one_line()"
                )


def somebodys(node: ast.expr) -> Verdict:
    """The verdict that an expression may be what somebody wrote."""
    return frozenset({Reason(ast.unparse(node))})


def is_data(held: Any) -> bool:
    """Whether a name of the core stands for data written there, and not for a module, a function or a class."""
    return held is not None and not callable(held) and not isinstance(held, ModuleType)


def held_in(node: ast.expr) -> list[ast.expr] | None:
    """The values an expression is made of; None when it is of another kind."""
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.Dict():
            return [*filter(None, node.keys), *node.values]
        case ast.Subscript() | ast.Starred() | ast.NamedExpr():
            return [node.value]
        case ast.JoinedStr() | ast.BoolOp():
            return node.values
        case ast.UnaryOp():
            return [node.operand]
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Tuple() | ast.List() | ast.Set():
            return node.elts
    return None


def of_the_catalogue(kind: Any) -> bool:
    """Whether a type holds the Code's own entries, which no user writes."""
    return isinstance(kind, type) and kind.__module__ in CATALOGUE and kind.__name__ not in COUNCILS_OWN


def walk(body: Iterable[ast.AST], scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Every node of a body with its scope; functions inside it are walked by themselves."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef | ast.Lambda):
            continue
        yield node, scope
        comprehension = isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp)
        yield from walk(ast.iter_child_nodes(node), comprehended(node, scope) if comprehension else scope)  # type: ignore[arg-type]


def arguments(function: Function, node: ast.Call) -> dict[str, list[ast.expr]]:
    """What each parameter of a function gets in a call."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    rest = function.args.vararg.arg if function.args.vararg else ""
    given: dict[str, list[ast.expr]] = {}
    for place, value in enumerate(node.args):
        if isinstance(value, ast.Starred):
            for name in [*names[place:], *([rest] if rest else [])]:
                given.setdefault(name, []).append(value.value)
        else:
            given.setdefault(names[place] if place < len(names) else rest, []).append(value)
    for word in node.keywords:
        if word.arg:
            given.setdefault(word.arg, []).append(word.value)
    return given


def shown_by(node: ast.Call, origin: str) -> list[ast.expr]:
    """The arguments of a call that Streamlit reads as Markdown."""
    if origin and not origin.startswith("streamlit."):
        return []
    chosen = [node.func.body, node.func.orelse] if isinstance(node.func, ast.IfExp) else [node.func]
    names = {each.attr for each in chosen if isinstance(each, ast.Attribute)} & set(SINKS)
    if not names:
        return []
    named = NAMED - {"value", "options", "placeholder"} if names <= INERT_WORDS else NAMED
    if names <= set(SHOWS_AS_IT_IS):
        named = set().union(*(SHOWS_AS_IT_IS[name] for name in names))
    shown = [value for place, value in enumerate(node.args) if any(place in SINKS[name] for name in names)]
    shown += [value for value in node.args if isinstance(value, ast.Starred) and value not in shown]
    return shown + [word.value for word in node.keywords if word.arg in named]
