"""One complaint from receipt to final response, as architecture section 7 and the issue tell it."""

from __future__ import annotations

from datetime import date

from core.commands.recording import AddPoint
from core.commands.stage_one import Acknowledge
from core.errors import LetterIncomplete, NotPermitted
from core.rules.steps import Position
from core.words import day_words
from tests.builders import EXTENDED_TO, EXTENSION_LIMIT, Story, answers, day
from tests.commands.refusals import reason_asked, refused


def test_a_complaint_goes_from_receipt_to_its_final_response_in_fourteen_weeks(story: Story) -> None:
    """V10, the longest path the Code allows: every date is the worked one [lgsco:6.2–6.18]."""
    desks = story.desks
    reference = story.record(day("2026-09-07"))
    assert reference == "C-2026-000001"
    assert story.duties(reference)["acknowledge_stage_one"]["due_on"] == day("2026-09-14")

    story.acknowledge(reference, day("2026-09-14"))
    story.assign(reference)
    assert story.duties(reference)["respond_stage_one"]["due_on"] == day("2026-09-28")
    assert story.duties(reference)["respond_stage_one"]["owner_id"] == desks.handler.actor.id

    story.extend(reference, to=EXTENSION_LIMIT, told=day("2026-09-28"))
    assert story.case(reference)["act_by"] == day("2026-10-12")
    story.respond(reference, day("2026-10-12"))
    assert story.case(reference)["position"] == Position.ONE_ANSWERED.value

    story.open_two(reference, day("2026-10-12"))
    assert story.duties(reference)["acknowledge_stage_two"]["due_on"] == day("2026-10-19")
    story.acknowledge_two(reference, day("2026-10-19"))
    with reason_asked(story, "lgsco:6.14"):
        story.assign_two(reference, to=desks.handler)
    story.assign_two(reference)
    assert story.duties(reference)["respond_stage_two"]["due_on"] == day("2026-11-16")

    story.extend(reference, to=day("2026-12-14"), told=day("2026-11-16"))
    with refused(story, LetterIncomplete, match="6.18e"):
        story.respond_final(reference, day("2026-12-14"), remedy="")
    story.respond_final(reference, day("2026-12-14"))

    case = story.case(reference)
    assert (case["position"], case["is_open"], case["act_by"]) == (Position.TWO_ANSWERED.value, False, None)
    standings = {kind: duty["standing"] for kind, duty in story.duties(reference).items()}
    assert standings == {
        "acknowledge_stage_one": "in_time",
        "respond_stage_one": "extended",
        "acknowledge_stage_two": "in_time",
        "respond_stage_two": "extended",
    }
    assert story.tags(reference) == [
        "complaint.recorded", "stage.acknowledged", "conflict.declared", "position.recorded", "stage.assigned",
        "stage.extended", "stage.answered", "learning.recorded", "stage_two.opened", "stage.acknowledged",
        "conflict.declared",
        "position.recorded", "stage.assigned", "stage.extended", "stage.answered", "learning.recorded",
    ]  # fmt: skip
    assert story.departures(reference) == []
    assert story.verified() == len(story.tags())


def test_the_shortest_lawful_path_takes_eight_weeks_and_nothing_is_late(story: Story) -> None:
    """V11: every step on its last day, without an extension [lgsco:6.2, 6.3, 6.12, 6.15]."""
    reference = story.record()
    story.acknowledge(reference, day("2026-09-14"))
    story.respond(reference, day("2026-09-28"))
    story.open_two(reference, day("2026-09-28"))
    story.acknowledge_two(reference, day("2026-10-05"))
    story.respond_final(reference, day("2026-11-02"))
    assert {duty["standing"] for duty in story.duties(reference).values()} == {"in_time"}
    assert story.departures(reference) == []


def test_the_week_before_easter_as_the_architecture_tells_it(story: Story) -> None:
    """Request 26 March 2026: acknowledge by 2 April; acknowledged 30 March: answer by 29 April, 29 May at most."""
    reference = story.record(day("2026-02-02"))
    story.acknowledge(reference, day("2026-02-09"))
    story.respond(reference, day("2026-02-23"))
    story.open_two(reference, day("2026-03-26"))
    assert story.duties(reference)["acknowledge_stage_two"]["due_on"] == day("2026-04-02")
    story.acknowledge_two(reference, day("2026-03-30"))
    assert story.duties(reference)["respond_stage_two"]["due_on"] == day("2026-04-29")
    with reason_asked(story, "lgsco:6.16"):
        story.extend(reference, to=day("2026-06-01"), told=day("2026-04-29"))
    story.extend(reference, to=day("2026-05-29"), told=day("2026-04-29"))
    assert story.case(reference)["act_by"] == day("2026-05-29")


def test_each_step_says_in_a_sentence_what_it_did(story: Story) -> None:
    reference = story.record()
    done = story.acknowledge(reference)
    assert done.sentences == (
        "Acknowledged stage 1 on Mon 14 September 2026; an answer is promised by Mon 28 September 2026.",
    )
    assert (done.reference, done.again) == (reference, False)
    extended = story.extend(reference, to=EXTENDED_TO)
    assert extended.sentences[0].startswith(f"Extended stage 1 by 6 working days, from {day_words(date(2026, 9, 28))}")


def test_a_further_point_is_answered_with_the_first(story: Story) -> None:
    """Every point raised is answered [lgsco:6.7]."""
    reference = story.acknowledged()
    story.desks.handler.do(AddPoint(reference=reference, text="The food bin too", raised_on=day("2026-09-14")))
    with reason_asked(story, "lgsco:6.7"):
        story.respond(reference)
    story.respond(reference, answers=answers(1, 2))
    assert [row["outcome"] for row in story.rows("answer")] == ["upheld", "upheld"]


def test_the_recorder_cannot_go_further_than_recording(story: Story) -> None:
    """Any member of staff records; only a handler goes on [lgsco:3.2]."""
    reference = story.record()
    with refused(story, NotPermitted, match="Only a handler"):
        story.desks.recorder.do(
            Acknowledge(reference=reference, acknowledged_on=day("2026-09-07"), understanding="Bins")
        )
