"""How a complaint ends early, and how it is taken up again with every first date kept."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.rules.facts import Standing
from core.rules.steps import Position
from tests.builders import ACKNOWLEDGED, ANSWERED, FINAL, RECEIVED, REOPENED, Story, day
from tests.commands.refusals import reason_asked, refused


def test_T18_withdrawn_before_the_day_nothing_more_is_owed(story: Story) -> None:
    """T18: it stays in the record as received; reading R18."""
    reference = story.acknowledged()
    story.withdraw(reference, day("2026-09-22"))
    case, duties = story.case(reference), story.duties(reference)
    assert (case["ending"], case["ended_on"], case["act_by"]) == ("withdrawn", day("2026-09-22"), None)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.IN_TIME
    assert duties["respond_stage_one"]["standing"] == Standing.VOID


def test_T18_withdrawn_when_already_overdue_stays_late(story: Story) -> None:
    """T18: a withdrawal does not undo what was missed; reading R18."""
    reference = story.acknowledged()
    story.withdraw(reference, day("2026-09-29"))
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.LATE


def test_a_withdrawal_says_when_and_how(story: Story) -> None:
    reference = story.record()
    done = story.withdraw(reference, how="She rang: the crew came.")
    assert done.sentences == ("Withdrawn on Mon 7 September 2026: She rang: the crew came.",)
    another = story.record()
    with refused(story, BadInput, match="before this stage began"):
        story.withdraw(another, RECEIVED, withdrawn_on=day("2026-09-04"))


def test_reopening_keeps_every_first_date_and_owes_another_answer(story: Story) -> None:
    """T20: the first full answer is the one that is counted [lgsco:6.7]; reading R20."""
    reference = story.answered()
    before = story.duties(reference)
    story.reopen(reference)
    after = story.duties(reference)
    assert {kind: after[kind] for kind in before} == {kind: row | {"is_next": False} for kind, row in before.items()}
    again = after["answer_again"]
    assert (again["start_on"], again["due_on"], again["standing"]) == (REOPENED, day("2026-11-11"), "open")
    assert story.case(reference)["act_by"] == day("2026-11-11")


def test_the_answer_that_follows_is_an_addendum(story: Story) -> None:
    """The first answer stays as it was sent; the second stands beside it [lgsco:5.8]; reading R20."""
    reference = story.answered()
    story.reopen(reference)
    story.respond(reference, day("2026-11-11"))
    stage = story.stage(reference, 1)
    assert stage["responded_on"] == ANSWERED
    sent = story.rows("response", stage_id=stage["id"])
    assert [(row["sent_on"], bool(row["addendum"])) for row in sent] == [(ANSWERED, False), (day("2026-11-11"), True)]
    assert story.case(reference)["position"] == Position.ONE_ANSWERED.value
    assert story.duties(reference)["answer_again"]["standing"] == Standing.IN_TIME


def test_a_late_second_answer_asks_why(story: Story) -> None:
    reference = story.answered()
    story.reopen(reference)
    with reason_asked(story, "lgsco:6.3"):
        story.respond(reference, day("2026-11-12"))
    story.respond(reference, day("2026-11-12"), good_reason="The photograph had to be enlarged.")
    assert story.duties(reference)["answer_again"]["standing"] == Standing.LATE


def test_a_second_answer_follows_the_reopening(story: Story) -> None:
    """No addendum is dated before the complaint was taken up again; reading R20."""
    reference = story.answered()
    story.reopen(reference)
    with refused(story, BadInput, match="before the complaint was reopened"):
        story.respond(reference, REOPENED, sent_on=day("2026-10-27"))


def test_a_withdrawn_complaint_reopened_simply_goes_on(story: Story) -> None:
    """A stage that never had an answer owes its first one, and after it no other; reading R20."""
    reference = story.acknowledged()
    story.withdraw(reference, day("2026-09-15"))
    story.reopen(reference, day("2026-09-17"))
    assert story.case(reference)["position"] == Position.ONE_CONSIDERED.value
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.OPEN
    story.respond(reference, ANSWERED)
    assert story.case(reference)["position"] == Position.ONE_ANSWERED.value
    assert set(story.duties(reference)) == {"acknowledge_stage_one", "respond_stage_one"}


def test_a_withdrawn_stage_two_reopened_ends_with_its_final_response(story: Story) -> None:
    reference = story.considered_at_stage_two()
    story.withdraw(reference, day("2026-10-06"))
    story.reopen(reference, day("2026-10-07"))
    story.respond_final(reference)
    assert story.case(reference)["position"] == Position.TWO_ANSWERED.value
    assert "answer_again" not in story.duties(reference)


def test_the_final_response_can_be_added_to(story: Story) -> None:
    """A final response found wrong gets an addendum and stays the last word [lgsco:6.19]; reading R20."""
    reference = story.finished()
    story.reopen(reference)
    assert story.duties(reference)["answer_again"]["due_on"] == day("2026-11-25")
    story.respond_final(reference, day("2026-11-25"))
    case = story.case(reference)
    assert (case["position"], case["ended_on"]) == (Position.TWO_ANSWERED.value, day("2026-11-25"))
    assert story.stage(reference, 2)["responded_on"] == FINAL


def test_stage_two_can_be_asked_for_while_stage_one_is_reopened(story: Story) -> None:
    reference = story.reach(Position.ONE_REOPENED)
    story.open_two(reference, REOPENED)
    assert story.departures(reference) == []
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME


def test_reopening_follows_what_it_reopens(story: Story) -> None:
    reference = story.answered()
    with refused(story, BadInput, match="before the complaint was last dealt with"):
        story.reopen(reference, REOPENED, reopened_on=ACKNOWLEDGED)


@pytest.mark.parametrize("step", ["withdraw", "reopen"])
def test_neither_lies_in_the_future(story: Story, step: str) -> None:
    reference = story.record() if step == "withdraw" else story.answered()
    name = "withdrawn_on" if step == "withdraw" else "reopened_on"
    with refused(story, BadInput, match="has not come yet"):
        getattr(story, step)(reference, story.clock.now.date(), **{name: day("2026-12-01")})
