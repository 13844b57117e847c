"""Requests to correct or erase data: a month in law beside the complaint, more time once, an answer with its rights."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.commands.correcting import Fact
from core.commands.rectification import AnswerRectification, ExtendRectification, RecordRectification
from core.errors import BadInput, NotFound, StepNotOpen
from core.queries.duties_check import duties_check
from core.queries.rectification import rectification_requests
from core.rules.rectification import RightAsked, RightOutcome
from tests.builders import RECEIVED, Row, Story, day
from tests.commands.refusals import refused

ASKED = day("2026-09-08")


def ask(story: Story, reference: str, **fields: Any) -> int:
    given = {"right": RightAsked.CORRECTION, "received_on": ASKED, "name": "Ada Sample", "what": "The street is wrong."}
    story.on(max(ASKED, story.clock.now.date()))
    story.desks.handler.do(RecordRectification(complaint=reference, **(given | fields)))
    return int(story.rows("rectification_request")[-1]["id"])


def answer(story: Story, of: int, on: date, outcome: RightOutcome = RightOutcome.DONE, **fields: Any) -> None:
    story.on(on)
    given = {"answer": "It says the right street now.", "answered_on": on, "outcome": outcome}
    story.desks.handler.do(AnswerRectification(rectification_id=of, **(given | fields)))


def duty(story: Story) -> Row:
    (row,) = story.rows("duty", kind="answer_rectification")
    return row


def test_a_request_is_owed_within_a_month_by_law_and_moves_no_clock_of_the_code(story: Story) -> None:
    reference = story.record()
    before = story.rows("duty")
    of = ask(story, reference)
    row = duty(story)
    assert (row["due_on"], row["clause"], row["ours"], row["standing"]) == (
        day("2026-10-08"), "law:UK GDPR 12(3)", False, "open",
    )  # fmt: skip
    kept = [each for each in story.rows("duty") if each["kind"] != "answer_rectification"]
    assert [(each["kind"], each["due_on"]) for each in kept] == [(each["kind"], each["due_on"]) for each in before]
    answer(story, of, day("2026-10-08"))
    assert duty(story)["standing"] == "in_time"
    assert story.desks.system.ask(duties_check).differing == ()


def test_one_answered_a_day_late_is_late_also_after_the_complaint_is_over(story: Story) -> None:
    reference = story.finished()
    story.on(day("2026-12-01"))
    of = ask(story, reference, received_on=day("2026-12-01"))
    answer(story, of, day("2027-01-05"))
    assert (duty(story)["due_on"], duty(story)["standing"]) == (day("2027-01-04"), "late")


def test_more_time_is_told_within_the_month_and_once(story: Story) -> None:
    of = ask(story, story.record())
    story.on(day("2026-10-09"))
    told: dict[str, Any] = {"rectification_id": of, "why": "There are many files."}
    with refused(story, BadInput, match="within the first month"):
        story.desks.handler.do(ExtendRectification(told_on=day("2026-10-09"), **told))
    story.desks.handler.do(ExtendRectification(told_on=day("2026-10-08"), **told))
    assert (duty(story)["due_on"], duty(story)["standing"]) == (day("2026-12-08"), "open")
    with refused(story, StepNotOpen, match="extended already"):
        story.desks.handler.do(ExtendRectification(told_on=day("2026-10-08"), **told))


@pytest.mark.parametrize("outcome", [RightOutcome.REFUSED, RightOutcome.PARTLY])
def test_a_refusal_needs_that_they_were_told_of_the_commissioner(story: Story, outcome: RightOutcome) -> None:
    of = ask(story, story.record(), right=RightAsked.ERASURE)
    with refused(story, BadInput, match="Information Commissioner"):
        answer(story, of, ASKED, outcome)
    answer(story, of, ASKED, outcome, rights=True, answer="We must keep it six years.")
    (shown,) = story.desks.handler.ask(rectification_requests)
    assert (shown.outcome, shown.steps, shown.soon) == (outcome.value, (), None)
    with refused(story, StepNotOpen, match="answered already"):
        answer(story, of, ASKED, RightOutcome.DONE)


@pytest.mark.parametrize(
    ("fact", "column", "new"),
    [
        (Fact.NAME, "name", "Ada Specimen"),
        (Fact.EMAIL, "email", "ada@council.example"),
        (Fact.PHONE, "phone", "01632 960001"),
        (Fact.ADDRESS, "address", "2 Example Street"),
        (Fact.POSTCODE, "postcode", "ZZ99 3VZ"),
    ],
)
def test_each_personal_detail_can_be_put_right_and_the_old_one_stays_in_the_history(
    story: Story, fact: Fact, column: str, new: str
) -> None:
    reference = story.record()
    old = story.rows("person")[-1][column]
    story.correct(reference, fact, new)
    assert story.rows("person")[-1][column] == new
    (kept,) = [row["payload"] for row in story.rows("ledger_personal") if new in row["payload"]][-1:]
    assert str(old) in kept


def test_only_whoever_sees_the_case_sees_and_answers_its_request(story: Story) -> None:
    reference = story.record()
    of = ask(story, reference)
    story.keep_confidential(reference, story.desks.handler)
    assert story.desks.handler.ask(rectification_requests)[0].id == of
    assert story.desks.other_handler.ask(rectification_requests) == ()
    with refused(story, NotFound, match="no such request"):
        story.desks.other_handler.do(
            AnswerRectification(rectification_id=of, outcome=RightOutcome.DONE, answered_on=RECEIVED, answer="Done.")
        )
