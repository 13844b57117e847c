"""Reasonable adjustments: recorded, kept under review, and each review owed like every other date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.commands.adjusting import AgreeAdjustment, EndAdjustment, ReviewAdjustment
from core.commands.organising import RebuildDuties
from core.errors import BadInput, CalendarEnds
from core.queries.cases import case_view
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.home import my_day
from core.queries.people import case_people
from core.queries.queue import QueueFilter, queue
from tests.builders import ANSWER_DUE, RECEIVED, REOPENED, Story, day, dump
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks

REVIEW = day("2026-09-21")


def reviewed(story: Story, reference: str, adjustment_id: int, **given: object) -> None:
    today = story.clock.now.date()
    values = {"reviewed_on": today, "found": "It fits.", "review_on": today + timedelta(weeks=4)}
    command = ReviewAdjustment(reference=reference, adjustment_id=adjustment_id, **(values | given))  # type: ignore[arg-type]
    story.desks.handler.do(command)


def healthy(story: Story) -> bool:
    """Whether the stored duties are what the facts say, and rebuilding them changes nothing in them."""
    found = story.desks.system.ask(duties_check)
    before = dump(story.office)["duty"]
    every = tuple(row["reference"] for row in story.rows("complaint"))
    story.desks.system.do(RebuildDuties(references=every))
    return found.differing == () and dump(story.office)["duty"] == before


def test_5_6_an_adjustment_is_recorded_and_its_review_is_owed(story: Story, desks: Desks) -> None:
    """5.6: in the queue, on Home and among the clauses of the case [lgsco:5.6]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.adjust(reference, agreed_format="large print", review_on=day("2026-09-18"))
    duty = story.duties(reference)["review_adjustment"]
    assert (duty["clause"], duty["act_by"], duty["standing"]) == ("lgsco:5.6", day("2026-09-18"), "open")
    assert duty["owner_id"] == desks.handler.actor.id
    (row,) = desks.handler.ask(queue, QueueFilter()).rows
    assert (row.title, row.act_by) == ("Review an adjustment", day("2026-09-18"))
    assert [each.title for each in desks.handler.ask(my_day).week] == ["Review an adjustment"]
    line = next(line for line in desks.handler.ask(case_view, reference).code if line.clause == "lgsco:5.6")
    assert (line.how, line.due_on) == ("open", day("2026-09-18"))
    assert healthy(story)


def test_a_review_held_sets_the_next_one(story: Story, desks: Desks) -> None:
    """5.6: one settled duty for each review, and one open [lgsco:5.6]."""
    reference = story.record()
    number = story.adjust(reference)
    reviewed(story.on(REVIEW), reference, number, review_on=day("2026-10-19"))
    duties = [row for row in story.rows("duty") if row["kind"] == "review_adjustment"]
    assert [(row["number"], row["due_on"], row["standing"]) for row in duties] == [
        (1, REVIEW, "in_time"),
        (2, day("2026-10-19"), "open"),
    ]
    (view,) = desks.handler.ask(case_people, reference).adjustments
    assert view.review_on == day("2026-10-19")
    clocks = [clock for clock in desks.handler.ask(case_view, reference).clocks if clock.why is None]
    assert [clock.started for clock in clocks] == [
        "Set on Mon 7 September 2026, for a day chosen then",
        "Set on Mon 21 September 2026, for a day chosen then",
    ]
    assert healthy(story)


def test_a_late_review_says_why(story: Story) -> None:
    """5.6: keeping it under review is part of the duty [lgsco:5.6]."""
    reference = story.record()
    number = story.adjust(reference)
    story.on(day("2026-09-22"))
    with reason_asked(story, "lgsco:5.6"):
        reviewed(story, reference, number)
    reviewed(story, reference, number, good_reason="Nobody could reach them before.")
    assert [row["standing"] for row in story.rows("duty") if row["number"] == 1] == ["late"]
    assert story.departures(reference) == [("lgsco:5.6", "Nobody could reach them before.")]


