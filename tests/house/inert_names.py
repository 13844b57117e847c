"""What the names of a screen stand for: their bindings, their scopes, and the types that are known of them."""

from __future__ import annotations

import ast
import builtins
import enum
import types
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from importlib import import_module
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tests.house.source import Function, Source

SAFE_TYPES = (int, float, bool, date, datetime, time, timedelta, enum.Enum, types.NoneType)
ELEM = "elem"
Path = tuple[str | int, ...]


@dataclass(eq=False)
class Scope:
    """Names of a module, a function or a comprehension with what they are bound to."""

    screen: Screen
    parent: Scope | None = None
    bound: dict[str, list[tuple[ast.expr, Path, Scope]]] = field(default_factory=dict)
    typed: dict[str, ast.expr] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)

    def holder(self, name: str) -> Scope | None:
        """The nearest scope that knows a name."""
        if name in self.bound or name in self.parameters or name in self.typed:
            return self
        return self.parent.holder(name) if self.parent else None

    def bind(self, target: ast.expr, value: ast.expr, path: Path = (), *, at: Scope | None = None) -> None:
        """Note what a target is bound to; a tuple is taken apart."""
        if isinstance(target, ast.Name):
            self.bound.setdefault(target.id, []).append((value, path, at or self))
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value, path, at=at)
        elif isinstance(target, ast.Tuple | ast.List):
            for place, part in enumerate(target.elts):
                self.bind(part, value, (*path, place), at=at)
        elif isinstance(target, ast.Subscript):
            self.bind(target.value, value, path, at=at)


class Screen:
    """One file of the screens: what it imports and the functions it holds."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.module = source.path.removesuffix(".py").replace("/", ".")
        self.scope = Scope(self)
        self.imported: dict[str, str] = {}
        self.functions: dict[str, tuple[Function, Scope]] = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import):
                self.imported |= {(alias.asname or alias.name): alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        collect(source.tree.body, self.scope)

    @cached_property
    def namespace(self) -> dict[str, Any]:
        """What annotations and constants of the core mean, by import; what cannot be imported is left out."""
        # A page runs when it is imported, so only the parts of pages are.
        found: dict[str, Any] = dict(vars(import_module(self.module))) if self.module.startswith("app.ui.") else {}
        for name, origin in self.imported.items():
            head, _, tail = origin.rpartition(".")
            try:
                found[name] = getattr(import_module(head), tail) if head else import_module(origin)
            except (ImportError, AttributeError):
                try:
                    found[name] = import_module(origin)
                except ImportError:
                    continue
        return found

    def resolved(self, annotation: ast.expr) -> Any:
        """The type an annotation names; None when it cannot be known here."""
        try:
            return eval(ast.unparse(annotation), {**vars(builtins), **self.namespace})  # noqa: S307 - our own source
        except Exception:  # whatever an unknown name leads to: the type is then not known
            return None


def collect(body: Iterable[ast.stmt], scope: Scope, *, within: str = "") -> None:
    """Note every binding of a body in its scope, and every function with a scope of its own."""
    for node in body:
        if isinstance(node, Function):
            inner = Scope(scope.screen, scope)
            arguments = node.args
            for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg]:
                if each is not None:
                    inner.parameters.add(each.arg)
                    if each.annotation is not None and each is not arguments.vararg:
                        inner.typed[each.arg] = each.annotation
            scope.screen.functions[f"{within}{node.name}"] = (node, inner)
            collect(node.body, inner)
            continue
        if isinstance(node, ast.ClassDef):
            collect(node.body, Scope(scope.screen, scope), within=f"{node.name}.")
            continue
        _collect_statement(node, scope)
        for part in ("body", "orelse", "finalbody"):
            collect(getattr(node, part, []), scope)
        for handler in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            collect(handler.body, scope)


def _collect_statement(node: ast.stmt, scope: Scope) -> None:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            scope.bind(target, node.value)
    elif isinstance(node, ast.AugAssign):
        scope.bind(node.target, node.value)
    elif isinstance(node, ast.AnnAssign):
        _collect_declared(node, scope)
    elif isinstance(node, ast.For | ast.AsyncFor):
        scope.bind(node.target, node.iter, (ELEM,))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        _collect_added(node.value, scope)
    for inner in ast.walk(node):
        if isinstance(inner, ast.NamedExpr):
            scope.bind(inner.target, inner.value)


def _collect_declared(node: ast.AnnAssign, scope: Scope) -> None:
    if isinstance(node.target, ast.Name):
        scope.typed[node.target.id] = node.annotation
    if node.value is not None:
        scope.bind(node.target, node.value)


def _collect_added(call: ast.Call, scope: Scope) -> None:
    """What a list is given later belongs to its name as well."""
    if isinstance(call.func, ast.Attribute) and call.args:
        if call.func.attr in {"append", "add", "insert"}:
            scope.bind(call.func.value, ast.List(elts=[call.args[-1]], ctx=ast.Load()))
        elif call.func.attr in {"extend", "update"}:
            scope.bind(call.func.value, call.args[0])


def comprehended(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope) -> Scope:
    """The scope inside a comprehension."""
    inner = Scope(scope.screen, scope)
    for part in node.generators:
        inner.bind(part.target, part.iter, (ELEM,), at=inner if part is not node.generators[0] else scope)
    return inner


# ---------------------------------------------------------------------------------------------------------------- types


def inert(kind: Any) -> bool:
    """Whether every value of a type is harmless: numbers, dates, choices of ours, fixed words."""
    if isinstance(kind, type):
        return issubclass(kind, SAFE_TYPES)
    origin = get_origin(kind)
    if origin is Literal:
        return True
    if origin in (Union, types.UnionType):
        return all(map(inert, get_args(kind)))
    return origin in (tuple, list, set, frozenset) and all(inert(each) for each in get_args(kind) if each is not ...)


def element(kind: Any) -> Any:
    """The type of what a collection holds, and of a mapping's keys."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        held = [each for each in arguments if each is not type(None)]
        return element(held[0]) if len(held) == 1 else None
    return arguments[0] if arguments and isinstance(get_origin(kind), type) else None


def along(kind: Any, path: Path) -> Any:
    """The type at the end of a path into a type."""
    for step in path:
        if step == ELEM:
            kind = element(kind)
            continue
        arguments = get_args(kind)
        if get_origin(kind) is not tuple or not arguments:
            return None
        kind = arguments[0] if arguments[-1] is ... else arguments[int(step)] if int(step) < len(arguments) else None
    return kind


def one_class(kind: Any) -> type | None:
    """The class a type comes down to: X for X, X | None and type[X]; None when it is no single class."""
    if get_origin(kind) is type:
        (kind,) = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        held = [each for each in get_args(kind) if each is not type(None)]
        kind = held[0] if len(held) == 1 else None
    return kind if isinstance(kind, type) else None


def member(kind: Any, name: str) -> Any:
    """The type of a field, property or method's answer of a class."""
    kind = one_class(kind)
    if kind is None:
        return None
    held = getattr(kind, name, None)
    try:
        if isinstance(held, property):
            return get_type_hints(held.fget).get("return")
        if held is None and name not in get_type_hints(kind):
            return get_type_hints(kind.__init__).get(name)  # set from the parameter of the same name
        return get_type_hints(kind).get(name) or get_type_hints(held).get("return")
    except (NameError, TypeError):
        return None
