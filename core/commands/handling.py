"""Complaints about our own handling, outside the two stages: first ourselves, then an independent assessor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.ombudsman import beside, within_calendar
from core.commands.recommendations import add_to
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.handling import (
    HandlingAssessed,
    HandlingComplaintAnswered,
    HandlingComplaintRaised,
    HandlingReferred,
)
from core.model.ombudsman import HandlingComplaint, Recommendation
from core.model.people import Colleague
from core.permissions import Permission, Role
from core.rules.outside import HandlingOutcome, RecommendationKind
from core.store.facts import CaseRows, load_case

_ASSESSOR = "the independent assessor"


def asks_handling() -> Any:
    """Which complaint about handling; the page knows."""
    return asks("Which of them", widget="choice", options="handling_complaints")


def _open(command: Any, work: Work) -> tuple[HandlingComplaint, CaseRows]:
    """One complaint about handling for changing, with the complaint it is about; NotFound where none is seen."""
    nothing = "There is no such complaint about our handling. Open it again from the list."
    found, case = beside(HandlingComplaint, command.handling_id, work, nothing=nothing)
    if found.assessed_on is not None:
        raise StepNotOpen("It is assessed already, which is the last there is here. The Ombudsman stays open to them.")
    return found, case


class RaiseHandlingComplaint(Command):
    """Take in a complaint about how a complaint was handled: it is no stage and reopens none."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.20",)
    title = "Record a complaint about our handling"
    gist = "About how we went about it, and not about the matter again. It is answered here first."

    complaint: str = asks("The complaint that was handled", help="Its reference.", min_length=1, max_length=20)
    raised_on: date = asks("When they said so", widget="date", starts="today")
    words: str = asks("What they say, in their own words", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RaiseHandlingComplaint)
def raise_handling_complaint(command: RaiseHandlingComplaint, work: Work) -> Sequence[Event]:
    """Keep it apart from the two stages, which are the only ones there are [lgsco:6.20]."""
    case = load_case(work.session, command.complaint, actor=work.actor)
    work.touch(case)
    work.not_future(command.raised_on, "raised_on")
    work.not_before(command.raised_on, case.complaint.received_on, "raised_on", what="the complaint was received")
    still = select(HandlingComplaint.id).where(
        col(HandlingComplaint.complaint_id) == case.id, col(HandlingComplaint.assessed_on).is_(None)
    )
    if work.session.exec(still).first() is not None:
        raise BadInput(
            f"A complaint about the handling of {case.complaint.reference} is open already. Add to that one.",
            {"complaint": "One is open already."},
        )
    told = command.model_dump(include={"raised_on", "words"})
    work.session.add(HandlingComplaint(complaint_id=case.id, recorded_by=work.actor.id or None, **told))
    return [HandlingComplaintRaised(complaint_id=case.id, **told)]


class AnswerHandlingComplaint(Command):
    """Record how the handler, or their manager, answered a complaint about the handling."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.20",)
    title = "Record our answer about the handling"
    gist = "From whoever handled it, or their manager. Say that an independent assessor can be asked next."

    handling_id: int = asks_handling()
    answered_on: date = asks("When it was answered", widget="date", starts="today")
    answer: str = asks("What was answered", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(AnswerHandlingComplaint)
def answer_handling_complaint(command: AnswerHandlingComplaint, work: Work) -> Sequence[Event]:
    """Keep the first answer; its period is the council's own and no clock of the Code [lgsco:6.20]."""
    row, case = _open(command, work)
    if row.answered_on is not None:
        raise StepNotOpen("It is answered already. Refer it to the independent assessor if they are still unhappy.")
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, row.raised_on, "answered_on", what="they said so")
    row.answered_on, row.answer, row.answered_by = command.answered_on, command.answer, work.actor.id or None
    told = command.model_dump(include={"answered_on", "answer"})
    return [HandlingComplaintAnswered(complaint_id=case.id, **told)]


