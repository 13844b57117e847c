"""An answer about one case is given again until something is recorded about that case, or about no complaint."""

from __future__ import annotations

import pytest

from core.commands.access import OpenCase
from core.commands.matching import LinkCases
from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.model.matches import LinkKind
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.considering import considering
from core.queries.people import case_people
from core.store.answers import Answers
from core.store.case_answers import CaseAnswers
from tests.builders import Story, day
from tests.commands.test_matrix import query_functions
from tests.conftest import Desks
from tests.people import joined
from tests.store.test_scope import ASKED, Kept, kept

__all__ = ["kept"]
ONE = {name: each for name, each in query_functions().items() if each.of_one}


def note(desk: Desk, reference: str) -> None:
    desk.do(AddNote(reference=reference, text="Rang the individual."))


def test_an_answer_outlives_what_is_recorded_about_another_case(story: Story, desks: Desks) -> None:
    one, other = story.acknowledged(), story.record(day("2026-09-07"))
    first = desks.handler.ask(case_view, one)
    note(desks.manager, other)
    desks.manager.do(OpenCase(reference=one))
    assert desks.handler.ask(case_view, one) is first
    assert desks.handler.ask(case_view, f" {one.lower()} ") == first
    note(desks.manager, one)
    assert len(desks.handler.ask(case_view, one).notes) == len(first.notes) + 1


def test_a_change_under_the_reference_as_somebody_else_writes_it_is_seen(story: Story, desks: Desks) -> None:
    one = story.acknowledged()
    before = desks.handler.ask(case_view, one.lower())
    note(desks.manager, one)
    assert len(desks.handler.ask(case_view, one.lower()).notes) == len(before.notes) + 1


def test_an_entry_of_no_complaint_is_taken_for_a_change_of_every_case(story: Story, desks: Desks) -> None:
    one = story.acknowledged()
    first = desks.handler.ask(case_view, one)
    joined(story.office, "Nia Newcomer", Role.HANDLER)
    assert desks.handler.ask(case_view, one) is not first


def test_another_process_and_an_older_view_are_answered_from_what_they_see(story: Story, desks: Desks) -> None:
    one = story.acknowledged()
    other = Office(story.office.settings, clock=story.office.clock)
    try:
        with desks.handler.one_view():
            before = desks.handler.ask(case_view, one)
            note(Desk(other, desks.manager.actor), one)
            newer = Desk(story.office, desks.other_handler.actor).ask(case_view, one)
            assert len(newer.notes) == len(before.notes) + 1
            assert desks.handler.ask(case_people, one) == Desk(other, desks.handler.actor).ask(case_people, one)
            assert desks.handler.ask(case_view, one) == before
        assert desks.handler.ask(case_view, one).notes == newer.notes
    finally:
        other.close()


def test_every_answer_about_one_case_stays_right_while_others_are_worked_on(kept: Kept) -> None:
    """Kept while other cases go through their steps and are linked to it, each is what asking afresh gives."""
    story, desk, office = kept.story, kept.named, kept.story.office
    asked = [(ONE[name], args, kwargs) for name in sorted(ONE) for args, kwargs in ASKED[name](kept)]
    before = [desk.ask(query, *args, **kwargs) for query, args, kwargs in asked]
    other = story.answered()
    desk.do(LinkCases(reference=other, other=kept.reference, kind=LinkKind.RELATED, why="One matter."))
    story.record(story.office.today(story.office.now()))
    found = [desk.ask(query, *args, **kwargs) for query, args, kwargs in asked]
    office.answers = Answers()
    assert found == [desk.ask(query, *args, **kwargs) for query, args, kwargs in asked]
    assert any(each is given for each, given in zip(before, found, strict=True))


def test_too_much_at_once_or_another_record_forgets_everything(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = story.acknowledged(), story.record(day("2026-09-07"))
    first = desks.handler.ask(considering, one)
    monkeypatch.setattr("core.store.case_answers._FAR", 1)
    note(desks.manager, other)
    note(desks.manager, other)
    assert desks.handler.ask(considering, one) is not first

    answers = CaseAnswers()
    with story.office.database.reading() as connection:
        n, mac = story.office.answers.cases._followed or (0, "")
        assert answers.of(connection, (n, mac), one, "?", lambda: 1) == 1
        assert answers.of(connection, (n, mac), one, "?", lambda: 2) == 1
        assert answers.of(connection, (n - 1, "older"), one, "?", lambda: 3) == 3
        assert answers.of(connection, (n, "another"), one, "?", lambda: 4) == 4
        answers._followed = (n - 1, "another")
        assert answers.of(connection, (n, mac), one, "?", lambda: 5) == 5


def test_no_more_is_kept_than_was_allowed(story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.case_answers._MOST", 1)
    one, other = story.acknowledged(), story.record(day("2026-09-07"))
    first, last = desks.handler.ask(case_view, one), desks.handler.ask(case_view, other)
    assert desks.handler.ask(case_view, other) is last
    assert desks.handler.ask(case_view, one) is not first
