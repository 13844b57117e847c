"""What a person can do whose role does not open cases, as the links of their Home."""

from __future__ import annotations

import streamlit as st

from app.ui import places
from core.desk import Desk
from core.permissions import Permission

_OTHER_WORK = (
    (Permission.RECORD, places.INTAKE, "Record a complaint that somebody has told you"),
    (Permission.ACCOUNTS, places.ACCOUNTS, "Add colleagues, move them, and see who is signed in"),
    (Permission.CALENDAR, places.BRING_IN, "Keep the bank holidays up to date"),
    (Permission.FIGURES, places.DASHBOARD, "Read the figures of a quarter or a year"),
    (Permission.FIGURES, places.SELF_ASSESSMENT, "Read how the council holds itself against the Code"),
    (Permission.FIGURES, places.EQUALITY, "See who complains, of those who chose to say"),
    (Permission.FIGURES, places.FEEDBACK, "See how people found the way we dealt with their complaint"),
    (Permission.FIGURES, places.REPORTS, "Read the packs and reports, and record that you received them"),
    (Permission.CODE, places.THE_CODE, "Read how the Code is applied here"),
    (Permission.OWN, places.MY_ACCOUNT, "Look after your own account"),
)


def links(here: Desk) -> None:
    """A line for each page that this person may use."""
    st.markdown("Your role does not open cases. This is what you can do here:")
    with st.container(key="rows-count-other"):
        for permission, page, label in _OTHER_WORK:
            if here.may(permission):
                st.page_link(places.page(page), label=label, width="stretch")
