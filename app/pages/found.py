"""Search: any complaint, open or closed, by reference, name, postcode or words."""

from __future__ import annotations

import streamlit as st

from app.ui import places, tables
from app.ui.desk import guard
from app.ui.plain import one_line
from core.errors import BadInput
from core.permissions import Permission
from core.queries.searching import Found, search
from core.words import day_words


def page() -> None:
    """What was found, the newest first."""
    here = guard(Permission.READ, title="Search")
    text = st.query_params.get("text", "")
    st.title("Search", anchor=False)
    if not text.strip():
        st.info("Type a reference, a name, a postcode or any words into “Find a complaint” above.")
        return
    before = st.query_params.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise BadInput("This page of results does not exist. Search again from the box above.")
    found = here.ask(search, text, before=int(before) if before else None)
    st.markdown(f"Complaints that match **{one_line(text, longest=200)}**, open and closed, the newest first")
    if not found.rows:
        st.info("Nothing matches. Check the spelling, use fewer words, or end a word with * to find its beginnings.")
        return
    with st.container(key="rows-found", gap=None):
        for row in found.rows:
            tables.link_row(row.reference, _cells(row))
    if found.before is not None:
        st.page_link(
            places.page(places.FOUND), label="Older ones", query_params={"text": text, "before": str(found.before)}
        )


def _cells(row: Found) -> tuple[str, ...]:
    owed = f"Next date {day_words(row.act_by)}" if row.act_by else "Nothing owed"
    return (
        f"{one_line(row.matter, longest=90, empty='No matter given')} · "
        f"{one_line(row.individual, longest=40, empty='name not given')}",
        row.position,
        f"Received {day_words(row.received_on)}",
        owed,
    )


page()
