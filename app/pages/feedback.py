"""Feedback: how people found the way their complaint was dealt with, in figures from which nobody is picked out."""

from __future__ import annotations

import streamlit as st

from app.ui import feedback
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.survey import survey_comments, survey_figures


def page() -> None:
    """The figures of the months that are over, and for those who read cases what people added."""
    here = guard(Permission.FIGURES, title="Feedback")
    st.title("Feedback", anchor=False)
    feedback.figures(here.ask(survey_figures))
    if here.may(Permission.READ):
        feedback.comments(here.ask(survey_comments))


page()
