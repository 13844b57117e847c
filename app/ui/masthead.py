"""What stands above every page: the council, the search box, and who sits here."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from app.ui import keys, places
from app.ui.desk import SignedOut, demo, desk, only_this_machine, person_from, said_in_addresses, staff
from app.ui.plain import one_line, plain
from core.desk import Desk
from core.permissions import Permission

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
SECOND_FACTOR = "/account/second-factor"


def person_here() -> Desk:
    """The desk of the person at this screen: of the session, or in the demo of whoever the address names.

    Raises NotReady for a visitor to the demo from another machine, NotPermitted when the session has ended.
    """
    if not demo():
        return desk()
    only_this_machine(st.context.ip_address)
    if st.session_state.get(keys.WHO) not in staff():
        st.session_state[keys.WHO] = person_from(st.query_params.get("who"))
    return desk()


def keep_address() -> None:
    """Write the address into the browser, once the page it belongs to is known there.

    The browser takes the query of a link to another page over by itself, but not of a link within the same page.
    """
    told = st.query_params.to_dict()
    st.query_params.from_dict({**told, "who": str(st.session_state[keys.WHO])} if demo() else told)


def show(here: Desk, *, looked_for: str = "") -> None:
    """The council's name, the search box for those who open cases, and who sits here.

    `looked_for` is what the page below tells of, and stands in the box, to be added to.
    """
    with st.container(key="masthead", horizontal=True, vertical_alignment="bottom"):
        told = "Complaints · Demo: made-up data" if demo() else "Complaints"
        st.markdown(f"**{one_line(here.office.settings.council)}**  \n{told}")
        if here.may(Permission.READ):
            st.session_state[keys.SEARCH] = looked_for
            st.text_input(
                "Find a complaint or request",
                key=keys.SEARCH,
                placeholder="Reference, name, postcode or words",
                on_change=_search,
            )
        _switch() if demo() else _signed_in(here)
    asked = st.session_state.pop(keys.SEARCH_GO, None)
    if asked:
        st.switch_page(places.FOUND, query_params={"text": asked, **said_in_addresses()})


def _switch() -> None:
    """The switch between the demo's colleagues."""
    everyone = staff()
    st.selectbox(
        "Who am I",
        list(everyone),
        key=keys.WHO,
        format_func=lambda key: f"{everyone[key].name}, {everyone[key].note}",
    )


def _signed_in(here: Desk) -> None:
    """Who is signed in, and the way out: a plain address, for the session ends outside the pages."""
    with st.container(gap=None):
        st.markdown(f"**{one_line(here.actor.name)}**, {here.actor.role.value}")
        st.html(f'<a href="{SIGN_OUT}">Sign out</a>')


def second_factor_first() -> None:
    """What somebody sees who has yet to put a second factor on: the one thing to do."""
    st.markdown(
        f"This organisation asks for a second factor before anything else: [put yours on]({SECOND_FACTOR}), "
        "then reload this page."
    )


def sign_in_again(ended: SignedOut) -> None:
    """That the session has ended, and the way back in to this very page."""
    page = urlsplit(st.context.url or "").path or "/"
    query = urlencode(st.query_params.to_dict())
    st.error(plain(ended))
    st.markdown(f"[Sign in again]({SIGN_IN}?{urlencode({'next': f'{page}?{query}' if query else page})})")


def _search() -> None:
    st.session_state[keys.SEARCH_GO] = st.session_state[keys.SEARCH].strip()
