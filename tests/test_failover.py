"""A short form of `python3 go.py prove failover`, and what its count of lost words and doubled steps is worth."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.prove_failover import fail_over, figures
from bench.surviving import HeldScreen
from bench.typists import Failover, Form, Officer, compared
from core.commands.recording import AddNote
from core.desk import Office
from tests.builders import Story

TYPED = "The bins were missed again. (7)"


@pytest.mark.slow
@pytest.mark.postgres
def test_words_typed_while_their_database_is_killed_are_kept() -> None:
    found = fail_over(times=1, officers=3, replicas=1, kinds=("database",), think=0.2, calm=1.0)
    wrong = [*found.lost, *found.steps_lost, *found.steps_doubled, *found.fell_through]
    assert (wrong, found.found.faults) == ([], 0), found
    assert found.typed > 0
    assert found.database_kills == 1


def drawn(name: str, value: str = "") -> ForwardMsg:
    """A text area with what the page puts into it, if anything."""
    message = ForwardMsg()
    area = message.delta.new_element.text_area
    area.id, area.value, area.set_value = f"form/{name}", value, bool(value)
    return message


def run_of(*elements: ForwardMsg, part: str = "", clock: str = "") -> list[ForwardMsg]:
    """A whole run of the page, or of a part of it; `clock` names a part that has one."""
    begins, ends = ForwardMsg(), ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    begins.new_session.initialize.session_id = "one"
    if part:
        begins.metadata.run.fragment_ids.append(part)
    ticks = []
    if clock:
        ticks = [ForwardMsg()]
        ticks[0].auto_rerun.fragment_id = clock
    return [begins, *elements, *ticks, ends]


def sees(screen: HeldScreen, messages: list[ForwardMsg]) -> HeldScreen:
    """The screen once it has taken all of them in; only the last ends a run."""
    assert [screen.sees(each) for each in messages] == [False] * (len(messages) - 1) + [True]
    return screen


class Gone:
    """A tab whose server goes away at each act; its screen is then as the test has it."""

    def __init__(self, screen: HeldScreen) -> None:
        self.screen = screen

    async def does(self, _request: Any) -> bool:
        """The server was gone, and the page has run again."""
        return False


@pytest.fixture
def officer(office: Office, story: Story) -> Officer:
    """An officer with a form for a note, whose field the screen shows empty whatever is typed into it."""

    class Empty(HeldScreen):
        def holds(self, name: str) -> str:
            return ""

    screen = sees(Empty(query="step=AddNote"), run_of(drawn("text")))
    case = story.record()
    form = Form("case", f"ref={case}&step=AddNote", "text", f"AddNote:{case}", sent=True)
    return Officer(story.desks.handler, Gone(screen), [form], Failover(), seed=1)  # type: ignore[arg-type]


def test_a_word_that_is_neither_on_the_screen_nor_in_the_draft_is_counted_as_lost(officer: Officer) -> None:
    (form,) = officer.forms
    officer.desk.keep(form.draft, {"text": TYPED})
    asyncio.run(officer.types(form, TYPED))
    assert (officer.told.typed, officer.told.lost) == (1, [])
    officer.desk.drop(form.draft)
    asyncio.run(officer.types(form, TYPED))
    assert len(officer.told.lost) == 1
    assert TYPED in officer.told.lost[0]


def test_the_end_counts_drafts_that_are_gone_or_older_and_notes_that_are_missing_or_there_twice(
    office: Office, officer: Officer
) -> None:
    (form,) = officer.forms
    told, case = officer.told, form.draft.partition(":")[2]
    officer.open[form] = TYPED
    officer.desk.keep(form.draft, {"text": TYPED})
    officer.desk.do(AddNote(reference=case, text="Rang at noon. (1)"))
    officer.sent = ["Rang at noon. (1)"]
    compared(office, [officer], told)
    assert (told.drafts, told.lost, told.steps_lost, told.steps_doubled) == (1, [], [], [])
    officer.desk.keep(form.draft, {"text": TYPED[:-4]})
    officer.desk.do(AddNote(reference=case, text="Rang at noon. (1)"))
    officer.sent.append("Rang at one. (2)")
    compared(office, [officer], told)
    assert (len(told.lost), told.steps_lost, told.steps_doubled) == (1, ["Rang at one. (2)"], ["Rang at noon. (1)"])
    assert {each.name for each in figures(told, 0) if not each.ok} >= {
        "failover.lost",
        "failover.steps_lost",
        "failover.steps_doubled",
    }


# --------------------------------------------------------------------------------------- a screen that holds its fields


def test_a_screen_holds_what_was_typed_until_the_page_puts_something_else_there_or_has_no_such_field() -> None:
    screen = sees(HeldScreen(), run_of(drawn("text"), drawn("other", "Kept before")))
    assert (screen.holds("text"), screen.holds("other"), screen.holds("none")) == ("", "Kept before", None)
    screen.types("text", "Rang")
    sees(screen, run_of(drawn("text"), drawn("other")))
    assert (screen.holds("text"), screen.holds("other")) == ("Rang", "Kept before")
    sees(screen, run_of(drawn("text", "Another")))
    assert screen.holds("text") == "Another"
    held = [each.id for each in screen.comes_again().rerun_script.widget_states.widgets]
    assert held == ["form/text"]
    sees(screen, run_of())
    sees(screen, run_of(drawn("text")))
    assert screen.holds("text") == ""


def test_a_browser_asks_for_its_page_by_itself_after_a_run_of_a_part_a_clock_or_one_cut_off() -> None:
    assert not sees(HeldScreen(), run_of(drawn("text"))).asks_by_itself
    assert sees(HeldScreen(), run_of(drawn("text"), part="form")).asks_by_itself
    assert sees(HeldScreen(), run_of(drawn("text"), clock="form")).asks_by_itself
    cut_off = HeldScreen()
    cut_off.sees(run_of()[0])
    assert cut_off.asks_by_itself
    again = sees(HeldScreen(), run_of(clock="form"))
    assert not sees(again, run_of()).asks_by_itself
