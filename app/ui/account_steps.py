"""The steps of the Accounts page: which there are for a colleague, and the form of the one that was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from app.ui import forms, keys, places
from app.ui.opened import Opened
from core.commands.base import COMMANDS
from core.desk import Done
from core.queries.accounts import AccountLine

ADDING = "AddColleague"
SERVICE = "AddService"
_ABOUT_ONE = {"GiveAccount", "MoveColleague", "EndSessions", "RecordLeaver", "RecordReturn"}


def possible(one: AccountLine) -> tuple[str, ...]:
    """The steps there are for one colleague now."""
    if not one.active:
        return ("RecordReturn",)
    account = () if one.has_account else ("GiveAccount",)
    return (*account, "MoveColleague", *(("EndSessions",) if one.sessions else ()), "RecordLeaver")


def chosen(one: AccountLine) -> Opened | None:
    """The form the address asks for: it does not ask who, and begins with what holds now."""
    step = st.query_params.get("step", "")
    if step not in _ABOUT_ONE:
        return None
    return Opened(
        step=step,
        about=f"colleague {one.id}",
        given={"colleague_id": one.id},
        starts={"role": one.role.value, "services": one.service_ids},
        page=places.ACCOUNTS,
        leads_to=partial(_to, one.id),
    )


def _to(colleague: int, _opened: Opened, _done: Done) -> Mapping[str, str]:
    return {"who_is": str(colleague)}


def adding() -> Opened | None:
    """The form that adds a colleague or a service, when the address asks for it; a colleague's link comes next."""
    step = st.query_params.get("step")
    if step == SERVICE:
        return Opened(step=SERVICE, page=places.ACCOUNTS, leads_to=_to_the_list)
    if step != ADDING:
        return None
    return Opened(step=ADDING, page=places.ACCOUNTS, leads_to=_to_the_new_one)


def _to_the_list(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {}


def _to_the_new_one(_opened: Opened, done: Done) -> Mapping[str, str]:
    return {"who_is": str(getattr(done.events[0], "colleague_id", ""))}


def buttons(names: Sequence[str]) -> None:
    """One button a step."""
    with st.container(horizontal=True, gap="small"):
        for name in names:
            st.button(COMMANDS[name].title, key=keys.step_key(name), on_click=_open, args=(name,))


def _open(name: str) -> None:
    st.query_params["step"] = name


def form(opened: Opened) -> None:
    """The form of a step, in place."""
    with st.container(border=True):
        st.subheader(opened.command.title, anchor=False)
        forms.draw(opened)
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _close() -> None:
    st.query_params.pop("step", None)
