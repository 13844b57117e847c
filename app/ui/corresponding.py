"""Correspondence on the page of a case: every contact and letter in one list, and the council's own standards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import badge, keys, step_buttons
from app.ui.plain import one_line
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.cases import CaseView
from core.queries.corresponding import ContactLine, Corresponding, StandardLine
from core.rules.facts import Standing
from core.rules.steps import CONTACT_STEPS
from core.words import counted, day_words

_FIRST_LINES = 8
_LONGEST = 500
_A_NAME = 60


def standards(shown: Corresponding) -> None:
    """How the council's own standards stand here, below the clocks of the Code and apart from them."""
    owed = [line for line in shown.standards if line.standing is not Standing.VOID]
    if not (shown.kept or owed):
        return
    lines = [*map(_standard, owed), *_exempt(shown)]
    if shown.agreed:
        lines.append(f"- Updates: {one_line(shown.agreed, longest=_LONGEST)}.")
    listed = lines or ["- Nothing is owed yet. It begins when the complaint is given to somebody."]
    said = "The council’s own standards. The Code does not ask for them, and none of its dates depends on them."
    st.markdown("\n".join(["### Our own standards", "", *listed, "", said]))


def _standard(line: StandardLine) -> str:
    stands = badge.due(line.soon) if line.soon is not None else badge.settled(line.standing)
    done = f", done {day_words(line.met_on)}" if line.met_on is not None else ""
    cite = one_line(line.cite)
    return f"- **{one_line(line.title)}** by {day_words(line.due_on)}{done} {stands} · stage {line.stage} · {cite}"


def _exempt(shown: Corresponding) -> Sequence[str]:
    if not (shown.kept and shown.professional):
        return ()
    who = one_line(shown.professional, longest=_A_NAME)
    return (f"- {who} is written to, a professional representative: our standards are not owed, the Code’s dates are.",)


def band(here: Desk, case: CaseView, shown: Corresponding) -> None:
    """Who was in touch, the newest first, and the steps about it."""
    waiting = len(shown.waiting)
    left = f", {waiting} waiting for our reply" if waiting else ""
    lines = [_contact(line) for line in shown.lines]
    listed = "\n".join(lines[:_FIRST_LINES]) or "Nothing is recorded yet. Begin with “Record a contact”."
    st.markdown(f"### Correspondence: {counted(len(lines), 'entry', 'entries')}{left}\n\n{listed}")
    earlier = lines[_FIRST_LINES:]
    if earlier:
        key = keys.filter_key("correspondence", case.reference)
        rest = st.expander(f"Show the {len(earlier)} earlier ones", key=key, on_change="rerun")
        if rest.open:
            rest.markdown("\n".join(earlier))
    named = [name for name in CONTACT_STEPS if name != "AnswerContact" or waiting]
    open_now = [name for name in named if name in case.next_steps and here.may(COMMANDS[name].needs)]
    if open_now:
        step_buttons.menu("Steps about correspondence", open_now)


def _contact(line: ContactLine) -> str:
    at = f" {one_line(line.at_time)}" if line.at_time else ""
    what = one_line(line.what, longest=_LONGEST)
    who = one_line(line.who, longest=_A_NAME, empty="nobody named")
    if line.letter_id is not None:
        said = f"**Letter sent** · {day_words(line.on)}, {one_line(line.how)} · to {who}: {what}"
    else:
        towards = f"**We contacted** {who}" if line.ours else f"**We heard from** {who}"
        said = f"{towards} · {day_words(line.on)}{at}, {one_line(line.how)}: {what}"
    return f"- {said}{_marks(line)} · {one_line(line.recorded_by, longest=_A_NAME)}"


def _marks(line: ContactLine) -> str:
    """What a line means for what is owed, in words."""
    if line.waits and line.answered_on is None:
        return f" {badge.badge('waits for our reply', 'orange')}"
    if line.waits and line.answered_on is not None:
        return f" · answered {day_words(line.answered_on)}, {one_line(line.answer)}"
    return " · it introduced the handler" if line.introduces else ""


def listed(shown: Corresponding) -> Mapping[str, Mapping[Any, str]]:
    """The short lists that only this case has, for the forms that choose from them."""
    return {
        "waiting": {line.contact_id: _shortly(line) for line in shown.waiting if line.contact_id is not None},
        "replies": {line.key: _shortly(line) for line in shown.from_us},
    }


def _shortly(line: ContactLine) -> str:
    said = " ".join(line.what.split())[:_A_NAME]
    return f"{day_words(line.on)}, {line.who}: {said}"


def starts(shown: Corresponding, name: str) -> Mapping[str, object]:
    """What a form begins with: the one message that waits."""
    if name == "AnswerContact" and len(shown.waiting) == 1:
        return {"contact_id": shown.waiting[0].contact_id}
    return {}
