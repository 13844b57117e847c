"""Accounts: joiners, movers and leavers; how each colleague gets in, and where they are signed in."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import account_links, account_steps, colleagues, forms, keys, places
from app.ui.desk import demo, guard
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries import accounts
from core.queries.accounts import AccountLine
from core.words import counted


def page() -> None:
    """One colleague with the steps there are, or everybody."""
    here = guard(Permission.ACCOUNTS, title="Accounts")
    st.title("Accounts", anchor=False)
    if demo():
        st.markdown("In the sample council nobody signs in. Everything else here works as it does in real use.")
    listed = here.ask(accounts.colleagues)
    wanted = st.query_params.get("who_is", "")
    one = next((each for each in listed if str(each.id) == wanted), None)
    if one is not None:
        _one(here, one)
        return
    if wanted:
        st.info("There is no such colleague. Choose one from the list.")
    _everyone(listed)


def _everyone(listed: Sequence[AccountLine]) -> None:
    """Those who are here, those who left, and the way to add somebody."""
    account_steps.buttons([account_steps.ADDING, account_steps.SERVICE])
    adding = account_steps.adding()
    if adding is not None:
        account_steps.form(adding)
    key = keys.filter_key("accounts", "name")
    st.session_state[key] = st.query_params.get("name", "")
    st.text_input("Name, role or service", key=key, on_change=_filter, width=420)
    words = st.query_params.get("name", "").casefold().split()
    found = [one for one in listed if all(word in _text(one) for word in words)]
    here = [one for one in found if one.active]
    left = [one for one in found if not one.active]
    able = sum(bool(colleagues.ways(one)) for one in here)
    st.subheader(f"{counted(len(here), 'colleague')}, {able} of them can sign in", anchor=False)
    colleagues.rows(here, key="here")
    if left:
        st.subheader(f"{len(left)} who left", anchor=False)
        colleagues.rows(left, key="left")
    if not found:
        st.info("Nobody fits these words. Use fewer.")


def _text(one: AccountLine) -> str:
    return " ".join((one.name, one.role.value, one.sign_in_name, *one.services)).casefold()


def _filter() -> None:
    typed = str(st.session_state[keys.filter_key("accounts", "name")]).strip()
    st.query_params.pop("name", None)
    if typed:
        st.query_params["name"] = typed


def _one(here: Desk, one: AccountLine) -> None:
    """One colleague: what is known, what can be done, and the form of the step that was chosen."""
    st.page_link(places.page(places.ACCOUNTS), label="Back to everybody", icon=":material/arrow_back:")
    opened = account_steps.chosen(one)
    if opened is not None:
        forms.finish(opened)
    steps = account_steps.possible(one)
    known, todo = st.columns([3, 2], gap="large")
    with todo:
        account_steps.buttons(steps)
        made = one.active and one.has_account and account_links.offer(here, one)
    with known:
        if made:  # which may have taken their second factor off
            one = next(each for each in here.ask(accounts.colleagues) if each.id == one.id)
        st.subheader(one_line(one.name), anchor=False)
        st.markdown(colleagues.facts(one))
    if opened is not None and opened.step in steps:
        account_steps.form(opened)


page()
