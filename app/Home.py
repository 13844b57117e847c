"""The page table, and what stands above every page. Whether a person may use a page is decided by the desk."""

from __future__ import annotations

import streamlit as st

from app.ui import masthead, notices, places, style
from app.ui.plain import plain
from core.errors import ComplaintsError
from core.permissions import Permission

PAGES = (
    (places.HOME, "Home", None),
    (places.INTAKE, "Intake", Permission.RECORD),
    (places.MY_CASES, "My cases", Permission.READ),
    (places.ESCALATIONS, "Escalations", Permission.READ),
    (places.THE_CODE, "The Code", Permission.CODE),
    (places.BRING_IN, "Import", Permission.CALENDAR),
)
NOT_IN_THE_MENU = ((places.CASE, "Case"), (places.FOUND, "Search"))

st.set_page_config(layout="wide")
try:
    here = masthead.person_here()
    shown = [
        st.Page(
            file,
            title=title,
            url_path=places.ADDRESS.get(file),
            default=file == places.HOME,
            visibility="visible" if needs is None or here.may(needs) else "hidden",
        )
        for file, title, needs in PAGES
    ]
    hidden = [
        st.Page(file, title=title, url_path=places.ADDRESS[file], visibility="hidden")
        for file, title in NOT_IN_THE_MENU
    ]
    page = st.navigation([*shown, *hidden], position="top")
    style.sheet()
    masthead.show(here)
    notices.show()
    page.run()
except ComplaintsError as refusal:
    st.header("There is a problem")
    st.error(plain(refusal))
