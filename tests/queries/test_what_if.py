"""What if: another policy over a whole history, explained for each complaint that differs; nothing is touched.

That it equals the rules case by case is told in tests/rules/test_what_if.py and, over the sample council, in
tests/test_demo.py.
"""

from __future__ import annotations

import pytest

from core.commands.importing import ImportBatch
from core.errors import BadInput, NotPermitted
from core.queries.what_if import Span, Trial, what_if, what_if_changed
from core.rules.facts import Standing
from tests.builders import Story, day, dump
from tests.commands.test_faults import past_complaint
from tests.conftest import Desks
from tests.policies import WHY, adopt


def lived_and_imported(story: Story, desks: Desks) -> str:
    """One complaint answered on its ninth working day, and one from an old record."""
    reference = story.record(service_id=1)
    story.acknowledge(reference, day("2026-09-08"))
    story.respond(reference, day("2026-09-21"), good_reason=WHY)
    desks.manager.do(ImportBatch(source="old system", complaints=(past_complaint(),)))
    return reference


def test_a_shorter_period_says_who_would_have_been_late_and_touches_nothing(story: Story, desks: Desks) -> None:
    """The old record was extended in time; by the shorter period its extension would have been told too late."""
    reference = lived_and_imported(story, desks)
    before = dump(story.office)
    trial = Trial(periods=(("respond_stage_one", 8),))
    clock = next(each for each in desks.manager.ask(what_if, trial).clocks if each.key == "respond_stage_one")
    assert (clock.total.before.late, clock.total.after.late, clock.total.changed) == (0, 2, 2)
    assert [(each.name, each.changed) for each in clock.months] == [("2026-01", 1), ("2026-09", 1)]
    assert [each.name for each in clock.services] == ["No service named", "Waste and recycling"]
    page = desks.manager.ask(what_if_changed, trial, clock="respond_stage_one")
    imported, line = sorted(page.lines, key=lambda each: each.due_before)
    assert (imported.before, imported.after) == (Standing.EXTENDED, Standing.LATE)
    assert (line.reference, line.due_before, line.due_after, line.done_on, line.before, line.after) == (
        reference, day("2026-09-22"), day("2026-09-18"), day("2026-09-21"), Standing.IN_TIME, Standing.LATE,
    )  # fmt: skip
    assert dump(story.office) == before


def test_each_complaint_is_measured_against_the_version_it_was_taken_in_under(story: Story, desks: Desks) -> None:
    """Without another policy named, what was lived is what is compared; old records came in under the newest."""
    desks.manager.do(adopt(in_force_from=day("2026-09-07"), respond_stage_one=8, good_reason=WHY))
    lived_and_imported(story, desks)
    code = Trial(policy_id=1)
    clock = next(each for each in desks.manager.ask(what_if, code).clocks if each.key == "respond_stage_one")
    assert (clock.total.before.late, clock.total.after.late) == (2, 0)
    since = desks.manager.ask(what_if, code, span=Span(since=day("2026-10-01")))
    assert (since.complaints, [each.total.changed for each in since.clocks]) == (0, [0, 0, 0, 0])


def test_members_see_counts_and_no_complaint(story: Story, desks: Desks) -> None:
    lived_and_imported(story, desks)
    assert desks.member.ask(what_if, Trial()).complaints == 2
    with pytest.raises(NotPermitted):
        desks.member.ask(what_if_changed, Trial(), clock="respond_stage_one")


def test_what_cannot_be_tried_is_a_sentence(story: Story, desks: Desks) -> None:
    for trial, clock in (
        (Trial(policy_id=99), "respond_stage_one"),
        (Trial(periods=(("respond_stage_three", 5),)), "respond_stage_one"),
        (Trial(periods=(("respond_stage_one", 0),)), "respond_stage_one"),
        (Trial(), "respond_stage_three"),
    ):
        with pytest.raises(BadInput, match=r"Choose|Give"):
            desks.manager.ask(what_if_changed, trial, clock=clock)
