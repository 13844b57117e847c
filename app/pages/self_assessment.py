"""Self-assessment: the ten rows or every clause, what speaks to each, its answer, and who signs the whole."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, places, self_assessment, self_assessment_steps
from app.ui.desk import guard
from app.ui.plain import plain
from core.code.catalogue import SCHEMES
from core.code.self_assessment import FORM
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.assessment_evidence import assessment_evidence
from core.queries.self_assessment import (
    AssessmentLine,
    answers_given,
    assessment_owed,
    assessment_view,
    assessments,
)
from core.words import day_words


def page() -> None:
    """What is owed, the assessment chosen in the address, and one of its rows or clauses."""
    here = guard(Permission.FIGURES, title="Self-assessment")
    st.title("Self-assessment", anchor=False)
    st.markdown(
        "Each year, and after a large change, the council holds itself against the Code. "
        f"Clauses {places.clause_links(['lgsco:8.1', 'lgsco:8.3'])}."
    )
    with here.one_view():
        lines = here.ask(assessments)
        for owed in here.ask(assessment_owed):
            st.warning(f"**A self-assessment is owed.** {plain(owed.sentence)}")
        self_assessment_steps.opening(here)
        if not lines:
            st.info("There is no self-assessment yet. Open one; its figures then stand beside each clause.")
            return
        _one(here, _choose(lines))


def _choose(lines: tuple[AssessmentLine, ...]) -> AssessmentLine:
    """The assessment of the address, or the newest; a choice where there are several."""
    named = {str(line.id): line for line in lines}
    asked = st.query_params.get("assessment", str(lines[0].id))
    if asked not in named:
        raise BadInput("There is no such self-assessment. Choose one from the list.")
    if len(lines) > 1:
        key = keys.filter_key("assessment", "which")
        st.session_state[key] = asked
        reads = {number: _period(line) for number, line in named.items()}
        st.selectbox("Which self-assessment", list(reads), format_func=reads.get, key=key, on_change=_chosen)
    return named[asked]


def _chosen() -> None:
    st.query_params["assessment"] = st.session_state[keys.filter_key("assessment", "which")]


def _period(line: AssessmentLine) -> str:
    period = f"{day_words(line.starts_on)} to {day_words(line.ends_on)}"
    closed = "signed" if line.closed_on else "open"
    return f"{period}, {line.why}, {SCHEMES[line.scheme].short}, {closed}"


def _one(here: Desk, line: AssessmentLine) -> None:
    view = here.ask(assessment_view, line.id)
    item = st.query_params.get("item", next(iter(FORM.rows)))
    if FORM.item(item) is None:
        raise BadInput("The address names no row and no clause of the self-assessment. Choose one from the list.")
    spoken = here.ask(assessment_evidence, line.id)[item]
    self_assessment.head(view)
    left, right = st.columns([2, 3], gap="large")
    with left:
        self_assessment.rows(view, item)
    with right:
        self_assessment.requirement(view, item)
        self_assessment.evidence(here, view, item, spoken)
        self_assessment.before(view, item)
        self_assessment.given(here.ask(answers_given, line.id, item))
        self_assessment_steps.answering(here, view, item, spoken.suggested)
    self_assessment_steps.signing(here, view)
    self_assessment_steps.exports(view)


page()
