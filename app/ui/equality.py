"""The equality questions: their band on a case, and the figures of those who chose to answer."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.ui import step_buttons
from app.ui.plain import one_line
from core.code.monitoring import QUESTIONS, answers_to
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.monitoring import EqualityFigures, QuestionFigures
from core.rules.monitoring import MonitoringReply
from core.rules.steps import APART_STEPS
from core.words import day_words, share

_STANDS = {
    None: "Not asked yet. Nobody has to be, and whoever is may leave any of them out.",
    MonitoringReply.OFFERED: "Offered, and no answer yet.",
    MonitoringReply.ANSWERED: "Answered. The answers are counted apart, and nothing leads from here to them.",
    MonitoringReply.DECLINED: "Offered, and they would rather not answer any.",
}
_NOT_SHOWN = "not shown"


def listed() -> Mapping[str, Mapping[str, str]]:
    """The lists the questions are answered from."""
    return {f"equality_{key}": answers_to(key) for key in QUESTIONS}


def band(here: Desk, said: MonitoringReply | None) -> None:
    """Whether the individual was asked, and the step that asks while they were not."""
    st.markdown(f"### Equality questions (optional)\n\n{_STANDS[said]}")
    if said in (None, MonitoringReply.OFFERED):
        step_buttons.draw([name for name in APART_STEPS if here.may(COMMANDS[name].needs)])


def figures(found: EqualityFigures) -> None:
    """Each question as a small table: the answers, and how many of those who answered it gave them."""
    st.markdown(
        f"Complaints received from {day_words(found.since)} to {day_words(found.until)}, of those who chose to answer. "
        f"An answer chosen by fewer than {found.fewest} people is not shown, nor any other from which it could be "
        "worked out. A quarter is shown once it is over."
    )
    if not found.anything:
        st.info(
            f"Fewer than {found.fewest} people answered in these quarters, so there is nothing to show. The questions "
            "are asked from a case’s page, under “Equality questions (optional)”."
        )
        return
    for question in found.questions:
        st.markdown("\n".join(_table(question)))


def _table(question: QuestionFigures) -> list[str]:
    head = [f"### {question.title}", ""]
    if question.answered is None:
        return [*head, "Too few people answered this question for anything to be shown."]
    rows = [
        f"| {one_line(line.title)} | {_NOT_SHOWN if line.people is None else share(line.people, question.answered)} |"
        for line in question.lines
    ]
    return [*head, "| Answer | Of those who answered |", "| --- | --- |", *rows]
