"""My day: the numbers are the queue's own numbers, each list holds its nearest, and news is what others did."""

from __future__ import annotations

import pytest

from core.commands.correcting import Fact
from core.errors import NotPermitted
from core.queries.home import my_day
from core.queries.queue import QueueFilter, queue, queue_counts
from core.rules.facts import Outcome
from tests.builders import ANSWERED, FINAL, Story, answers, day
from tests.conftest import Desks
from tests.queries.old_list import bring_in


def given(story: Story, received: str) -> str:
    """A complaint of this day that the handler has been given."""
    reference = story.record(day(received))
    story.assign(reference)
    return reference


# -------------------------------------------------------------------------------------------------- counts and lists


def test_the_counts_are_the_queue_s_counts_for_the_same_person(story: Story, desks: Desks) -> None:
    """Mine for a handler, everyone's when asked; what nobody has been given beside them."""
    given(story, "2026-09-07")
    story.assign(story.record(day("2026-09-08")), to=desks.other_handler)
    story.record(day("2026-09-09"))
    story.on(day("2026-09-15"))
    for desk, everyone in ((desks.handler, False), (desks.handler, True), (desks.manager, True)):
        mine = QueueFilter(owner_id=None if everyone else desk.actor.id)
        found = desk.ask(my_day, everyone=everyone)
        assert found.counts == desk.ask(queue_counts, mine)
        assert found.overdue + found.today + found.week == desk.ask(queue, mine).rows
        assert found.unassigned == desk.ask(queue_counts, QueueFilter(unassigned=True)).total == 1
    assert desks.handler.ask(my_day).counts.total == 1
    assert desks.handler.ask(my_day, everyone=True).counts.total == 3


def test_each_duty_stands_in_the_list_of_its_day(story: Story, desks: Desks) -> None:
    """Overdue, today, the seven days after; what comes later is only counted [lgsco:6.2]."""
    names = {received: given(story, received) for received in ("2026-09-04", "2026-09-07", "2026-09-14", "2026-09-15")}
    story.on(day("2026-09-14"))
    found = desks.handler.ask(my_day)
    assert [row.reference for row in found.overdue] == [names["2026-09-04"]]
    assert [row.reference for row in found.today] == [names["2026-09-07"]]
    assert [row.reference for row in found.week] == [names["2026-09-14"]]
    assert (found.counts.overdue, found.counts.today, found.counts.week, found.counts.later) == (1, 1, 1, 1)


@pytest.mark.parametrize("everyone", [False, True])
def test_many_overdue_duties_do_not_hide_what_is_due_today(everyone: bool, story: Story, desks: Desks) -> None:
    """Each list shows its own nearest, however long the one before it is."""
    bring_in(desks, *[day("2026-01-05")] * 40, handler=desks.handler)
    due = given(story, "2026-09-07")
    next_week = given(story, "2026-09-14")
    story.on(day("2026-09-14"))
    found = desks.handler.ask(my_day, everyone=everyone)
    assert found.counts.overdue == 40 and len(found.overdue) == 8
    assert [row.reference for row in found.today] == [due]
    assert [row.reference for row in found.week] == [next_week]


def test_a_day_with_nothing_to_do_is_empty(desks: Desks) -> None:
    found = desks.handler.ask(my_day)
    assert found.counts.total == found.unassigned == 0
    assert not (found.overdue or found.today or found.week or found.answered or found.changed)


def test_my_day_is_for_those_who_open_cases(desks: Desks) -> None:
    for desk in (desks.recorder, desks.member, desks.administrator):
        with pytest.raises(NotPermitted):
            desk.ask(my_day)


# ---------------------------------------------------------------------------------------------------- answered lately


def test_what_i_answered_is_shown_for_a_week(story: Story, desks: Desks) -> None:
    """With its outcome in words, under the name of whoever answered; a week later it is gone."""
    reference = story.acknowledged()
    story.assign(reference)
    story.respond(reference, answers=answers(outcome=Outcome.PARTIALLY_UPHELD))
    (line,) = desks.handler.ask(my_day).answered
    assert (line.reference, line.stage, line.responded_on) == (reference, 1, ANSWERED)
    assert line.outcome == "partially upheld"
    assert desks.other_handler.ask(my_day).answered == ()
    assert desks.manager.ask(my_day, everyone=True).answered == (line,)
    story.on(day("2026-10-01"))
    assert desks.handler.ask(my_day).answered == (line,)
    story.on(day("2026-10-02"))
    assert desks.handler.ask(my_day).answered == ()


def test_a_final_response_is_shown_to_the_reviewer_who_sent_it(story: Story, desks: Desks) -> None:
    reference = story.finished()
    (line,) = desks.reviewer.ask(my_day).answered
    assert (line.reference, line.stage, line.responded_on) == (reference, 2, FINAL)
    assert desks.handler.ask(my_day).answered == ()


# ------------------------------------------------------------------------------------------- what others have changed


def test_what_others_did_on_my_cases_is_news_and_what_i_did_is_not(story: Story, desks: Desks) -> None:
    """The history's own sentences, newest first, with who did it."""
    reference = given(story, "2026-09-07")
    story.record(matter="Not mine")
    story.acknowledge(reference)
    found = desks.handler.ask(my_day).changed
    assert [(line.reference, line.actor) for line in found] == [
        (reference, "Mona Manager"),
        (reference, "Robin Recorder"),
    ]
    assert found[0].sentence == "Assigned stage 1 to Hana Handler."
    assert found[1].sentence.startswith("Recorded “Missed bin collections” from Sam Sample")
    assert desks.handler.ask(my_day, everyone=True).changed == ()


def test_news_is_a_week_old_at_most_and_eight_lines_at_most(story: Story, desks: Desks) -> None:
    """Of today and the seven days before, each of them whole."""
    reference = given(story, "2026-09-07")
    story.on(day("2026-09-14"), hour=22)
    assert len(desks.handler.ask(my_day).changed) == 2
    story.on(day("2026-09-15"), hour=0)
    assert desks.handler.ask(my_day).changed == ()
    for number in range(10):
        story.correct(reference, Fact.MATTER, f"Matter {number}")
    found = desks.handler.ask(my_day).changed
    assert len(found) == 8 and "“Matter 9”" in found[0].sentence


def test_a_case_that_has_ended_is_no_longer_mine_to_watch(story: Story, desks: Desks) -> None:
    reference = given(story, "2026-09-07")
    assert desks.handler.ask(my_day).changed
    story.withdraw(reference)
    assert desks.handler.ask(my_day).changed == ()
