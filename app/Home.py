"""The page table, and what stands above every page. Whether a person may use a page is decided by the desk."""

from __future__ import annotations

from copy import copy

import streamlit as st

from app.ui import forms, held, masthead, notices, places, resumed, style, trouble
from app.ui.desk import SignedOut, note_leaving
from core.errors import ComplaintsError
from core.permissions import Permission

MENU = {
    "": (
        (places.HOME, "Home", None),
        (places.INTAKE, "Intake", Permission.RECORD),
        (places.MY_CASES, "My cases", Permission.READ),
        (places.ESCALATIONS, "Escalations", Permission.READ),
        (places.REMEDIES, "Remedies and actions", Permission.READ),
    ),
    "Work": (
        (places.REQUESTS, "Service requests", Permission.READ),
        (places.LETTERS, "Letters", Permission.READ),
        (places.OMBUDSMAN, "Ombudsman", Permission.OUTSIDE),
        (places.SUBJECT_ACCESS, "Subject access", Permission.DISCLOSE),
        (places.RECTIFICATION, "Correct or erase data", Permission.READ),
    ),
    "Oversight": (
        (places.PERFORMANCE, "Performance", Permission.PERFORMANCE),
        (places.DASHBOARD, "Member dashboard", Permission.FIGURES),
        (places.LEARNING, "Learning", Permission.LEARN),
        (places.QUALITY, "Quality", Permission.READ),
        (places.PEOPLE, "Posts and training", Permission.CODE),
        (places.EQUALITY, "Equality", Permission.FIGURES),
        (places.FEEDBACK, "Feedback", Permission.FIGURES),
    ),
    "The Code": (
        (places.THE_CODE, "The Code", Permission.CODE),
        (places.REPORTS, "Reports", Permission.FIGURES),
        (places.SELF_ASSESSMENT, "Self-assessment", Permission.FIGURES),
        (places.POLICY, "Policy and departures", Permission.CODE),
        (places.GUIDANCE, "Guidance", Permission.CODE),
    ),
    "Organisation": (
        (places.BRING_IN, "Import", Permission.CALENDAR),
        (places.RETENTION, "Retention", Permission.RETAIN),
        (places.WORDING, "Letter wording", Permission.POLICY),
        (places.ACCOUNTS, "Accounts", Permission.ACCOUNTS),
        (places.WEB_FORMS, "Web forms", Permission.ACCOUNTS),
        (places.AUDIT, "Audit", Permission.AUDIT),
        (places.MY_ACCOUNT, "My account", Permission.OWN),
    ),
}
"""The pages by section, each with the permission it needs; those before the first section are open at any time."""
NOT_IN_THE_MENU = (
    (places.CASE, "Case"),
    (places.LETTER, "Letter"),
    (places.FOUND, "Search"),
    (places.BEHIND, "Behind a number"),
    (places.ROUTES, "Goes by another route"),
    (places.WHAT_IF, "What if"),
)

st.set_page_config(layout="wide")
resumed.begin()
held.take_up()
page = None
try:
    here = masthead.person_here()
    forms.keep_late()
    # Copies, because st.navigation marks the one page that may run, and other people's runs are under way meanwhile.
    shown = {
        section: [
            copy(places.page(file, title=title, visible=needs is None or here.may(needs)))
            for file, title, needs in pages
        ]
        for section, pages in MENU.items()
    }
    shown[""] += [copy(places.page(file, title=title, visible=False)) for file, title in NOT_IN_THE_MENU]
    page = st.navigation(shown, position="top")
    masthead.keep_address()
    style.sheet()
    found = page.url_path == places.ADDRESS[places.FOUND]
    masthead.show(here, looked_for=st.query_params.get("text", "") if found else "")
    notices.show()
    if page.url_path != places.ADDRESS[places.CASE]:
        note_leaving()
    if here.actor.limited_to is None:
        page.run()
    else:
        masthead.second_factor_first()
except SignedOut as ended:
    st.header("You are signed out")
    masthead.sign_in_again(ended)
except ComplaintsError as refusal:
    resumed.wait_for_the_records(refusal)
    if page is None:  # the browser is told all the same which page this is, and asks for that one again
        every = [*NOT_IN_THE_MENU, *((file, title) for pages in MENU.values() for file, title, _needs in pages)]
        st.navigation([copy(places.page(file, title=title, visible=False)) for file, title in every], position="hidden")
    st.header("There is a problem")
    trouble.tell(refusal, "page")
    held.hold()
else:
    resumed.over()
