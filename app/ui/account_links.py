"""One-time links on the Accounts page: made at a click, shown in that one run, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app.ui import keys, moments
from app.ui.plain import one_line, plain
from core import entrance
from core.commands.accounts import MakeLink
from core.desk import Desk
from core.errors import ComplaintsError
from core.queries.accounts import AccountLine


def offer(here: Desk, one: AccountLine) -> bool:
    """The button that makes a link, and the link itself until the next click; whether one was made.

    It stands in no address, draft or session state: this run alone knows it, and the next one has forgotten it.
    """
    st.markdown(f"**{MakeLink.title}**  \nWith it they choose a password, or use single sign-on. An earlier one stops.")
    lost = one.second_factor and st.checkbox(
        "Their second factor is lost: take it off as well", key=keys.account_key(f"lost/{one.id}")
    )
    if not st.button(MakeLink.title, key=keys.account_key(f"link/{one.id}")):
        return False
    try:
        address = entrance.make_link(here, one.id, forget_second_factor=lost)
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return False
    office = here.office
    until = moments.moment(office.now() + timedelta(hours=office.settings.link_hours))
    st.code(address, language=None, wrap_lines=True)
    st.markdown(
        f"**This link is shown once and is gone with your next click.** Give it to {one_line(one.name)} in person, by "
        f"phone or by a way you trust: whoever opens it first has the account. It works once, until {until}."
    )
    return True
