"""Service requests: the ageing list with its filter in the address, one request, and the monthly review."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app.ui import keys, places, requests
from app.ui.desk import guard, short_lists
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.requests import RequestFilter, RequestPage, request_reviews, service_requests
from core.words import counted

_NAMES = ("show", "whose", "service", "words")
_SHOW = {"overdue": "Overdue", "closed": "Closed"}
_WHOSE = {"me": "Mine", "nobody": "Nobody's yet"}
_WORDS = {"unhappy": "Sounding unhappy"}


def page() -> None:
    """One request when the address names one, or else the list."""
    here = guard(Permission.READ, title="Service requests")
    reference = st.query_params.get("ref", "")
    if reference:
        requests.one(here, reference)
        return
    st.title("Service requests", anchor=False)
    st.markdown(
        "What people ask of the council, before and beside any complaint. Those that sound unhappy come first. "
        f"Clauses {places.clause_links(['lgsco:1.3', 'lgsco:1.7', 'lgsco:1.8'])}."
    )
    _filters()
    found = here.ask(service_requests, _filter(here), page=_page())
    _list(found)
    requests.review(here, here.ask(request_reviews))


def _filters() -> None:
    services = {str(each.id): each.name for each in short_lists().services}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice("show", "Which", {"": "Open", **_SHOW})
        _choice("whose", "Whose", {"": "Everyone's", **_WHOSE})
        _choice("words", "Words", {"": "Any words", **_WORDS})
        _choice("service", "Service", {"": "All services", **services})


def _choice(name: str, label: str, reads: dict[str, str]) -> None:
    """One filter; the address decides what it shows."""
    key = keys.filter_key("requests", name)
    held = st.query_params.get(name, "")
    st.session_state[key] = held if held in reads else ""
    told: dict[str, Any] = {"key": key, "on_change": _set, "args": (name,)}
    st.selectbox(label, list(reads), format_func=reads.get, **told)


def _set(name: str) -> None:
    st.query_params.pop("part", None)
    value = str(st.session_state[keys.filter_key("requests", name)])
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _filter(here: Desk) -> RequestFilter:
    asked, services = st.query_params, {str(each.id) for each in short_lists().services}
    known = {"show": {*_SHOW}, "whose": {*_WHOSE}, "words": {*_WORDS}, "service": services}
    for name, values in known.items():
        if asked.get(name) and asked[name] not in values:
            raise BadInput("The address asks for requests in a way this list does not know. Choose from the filters.")
    return RequestFilter(
        closed=asked.get("show") == "closed",
        overdue=asked.get("show") == "overdue",
        dissatisfied=asked.get("words") == "unhappy",
        owner_id=here.actor.id if asked.get("whose") == "me" else None,
        unassigned=asked.get("whose") == "nobody",
        service_id=int(asked["service"]) if asked.get("service") else None,
    )


def _page() -> int:
    text = st.query_params.get("part", "1")
    if not (text.isascii() and text.isdigit() and len(text) < len("10000")):
        raise BadInput("That page link is damaged. Go back to the first page.")
    return int(text)


def _list(found: RequestPage) -> None:
    asked = {name: st.query_params[name] for name in _NAMES if st.query_params.get(name)}
    if not found.count:
        st.info(
            "No service request is here. Take one in on Intake with “A service request”, or widen the filters above."
        )
        st.page_link(places.page(places.INTAKE), label="Take in a service request", query_params={"as": "request"})
        return
    st.markdown(f"**{counted(found.count, 'service request')}**, those sounding unhappy first, then by the day due")
    requests.rows(found.rows, back=urlencode(asked))
    here, number = places.page(places.REQUESTS), _page()
    if number > 1:
        st.page_link(here, label="Previous page", query_params={**asked, "part": str(number - 1)})
    if found.more:
        st.page_link(here, label="Next page", query_params={**asked, "part": str(number + 1)})


page()
