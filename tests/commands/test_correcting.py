"""A wrongly recorded fact is put right: the old value stays in the history and every date is counted again."""

from __future__ import annotations

import pytest

from core.commands.correcting import CorrectFact, Fact
from core.errors import BadInput, NotPermitted
from core.events.base import restore
from core.events.cases import FactCorrected
from core.rules.facts import Standing
from core.rules.steps import Position
from tests.builders import ANSWERED, FINAL, Story, day
from tests.commands.refusals import reason_asked, refused


def test_the_old_value_stays_in_the_history(story: Story) -> None:
    """The record keeps what it said before [lgsco:5.8]."""
    reference = story.record()
    story.correct(reference, Fact.MATTER, "Missed food bins")
    (entry,) = story.rows("ledger_entry", tag="fact.corrected")
    (personal,) = story.rows("ledger_personal", n=entry["n"])
    event = restore(entry["tag"], entry["data"], personal["payload"])
    assert isinstance(event, FactCorrected)
    assert (event.old, event.new, event.why) == ("Missed bin collections", "Missed food bins", "The letter says so.")
    assert "Missed food bins" in story.case(reference)["matter"]
    assert [row["text"] for row in story.rows("point")] == ["Missed food bins"]


def test_the_day_of_receipt_moves_every_date_that_hangs_on_it(story: Story) -> None:
    """Duties are counted again from the right day [lgsco:6.2]."""
    reference = story.record()
    story.correct(reference, Fact.RECEIVED, "2026-09-03")
    assert story.stage(reference, 1)["received_on"] == day("2026-09-03")
    assert story.case(reference)["act_by"] == day("2026-09-10")
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["start_on"] == day("2026-09-03")
    assert duties["respond_stage_one"]["due_on"] == day("2026-09-24")


def test_a_settled_duty_is_judged_again(story: Story) -> None:
    """An acknowledgement dated wrongly was late after all [lgsco:6.2]."""
    reference = story.acknowledged()
    story.on(day("2026-09-16"))
    story.correct(reference, Fact.ACKNOWLEDGED_ONE, "2026-09-15")
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.LATE
    assert duties["respond_stage_one"]["literal_due_on"] == day("2026-09-29")
    # The day told to the individual is a promise and is kept.
    assert duties["respond_stage_one"]["act_by"] == day("2026-09-28")


def test_an_answer_can_be_moved_but_not_wiped_away(story: Story) -> None:
    reference = story.answered()
    story.on(day("2026-10-05")).correct(reference, Fact.ANSWERED_ONE, "2026-09-29")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.LATE
    with refused(story, BadInput, match="Say what the day stage 1 was answered should be"):
        story.correct(reference, Fact.ANSWERED_ONE, "")


def test_the_day_of_the_final_response_is_the_day_it_ended(story: Story) -> None:
    reference = story.finished()
    story.correct(reference, Fact.ANSWERED_TWO, "2026-10-23")
    assert story.case(reference)["ended_on"] == day("2026-10-23")
    assert story.stage(reference, 2)["responded_on"] == day("2026-10-23")
    assert FINAL != day("2026-10-23")


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        (Fact.RECEIVED, "2026-09-08", "it was recorded before the complaint was received"),
        (Fact.ACKNOWLEDGED_ONE, "2026-09-25", "stage 1 was answered before stage 1 was acknowledged"),
        (Fact.ACKNOWLEDGED_ONE, "2026-09-01", "stage 1 was acknowledged before the complaint was received"),
        (Fact.ANSWERED_ONE, "2026-09-10", "stage 1 was answered before stage 1 was acknowledged"),
        (Fact.REQUESTED_TWO, "2026-10-06", "stage 2 was acknowledged before stage 2 was asked for"),
        (Fact.REQUESTED_TWO, "2026-09-01", "stage 2 was asked for before the complaint was received"),
        (Fact.ACKNOWLEDGED_TWO, "2026-09-25", "stage 2 was acknowledged before stage 2 was asked for"),
        (Fact.ANSWERED_TWO, "2026-10-02", "stage 2 was answered before stage 2 was acknowledged"),
        (Fact.ISSUE, "2026-09-08", "the complaint was received before it happened"),
        (Fact.AWARE, "2026-09-08", "before the individual became aware of it"),
        (Fact.ANSWERED_TWO, "2027-01-04", "has not come yet"),
    ],
)
def test_dates_stay_in_order(story: Story, fact: Fact, value: str, sentence: str) -> None:
    reference = story.finished()
    with refused(story, BadInput, match=sentence):
        story.correct(reference, fact, value)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (Fact.ACKNOWLEDGED_ONE, "2026-09-07"),
        (Fact.ANSWERED_ONE, "2026-09-07"),
        (Fact.REQUESTED_TWO, "2026-09-07"),
        (Fact.ACKNOWLEDGED_TWO, "2026-09-07"),
        (Fact.ANSWERED_TWO, "2026-09-07"),
    ],
)
def test_a_step_that_was_not_taken_cannot_be_corrected_into_being(story: Story, fact: Fact, value: str) -> None:
    """Correcting is no way around a step and what it owes [lgsco:6.2]."""
    reference = story.record()
    with refused(story, BadInput, match="Take the step itself"):
        story.correct(reference, fact, value)


