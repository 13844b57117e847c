"""An answer given before is given again only while nothing is recorded, to the same person, on the same day."""

from __future__ import annotations

import dataclasses
import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.errors import NotFound
from core.permissions import SYSTEM, Role
from core.queries.base import Asking
from core.queries.cases import case_view
from core.queries.queue import QueueFilter, queue
from core.store.answers import Answers
from core.store.engine import UNRECORDED
from tests.builders import Story, day
from tests.commands.test_matrix import query_functions
from tests.conftest import Desks
from tests.people import joined
from tests.store.test_scope import ASKED, Kept, kept

__all__ = ["kept"]
# Changed in one transaction with what they are made from, which is recorded.
FOLLOWS_THE_RECORD = {"search_doc", "case_doc", "request_doc", "counter"}
COUNTED_FROM_THE_RECORD = {"month_count", "month_slice"}  # and taken only where counting again would give the same
FROM_THE_POLICY = {"policy_today", "intake_clock"}  # which comes with every question
CHANGES_BY_ITSELF = (UNRECORDED - FOLLOWS_THE_RECORD - COUNTED_FROM_THE_RECORD) | {"outbox", "lease"}


class NoHour:
    """Stands where the hour would be: whoever asks it anything is found out."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"a kept answer follows from the hour ({name})")

    __add__ = __sub__ = __radd__ = __rsub__ = __lt__ = __gt__ = __le__ = __ge__ = __eq__ = __getattribute__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def test_asked_again_the_answer_is_the_one_given_before(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    first = desks.handler.ask(case_view, reference)
    assert desks.handler.ask(case_view, reference) is first
    assert Desk(story.office, desks.handler.actor).ask(case_view, reference) is first
    with desks.handler.one_view():
        assert desks.handler.ask(case_view, reference) is first
    assert desks.other_handler.ask(case_view, reference) is not first


def test_whatever_is_recorded_by_whichever_process_is_in_the_next_answer(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    before = desks.handler.ask(case_view, reference)
    other = Office(story.office.settings, clock=story.office.clock)
    try:
        Desk(other, desks.manager.actor).do(AddNote(reference=reference, text="From another process."))
    finally:
        other.close()
    assert len(desks.handler.ask(case_view, reference).notes) == len(before.notes) + 1


def test_a_case_that_became_confidential_is_gone_at_the_next_question(story: Story, desks: Desks) -> None:
    """Nothing kept stays on a screen that may no longer show it [lgsco:5.8]."""
    reference = story.acknowledged()
    assert desks.manager.ask(case_view, reference).reference == reference
    assert desks.manager.ask(queue, QueueFilter()).count == 1
    story.keep_confidential(reference, joined(story.office, "Mia Manager", Role.MANAGER))
    with pytest.raises(NotFound):
        desks.manager.ask(case_view, reference)
    assert desks.manager.ask(queue, QueueFilter()).count == 0


def test_a_question_asked_again_begins_no_view_until_something_is_recorded(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A glance at the ledger tells. While the database does not answer it, the question goes the way it always did."""
    reference = story.acknowledged()
    first = desks.handler.ask(case_view, reference)
    database = story.office.database
    reading, glance = database.reading, database.glance
    with monkeypatch.context() as away:
        away.setattr(database, "reading", lambda: pytest.fail("a view was begun"))
        assert desks.handler.ask(case_view, reference) is first
        away.setattr(database, "glance", lambda _statement: glance("SELECT nothing"))
        away.setattr(database, "reading", reading)
        assert desks.handler.ask(case_view, reference) == first
    desks.handler.do(AddNote(reference=reference, text="Rang back."))
    assert len(desks.handler.ask(case_view, reference).notes) == len(first.notes) + 1


def test_a_run_of_a_page_sees_what_it_records_and_soon_what_others_do(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One glance serves a run for a moment, and none of it outlives a step of its own."""
    reference = story.acknowledged()
    glances = story.office.database.glances
    with glances.in_one_run():
        first = len(desks.handler.ask(case_view, reference).notes)
        desks.handler.do(AddNote(reference=reference, text="Rang back."))
        assert len(desks.handler.ask(case_view, reference).notes) == first + 1
        other = threading.Thread(target=lambda: desks.manager.do(AddNote(reference=reference, text="So did I.")))
        other.start()
        other.join()
        monkeypatch.setattr("core.store.glances._MOMENT", 0.0)
        assert len(desks.handler.ask(case_view, reference).notes) == first + 2


def test_the_next_day_is_another_question(story: Story, desks: Desks) -> None:
    reference = story.record(day("2026-09-07"))
    first = desks.handler.ask(case_view, reference).clocks
    story.on(day("2026-09-10"))
    assert desks.handler.ask(case_view, reference).clocks != first


def test_another_role_or_service_is_another_question(story: Story, desks: Desks) -> None:
    story.acknowledged()
    everything = desks.handler.ask(queue, QueueFilter())
    scoped = Desk(story.office, dataclasses.replace(desks.handler.actor, services=frozenset({2})))
    assert everything.count == 1
    assert scoped.ask(queue, QueueFilter()).count == 0


def test_whoever_looks_at_an_older_state_answers_from_it_and_spoils_nothing() -> None:
    answers = Answers()
    assert answers.of((2, "b"), "how many?", lambda: 2) == 2
    assert answers.of((1, "a"), "how many?", lambda: 1) == 1
    assert answers.of((2, "b"), "how many?", lambda: 0) == 2
    assert answers.of((3, "c"), "how many?", lambda: 3) == 3
    assert answers.of((3, "another"), "how many?", lambda: 4) == 4


def test_no_more_is_kept_than_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.answers._MOST", 3)
    answers = Answers()
    for asked in range(4):
        answers.of((1, "a"), asked, lambda asked=asked: asked)  # type: ignore[misc]
    assert answers.of((1, "a"), 3, lambda: -1) == 3
    assert answers.of((1, "a"), 0, lambda: -1) == -1


def test_every_kept_query_follows_from_the_record_and_the_day_alone(kept: Kept) -> None:
    """It names no table that changes without an entry in the ledger, and does not look at the clock."""
    functions = {name: each for name, each in query_functions().items() if each.kept}
    office = kept.story.office
    now = office.now()
    found: dict[str, set[str]] = {name: set() for name in functions}
    with office.database.reading() as connection:
        asking = Asking(
            connection=connection,
            actor=SYSTEM,
            now=NoHour(),  # type: ignore[arg-type]
            today=office.today(now),
            settings=office.settings,
            reads_calendars=office.calendars,
            reads_policies=office.policies,
        )
        said: list[str] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        for name, function in functions.items():
            said.clear()
            for args, kwargs in ASKED[name](kept):
                function(asking, *args, **kwargs)
            assert said or name in FROM_THE_POLICY, name
            found[name] = {table for table in CHANGES_BY_ITSELF if re.search(rf"\b{table}\b", " ".join(said))}
    assert {name: tables for name, tables in found.items() if tables} == {}
