"""The council's list of reasons to refuse, beside clause 2.3, and how the manager changes it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.ui import forms, keys, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.permissions import Permission
from core.queries.refusals import ListedReason, refusal_reasons
from core.words import day_words

CLAUSE = "lgsco:2.3"
_STEPS = ("AddRefusalReason", "WithdrawRefusalReason")


def band(here: Desk) -> None:
    """Every reason in force with its other route; those withdrawn below; for the manager the steps that change it."""
    listed = here.ask(refusal_reasons)
    now = [each for each in listed if each.in_force]
    st.subheader(f"The council’s list: {len(now)} in force", anchor="reasons")
    if here.may(Permission.POLICY):
        _change()
    if not now:
        st.markdown("There is no reason on the list, so no complaint can be refused.")
    for each in now:
        _reason(each)
    others = [each for each in listed if not each.in_force]
    if others:
        with st.expander(f"Not in force today: {len(others)}"):
            st.markdown("\n".join(f"- {one_line(each.title)}: {_dates(each)}" for each in others))


def _reason(reason: ListedReason) -> None:
    with st.expander(f"**{one_line(reason.title)}**"):
        told = [
            f"**Where the individual can go instead**  \n{plain(reason.other_route)}",
            f"**Whom it could hit harder**  \n{plain(reason.equality_note)}",
            f"In force {_dates(reason)}. Policy: {one_line(reason.policy)}.",
        ]
        if reason.time_limit:
            told.append(f"Choosing it asks why discretion is not used ({places.clause_links(['lgsco:2.2'])}).")
        st.markdown("\n\n".join(told))


def _dates(reason: ListedReason) -> str:
    if reason.in_force_until is None:
        return f"since {day_words(reason.in_force_from)}" if reason.in_force else _begins(reason)
    if reason.in_force_until < reason.in_force_from:
        return "withdrawn before it came into force"
    return f"from {day_words(reason.in_force_from)} until {day_words(reason.in_force_until)}"


def _begins(reason: ListedReason) -> str:
    return f"from {day_words(reason.in_force_from)}"


def _change() -> None:
    """The two steps, and the form of the one that was chosen."""
    with st.container(horizontal=True, gap="small"):
        for step in _STEPS:
            st.button(COMMANDS[step].title, key=keys.step_key(step), on_click=_open, args=(step,))
    step = st.query_params.get("step", "")
    if step not in _STEPS:
        return
    with st.container(border=True):
        st.subheader(COMMANDS[step].title, anchor=False)
        forms.draw(Opened(step=step, page=places.THE_CODE, leads_to=_back_here))
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _back_here(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {"clause": places.number(CLAUSE)}


def _open(step: str) -> None:
    st.query_params["step"] = step


def _close() -> None:
    st.query_params.pop("step", None)
