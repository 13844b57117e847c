"""Remedies and actions: what was promised, whose it is, and how near its day. Every view is a link."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.ui import authority, keys, places, remedies, remedy_filter
from app.ui.desk import guard, short_lists
from core.permissions import Permission
from core.queries.authority import sums_asked
from core.queries.remedies import RemediesPage, remedies_list
from core.words import counted, pounds


def page() -> None:
    """Filters, what all of it comes to, and the rows."""
    here = guard(Permission.READ, title="Remedies and actions")
    st.title("Remedies and actions", anchor=False)
    _filters()
    with here.one_view():
        authority.limits(here)
        authority.waiting(here.ask(sums_asked))
    asked = remedy_filter.asked(st.query_params)
    found = here.ask(remedies_list, remedy_filter.filter_of(st.query_params, here))
    clause = places.clause_links(["lgsco:7.3", "lgsco:6.6"])
    if not found.lines:
        st.info("Nothing here. Choose “Everyone's” above, or offer a remedy on its case with “Offer a remedy”.")
        st.markdown(f"What was promised is followed to its end. Clauses {clause}.")
        return
    _totals(found, asked, clause)
    remedies.rows(found.lines, back="")


def _totals(found: RemediesPage, asked: dict[str, str], clause: str) -> None:
    """How many, what money was offered and paid with them, and the export of exactly these."""
    export = f"[Export these as CSV]({places.own_route('/export/remedies.csv', asked)})"
    money = f"{pounds(found.offered_pence)} offered, {pounds(found.paid_pence)} paid"
    shown = f" The nearest {len(found.lines)} are shown." if len(found.lines) < found.count else ""
    st.markdown(f"**{counted(found.count, 'remedy', 'remedies')}** · {money}.{shown} · {export} · Clauses {clause}.")


def _filters() -> None:
    services = {"": "All services", **{str(each.id): each.name for each in short_lists().services}}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice("whose", "Whose", remedy_filter.WHOSE)
        _choice("shown", "Which", remedy_filter.SHOWN)
        _choice("service", "Service", services)


def _choice(name: str, label: str, reads: dict[str, str]) -> None:
    """One filter; the address decides what it shows."""
    key = keys.filter_key("remedies", name)
    held = st.query_params.get(name, "")
    st.session_state[key] = held if held in reads else next(iter(reads))
    told: dict[str, Any] = {"key": key, "on_change": _set, "args": (name,)}
    st.selectbox(label, list(reads), format_func=reads.get, **told)


def _set(name: str) -> None:
    value = str(st.session_state[keys.filter_key("remedies", name)])
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = value


page()
