"""Where one is reminded by e-mail of what is due, and how to change or stop it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import streamlit as st

from app.ui import forms, keys, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core import reminding
from core.commands.base import COMMANDS, Command
from core.commands.reminders import ChooseReminders
from core.desk import Desk, Done
from core.queries.reminders import own_reminders

_STEP = ChooseReminders.__name__


def section(here: Desk) -> None:
    """What comes and to which address, or why nothing does; the step that changes it."""
    own = here.ask(own_reminders)
    st.subheader("My reminders", anchor=False)
    st.markdown(
        "Each working morning on which something of yours is due, an e-mail lists it: references and what is owed, "
        "and no name or word of a complaint. Complaints managers get a list of the week as well."
    )
    if own.trouble:
        st.markdown(plain(own.trouble))
    else:
        st.markdown(f"They go to **{one_line(own.address)}**.")
    st.button(COMMANDS[_STEP].title, key=keys.step_key(_STEP), on_click=_open)
    starts = {"wanted": own.wanted, "address": own.own}
    goes = {"page": places.MY_ACCOUNT, "leads_to": _back_here, "sends": "Save my reminders"}
    opened = Opened(step=_STEP, starts=starts, does=_choose, **goes)
    forms.finish(opened)
    if st.query_params.get("step") != _STEP:
        return
    with st.container(border=True):
        forms.draw(opened)
        st.button("Close without saving (what you typed is kept)", on_click=_close, type="tertiary")


def _choose(here: Desk, command: Command, _along: Any) -> Done:
    return reminding.choose(here, cast(ChooseReminders, command))


def _back_here(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {}


def _open() -> None:
    st.query_params["step"] = _STEP


def _close() -> None:
    st.query_params.pop("step", None)
