"""Questions to colleagues and others on the page of a case, on Home and on Escalations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import answering
from core.permissions import Role
from core.queries.information import case_questions
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_corresponding import HOSTILE, send

READY, NEW = "C-2026-000001", "C-2026-000002"


def ask(council: Council, reference: str = READY, **fields: Any) -> None:
    given = {"name": "Col Contractor", "organisation": "Example Waste Ltd", "what": "When did the crew come?"}
    council.take(Role.HANDLER, "AskForInformation", reference=reference, **(given | fields))


def answer(council: Council, words: str) -> None:
    desk = council.desk(Role.HANDLER)
    (asked,) = desk.ask(case_questions, READY)
    made = answering.make_link(desk, READY, asked.request_id, due_on=asked.due_on)
    answering.answer(council.office, made.address.rpartition("/")[2], by="Col Contractor", words=words)


def test_4_2_a_question_is_asked_from_the_case_and_its_link_is_shown_once(council: Council, open_page: Open) -> None:
    at = open_page("case", ref=NEW)
    assert "Nobody was asked. Begin with “Ask for information”." in words(at)
    button(at, "Ask for information").click().run()
    field(at, "text_input", "Or who else, by name").set_value(HOSTILE).run()
    field(at, "text_area", "What we need to know").set_value(HOSTILE).run()
    send(at, "Ask for information")
    said = words(at)
    assert "Information asked for: 1 question, 1 without an answer" in said
    assert "not chased yet" in said
    assert not any("![x]" in each.value for each in at.markdown)
    button(at, "Make a link to answer by: question 1").click().run()
    assert any("/answer/" in each.value for each in at.code)
    at.run()
    assert not at.code
    assert "Make a new link (the old one stops): question 1" in {each.label for each in at.button}


def test_4_2_what_is_late_stands_on_home_and_escalations_with_how_far_it_was_taken(
    council: Council, open_page: Open
) -> None:
    ask(council, due_on=council.today)
    (asked,) = council.desk(Role.HANDLER).ask(case_questions, READY)
    council.take(
        Role.HANDLER, "EscalateInformation", reference=READY, request_id=asked.request_id, senior="Hedda Head",
        why="No word.",
    )  # fmt: skip
    assert "Information that is late: 0" in words(open_page("escalations"))
    council.now += timedelta(days=1)
    said = words(open_page("escalations"))
    assert "Information that is late: 1" in said
    assert "not chased yet, taken to Hedda Head" in said
    assert "Information you wait for is late" in words(open_page("overview"))


def test_5_8_an_answer_by_link_stands_on_home_and_whole_on_the_case(council: Council, open_page: Open) -> None:
    ask(council)
    answer(council, "At ten past seven. " + "The log says so. " * 40)
    assert "Answers to your questions" in words(open_page("overview"))
    at = open_page("case", ref=READY)
    assert "by a link" in words(at)
    assert "Read the whole answer to question 1" in {each.label for each in at.expander}
    assert not any("Make a link" in each.label for each in at.button)
