"""A frozen self-assessment as a table to be read: which columns it has, and what stands in each cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.code.catalogue import SCHEMES
from core.code.self_assessment import FORM, AssessedRow
from core.errors import BadInput
from core.rules.s8_reporting import Follows
from core.words import letter_day, listed

WHOLE = "the whole council"
UNSIGNED = "Draft. This self-assessment is not signed by everybody who signs it."
_NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How a self-assessment is exported: its columns in order, all clauses or the ten rows, and how partly reads."""

    columns: tuple[str, ...]
    every_clause: bool = False
    partly_reads_no: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDocument:
    """A self-assessment as it stands on paper: what it is, whether it is a draft, and one table."""

    council: str
    title: str
    draft: bool
    facts: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _section(key: str, _answer: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    item = FORM.item(key)
    if isinstance(item, AssessedRow):
        return f"{item.section}: {item.title}"
    return SCHEMES[told["scheme"]].number(key)


def _action(key: str, _answer: Mapping[str, Any], _told: Mapping[str, Any]) -> str:
    item = FORM.item(key)
    return item.action if item is not None else ""


def _follow(_key: str, answer: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """The answer; beside partly and no, whether it is so in the whole council or in some services only."""
    if not answer:
        return _NOT_ANSWERED.capitalize()
    follows = Follows(answer["follows"])
    said = Follows.NO if follows is Follows.PARTLY and told["partly_reads_no"] else follows
    if follows not in (Follows.PARTLY, Follows.NO):
        return said.value.capitalize()
    where = f"{listed(answer['services'])} only" if answer["services"] else WHOLE
    return f"{said.value.capitalize()} ({where})"


def _commentary(_key: str, answer: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    if not answer:
        return ""
    plan = "" if told["plan_apart"] or not answer["action"] else _planned(answer)
    return "\n".join(filter(None, (answer["commentary"], plan)))


def _planned(answer: Mapping[str, Any]) -> str:
    by = f" By {letter_day(date.fromisoformat(answer['due_on']))}." if answer["due_on"] else ""
    return f"What will be done: {answer['action'].rstrip('.')}.{by}"


def _plan(_key: str, answer: Mapping[str, Any], _told: Mapping[str, Any]) -> str:
    if not answer or not answer["action"]:
        return ""
    return f"{_planned(answer)} {answer['owner']}".rstrip()


def _evidence(key: str, _answer: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    return "\n".join(f"{title}: {words}" for title, words in told["evidence"].get(key, ()))


def _answered(_key: str, answer: Mapping[str, Any], _told: Mapping[str, Any]) -> str:
    if not answer:
        return ""
    return f"{answer['answered_by']}, {letter_day(date.fromisoformat(answer['answered_on']))}"


Cell = Callable[[str, Mapping[str, Any], Mapping[str, Any]], str]
COLUMNS: Mapping[str, tuple[str, Cell]] = {
    "section": ("Code section", _section),
    "action": ("Action", _action),
    "follow": ("Do we follow the Code?", _follow),
    "commentary": ("Explanation and commentary", _commentary),
    "evidence": ("Evidence", _evidence),
    "plan": ("What will be done, by when and by whom", _plan),
    "answered": ("Answered by", _answered),
}
"""The columns there are, by the name an address has for them. The first four are the suggested form of the Code."""
USUAL = ("section", "action", "follow", "commentary")


def assessment_document(
    contents: str, *, signatures: Sequence[str], signed: bool, chosen: Chosen
) -> AssessmentDocument:
    """A frozen text as a document; raises BadInput for columns that do not exist [lgsco:8.1a].

    `signatures` say in words who signed it and when; unless it is `signed` by all of them the document says draft.
    """
    if not chosen.columns or not set(chosen.columns) <= set(COLUMNS):
        raise BadInput("Choose at least one column of the list, and none besides.")
    held = json.loads(contents)
    told = {**held, "partly_reads_no": chosen.partly_reads_no, "plan_apart": "plan" in chosen.columns}
    keys = [key for row in FORM.rows for key in ([c.key for c in FORM.beneath(row)] if chosen.every_clause else [row])]
    return AssessmentDocument(
        council=held["council"],
        title=f"Self-assessment against {SCHEMES[held['scheme']].short[:1].lower()}{SCHEMES[held['scheme']].short[1:]}",
        draft=not signed,
        facts=tuple(filter(None, (*held["facts"], *signatures))),
        header=tuple(COLUMNS[name][0] for name in chosen.columns),
        rows=tuple(
            tuple(COLUMNS[name][1](key, held["answers"].get(key, {}), told) for name in chosen.columns) for key in keys
        ),
    )
