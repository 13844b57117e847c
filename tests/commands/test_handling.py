"""Complaints about our own handling: answered here first, then by an independent assessor, and never a third stage."""

from __future__ import annotations

from typing import Any

import pytest

from core.commands.handling import AnswerHandlingComplaint, ReferToAssessor
from core.errors import BadInput, NotFound, NotPermitted, StepNotOpen
from core.queries.duties_check import duties_check
from core.queries.handling import handling_complaints
from core.queries.ombudsman_figures import ombudsman_figures
from core.rules.outside import HandlingOutcome
from core.rules.steps import Position
from tests import ombudsman as at
from tests.builders import Row, Story, day
from tests.commands.refusals import refused
from tests.conftest import Desks

REPORT = {"dealt_with": "3", "upheld": "1", "partly_upheld": "1", "not_upheld": "1"}


def duty(story: Story, kind: str) -> Row:
    (row,) = story.rows("duty", kind=kind)
    return row


def test_E10_it_is_answered_here_then_assessed_and_reopens_no_stage(story: Story, desks: Desks) -> None:
    """Its dates are ours and stand apart from the Code's [lgsco:6.20]."""
    reference = story.finished()
    of = at.raised(story, reference)
    row = duty(story, "answer_handling")
    assert (row["due_on"], row["ours"], row["standing"]) == (day("2026-11-25"), True, "open")
    at.answered(story, of)
    at.referred(story, of, desks.assessor)
    assert duty(story, "assess_handling")["due_on"] == day("2027-01-14")
    done = at.assessed(story, of, desks.assessor, recommendation="Ring back the same day.", due_on=at.DUE)
    assert done.sentences == (
        "Independent assessment of our handling on Mon 14 December 2026: upheld in part. "
        "Two of five calls were not returned.",
        "Recommended by the independent assessor, service improvement, by Mon 8 February 2027: Ring back the same day.",
    )
    assert [duty(story, kind)["standing"] for kind in ("answer_handling", "assess_handling")] == ["in_time"] * 2
    assert duty(story, "comply_recommendation")["standing"] == "open"
    assert len(story.rows("stage", complaint_id=story.case(reference)["id"])) == 2
    assert story.case(reference)["position"] == Position.TWO_ANSWERED.value
    at.comply(story, at.last_id(story, "recommendation"), by=desks.handler)
    assert story.desks.system.ask(duties_check).differing == ()


def test_E10_the_steps_come_in_their_order_and_end(story: Story, desks: Desks) -> None:
    of = at.raised(story, story.record())
    with refused(story, StepNotOpen, match="answers first"):
        at.referred(story, of, desks.assessor)
    with refused(story, StepNotOpen, match="not referred to you"):
        at.assessed(story, of, desks.system)
    at.answered(story, of)
    with refused(story, StepNotOpen, match="answered already"):
        at.answered(story, of)
    with refused(story, BadInput, match="no independent assessor"):
        at.referred(story, of, desks.quality)
    at.referred(story, of, desks.assessor)
    at.assessed(story, of, desks.assessor)
    with refused(story, StepNotOpen, match="the last there is here"):
        at.assessed(story, of, desks.assessor)
    assert desks.manager.ask(handling_complaints)[0].steps == ()


def test_E10_one_at_a_time_and_no_day_that_cannot_be(story: Story, desks: Desks) -> None:
    reference = story.record()
    of = at.raised(story, reference)
    with refused(story, BadInput, match="is open already"):
        at.raised(story, reference)
    with refused(story, NotFound, match="C-2026-999999"):
        at.raised(story, "C-2026-999999")
    story.on(at.HANDLING_ANSWERED)
    with refused(story, BadInput, match="is before they said so"):
        desks.handler.do(AnswerHandlingComplaint(handling_id=of, answered_on=day("2026-10-01"), answer="Sorry."))
    with refused(story, NotFound, match="no such complaint about our handling"):
        desks.handler.do(AnswerHandlingComplaint(handling_id=of + 1, answered_on=at.RAISED, answer="Sorry."))
    at.answered(story, of)
    at.referred(story, of, desks.assessor)
    with refused(story, BadInput, match="together, or neither"):
        at.assessed(story, of, desks.assessor, recommendation="Ring back.")


def test_E10_the_assessor_takes_no_other_step(story: Story, desks: Desks) -> None:
    of = at.raised(story, story.record())
    told: dict[str, Any] = {"handling_id": of}
    with refused(story, NotPermitted, match="Only a handler"):
        desks.assessor.do(AnswerHandlingComplaint(answered_on=at.RAISED, answer="Sorry.", **told))
    with refused(story, NotPermitted, match="Only the link officer"):
        desks.assessor.do(ReferToAssessor(assessor_id=desks.assessor.actor.id, referred_on=at.RAISED, **told))
    at.answered(story, of)
    at.referred(story, of, desks.assessor)
    with refused(story, NotPermitted, match="Only the independent assessor records"):
        at.assessed(story, of, desks.manager)


def test_E11_the_years_counts_by_outcome_stand_beside_the_assessors_report(story: Story, desks: Desks) -> None:
    """The report's own figures, checked to add up, with its file; for the annual pack."""
    for outcome in (HandlingOutcome.UPHELD, HandlingOutcome.NOT_UPHELD):
        of = at.raised(story, story.record())
        at.answered(story, of)
        at.referred(story, of, desks.assessor)
        at.assessed(story, of, desks.assessor, outcome=outcome)
    story.on(day("2027-05-04"))
    with refused(story, BadInput, match="add up to 1 \\+ 1 \\+ 1 = 3"):
        at.letter(story, year=2026, body="assessor", figures=REPORT | {"dealt_with": "4"})
    at.letter(story, year=2026, body="assessor", figures=REPORT, file_name="Report.pdf", sha256="a" * 64)
    found = desks.manager.ask(ombudsman_figures, "assessor", 2026)
    assert {line.key: (line.theirs, line.ours, line.difference) for line in found.lines} == {
        "dealt_with": (3, 2, -1), "upheld": (1, 1, 0), "partly_upheld": (1, 0, -1), "not_upheld": (1, 1, 0),
    }  # fmt: skip
    assert (found.file_name, found.letter_kpis, found.own_kpis) == ("Report.pdf", (), ())
    shown = desks.member.ask(ombudsman_figures, "assessor", 2026)
    assert {(line.key, line.theirs, line.ours) for line in shown.lines} == {
        ("dealt_with", 3, None), ("upheld", 1, None), ("partly_upheld", 1, None), ("not_upheld", 1, None),
    }  # fmt: skip


def test_the_ombudsman_s_figures_leave_out_what_is_not_seen(story: Story, desks: Desks) -> None:
    """A confidential case counts for whoever is named on it [lgsco:5.8]."""
    reference = story.finished()
    of = at.enquiry(story, reference)
    at.decide(story, of)
    story.keep_confidential(reference, desks.manager)

    def seen(desk: Any) -> int | None:
        return next(line.ours for line in desk.ask(ombudsman_figures, "lgsco", 2026).lines if line.key == "dealt_with")

    assert (seen(desks.manager), seen(desks.senior_lead), seen(desks.member)) == (1, 0, None)
    with pytest.raises(NotPermitted):
        seen(desks.handler)
