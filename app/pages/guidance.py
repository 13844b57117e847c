"""Guidance: guides, focus reports, policies and training, each beside the step it helps with."""

from __future__ import annotations

import streamlit as st

from app.ui import guidance, page_steps, places
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.guidance import Shelf, guidance_shelf

_STEPS = ("ShelveGuidance", "ReviewGuidance", "WithdrawGuidance")


def page() -> None:
    """The shelf for everybody, and the ways to keep it for the complaints manager."""
    here = guard(Permission.CODE, title="Guidance")
    st.title("Guidance", anchor=False)
    st.markdown(
        "What helps to do this work well. Each entry is named beside the form of the steps it helps with. "
        f"Clauses {places.clause_links(['lgsco:4.3', 'lgsco:7.5', 'lgsco:9.4'])}."
    )
    with here.one_view():
        found = here.ask(guidance_shelf)
        suggests = ("ShelveSuggestions",) if found.suggested else ()
        page_steps.buttons(here, (*_STEPS[: len(_STEPS) if found.standing else 1], *suggests))
        page_steps.form(here, (*_STEPS, *suggests), page=places.GUIDANCE, listed=_listed(found))
        guidance.shelf(here, found)
        if here.may(Permission.POLICY):
            guidance.add_file(here, {each.id: each.title for each in found.standing})


def _listed(found: Shelf) -> page_steps.Listed:
    """What the forms choose from."""
    return {"steps": guidance.steps(), "guidance": {each.id: each.title for each in found.standing}}


page()
