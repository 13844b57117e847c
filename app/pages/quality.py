"""Quality: what checks found on one's own work; for quality reviewers the samples; for those who see figures, those."""

from __future__ import annotations

import streamlit as st

from app.ui import page_steps, places, quality
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.quality import FeedbackView, SampleView, own_feedback, quality_figures, quality_samples
from core.words import month_words

_CHECKING = ("RecordCheck", "DrawSample")
_READING = ("AcknowledgeFeedback",)


def page() -> None:
    """As much of it as the role has."""
    here = guard(Permission.READ, title="Quality")
    st.title("Quality", anchor=False)
    st.markdown(
        "Each month some answered complaints are looked at again, by somebody who had no hand in them. "
        f"Clauses {places.clause_links(['lgsco:9.4', 'lgsco:9.8'])}."
    )
    with here.one_view():
        told = here.ask(own_feedback)
        drawn = here.ask(quality_samples) if here.may(Permission.QUALITY) else ()
        unread = [each for each in told if each.acknowledged_on is None]
        page_steps.buttons(here, (*_CHECKING, *(_READING if unread else ())))
        page_steps.form(here, (*_CHECKING, *_READING), page=places.QUALITY, listed=_listed(drawn, unread))
        if here.may(Permission.QUALITY):
            quality.samples(drawn)
        if here.may(Permission.HANDLE) or told or not here.may(Permission.FIGURES):
            quality.feedback(told)
        if here.may(Permission.FIGURES):
            quality.figures(here.ask(quality_figures))


def _listed(drawn: tuple[SampleView, ...], unread: list[FeedbackView]) -> page_steps.Listed:
    """What the forms choose from: what this person may check, and what they have to read."""
    return {
        "sampled": {
            each.id: f"{each.reference}, {month_words(sample.month)}"
            for sample in drawn
            for each in sample.to_check
            if not each.own
        },
        "feedback": {each.check_id: f"{each.reference}, {month_words(each.month)}" for each in unread},
    }


page()
