"""Records that cannot be written to or reached: a sentence on the page, nothing typed is lost, and no restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from app.ui import resumed
from core.desk import Office
from core.permissions import Role
from core.queries.searching import search
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

TODAY = date(2026, 11, 24)
SAID = "The lift has been broken since May."


@contextmanager
def full(office: Office) -> Iterator[None]:
    """A disk with no page left: SQLite itself says so at the first write that needs one."""
    office.database.engine.dispose()

    def no_more(connection: Any, _record: Any) -> None:
        connection.execute("VACUUM")
        connection.execute("PRAGMA max_page_count=1")  # it never goes below what there is

    sa.event.listen(office.database.engine, "connect", no_more)
    try:
        yield
    finally:
        sa.event.remove(office.database.engine, "connect", no_more)
        office.database.engine.dispose()


@contextmanager
def read_only(office: Office) -> Iterator[None]:
    """Records that may be read alone: SQLite refuses each write."""
    office.database.engine.dispose()

    def reading_alone(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(office.database.engine, "connect", reading_alone)
    try:
        yield
    finally:
        sa.event.remove(office.database.engine, "connect", reading_alone)
        office.database.engine.dispose()


@contextmanager
def away(office: Office) -> Iterator[None]:
    """The place where the records lie cannot be reached."""
    place = Path(str(office.database.url.database)).parent
    office.database.engine.dispose()
    place.rename(place.with_name("elsewhere"))
    try:
        yield
    finally:
        place.with_name("elsewhere").rename(place)
        office.database.engine.dispose()


def typed(at: AppTest) -> None:
    field(at, "text_input", "Who is complaining").set_value("Alex Madeup")
    field(at, "text_input", "Phone").set_value("01632 960001")
    field(at, "text_area", "What they said, in their own words").set_value(f"{SAID} {'Again and again. ' * 1000}")
    field(at, "text_input", "The matter in a few words").set_value("Broken lift")
    field(at, "date_input", "When any of us first heard it").set_value(TODAY)
    field(at, "selectbox", "How it came").set_value("phone")
    at.run()


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (full, "disk that holds the records is full"),
        (read_only, "read-only at the moment"),
        (away, "cannot be reached"),
    ],
)
def test_records_in_trouble_are_a_sentence_and_nothing_typed_is_lost(
    council: Council, open_page: Open, trouble: Any, sentence: str
) -> None:
    """While a form is filled and sent, and it goes through once they are back, in the same page."""
    at = open_page("intake")
    with trouble(council.office):
        typed(at)
        assert not at.exception
        assert sentence in words(at)
        if trouble is not away:
            button(at, "Record a complaint").click().run()
            assert not at.exception
            assert sentence in words(at)
    if trouble is away:
        button(at, "Try again").click()
    at.run()
    assert not at.exception
    assert field(at, "text_area", "What they said, in their own words").value.startswith(SAID)
    assert field(at, "text_input", "Who is complaining").value == "Alex Madeup"
    button(at, "Record a complaint").click().run()
    assert not at.exception
    assert "Recorded “Broken lift” from Alex Madeup" in words(at)
    assert len(council.desk(Role.MANAGER).ask(search, "lift").rows) == 1


def test_a_page_that_was_refused_tells_the_browser_what_its_fields_hold_and_keeps_it(
    council: Council, open_page: Open
) -> None:
    """The browser has forgotten the field by then, and would show an empty one for words that the session has."""
    case, here = "C-2026-000001", council.desk(Role.HANDLER)
    at = open_page("case", ref=case, step="AddNote")
    field(at, "text_area", "Note").set_value("First word.").run()
    with away(council.office):
        field(at, "text_area", "Note").set_value("Second word.").run()
        assert "There is a problem" in words(at)
    assert here.kept(f"AddNote:{case}")["text"] == "First word."
    button(at, "Try again").click().run()
    shown = field(at, "text_area", "Note").proto
    assert (shown.set_value, shown.value) == (True, "Second word.")
    assert "Not saved yet" not in words(at)
    assert here.kept(f"AddNote:{case}")["text"] == "Second word."


def test_words_that_could_not_be_kept_are_kept_when_their_person_goes_elsewhere(
    council: Council, open_page: Open
) -> None:
    here = council.desk(Role.HANDLER)
    at = open_page("intake")
    with away(council.office):
        field(at, "text_area", "What they said, in their own words").set_value(SAID).run()
    assert here.kept("RecordComplaint:") == {}
    at.switch_page("pages/my_cases.py").run()
    assert not at.exception
    assert here.kept("RecordComplaint:")["words"] == SAID


def test_words_that_were_sent_before_they_could_be_kept_leave_no_draft(council: Council, open_page: Open) -> None:
    case, here = "C-2026-000001", council.desk(Role.HANDLER)
    at = open_page("case", ref=case, step="AddNote")
    with read_only(council.office):
        field(at, "text_area", "Note").set_value(SAID).run()
        assert "Not saved yet" in words(at)
    next(each for each in at.button if str(each.key).endswith(f"AddNote/{case}/send")).click().run()
    assert not at.exception
    assert SAID in words(at)
    assert here.kept(f"AddNote:{case}") == {}


def refused_in_a_part() -> None:
    """A page with a part that runs by itself and cannot be drawn."""
    import streamlit as st

    from app.ui import forms, keys
    from core.errors import NotReady

    @forms.by_itself
    def part() -> None:
        st.text_input("Matter", key=keys.form_key(person=1, step="AddNote", reference="C-1") + "/matter")
        if st.session_state.get("away"):
            raise NotReady("The records cannot be reached at the moment.")

    part()
    st.write("The rest of the page")


def test_a_part_that_runs_by_itself_says_what_it_is_refused_with() -> None:
    """What a fragment raises never reaches Home: without a sentence of its own, an error would stand there."""
    at = AppTest.from_function(refused_in_a_part).run()
    at.session_state["away"] = True
    at.run()
    assert not at.exception
    assert "The records cannot be reached at the moment" in words(at)
    assert "The rest of the page" in words(at)
    at.session_state["away"] = False
    button(at, "Try again").click().run()
    assert "The records cannot be reached" not in words(at)
    assert "Try again" not in offered(at)


def refused_before_what_was_brought_is_drawn() -> None:
    """A page that is refused in its first runs, for a browser that came from another server with a word in a field."""
    import streamlit as st

    from app.ui import keys, resumed
    from core.errors import NotReady

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.session_state[keys.BROUGHT] = {"form/1/AddNote/C-1/text": True} if st.session_state["brings"] else {}
    try:
        if st.session_state["runs"] <= st.session_state["refused"]:
            raise NotReady("The records cannot be reached at the moment.")
        st.write("The form")
    except NotReady as refusal:
        resumed.wait_for_the_records(refusal)
        st.write("Refused")


@pytest.mark.parametrize(
    ("brings", "refused", "runs", "shown"),
    [(True, 2, 3, "The form"), (True, 10_000, None, "Refused"), (False, 2, 1, "Refused")],
)
def test_a_word_that_only_the_browser_holds_waits_for_the_records(
    monkeypatch: pytest.MonkeyPatch, brings: bool, refused: int, runs: int | None, shown: str
) -> None:
    """The browser would forget a field that a refused page no longer has; after a while it is refused all the same."""
    monkeypatch.setattr(resumed, "_PAUSE", 0.01)
    monkeypatch.setattr(resumed, "_PATIENCE", 0.2)
    at = AppTest.from_function(refused_before_what_was_brought_is_drawn)
    at.session_state["brings"], at.session_state["refused"] = brings, refused
    at.run()
    assert not at.exception
    assert shown in words(at)
    assert at.session_state["runs"] == runs or (runs is None and 2 < at.session_state["runs"] < refused)
