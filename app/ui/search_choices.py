"""What a search may be narrowed by, on the screen; the address keeps each choice."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.ui import keys, places, search_filter
from app.ui.desk import short_lists
from app.ui.plain import one_line
from core.queries.facets import Facets
from core.queries.searching import FoundPage
from core.words import counted

_PAGES = ("before", "requests_before")


def choices(facets: Facets) -> None:
    """The lists and days to choose from, and the way out of a search for one person’s complaints."""
    services = {"": "All services", **{str(each.id): each.name for each in short_lists().services}}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice("service", "Service", services)
        _choice("stage", "Stage", search_filter.STAGES)
        _choice("outcome", "Outcome", search_filter.FOUND_AS)
        _choice("state", "Open or closed", search_filter.STATES)
        _day("since", "Received from")
        _day("until", "Received until")
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


def _choice(name: str, label: str, reads: dict[str, str]) -> None:
    key = keys.filter_key("search", name)
    held = st.query_params.get(name, "")
    st.session_state[key] = held if held in reads else ""
    told: dict[str, Any] = {"key": key, "on_change": _set, "args": (name,)}
    st.selectbox(label, list(reads), format_func=reads.get, **told)


def _day(name: str, label: str) -> None:
    key = keys.filter_key("search", name)
    chosen = search_filter.facets_of({name: st.query_params.get(name, "")})
    st.session_state[key] = chosen.since or chosen.until
    st.date_input(label, key=key, format="DD/MM/YYYY", on_change=_set, args=(name,))


def _set(name: str) -> None:
    """A choice begins at the first page again."""
    value = st.session_state[keys.filter_key("search", name)]
    for other in (name, *_PAGES):
        st.query_params.pop(other, None)
    if value:
        st.query_params[name] = str(value)