def test_an_acknowledgement_found_later_can_be_entered_once_the_stage_is_answered(story: Story) -> None:
    reference = story.record()
    story.respond(reference, day("2026-09-21"), good_reason="Answered as soon as found.")
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == Standing.LATE
    story.correct(reference, Fact.ACKNOWLEDGED_ONE, "2026-09-10")
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == Standing.IN_TIME


def test_an_acknowledgement_entered_by_mistake_can_be_taken_back(story: Story) -> None:
    reference = story.acknowledged()
    story.correct(reference, Fact.ACKNOWLEDGED_ONE, "")
    assert story.case(reference)["position"] == Position.ONE_AWAITING_ACKNOWLEDGEMENT.value
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == Standing.OPEN


def test_a_date_that_puts_the_complaint_out_of_time_asks_for_discretion(story: Story) -> None:
    """Found out later, it is still weighed [lgsco:2.2]."""
    reference = story.record()
    with reason_asked(story, "lgsco:2.2"):
        story.correct(reference, Fact.ISSUE, "2025-01-06")
    story.correct(reference, Fact.ISSUE, "2025-01-06", good_reason="It went on until this summer.")
    assert story.departures(reference) == [("lgsco:2.2", "It went on until this summer.")]


def test_service_person_and_channel_follow(story: Story) -> None:
    reference = story.record()
    for fact, value in (
        (Fact.SERVICE, "Housing repairs"),
        (Fact.NAME, "Samira Sample"),
        (Fact.POSTCODE, "zz1 1zz"),
        (Fact.CHANNEL, "letter"),
        (Fact.CATEGORY, "Missed round"),
    ):
        story.correct(reference, fact, value)
    case = story.case(reference)
    (person,) = story.rows("person")
    assert (person["name"], person["postcode"]) == ("Samira Sample", "ZZ1 1ZZ")
    assert (case["channel"], case["category"]) == ("letter", "Missed round")
    assert {duty["service_id"] for duty in story.duties(reference).values()} == {case["service_id"]}
    story.correct(reference, Fact.SERVICE, "")
    assert story.case(reference)["service_id"] is None


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        (Fact.RECEIVED, "7 September 2026", "is not a date"),
        (Fact.RECEIVED, "2026-02-30", "is not a date"),
        (Fact.CHANNEL, "carrier pigeon", "not a way a complaint can come"),
        (Fact.CHANNEL, "", "Say what how it came should be"),
        (Fact.SERVICE, "Dragons", "no service called"),
        (Fact.MATTER, "Missed bin collections", "says already"),
        (Fact.MATTER, "x" * 201, "at most 200"),
        (Fact.NAME, "x" * 201, "at most 200"),
        (Fact.PHONE, "1" * 61, "at most 60"),
        (Fact.POSTCODE, "Z" * 13, "at most 12"),
        (Fact.CATEGORY, "x" * 121, "at most 120"),
        (Fact.RESPONDENT, "the neighbours", "nobody on the list"),
        (Fact.AFFECTED, "a dozen", "no number of people"),
        (Fact.AFFECTED, "0", "no number of people"),
        (Fact.AFFECTED, "1000001", "no number of people"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(story: Story, fact: Fact, value: str, sentence: str) -> None:
    reference = story.record()
    with refused(story, BadInput, match=sentence):
        story.correct(reference, fact, value)


def test_only_the_manager_corrects(story: Story) -> None:
    reference = story.answered()
    with refused(story, NotPermitted):
        story.desks.handler.do(
            CorrectFact(reference=reference, fact=Fact.ANSWERED_ONE, new_value=str(ANSWERED), why="To look better")
        )


def test_every_fact_can_be_corrected(story: Story) -> None:
    """Each fact on the list has a place; none is offered in vain."""
    values = {
        Fact.SERVICE: "Parking",
        Fact.CHANNEL: "letter",
        Fact.RECEIVED: "2026-09-04",
        Fact.ISSUE: "2026-08-03",
        Fact.AWARE: "2026-08-04",
        Fact.ACKNOWLEDGED_ONE: "2026-09-11",
        Fact.ANSWERED_ONE: "2026-09-23",
        Fact.REQUESTED_TWO: "2026-09-25",
        Fact.ACKNOWLEDGED_TWO: "2026-10-02",
        Fact.ANSWERED_TWO: "2026-10-23",
        Fact.POSTCODE: "ZZ2 2ZZ",
        Fact.RESPONDENT: "a contractor",
        Fact.AFFECTED: "12",
    }
    reference = story.finished()
    for fact in Fact:
        story.correct(reference, fact, values.get(fact, "something else"))
    assert len(story.rows("ledger_entry", tag="fact.corrected")) == len(Fact)
    story.verified()
