"""Colleagues in words: who they are, how they get in, where they are signed in, and what they have in hand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import moments, places
from app.ui.plain import one_line
from app.ui.tables import cells
from core.queries.accounts import AccountLine, OwnAccount
from core.words import counted

SHOWN = 200


def rows(listed: Sequence[AccountLine], *, key: str) -> None:
    """One line a colleague; each is a link that opens that colleague."""
    with st.container(key=f"rows-accounts-{key}", gap=None):
        for one in listed[:SHOWN]:
            parts = (
                f"{one.role.value} · {reach(one)}",
                f"{one_line(one.sign_in_name, longest=60, empty='no account')} · {gets_in(one)}",
                seen(one),
                in_hand(one),
            )
            st.page_link(
                places.page(places.ACCOUNTS),
                label=f"**{one_line(one.name)}** {cells(*parts)}",
                query_params={"who_is": str(one.id)},
                width="stretch",
            )
    if len(listed) > SHOWN:
        st.markdown(f"The first {SHOWN} are shown. Type a name above to find another.")


def facts(one: AccountLine) -> str:
    """What is known of one colleague, as a list."""
    told = [
        f"**Role:** {one.role.value}, {reach(one)}",
        f"**Sign-in name:** {one_line(one.sign_in_name, empty='none, because there is no account')}",
        f"**Gets in by:** {gets_in(one)}",
        f"**Sessions:** {seen(one)}",
        f"**In hand:** {in_hand(one)}",
    ]
    return "\n".join(f"- {line}" for line in told)


def reach(one: AccountLine) -> str:
    """The services whose cases somebody sees."""
    return one_line(", ".join(one.services), empty="all services")


def gets_in(one: AccountLine) -> str:
    """What lets a colleague in, in words."""
    if not one.active:
        return "has left: nothing lets them in"
    if not one.has_account:
        return "cannot sign in"
    return ways(one) or "no password yet: make a one-time link"


def ways(account: AccountLine | OwnAccount) -> str:
    """Password, second factor and single sign-on in words; nothing where there is none of them."""
    found = []
    if account.has_password:
        found.append("password and second factor" if account.second_factor else "password")
    if account.single_sign_on:
        found.append("single sign-on")
    return " or ".join(found)


def seen(one: AccountLine) -> str:
    """Open sessions, and when somebody was last here."""
    if one.last_seen is None:
        return "never signed in"
    open_now = counted(one.sessions, "open session") if one.sessions else "no open session"
    return f"{open_now}, last seen {moments.moment(one.last_seen)}"


def in_hand(one: AccountLine) -> str:
    """How many open stages somebody considers."""
    return f"{counted(one.in_hand, 'stage')} in hand" if one.in_hand else "nothing in hand"