@pytest.mark.parametrize(("on", "standing"), [(REVIEW, "void"), (day("2026-09-22"), "late")])
def test_what_has_ended_is_reviewed_no_more(story: Story, desks: Desks, on: object, standing: str) -> None:
    """Ended by the day of its review nothing was missed; later, the review was [lgsco:5.6]."""
    reference = story.record()
    number = story.adjust(reference)
    story.on(on)  # type: ignore[arg-type]
    ending = {"reference": reference, "adjustment_id": number, "ended_on": on, "why": "As they ask."}
    desks.handler.do(EndAdjustment(**ending, good_reason="They were away." if standing == "late" else None))  # type: ignore[arg-type]
    assert story.duties(reference)["review_adjustment"]["standing"] == standing
    assert desks.handler.ask(case_people, reference).adjustments_now == ()
    with refused(story, BadInput, match="has ended already"):
        reviewed(story, reference, number)
    with refused(story, BadInput, match="has ended already"):
        desks.handler.do(EndAdjustment(**ending))  # type: ignore[arg-type]
    assert healthy(story)


def test_several_adjustments_have_a_review_each(story: Story) -> None:
    reference = story.record()
    first, second = story.adjust(reference), story.adjust(reference, what="A call before each letter")
    story.on(REVIEW)
    reviewed(story, reference, second)
    standings = {row["number"]: row["standing"] for row in story.rows("duty") if row["kind"] == "review_adjustment"}
    assert standings == {1: "open", 2: "in_time", 3: "open"}
    reviewed(story, reference, first)
    assert healthy(story)


def test_the_review_goes_on_with_the_complaint_and_after_it(story: Story, desks: Desks) -> None:
    """Owed by whoever has the case; Escalations shows stage 2's own dates and no closed case [lgsco:5.6]."""
    reference = story.answered()
    story.adjust(reference, review_on=day("2026-10-05"))
    story.open_two(reference)
    assert story.duties(reference)["review_adjustment"]["stage_number"] == 2
    story.acknowledge_two(reference)
    story.assign_two(reference)
    assert story.duties(reference)["review_adjustment"]["owner_id"] == desks.reviewer.actor.id
    story.on(day("2026-10-27"))
    found = desks.handler.ask(escalations)
    assert [row.act_by for row in found.due_soon] == [day("2026-11-02")]
    assert found.late == ()
    assert healthy(story)
    story.respond_final(reference, on=day("2026-10-27"))
    assert story.case(reference)["act_by"] == day("2026-10-05")
    found = desks.handler.ask(escalations)
    assert (found.due_soon, found.late) == ((), ())
    assert [each.reference for each in desks.handler.ask(queue, QueueFilter()).rows] == [reference]
    assert healthy(story)


def test_a_review_does_not_move_the_day_a_reopened_complaint_is_answered_by(story: Story) -> None:
    """The answer has its own day, whatever is owed before it; reading R20."""
    reference = story.finished()
    story.adjust(reference, review_on=day("2026-10-27"))
    story.reopen(reference)
    assert story.case(reference)["act_by"] == day("2026-10-27")
    story.respond_final(reference, on=REOPENED + timedelta(days=7))
    assert story.departures(reference) == []


def test_a_review_comes_after_it_and_within_the_calendar(story: Story, desks: Desks) -> None:
    reference = story.record()
    with refused(story, BadInput, match="The review must come after it"):
        story.adjust(reference, review_on=RECEIVED)
    with refused(story, BadInput, match="has not come yet"):
        story.adjust(reference, starts_on=day("2026-09-08"))
    with refused(story, CalendarEnds):
        story.adjust(reference, review_on=day("2031-01-06"))
    number = story.adjust(reference)
    with refused(story, BadInput, match="is before it was agreed or last reviewed"):
        reviewed(story, reference, number, reviewed_on=day("2026-09-04"))


def test_an_adjustment_of_another_complaint_is_not_reached_from_this_one(story: Story) -> None:
    number = story.adjust(story.record())
    other = story.record()
    for wrong in (number, 99_999):
        with refused(story, BadInput, match=f"That adjustment is not on {other}"):
            reviewed(story, other, wrong)


def test_large_print_is_told_to_whoever_opens_the_case(story: Story, desks: Desks) -> None:
    """5.6: what was agreed and its format stand with the case [lgsco:5.6]."""
    reference = story.record()
    done = desks.handler.do(
        AgreeAdjustment(
            reference=reference, what="All letters", agreed_format="large print, 18 point", starts_on=RECEIVED,
            review_on=ANSWER_DUE,
        )
    )  # fmt: skip
    assert done.sentences == (
        "Agreed an adjustment (large print, 18 point), from Mon 7 September 2026, to be reviewed by "
        "Mon 28 September 2026: All letters",
    )
    assert desks.quality.ask(case_people, reference).adjustments_now[0].agreed_format == "large print, 18 point"
