"""Steps that are taken on a page about no one complaint: their buttons, and the form of the one that was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import forms, step_buttons
from app.ui.opened import Opened
from core.commands.base import COMMANDS
from core.desk import Desk, Done

Listed = Mapping[str, Mapping[Any, str]]
_NOTHING: Mapping[str, Mapping[str, Any]] = {}


def buttons(here: Desk, names: Sequence[str]) -> None:
    """A button for each of these steps that this person may take."""
    step_buttons.draw([name for name in names if here.may(COMMANDS[name].needs)])


def form(
    here: Desk, names: Sequence[str], *, page: str, listed: Listed, more: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> None:
    """The form of the step that the address names, if it is one of these; `more` says how some of them differ."""
    step = st.query_params.get("step", "")
    if step not in names or not here.may(COMMANDS[step].needs):
        return
    with st.container(border=True):
        st.subheader(COMMANDS[step].title, anchor=False)
        own = more.get(step, {})
        forms.draw(Opened(step=step, page=page, listed=listed, leads_to=_back_here, **own))
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _back_here(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {name: st.query_params[name] for name in ("show",) if name in st.query_params}


def _close() -> None:
    st.query_params.pop("step", None)
