"""What stands above every page: the council, the search box, and who sits here."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, places
from app.ui.desk import desk, only_this_machine, person_from, staff
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission


def person_here() -> Desk:
    """The desk of the person at this screen, kept in the session and in the address.

    Raises NotReady for a visitor from another machine, and in live mode.
    """
    only_this_machine(st.context.ip_address)
    if st.session_state.get(keys.WHO) not in staff():
        st.session_state[keys.WHO] = person_from(st.query_params.get("who"))
    person = str(st.session_state[keys.WHO])
    if st.query_params.get("who") != person:
        st.query_params["who"] = person
    return desk()


def show(here: Desk) -> None:
    """The council's name, the search box for those who open cases, and the switch between demo colleagues."""
    with st.container(key="masthead"):
        council, search, who = st.columns([5, 4, 4], vertical_alignment="bottom")
        council.markdown(f"**{one_line(here.office.settings.council)}**  \nComplaints · Demo: made-up data")
        if here.may(Permission.READ):
            search.text_input(
                "Find a complaint",
                key=keys.SEARCH,
                placeholder="Reference, name, postcode or words",
                on_change=_search,
            )
        everyone = staff()
        who.selectbox(
            "Who am I",
            list(everyone),
            key=keys.WHO,
            format_func=lambda key: f"{everyone[key].name}, {everyone[key].note}",
        )
    asked = st.session_state.pop(keys.SEARCH_GO, None)
    if asked:
        st.switch_page(places.FOUND, query_params={"text": asked})


def _search() -> None:
    st.session_state[keys.SEARCH_GO] = st.session_state[keys.SEARCH].strip()
    st.session_state[keys.SEARCH] = ""
