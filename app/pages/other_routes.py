"""Goes by another route: what the Code does not replace, counted apart from it, with the next date of each."""

from __future__ import annotations

import streamlit as st

from app.ui import places, routes
from app.ui.desk import guard
from core.code.catalogue import SCHEMES
from core.errors import BadInput
from core.permissions import Permission
from core.queries.routes import Routed, routed_cases
from core.words import counted


def page() -> None:
    """Counts by route as links, and the complaints of the one that was chosen."""
    here = guard(Permission.READ, title="Goes by another route")
    st.title("Goes by another route", anchor=False)
    chosen = st.query_params.get("route", "")
    if chosen and chosen not in SCHEMES:
        raise BadInput("There is no such route. Choose one of the links on this page.")
    found = here.ask(routed_cases, scheme=chosen)
    st.markdown(
        "Some complaints have a process of their own in law, and a landlord’s go by the Housing Ombudsman’s Code. "
        "Each keeps the day it was received and its own clocks. None of them is in the figures of the Code."
    )
    if not found.total:
        st.info("Nothing goes by another route. A case offers “Send by another route” among its next steps.")
        return
    _choices(found, chosen)
    if not found.rows:
        st.info("Nothing goes this way now. Choose another route above.")
        return
    if len(found.rows) == found.shown:
        st.markdown(f"The nearest {found.shown} are shown. Choose one route to see more of it.")
    routes.rows(found.rows)


def _choices(found: Routed, chosen: str) -> None:
    links = [_choice("All", found.total, "", chosen)]
    links += [_choice(SCHEMES[key].short, number, key, chosen) for key, number in found.counts.items()]
    st.markdown(" · ".join(links))
    if chosen:
        st.subheader(f"{SCHEMES[chosen].title}: {counted(found.counts.get(chosen, 0), 'complaint')}")
        st.markdown(f"{SCHEMES[chosen].applies} {SCHEMES[chosen].force}")


def _choice(name: str, number: int, key: str, chosen: str) -> str:
    query = {"route": key} if key else {}
    return f"**{name} {number}**" if key == chosen else f"[{name} {number}]({places.address(places.ROUTES, query)})"


page()
