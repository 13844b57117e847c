"""What is typed into forms outlasts a run that could not draw them, as while the records cannot be reached."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.ui import keys
from app.ui.opened import Opened

BUTTONS = ("send", "drop")
"""The parts of a form that are pressed and hold nothing."""


def hold() -> None:
    """Keep what the fields of all forms hold, at the end of a run that was broken off."""
    _put_back()
    st.session_state[keys.HELD] = True


def take_up() -> None:
    """At the start of the next run: the browser has forgotten those fields, and is told anew what they hold."""
    if st.session_state.pop(keys.HELD, False):
        _put_back()


def owe(opened: Opened) -> None:
    """Note a form whose words the records could not take yet."""
    settle(opened)
    st.session_state[keys.UNKEPT] = [*st.session_state.get(keys.UNKEPT, ()), opened]


def settle(opened: Opened) -> None:
    """The words of this form are kept, sent or thrown away."""
    left = [each for each in st.session_state.get(keys.UNKEPT, ()) if each.key("") != opened.key("")]
    st.session_state[keys.UNKEPT] = left


def owed(person: int) -> list[Opened]:
    """The forms of this person whose words are still to be kept."""
    return [each for each in st.session_state.get(keys.UNKEPT, ()) if each.person == person]


def _put_back() -> None:
    for key in [str(key) for key in st.session_state]:
        if key.startswith(f"{keys.FORM}/") and key.rpartition("/")[2] not in BUTTONS:
            with suppress(StreamlitAPIException):  # drawn before the run was broken off, so it stays by itself
                st.session_state[key] = st.session_state[key]
