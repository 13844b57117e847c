"""No number of the Code stands in Python: periods live in timescales.toml, with their unit, clause and source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from core.code.catalogue import PERIODS, WATCH
from tests.house.source import Definition, Rule, Source, offences, python_files, sample, strings

PERIOD_VALUES = {value.value for period in PERIODS.values() for value in period.values}
VALUES = PERIOD_VALUES | {flag.value for flag in WATCH.values()}
LENGTHS_OF_TIME = {"timedelta", "relativedelta", "DateOffset"}
COUNTED = {"after", "why", "bulk_after", "months_after", "add_working_days", "weeks_after", "days_after"}
OF_TEXT = {"max_length", "min_length", "longest"}

_WRITTEN = {"five": 5, "eight": 8, "ten": 10, "twelve": 12, "twenty": 20}
_NUMBER = "|".join([*map(str, sorted(VALUES)), *(word for word, value in _WRITTEN.items() if value in VALUES)])
IN_WORDS = re.compile(rf"\b({_NUMBER})[ -](working[ -])?(day|week|month)s?\b", re.IGNORECASE)


def literal(node: ast.AST | None) -> int | None:
    """The whole number a node is, as it is written; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal(node.operand)
        return None if inner is None else -inner
    found = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if found else None  # type: ignore[union-attr,return-value]


def span_of_days(source: Source) -> Iterator[str]:
    """A length of time longer than a day, or a count of working days other than the next one, is never a literal."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or source.marked(node):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args, *(word.value for word in node.keywords)]
        if called in LENGTHS_OF_TIME | COUNTED:
            for number in filter(None, map(literal, given)):
                if abs(number) > 1:
                    yield source.at(node, f"{called} is given {number} as a literal; take it from the catalogue")


def value_of_a_period(source: Source) -> Iterator[str]:
    """A number that is one of the Code's periods stands in no rule and no command, unless the line says why."""
    of_text = {
        id(word.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in OF_TEXT  # so many characters, not days
    }
    for node in ast.walk(source.tree):
        if literal(node) in VALUES and id(node) not in of_text and not source.marked(node):
            yield source.at(node, f"{literal(node)} is a period of the Code; take it from the catalogue")


def period_in_words(source: Source) -> Iterator[str]:
    """A sentence takes the number from the policy: a council's own may differ, and the Code's may change."""
    said = [(node, str(node.value)) for node in strings(source.tree)]
    if source.path.startswith("core/rules/"):
        # The first paragraph is the rule itself; an example below it may count.
        documented = [node for node in ast.walk(source.tree) if isinstance(node, Definition)]
        said += [(node, (ast.get_docstring(node) or "").split("\n\n")[0]) for node in documented]
    for node, text in said:
        found = IN_WORDS.search(text)
        if found and not source.marked(node):
            yield source.at(node, f"“{found.group()}” stands in a text; say it with the value in force")


@pytest.mark.parametrize(
    ("rule", "folders"),
    [
        (span_of_days, ("core/rules", "core/commands", "core/letters", "core/queries", "core/desk.py", "core/store")),
        (value_of_a_period, ("core/rules", "core/commands", "core/letters")),
        (period_in_words, ("core/rules", "core/commands", "core/letters", "core/queries", "core/events", "app")),
    ],
    ids=["spans", "values", "words"],
)
def test_no_number_of_the_code_stands_in_python(rule: Rule, folders: tuple[str, ...]) -> None:
    assert offences(rule, python_files(*folders)) == []


def test_the_numbers_looked_for_are_the_codes() -> None:
    """The lint asks the catalogue, so a later Code's numbers are looked for as well."""
    assert {5, 10, 12, 20} <= VALUES
    assert all(value in VALUES for value in _WRITTEN.values())


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (span_of_days, "by = start + timedelta(days=10)"),
        (span_of_days, "by = start + datetime.timedelta(weeks=2)"),
        (span_of_days, "by = start - timedelta(days=-7)"),
        (span_of_days, "by = calendar.after(start, 5)"),
        (span_of_days, "by = calendar.why(start, n=20)"),
        (span_of_days, "by = months_after(start, 12)"),
        (span_of_days, "by = add_working_days(start, 6)"),
        (value_of_a_period, "LIMIT = 20"),
        (value_of_a_period, "if days > 10: go()"),
        (value_of_a_period, "due(days=5)"),
        (value_of_a_period, "limits = {'answer': 12}  # house:"),
        (period_in_words, "say('Answer within 10 working days.')"),
        (period_in_words, "say(f'{name} has twelve months.')"),
        (period_in_words, "say('a five-day wait')"),
    ],
)
def test_a_number_of_the_code_is_noticed(rule: Rule, bad: str) -> None:
    assert len(list(rule(sample(bad)))) == 1


@pytest.mark.parametrize(
    "good",
    [
        "by = start + timedelta(days=1)",
        "by = calendar.after(start, policy.period('respond_stage_one').value)",
        "by = calendar.after(zero, 1)",
        "name: str = asks('Name', max_length=20)",
        "ROWS = 20  # house: rows on a page, not days",
        "say('in the next 7 days')",
        "say('Stage 2')",
        "flag = True",
    ],
)
def test_other_numbers_are_left_alone(good: str) -> None:
    assert [said for rule in (span_of_days, value_of_a_period, period_in_words) for said in rule(sample(good))] == []


def test_a_docstring_of_a_rule_holds_no_number_either() -> None:
    example = "From the 2nd, 10 working days end on the 16th."
    documented = f'def rule():\n    """Answer within 10 working days.\n\n    {example}\n    """'
    assert len(list(period_in_words(sample(documented, "core/rules/s6_stages.py")))) == 1
    assert list(period_in_words(sample(documented, "app/ui/gap.py"))) == []
