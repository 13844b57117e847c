"""Search: any complaint or service request, open or closed, by reference, name, postcode or words."""

from __future__ import annotations

import streamlit as st

from app.ui import places, requests, saved_searches, search_choices, search_filter, tables
from app.ui.desk import guard
from app.ui.plain import one_line
from core.errors import BadInput
from core.permissions import Permission
from core.queries.facets import EVERY_CASE, Facets
from core.queries.searching import Found, FoundPage, FoundRequests, search, search_requests
from core.words import day_words

_MATTER, _PERSON = 90, 40
_NONE = FoundRequests(rows=(), before=None)
_NOTHING = "Nothing matches. Check the spelling, use fewer words, or end a word with * to find its beginnings."
_MOST_DIGITS = 18


def page() -> None:
    """What was found, complaints before service requests, the newest of each first."""
    here = guard(Permission.READ, title="Search")
    text = st.query_params.get("text", "")
    st.title("Search", anchor=False)
    facets = search_filter.facets_of(st.query_params)
    search_choices.choices(facets)
    saved_searches.band(here, looking=bool(text.strip()) or facets != EVERY_CASE)
    if not text.strip() and facets == EVERY_CASE:
        st.info("Type a reference, a name, a postcode or any words into “Find a complaint or request” above.")
        return
    with here.one_view():
        found = here.ask(search, text, facets=facets, before=_from("before"))
        asked = (
            here.ask(search_requests, text, before=_from("requests_before")) if _also_requests(text, facets) else _NONE
        )
    said = f"What matches **{one_line(text, longest=200)}**, the newest first · " if text.strip() else ""
    st.markdown(f"{said}{search_choices.count_line(found, search_filter.asked(st.query_params))}")
    if not found.rows and not asked.rows:
        st.info(_NOTHING if facets == EVERY_CASE else f"{_NOTHING} Or choose less from the lists above.")
    if found.rows:
        _complaints(found)
    if asked.rows:
        _requests(asked)


def _also_requests(text: str, facets: Facets) -> bool:
    """Requests have neither stages nor outcomes, so they are listed where nothing was chosen."""
    return bool(text.strip()) and facets == EVERY_CASE


def _from(name: str) -> int | None:
    """Where a page of results begins, as the address says."""
    given = st.query_params.get(name, "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise BadInput("This page of results does not exist. Search again from the box above.")
    return int(given) if given else None


def _complaints(found: FoundPage) -> None:
    st.subheader("Complaints", anchor=False)
    tables.links("found", [tables.link(row.reference, _cells(row)) for row in found.rows])
    if found.before is not None:
        query = {**search_filter.asked(st.query_params), "before": str(found.before)}
        st.page_link(places.page(places.FOUND), label="Older complaints", query_params=query)


def _cells(row: Found) -> tuple[str, ...]:
    owed = f"Next date {day_words(row.act_by)}" if row.act_by else "Nothing owed"
    return (
        f"{one_line(row.matter, longest=_MATTER, empty='No matter given')} · "
        f"{one_line(row.individual, longest=_PERSON, empty='name not given')}",
        row.position,
        f"Received {day_words(row.received_on)}",
        owed,
    )


def _requests(asked: FoundRequests) -> None:
    st.subheader("Service requests", anchor=False)
    requests.found(asked.rows)
    if asked.before is not None:
        query = {**search_filter.asked(st.query_params), "requests_before": str(asked.before)}
        st.page_link(places.page(places.FOUND), label="Older service requests", query_params=query)


page()
