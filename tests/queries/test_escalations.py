"""Escalations: four lists of stage 2, each with stage 1's handler in sight, and cases that have taken many weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.code.catalogue import WATCH
from core.errors import NotPermitted
from core.queries.escalations import Escalations, escalations
from tests.builders import FINAL_DUE, RECEIVED, REQUESTED, Story, day
from tests.conftest import Desks
from tests.queries.old_list import bring_in


def lists(found: Escalations) -> dict[str, list[str]]:
    """The references of each list and strip."""
    names = ("to_acknowledge", "needs_someone", "due_soon", "late", "amber", "red")
    held = {name: [row.reference for row in getattr(found, name)] for name in names}
    assert {name: len(held[name]) for name in names[:4]} == {name: min(found.counts[name], 50) for name in names[:4]}
    return held


def test_each_list_holds_what_it_says(story: Story, desks: Desks) -> None:
    """To acknowledge, someone new needed, due within a week, late; a complaint may stand in more than one."""
    asked = story.at_stage_two()
    acknowledged = story.at_stage_two()
    story.acknowledge_two(acknowledged, on=REQUESTED)
    considered = story.considered_at_stage_two()
    story.finished()
    story.record()
    story.on(day("2026-10-05"))
    found = lists(desks.handler.ask(escalations))
    assert found["to_acknowledge"] == [asked]
    assert found["needs_someone"] == [asked, acknowledged]
    assert found["due_soon"] == [asked] and found["late"] == []
    story.on(day("2026-10-27"))
    found = lists(desks.handler.ask(escalations))
    assert found["late"] == [asked, acknowledged]
    assert found["due_soon"] == [considered]


def test_stage_one_s_handler_stands_beside_stage_two_s(story: Story, desks: Desks) -> None:
    """A conflict is seen before it happens [lgsco:6.14]."""
    reference = story.considered_at_stage_two()
    story.on(day("2026-10-27"))
    (row,) = desks.reviewer.ask(escalations).due_soon
    assert (row.reference, row.stage_one_handler, row.stage_two_handler) == (
        reference,
        "Hana Handler",
        "Rita Reviewer",
    )
    assert (row.individual, row.matter, row.requested_on, row.act_by) == (
        "Sam Sample",
        "Missed bin collections",
        REQUESTED,
        FINAL_DUE,
    )
    assert (row.position, row.soon.words) == ("Stage 2: being considered", "4 working days left")


def test_nobody_named_is_a_blank(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.open_two(reference, good_reason="They asked for it at once.")
    (row,) = desks.reviewer.ask(escalations).to_acknowledge
    assert (row.stage_one_handler, row.stage_two_handler, row.service) == ("", "", "")


def test_a_reopened_final_response_is_owed_again(story: Story, desks: Desks) -> None:
    """Reopened at stage 2, it is on the list until it is answered again; reading R20."""
    reference = story.finished()
    assert lists(desks.handler.ask(escalations))["due_soon"] == []
    story.reopen(reference)
    story.on(day("2026-11-20"))
    (row,) = desks.handler.ask(escalations).due_soon
    assert (row.reference, row.position) == (reference, "Stage 2: reopened")


def test_what_has_ended_is_on_no_list(story: Story, desks: Desks) -> None:
    """Withdrawn, refused, answered: nothing is owed."""
    story.withdraw(story.at_stage_two(), on=REQUESTED)
    story.refuse(story.answered())
    story.finished()
    story.on(day("2027-06-01"))
    assert not any(lists(desks.handler.ask(escalations)).values())


def test_many_late_ones_do_not_hide_a_new_request(story: Story, desks: Desks) -> None:
    """Each list shows its own nearest fifty and says how many there are [lgsco:6.12]."""
    bring_in(desks, *[day("2026-07-06")] * 60, two_asked=day("2026-08-03"))
    acknowledged = story.at_stage_two()
    story.acknowledge_two(acknowledged, on=REQUESTED)
    found = desks.handler.ask(escalations)
    assert found.counts == {"to_acknowledge": 60, "needs_someone": 61, "due_soon": 0, "late": 60}
    assert [len(shown) for shown in (found.to_acknowledge, found.needs_someone, found.late)] == [50, 50, 50]
    story.on(day("2026-10-26"))
    assert lists(desks.handler.ask(escalations))["due_soon"] == [acknowledged]


@pytest.mark.parametrize(
    ("weeks", "days_more", "strip"),
    [(8, -1, None), (8, 0, "amber"), (12, -1, "amber"), (12, 0, "red"), (60, 0, "red")],
)
def test_a_case_of_eight_weeks_is_amber_and_of_twelve_red(
    weeks: int, days_more: int, strip: str | None, story: Story, desks: Desks
) -> None:
    """Counted from receipt in whole weeks, whichever stage it is at."""
    reference = story.record()
    story.on(RECEIVED + timedelta(weeks=weeks, days=days_more))
    found = desks.handler.ask(escalations)
    shown = lists(found)
    assert shown["amber"] == ([reference] if strip == "amber" else [])
    assert shown["red"] == ([reference] if strip == "red" else [])
    assert (found.amber_count, found.red_count) == (len(found.amber), len(found.red))
    assert (found.amber_weeks, found.red_weeks) == (
        WATCH["whole_case_amber"].value,
        WATCH["whole_case_red"].value,
    )
    for row in (*found.amber, *found.red):
        assert (row.weeks, row.individual) == ((weeks * 7 + days_more) // 7, "Sam Sample")
        assert row.position == "Stage 1: awaiting acknowledgement"


def test_the_strips_show_the_oldest_and_count_them_all(story: Story, desks: Desks) -> None:
    """Sixty old complaints: the number is sixty, the longest fifty are listed, oldest first."""
    bring_in(desks, *(day("2026-01-05") + timedelta(days=number) for number in range(60)))
    found = desks.handler.ask(escalations)
    assert (found.red_count, len(found.red), found.amber_count) == (60, 50, 0)
    assert [row.received_on for row in found.red] == [day("2026-01-05") + timedelta(days=n) for n in range(50)]


def test_escalations_are_for_those_who_open_cases(desks: Desks) -> None:
    for desk in (desks.recorder, desks.member, desks.administrator):
        with pytest.raises(NotPermitted):
            desk.ask(escalations)
