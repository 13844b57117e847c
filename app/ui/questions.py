"""Questions to colleagues and others: their band on a case, the links they answer by, and what is late or has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import badge, keys, moments, step_buttons, tables
from app.ui.plain import one_line, plain
from core import answering
from core.commands.base import COMMANDS
from core.commands.information_links import MakeAnswerLink
from core.desk import Desk
from core.errors import ComplaintsError
from core.queries.cases import CaseView
from core.queries.information import Question, QuestionLine, Questions, how_far, questions
from core.rules.steps import INFORMATION_STEPS
from core.words import counted, day_words

_FIRST = INFORMATION_STEPS[0]
_LONGEST, _A_NAME, _SHORT = 500, 120, 60


def band(here: Desk, case: CaseView, asked: Sequence[Question]) -> None:
    """Who was asked what and how it stands, the link for each that is open, and the steps about them."""
    still = [each for each in asked if each.is_open]
    lines = "\n".join(map(_line, asked)) or "Nobody was asked. Begin with “Ask for information”."
    waiting = f", {len(still)} without an answer" if still else ""
    st.markdown(f"### Information asked for: {counted(len(asked), 'question')}{waiting}\n\n{lines}")
    for each in asked:
        if len(each.answer) > _LONGEST:
            _whole(case, each)
    named = [name for name in INFORMATION_STEPS if name == _FIRST or still]
    open_now = [name for name in named if name in case.next_steps and here.may(COMMANDS[name].needs)]
    if open_now:
        step_buttons.menu("Steps about information", open_now)
        for each in still:
            _link(here, case, each)


def _line(each: Question) -> str:
    who, what = one_line(each.who, longest=_A_NAME), one_line(each.what, longest=_LONGEST)
    return f"- **{each.number}. {who}**: {what}{_with_it(each)}  \n  {_stands(each)}"


def _whole(case: CaseView, each: Question) -> None:
    """A long answer, read only when it is opened."""
    key = keys.answer_key(case.reference, each.number)
    opened = st.expander(f"Read the whole answer to question {each.number}", key=key, on_change="rerun")
    if opened.open:
        opened.text(each.answer)


def _with_it(each: Question) -> str:
    return f" · with it: {one_line(each.documents, longest=_LONGEST)}" if each.documents else ""


def _stands(each: Question) -> str:
    asked = f"asked {day_words(each.asked_on)} by {one_line(each.asker, longest=_A_NAME)}"
    if each.answered_on is not None:
        by = f"{one_line(each.answered_by, longest=_A_NAME)}, {one_line(each.answered_how)}"
        said = one_line(each.answer, longest=_LONGEST)
        return f"**Answered** {day_words(each.answered_on)} by {by} · {asked}  \n  {said}"
    if each.withdrawn_on is not None:
        why = one_line(each.why_withdrawn, longest=_LONGEST)
        return f"**Taken back** {day_words(each.withdrawn_on)}: {why} · {asked}"
    last = f" (last {day_words(each.chased_on)})" if each.chased_on is not None else ""
    far = one_line(how_far(chased=each.chased, escalated_to=each.escalated_to), longest=_LONGEST)
    near = badge.due(each.soon) if each.soon is not None else ""
    link = " · a link works" if each.link else ""
    return f"by {day_words(each.due_on)} {near} · {far}{last} · {asked}{link}"


def _link(here: Desk, case: CaseView, each: Question) -> None:
    """The button that makes a link; the link stands on the page in that one run, and nowhere else."""
    again = "Make a new link (the old one stops)" if each.link else MakeAnswerLink.title
    label = f"{again}: question {each.number}"
    if not st.button(label, key=keys.question_key(case.reference, each.number), type="tertiary"):
        return
    try:
        made = answering.make_link(here, case.reference, each.request_id, due_on=each.due_on)
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    st.code(made.address, language=None, wrap_lines=True)
    to = f" ({one_line(each.email, longest=_A_NAME)})" if each.email else ""
    st.markdown(
        f"**This link is shown once and is gone with your next click.** Send it to {one_line(each.who)}{to}. Whoever "
        f"opens it sees the question, its day and who asked, and can answer once, until {moments.moment(made.ends_at)}."
    )


def listed(asked: Sequence[Question]) -> Mapping[str, Mapping[Any, str]]:
    """The open questions of a case, for the forms that choose one."""
    still = [each for each in asked if each.is_open]
    return {"questions": {each.request_id: f"{each.number}. {each.who}: {_shortly(each.what)}" for each in still}}


def _shortly(text: str) -> str:
    return " ".join(text.split())[:_SHORT]


def starts(asked: Sequence[Question], name: str) -> Mapping[str, object]:
    """What a form begins with: the one question that is open."""
    still = [each.request_id for each in asked if each.is_open]
    return {"request_id": still[0]} if name in INFORMATION_STEPS[1:] and len(still) == 1 else {}


def overview(here: Desk) -> None:
    """Every question that is late, for whoever looks after the whole."""
    found = here.ask(questions)
    told = [f"### Information that is late: {found.late_count}"]
    if not found.late:
        told.append("Nobody who was asked for information is late with it.")
    elif len(found.late) < found.late_count:
        told.append(f"The {len(found.late)} longest late are shown.")
    tables.rows("information-late", "\n\n".join([*told, _listed(found.late)]))


def own(here: Desk, *, everyone: bool) -> None:
    """What is late and what has come on one's own cases; nothing is drawn where there is nothing."""
    found: Questions = here.ask(questions, own=not everyone)
    if found.late:
        st.subheader("Information you wait for is late" if not everyone else "Information that is late")
        _rows("information-late", found.late)
    if found.come:
        st.subheader("Answers to your questions" if not everyone else "Answers to questions")
        _rows("information-come", found.come)


def _rows(key: str, lines: Sequence[QuestionLine]) -> None:
    tables.rows(key, _listed(lines))


def _listed(lines: Sequence[QuestionLine]) -> str:
    return tables.listed(tables.link(row.reference, _cells(row)) for row in lines)


def _cells(each: QuestionLine) -> tuple[str, ...]:
    matter = one_line(each.matter, longest=_A_NAME, empty="No matter given")
    if each.answered_on is not None:
        by = one_line(each.answered_by, longest=_A_NAME)
        return matter, f"answered by {by}", f"Came {day_words(each.answered_on)}", badge.badge("answered", "green")
    near = badge.due(each.soon) if each.soon is not None else ""
    far = one_line(each.stands, longest=_A_NAME)
    return matter, f"{one_line(each.who, longest=_A_NAME)} · {far}", f"By {day_words(each.due_on)}", near
