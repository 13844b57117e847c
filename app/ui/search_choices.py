"""What a search may be narrowed by, on the screen; the address keeps each choice."""

from __future__ import annotations

import streamlit as st

from app.ui import places, search_filter
from app.ui.desk import short_lists
from app.ui.kept_choices import choice, day
from app.ui.plain import one_line
from core.queries.facets import Facets
from core.queries.searching import FoundPage
from core.words import counted

_PAGES = ("before", "requests_before")
"""A choice begins at the first page again."""


def choices(facets: Facets) -> None:
    """The lists and days to choose from, and the way out of a search for one person’s complaints."""
    services = {"": "All services", **{str(each.id): each.name for each in short_lists().services}}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        choice("search", "service", "Service", services, drops=_PAGES)
        choice("search", "stage", "Stage", search_filter.STAGES, drops=_PAGES)
        choice("search", "outcome", "Outcome", search_filter.FOUND_AS, drops=_PAGES)
        choice("search", "state", "Open or closed", search_filter.STATES, drops=_PAGES)
        day("search", "since", "Received from", facets.since, drops=_PAGES)
        day("search", "until", "Received until", facets.until, drops=_PAGES)
    if facets.person_of:
        rest = {name: value for name, value in search_filter.asked(st.query_params).items() if name != "person"}
        st.markdown(
            f"Complaints from the same e-mail address, telephone number, or name and postcode as "
            f"{one_line(facets.person_of)}. [Look at everybody’s]({places.address(places.FOUND, rest)})"
        )


def count_line(found: FoundPage, asked: dict[str, str]) -> str:
    """How many there are, and the export of exactly these."""
    many = counted(found.count, "complaint") if not found.more else f"{found.count_words} complaints"
    if not found.count:
        return f"**{many.capitalize()}**"
    return f"**{many.capitalize()}** · [Export these as CSV]({places.own_route('/export/search.csv', asked)})"
