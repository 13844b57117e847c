"""Requests to correct or erase personal data: recorded, given more time, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.ombudsman import beside
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.rectification import RectificationAnswered, RectificationAsked, RectificationExtended
from core.model.rectification import RectificationRequest
from core.permissions import Permission
from core.rules.rectification import RightAsked, RightOutcome, due_by, rights_told
from core.store.facts import CaseRows, load_case
from core.words import day_words


def asks_rectification() -> Any:
    """Which request; the page knows."""
    return asks("Which of them", widget="choice", options="rectifications")


class RecordRectification(Command):
    """Take in that somebody asks to have data about them corrected or erased: a right of theirs, and no stage."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Record a request to correct or erase"
    gist = "It may be said in any words and in any way. It is answered within one month, and the complaint goes on."

    complaint: str = asks("The complaint that holds the data", help="Its reference.", min_length=1, max_length=20)
    right: RightAsked = asks("What they ask for", widget="choice")
    received_on: date = asks("When the request came", widget="date", starts="today")
    name: str = asks("Who asks", min_length=1, max_length=200)
    what: str = asks("What is wrong, or what should go", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordRectification)
def record_rectification(command: RecordRectification, work: Work) -> Sequence[Event]:
    """Keep the request beside the complaint with the month it has in law; no clock of the Code moves [lgsco:5.8]."""
    case = load_case(work.session, command.complaint, actor=work.actor)
    work.touch(case)
    work.not_future(command.received_on, "received_on")
    work.not_before(command.received_on, case.complaint.received_on, "received_on", what="the complaint was received")
    due = due_by(command.received_on, calendar=work.calendar_of(work.policy_of(case)))
    told: dict[str, Any] = {"received_on": command.received_on, "name": command.name, "what": command.what}
    told |= {"asks": command.right.value, "due_on": due}
    work.session.add(RectificationRequest(complaint_id=case.id, recorded_by=work.actor.id or None, **told))
    return [RectificationAsked(complaint_id=case.id, **told)]


class ExtendRectification(Command):
    """Take two more months for a request that is complex or one of many, told with the reason in the first."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Take more time for it"
    gist = (
        "Only for what is complex, or for many requests of one person, and only once. They hear why within the month."
    )

    rectification_id: int = asks_rectification()
    told_on: date = asks("When they were told", widget="date", starts="today")
    why: str = asks("Why it takes longer", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(ExtendRectification)
def extend_rectification(command: ExtendRectification, work: Work) -> Sequence[Event]:
    """Move the day once, and never after the first month is over [lgsco:5.8]."""
    row, case = _open(command, work)
    if row.extended_on is not None:
        raise StepNotOpen(f"It was extended already, to {day_words(row.due_on)}. Answer it by then.")
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, row.received_on, "told_on", what="the request came")
    if command.told_on > row.due_on:
        said = "More time is told within the first month. It is late now: answer it as soon as you can."
        raise BadInput(said, {"told_on": said})
    row.due_on = due_by(row.received_on, calendar=work.calendar_of(work.policy_of(case)), extended=True)
    row.extended_on, row.why_extended = command.told_on, command.why
    return [
        RectificationExtended(complaint_id=case.id, told_on=command.told_on, due_on=row.due_on, why=command.why),
    ]


class AnswerRectification(Command):
    """Record how a request to correct or erase was answered."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Record the answer to it"
    gist = (
        "Correct the fact on the case first: the old value stays in its history. What the council must keep for its "
        "public task need not be erased; then say why, and that they can go to the Information Commissioner."
    )

    rectification_id: int = asks_rectification()
    outcome: RightOutcome = asks("What came of it", widget="choice")
    answered_on: date = asks("When they were answered", widget="date", starts="today")
    answer: str = asks("What was done, or why not", widget="area", min_length=1, max_length=TEXT_LIMIT)
    rights: bool = asks(
        "They were told they can complain to the Information Commissioner and go to court", widget="tick", default=False
    )
    passed_on: str = asks(
        "Who else was told of it", help="Everybody the data had been given to.", default="", max_length=500
    )


@handles(AnswerRectification)
def answer_rectification(command: AnswerRectification, work: Work) -> Sequence[Event]:
    """Keep what was done and why; whoever does not get all they asked hears where else they can go [lgsco:5.8]."""
    row, case = _open(command, work)
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, row.received_on, "answered_on", what="the request came")
    if rights_told(command.outcome) and not command.rights:
        said = (
            "Tell them that they can complain to the Information Commissioner and go to court, then tick that you did."
        )
        raise BadInput(said, {"rights": said})
    row.answered_on, row.outcome, row.answered_by = command.answered_on, command.outcome.value, work.actor.id or None
    row.answer, row.passed_on = command.answer, command.passed_on
    return [
        RectificationAnswered(
            complaint_id=case.id,
            asks=row.asks,
            answered_on=command.answered_on,
            outcome=command.outcome.value,
            rights_told=command.rights,
            answer=command.answer,
            passed_on=command.passed_on,
        )
    ]


def _open(command: ExtendRectification | AnswerRectification, work: Work) -> tuple[RectificationRequest, CaseRows]:
    """One request for changing, with its complaint; NotFound where none is seen, StepNotOpen once it is answered."""
    nothing = "There is no such request. Open it again from the list."
    found, case = beside(RectificationRequest, command.rectification_id, work, nothing=nothing)
    if found.answered_on is not None:
        raise StepNotOpen("It is answered already. Record what they ask now as a new request.")
    return found, case
