"""What a browser still shows when its session begins anew, as after a restart of the server: it stays as it is.

A tab that finds the server again tells what its fields hold. A draft written over them would take away the words that
were typed since the draft was kept, so a form fills in only what the browser does not hold.
"""

from __future__ import annotations

from time import monotonic, sleep

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import is_keyed_element_id, user_key_from_element_id

from app.ui import keys
from core.errors import ComplaintsError, NotReady

_PATIENCE, _PAUSE = 20.0, 0.5
"""Seconds for which a run waits for the records, and between two looks at them; shorter than a server waits to end."""


def begin() -> None:
    """Note which fields the browser brought and whether with a value, until a run of this session has come to its end.

    Somebody who types on while the first run is under way cuts it short, and the next one is the first again.
    """
    if st.session_state.get(keys.BROUGHT, {}) is not None:
        st.session_state[keys.BROUGHT] = _brought()


def over() -> None:
    """A run has come to its end: from now on the session knows its fields itself."""
    st.session_state[keys.BROUGHT] = None


def wait_for_the_records(refusal: ComplaintsError) -> None:
    """Run once more in a moment, where a run was refused before it drew what the browser brought.

    Those words may be nowhere but in the browser, and it forgets a field that the page no longer has.
    """
    if not isinstance(refusal, NotReady) or not anything():
        return
    if monotonic() < st.session_state.setdefault(keys.WAITS_UNTIL, monotonic() + _PATIENCE):
        sleep(_PAUSE)
        st.rerun()


def stays(key: str, *, draft: object) -> bool:
    """Whether a field stays as the browser shows it: it has a value, or the draft has none to put there."""
    brought = st.session_state.get(keys.BROUGHT) or {}
    return key in brought and (brought[key] or not draft)


def anything() -> bool:
    """Whether the browser brought any field at all: it does when its session begins anew."""
    return bool(st.session_state.get(keys.BROUGHT))


def told(key: str) -> bool:
    """Whether the browser brought a value for a field, which no draft may know yet."""
    return bool((st.session_state.get(keys.BROUGHT) or {}).get(key))


def _brought() -> dict[str, bool]:
    context = get_script_run_ctx()
    states = context.session_state.get_widget_states() if context is not None else []
    return {str(user_key_from_element_id(each.id)): _says(each) for each in states if is_keyed_element_id(each.id)}


def _says(state: WidgetState) -> bool:
    """Whether a field holds anything: words, a day, a choice, a tick."""
    kind = state.WhichOneof("value")
    value = getattr(state, kind) if kind else None
    return bool(getattr(value, "data", value))
