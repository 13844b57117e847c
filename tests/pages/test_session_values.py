"""What a session holds is the same whether it is copied whole or looked up one by one."""

from __future__ import annotations

import pytest
from streamlit.navigation.page import Page
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from app.ui import session_values


def a_page() -> None:
    """Fields with and without a key, one that is empty, one not drawn any more, and what is no field."""
    import streamlit as st

    st.session_state.setdefault("told", {"a": 1})
    st.session_state.setdefault("nothing", None)
    st.text_input("Empty", key="empty", value=None)
    st.text_input("Begins empty, and something was put there", "begins", key="filled")
    st.selectbox("Choice", ["one", "two"], key="choice")
    st.number_input("Without a key", value=3)
    if st.checkbox("More", key="more", value=True):
        st.text_area("Now and then", key="sometimes", value="words")


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields ask for their own value alone, until the end of this test."""
    monkeypatch.setattr(SessionState, "filtered_state", SessionState.filtered_state)
    session_values.one_by_one()


def session_of(at: AppTest) -> SessionState:
    """The library's own session behind what a test sees of it."""
    found = at.session_state
    while not isinstance(found, SessionState):
        found = object.__getattribute__(found, "_state")
    return found


def test_each_name_is_answered_as_from_the_copy_of_all() -> None:
    """Names of fields and of values; no name of the library's own, and none that was never said."""
    at = AppTest.from_function(a_page).run()
    at.checkbox[0].uncheck().run()
    session = session_of(at)
    whole, values = session_values.of_all(session), session_values.Values(session)
    assert dict(values) == whole
    assert len(values) == len(whole) > 4
    assert repr(values) == repr(whole)
    names = {*whole, *session._keys(), "sometimes", "never said", "$$STREAMLIT_INTERNAL_KEY_x"}
    assert {name for name in names if name in values} == set(whole)


def used() -> list[object]:
    """What the fields hold after some were filled in and some emptied."""
    at = AppTest.from_function(a_page).run()
    at.session_state["filled"] = None
    at.session_state["choice"] = None
    at.text_area[0].input("other words").run()
    assert list(at.exception) == []
    return [*(each.value for each in at.text_input), at.selectbox[0].value, at.text_area[0].value]


def test_fields_hold_the_same_either_way(request: pytest.FixtureRequest) -> None:
    """What was put there, what was typed and what was taken away."""
    before = used()
    request.getfixturevalue("one_by_one")
    assert used() == before
    assert before[-1] == "other words"
    assert isinstance(SessionState().filtered_state, session_values.Values)


def test_the_library_still_works_out_the_hash_that_a_page_keeps() -> None:
    """A hash that is a property there may be kept here; the pages' own tests prove that it is the right one."""
    assert isinstance(Page.__dict__["_script_hash"], property)
    assert isinstance(SessionState.__dict__["filtered_state"], property)
