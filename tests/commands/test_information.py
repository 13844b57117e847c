"""Asking colleagues and others for information: who is asked, by when, how it is chased, and how the answer comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.commands.accounts import MoveColleague
from core.commands.base import COMMANDS
from core.commands.information import AskForInformation, RecordInformation
from core.commands.information_links import AnswerByLink, MakeAnswerLink, SentFile
from core.errors import BadInput, LinkOver, NotFound
from core.permissions import Role
from core.queries.duties_check import duties_check
from core.queries.information import Question, case_questions, questions
from core.queries.queue import QueueFilter, queue
from core.rules.considering import ReachedBy
from tests.builders import ACKNOWLEDGED, Row, Story, day
from tests.commands.refusals import refused

DUE = day("2026-09-21")  # five working days from Monday 14 September
TOKEN, OTHER = "a" * 64, "b" * 64
PHONE = ReachedBy.PHONE
LOG = SentFile(name="log.pdf", media_type="application/pdf", size=10, sha256="c" * 64)


def only(story: Story, reference: str) -> Question:
    (found,) = story.desks.handler.ask(case_questions, reference)
    return found


def owed(story: Story, reference: str) -> Row:
    return story.duties(reference)["information"]


def take(story: Story, step: str, reference: str, **fields: Any) -> Any:
    return story.desks.handler.do(COMMANDS[step](reference=reference, **fields))


def link(story: Story, reference: str, request_id: int, token: str = TOKEN, *, weeks: int = 4) -> None:
    ends_at = story.clock.now + timedelta(weeks=weeks)
    made = {"reference": reference, "request_id": request_id, "link_id": token, "ends_at": ends_at}
    story.desks.handler.do(MakeAnswerLink(**made))


def answer(token: str = TOKEN, *files: SentFile, text: str = "At ten past seven.") -> AnswerByLink:
    return AnswerByLink(link_id=token, answered_by="Col Contractor", answer=text, files=files)


# ------------------------------------------------------------------------------------------------------------- asking


def test_4_2_a_contractor_is_asked_and_told_why_that_day(story: Story) -> None:
    reference = story.acknowledged()
    before = story.case(reference)["act_by"]
    done = take(
        story, "AskForInformation", reference, name="Col Contractor", organisation="Example Waste Ltd",
        what="When did the crew come?", documents="Their letter, without the address.",
    )  # fmt: skip
    assert done.sentences == (
        "Asked Col Contractor, Example Waste Ltd for an answer by Mon 21 September 2026, 5 working days from now, "
        "the usual time (question 1). With it: Their letter, without the address.",
    )
    row = owed(story, reference)
    assert (row["due_on"], row["ours"], row["is_next"], row["standing"]) == (DUE, True, True, "open")
    assert story.case(reference)["act_by"] == before
    assert story.desks.system.ask(duties_check).differing == ()


def test_4_2_a_colleague_owes_it_and_finds_it_in_their_own_queue(story: Story) -> None:
    reference, them = story.acknowledged(), story.desks.other_handler
    story.assign(reference)
    story.question(reference, name="", organisation="", colleague_id=them.actor.id)
    (mine,) = them.ask(queue, QueueFilter(owner_id=them.actor.id)).rows
    assert (mine.reference, mine.title, mine.clause) == (reference, "Answer a question about a complaint", "lgsco:4.2")
    handlers = story.desks.handler.ask(queue, QueueFilter(owner_id=story.desks.handler.actor.id)).rows
    assert [row.kind for row in handlers] == ["respond_stage_one"]


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"name": ""}, "Choose a colleague, or write who else"),
        ({"colleague_id": 1}, "It is asked of one person"),
        ({"name": "", "colleague_id": 999}, "not on the list any more"),
        ({"due_on": ACKNOWLEDGED - timedelta(days=1)}, "before the day it is asked"),
    ],
)
def test_a_question_is_asked_of_one_person_who_is_there_by_a_day_to_come(
    story: Story, fields: dict[str, Any], match: str
) -> None:
    reference = story.acknowledged()
    given = {"name": "Col Contractor", "what": "When?"} | fields
    with refused(story, BadInput, match):
        story.desks.handler.do(AskForInformation(reference=reference, **given))


def test_5_8_a_colleague_who_does_not_see_the_complaint_is_asked_by_link_alone(story: Story) -> None:
    reference, them = story.acknowledged(), story.desks.other_handler
    moved = MoveColleague(colleague_id=them.actor.id, role=Role.HANDLER, services=(2,))
    story.desks.system.do(moved)
    with refused(story, BadInput, f"does not see {reference}"):
        story.question(reference, name="", organisation="", colleague_id=them.actor.id)


# ------------------------------------------------------------------------------------------- chased, escalated, settled


def test_4_2_a_reminder_with_a_new_day_and_a_senior_stand_in_words(story: Story) -> None:
    reference = story.acknowledged()
    asked = story.question(reference)
    story.on(day("2026-09-22"))
    assert [line.stands for line in story.desks.manager.ask(questions).late] == ["not chased yet"]
    take(story, "ChaseInformation", reference, request_id=asked, reached_by=PHONE, new_due_on=day("2026-09-23"))
    assert owed(story, reference)["due_on"] == day("2026-09-23")
    story.on(day("2026-09-24"))
    take(story, "ChaseInformation", reference, request_id=asked, reached_by=PHONE)
    take(story, "EscalateInformation", reference, request_id=asked, senior="Hedda Head of Waste", why="No word.")
    (late,) = story.desks.manager.ask(questions).late
    assert (late.reference, late.stands) == (reference, "chased twice, taken to Hedda Head of Waste")
    assert late.soon is not None
    assert late.soon.words == "late by 1 working day"
    assert only(story, reference).escalated_to == "Hedda Head of Waste"


def test_5_8_an_answer_by_phone_is_kept_and_the_link_dies(story: Story) -> None:
    reference = story.acknowledged()
    asked = story.question(reference)
    link(story, reference, asked)
    take(
        story, "RecordInformation", reference, request_id=asked, answered_on=ACKNOWLEDGED, reached_by=PHONE,
        answer="At ten past seven.",
    )  # fmt: skip
    found = only(story, reference)
    assert (found.answered_by, found.answered_how, found.answer) == ("Col Contractor", "by phone", "At ten past seven.")
    assert (owed(story, reference)["standing"], found.link) == ("in_time", False)
    with refused(story, LinkOver):
        story.desks.system.do(answer())
    with refused(story, BadInput, "No such question is open"):
        take(story, "WithdrawInformationRequest", reference, request_id=asked, why="Twice.")


def test_4_2_a_question_taken_back_is_owed_by_nobody(story: Story) -> None:
    reference = story.acknowledged()
    asked = story.question(reference)
    link(story, reference, asked)
    take(story, "WithdrawInformationRequest", reference, request_id=asked, why="The log says it.")
    assert owed(story, reference)["standing"] == "void"
    with refused(story, LinkOver, "taken back"):
        story.desks.system.do(answer())


def test_a_question_of_another_complaint_is_not_answered_here(story: Story) -> None:
    mine, other = story.acknowledged(), story.acknowledged()
    asked = story.question(other)
    told = {"answered_on": ACKNOWLEDGED, "reached_by": PHONE, "answer": "Yes."}
    with refused(story, BadInput, "No such question is open"):
        story.desks.handler.do(RecordInformation(reference=mine, request_id=asked, **told))


# ------------------------------------------------------------------------------------------------------------ by a link


def test_4_2_an_answer_by_link_comes_once_with_its_files_as_evidence(story: Story) -> None:
    """The console keeps it for the person who is named, and the history says that it came by a link [lgsco:5.8]."""
    reference = story.acknowledged()
    link(story, reference, story.question(reference))
    before = story.case(reference)["version"]
    done = story.desks.system.do(answer(TOKEN, LOG, LOG))
    assert done.sentences[0] == ("Col Contractor answered question 1 on Mon 14 September 2026, by a link, with 1 file.")
    (file,) = story.rows("case_file")
    assert (file["sha256"], file["added_by"]) == (LOG.sha256, None)
    assert file["about"] == "Came with the answer of Col Contractor to question 1."
    assert len(story.rows("evidence_item")) == 1
    assert story.case(reference)["version"] > before
    assert only(story, reference).answered_how == "by a link"
    assert [line.reference for line in story.desks.handler.ask(questions, own=True).come] == [reference]
    with refused(story, LinkOver, "sent already"):
        story.desks.system.do(answer(text="Another."))


def test_a_file_that_is_on_the_case_already_is_not_kept_twice_and_one_held_back_stays_held(story: Story) -> None:
    reference = story.acknowledged()
    link(story, reference, story.question(reference))
    held = LOG.model_copy(update={"why_held": "The scanner was away."})
    story.desks.system.do(answer(TOKEN, held))
    link(story, reference, story.question(reference), OTHER)
    story.desks.system.do(answer(OTHER, LOG))
    assert [row["state"] for row in story.rows("case_file")] == ["held"]


def test_a_fresh_link_takes_the_place_of_the_old_one(story: Story) -> None:
    reference = story.acknowledged()
    asked = story.question(reference)
    link(story, reference, asked)
    link(story, reference, asked, OTHER)
    with refused(story, LinkOver):
        story.desks.system.do(answer())
    assert story.desks.system.do(answer(OTHER)).reference == reference


def test_a_link_that_never_was_and_one_that_ran_out_say_so(story: Story) -> None:
    reference = story.acknowledged()
    with refused(story, NotFound, "no such link"):
        story.desks.system.do(answer())
    link(story, reference, story.question(reference), weeks=1)
    story.on(ACKNOWLEDGED + timedelta(weeks=2))
    with refused(story, LinkOver, "run out"):
        story.desks.system.do(answer())


def test_5_8_a_confidential_complaint_gets_its_answer_and_shows_it_to_nobody_unnamed(story: Story) -> None:
    reference = story.acknowledged()
    link(story, reference, story.question(reference))
    story.keep_confidential(reference)
    assert story.desks.system.do(answer()).reference == reference
    assert story.desks.other_handler.ask(questions).come == ()
    assert story.desks.other_handler.ask(case_questions, reference) == ()
