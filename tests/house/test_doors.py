"""One door, one commit, one clock: what goes round them is seen here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import Rule, Source, dotted, functions, offences, python_files, sample

# Who may open a unit of work.
DOORS = {"core/desk.py"}
# The files where the time enters, each at one marked line; everything else is handed a clock.
WHERE_TIME_ENTERS = {"app/ui/desk.py", "core/cli/opening.py"}
_OF_A_CLOCK = {"now", "today", "utcnow"}
_CLOCKS = {"datetime", "date", "dt", "pendulum", "arrow"}
_MOMENTS = {"time.time", "time.time_ns", "time.localtime", "time.gmtime", "func.now", "func.current_date"}
_SQL_NOW = re.compile(r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bnow\(\)|\bdate\('now'")


def commits_elsewhere(source: Source) -> Iterator[str]:
    """Only the desk opens a unit of work, and only the store commits one."""
    if source.path.startswith("core/store/"):
        return
    for node in ast.walk(source.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name == "writing" and source.path not in DOORS:
            yield source.at(node, "opens a unit of work; only the desk does")
        owner = dotted(node.value).rpartition(".")[2] if isinstance(node, ast.Attribute) else ""
        begins = name == "begin" and owner.lstrip("_") in {"engine", "connection", "session", "database"}
        if begins or (owner and name in {"commit", "begin_nested", "autocommit", "sessionmaker"}):
            yield source.at(node, f"calls .{name}; only the store ends a transaction")
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"Session", "WriteSession"}:
            yield source.at(node, "makes a session of its own; only the store does")


def makes_an_engine(source: Source) -> Iterator[str]:
    """An engine is made in the store alone: a second one would have neither the gate nor the listeners."""
    for node in ast.walk(source.tree):
        made = isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"create_engine", "make_engine"}
        if made and not source.path.startswith("core/store/"):
            yield source.at(node, "makes an engine; only the store does")


def asks_the_time(source: Source) -> Iterator[str]:
    """No rule, command, query or page asks what time it is: the desk's clock says."""
    for node in ast.walk(source.tree):
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        owner, _, asked = name.rpartition(".")
        is_clock = asked in _OF_A_CLOCK and owner.rpartition(".")[2] in _CLOCKS
        moment = name in _MOMENTS or name.removeprefix("sa.").removeprefix("sqlalchemy.") in _MOMENTS
        in_sql = isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL_NOW.search(node.value)
        if (is_clock or moment or in_sql) and not _enters_here(source, node):
            yield source.at(node, f"asks the time itself ({name or 'in SQL'}); take it from the desk")


def _enters_here(source: Source, node: ast.AST) -> bool:
    return source.path in WHERE_TIME_ENTERS and source.marked(node)


def swallows_everything(source: Source) -> Iterator[str]:
    """A mistake of ours is never caught: a handler for everything raises again, or says on its line why not."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        broad = node.type is None or {dotted(each) for each in caught if each} & {
            "Exception", "BaseException", "RuntimeError",
        }  # fmt: skip
        again = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
        if broad and not again and node.lineno not in source.comments:
            yield source.at(node, "catches everything and does not say why")


def prints(source: Source) -> Iterator[str]:
    """The core says nothing by itself; the command line has its own way to answer, and so has the child that reads."""
    if source.path.startswith("core/cli/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in {"print", "pprint", "breakpoint", "pdb.set_trace"}:
            yield source.at(node, f"calls {dotted(node.func)}")


def hides_where_from(source: Source) -> Iterator[str]:
    """A wildcard hides where a name comes from, and a path added by hand hides where a module does."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield source.at(node, f"takes everything from {node.module}")
        if isinstance(node, ast.Attribute) and dotted(node) == "sys.path":
            yield source.at(node, "touches sys.path; both packages are installed")


RULES = [commits_elsewhere, makes_an_engine, asks_the_time, swallows_everything, prints, hides_where_from]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_goes_round_the_door(rule: Rule) -> None:
    assert offences(rule, python_files("core", "app")) == []


def test_the_desk_is_the_only_door_and_it_is_used() -> None:
    """The rule above looks for the right word: the desk opens units of work by it, and the store defines it."""
    desk, engine = python_files("core/desk.py", "core/store/engine.py")
    assert ".writing()" in desk.text
    assert "writing" in {function.name for function in functions(engine.tree)}
    assert ".commit()" in engine.text


def test_the_time_enters_at_one_marked_line_a_file() -> None:
    entering = {
        source.path: [line for line, said in source.comments.items() if "house: the one place where the time" in said]
        for source in python_files("core", "app")
    }
    assert {path: len(lines) for path, lines in entering.items() if lines} == dict.fromkeys(WHERE_TIME_ENTERS, 1)


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (commits_elsewhere, "with office.database.writing() as session: ..."),
        (commits_elsewhere, "session.commit()"),
        (commits_elsewhere, "with engine.begin() as connection: ..."),
        (commits_elsewhere, "with Session(engine) as session: ..."),
        (makes_an_engine, "engine = sa.create_engine(url)"),
        (asks_the_time, "now = datetime.now(UTC)"),
        (asks_the_time, "now = datetime.now(UTC)  # house: elsewhere"),
        (asks_the_time, "today = date.today()"),
        (asks_the_time, "today = datetime.date.today()"),
        (asks_the_time, "at: datetime = Field(default_factory=datetime.utcnow)"),
        (asks_the_time, "now = time.time()"),
        (asks_the_time, "where = column < sa.func.now()"),
        (asks_the_time, "sa.text('SELECT CURRENT_DATE')"),
        (swallows_everything, "try: go()\nexcept Exception: pass"),
        (swallows_everything, "try: go()\nexcept: pass"),
        (swallows_everything, "try: go()\nexcept (ValueError, RuntimeError): pass"),
        (prints, "print('here')"),
        (prints, "breakpoint()"),
        (hides_where_from, "from core.errors import *"),
        (hides_where_from, "sys.path.insert(0, '.')"),
    ],
)
def test_what_goes_round_the_door_is_noticed(rule: Rule, bad: str) -> None:
    assert len(list(rule(sample(bad)))) == 1


@pytest.mark.parametrize(
    "good",
    [
        "today = office.today(office.now())",
        "now = work.now",
        "held = monotonic()",
        "logs.begin()",
        "try: go()\nexcept BaseException:\n    undo()\n    raise",
        "try: go()\nexcept Exception:  # whatever it stumbles over becomes one sentence\n    tell()",
        "with office.database.reading() as connection: ...",
    ],
)
def test_the_proper_way_passes(good: str) -> None:
    assert [said for rule in RULES for said in rule(sample(good))] == []


def test_an_unmarked_line_is_noticed_even_where_the_time_enters() -> None:
    line = "now = datetime.now(UTC)"
    assert len(list(asks_the_time(sample(line, "app/ui/desk.py")))) == 1
    assert list(asks_the_time(sample(f"{line}  # house: the one place", "app/ui/desk.py"))) == []