class ReferToAssessor(Command):
    """Refer how a complaint was handled to an independent assessor, who reads that one case from then on."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:6.20",)
    title = "Refer to the independent assessor"
    gist = "They see this case, to read it, and no other. An administrator makes the account."

    handling_id: int = asks_handling()
    assessor_id: int = asks("The independent assessor", widget="choice", options="assessors")
    referred_on: date = asks("When it was referred", widget="date", starts="today")
    referral: str = asks("What they are asked", widget="area", default="", max_length=TEXT_LIMIT)


@handles(ReferToAssessor)
def refer_to_assessor(command: ReferToAssessor, work: Work) -> Sequence[Event]:
    """Show one case to somebody from outside, once the council has answered itself [lgsco:6.20]."""
    row, case = _open(command, work)
    if row.answered_on is None:
        raise StepNotOpen("Whoever handled it, or their manager, answers first. Record that answer.")
    assessor = work.session.get(Colleague, command.assessor_id)
    if assessor is None or not assessor.active or assessor.role != Role.ASSESSOR:
        said = "That is no independent assessor. Choose from the list, or ask an administrator to add one."
        raise BadInput(said, {"assessor_id": said})
    work.not_future(command.referred_on, "referred_on")
    work.not_before(command.referred_on, row.answered_on, "referred_on", what="it was answered here")
    row.referred_on, row.assessor_id, row.referral = command.referred_on, command.assessor_id, command.referral
    told = command.model_dump(include={"referred_on", "referral"})
    return [HandlingReferred(complaint_id=case.id, assessor=assessor.name, **told)]


class RecordAssessment(Command):
    """Record what an independent assessor found about how a complaint was handled."""

    needs = Permission.ASSESS
    clauses = ("lgsco:6.20",)
    title = "Record the assessment"
    gist = "About how it was handled. One recommendation can be given a day here; it is then tracked to its end."

    handling_id: int = asks_handling()
    assessed_on: date = asks("When it was assessed", widget="date", starts="today")
    outcome: HandlingOutcome = asks("What was found", widget="choice")
    found: str = asks("The findings", widget="area", min_length=1, max_length=TEXT_LIMIT)
    recommendation: str = asks("What is recommended, if anything", widget="area", default="", max_length=TEXT_LIMIT)
    due_on: date | None = asks("To be done by", widget="date", default=None)


@handles(RecordAssessment)
def record_assessment(command: RecordAssessment, work: Work) -> Sequence[Event]:
    """Keep the assessment of whoever it was referred to; no stage begins again by it [lgsco:6.20]."""
    row, case = _open(command, work)
    if row.referred_on is None or (row.assessor_id != work.actor.id and not work.actor.whole):
        raise StepNotOpen("It is not referred to you. Ask the complaints manager to refer it first.")
    work.not_future(command.assessed_on, "assessed_on")
    work.not_before(command.assessed_on, row.referred_on, "assessed_on", what="it was referred")
    if bool(command.recommendation) != (command.due_on is not None):
        said = "Give a recommendation and its day together, or neither."
        raise BadInput(said, {"due_on": said})
    row.assessed_on, row.outcome, row.findings = command.assessed_on, command.outcome.value, command.found
    assessed = HandlingAssessed(
        complaint_id=case.id,
        assessed_on=command.assessed_on,
        outcome=command.outcome.value,
        findings=command.found,
    )
    return [assessed, *_recommended(command, row, case, work)]


def _recommended(command: RecordAssessment, row: HandlingComplaint, case: CaseRows, work: Work) -> list[Event]:
    """What the assessor recommends, owed like an Ombudsman's."""
    if command.due_on is None:
        return []
    work.not_before(command.due_on, command.assessed_on, "due_on", what="it was assessed")
    within_calendar(command.due_on, case, work)
    added = Recommendation(
        complaint_id=case.id,
        handling_id=row.id,
        kind=RecommendationKind.SERVICE.value,
        what=command.recommendation,
        set_on=command.assessed_on,
        due_on=command.due_on,
    )
    return [add_to(added, work, source=_ASSESSOR)]
