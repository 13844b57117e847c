"""One's own next steps in one's own calendar program, under an address that nobody can guess."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, moments, notices
from app.ui.desk import desk
from app.ui.plain import plain
from core.channels.secrets import new_token
from core.commands.access import SetFeed
from core.desk import Desk
from core.errors import ComplaintsError
from core.queries.accounts import OwnAccount


def section(here: Desk, own: OwnAccount) -> None:
    """Make an address, make another one, or close it."""
    st.subheader("My next steps in a calendar", anchor=False)
    st.markdown(
        "A calendar program that is given this address shows your next steps with their dates: references and steps, "
        "and no name or word of a complaint."
    )
    there = own.calendar_since is not None
    if own.calendar_since is not None:
        st.markdown(f"There is an address since {moments.moment(own.calendar_since)}.")
    with st.container(horizontal=True):
        make = st.button("Make another address" if there else "Make an address", key=keys.account_key("feed"))
        if there:
            st.button("Close the address", key=keys.account_key("close"), on_click=_close)
    if make:
        _made(here)


def _made(here: Desk) -> None:
    """The new address, in this run alone: only its hash is kept."""
    token, hashed = new_token()
    try:
        here.do(SetFeed(token_hash=hashed))
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    st.code(f"{here.office.settings.base_url.rstrip('/')}/calendar/{token}.ics", language=None, wrap_lines=True)
    st.markdown("**This address is shown once and is gone with your next click.** An earlier one works no more.")


def _close() -> None:
    try:
        notices.say(desk().do(SetFeed()).sentences)
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)
