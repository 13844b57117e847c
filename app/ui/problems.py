"""Why a form was refused: a summary at its head whose lines lead to the fields, and takes the focus to itself.

The words are drawn like any others. A script of the console's own moves the focus, for Streamlit cannot; without it
the same words stand there, as an alert that is read out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

import streamlit as st

from app.ui import fields, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from app.web.places import PROBLEMS_SCRIPT
from core.errors import BadInput, ChangedMeanwhile, ComplaintsError, LetterIncomplete, NotReady

REASON = "good_reason"
REASON_TITLE = "Good reason for departing"
_NOT_IN_A_CLASS = re.compile(r"[^a-zA-Z0-9_-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a step was not taken: the sentence, and a sentence for each field it is about.

    Each refusal has a `name` of its own, by which the script knows that the focus is to move once more.
    """

    sentence: str
    by_field: Mapping[str, str]
    stale: bool = False
    unkept: bool = False
    name: str = field(default_factory=lambda: token_hex(4))


def problem_of(refusal: ComplaintsError) -> Problem:
    """What a refusal says, and of which fields."""
    by_field: dict[str, str] = {}
    if isinstance(refusal, BadInput):
        by_field = refusal.fields
    if isinstance(refusal, LetterIncomplete):
        by_field = {
            key: f"{title} is still missing ({places.number(clause)})." for key, clause, title in refusal.missing
        }
    return Problem(sentence=str(refusal), by_field=by_field, stale=isinstance(refusal, ChangedMeanwhile))


def not_kept(away: NotReady) -> Problem:
    """That what is typed could not be kept for the moment; it goes once it can."""
    return Problem(sentence=str(away), by_field={}, unkept=True)


def summary(opened: Opened, problem: Problem) -> None:
    """The summary: that nothing is saved, why, and a line for each field that leads there."""
    told = ["### Not saved yet"]
    if problem.sentence != " ".join(problem.by_field.values()):
        told.append(plain(problem.sentence))
    if problem.by_field:
        told.append("\n".join(_line(opened, name, said) for name, said in problem.by_field.items()))
    with st.container(key=f"refused-{problem.name}"):
        st.error("\n\n".join(told))
        script()


def departs(opened: Opened, told: str, *, name: str | None) -> None:
    """That a step departs from the Code: the focus goes there once, and on to the box for the reason."""
    line = f"[Write the reason](#{anchor(opened.key(REASON))})"
    said = f"**This departs from the Code.** It goes through with a reason, which is kept for good.\n\n{told}\n\n{line}"
    with st.container(key=f"refused-{name}" if name else "departs"):
        st.warning(said)
        script()


def script() -> None:
    """Bring in the script, which a page does not need until a form on it is refused."""
    st.html(f'<script src="{PROBLEMS_SCRIPT}"></script>', unsafe_allow_javascript=True)


def _line(opened: Opened, name: str, said: str) -> str:
    """One line of the summary: which field, and what about it; a link where the form has the field."""
    info = opened.command.model_fields.get(name)
    title = REASON_TITLE if name == REASON else str(info.title or "") if info is not None else ""
    words = one_line(said) if not title or title in said else f"{one_line(title)}: {one_line(said)}"
    widget = _widget(opened, name)
    return f"- [{words}](#{anchor(widget)})" if widget else f"- {words}"


def _widget(opened: Opened, name: str) -> str:
    """The key of the field's widget; of the first one where a field has many, and "" where the form has none."""
    if name == REASON:
        return opened.key(REASON)
    own = [part for part in fields.parts(opened) if part == name or part.startswith(f"{name}.")]
    return opened.key(own[0]) if own else ""


def anchor(key: str) -> str:
    """The class by which a browser knows the widget with this key."""
    return f"st-key-{_NOT_IN_A_CLASS.sub('-', key.strip())}"
