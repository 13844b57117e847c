"""Correct or erase: what people ask of the data about them, by when it is owed, and how it was answered."""

from __future__ import annotations

import streamlit as st

from app.ui import rectification
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.rectification import rectification_requests


def page() -> None:
    """The requests, with the steps that are open."""
    here = guard(Permission.READ, title="Correct or erase data")
    st.title("Correct or erase data", anchor=False)
    st.markdown(
        "Anybody may ask to have data about them put right or erased, in any words. They are answered within one month "
        "(UK GDPR, Articles 12, 16 and 17). It is no stage of a complaint, and the complaint goes on meanwhile."
    )
    rectification.finish()
    rectification.record(here)
    rectification.lists(here, here.ask(rectification_requests))


page()
