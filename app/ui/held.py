"""What is typed into forms outlasts a run that could not draw them, as while the records cannot be reached."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from app.ui import keys

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


def _put_back() -> None:
    for key in [str(key) for key in st.session_state]:
        if key.startswith(f"{keys.FORM}/") and key.rpartition("/")[2] not in BUTTONS:
            with suppress(StreamlitAPIException):  # drawn before the run was broken off, so it stays by itself
                st.session_state[key] = st.session_state[key]
