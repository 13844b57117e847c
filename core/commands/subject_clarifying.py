"""What has to be asked before somebody's own data can be found: AskSubjectClarification and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.subject_access import open_subject_access, settle_due
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.subject_access import SubjectClarificationAnswered, SubjectClarificationAsked
from core.model.subject_access import SubjectClarification
from core.permissions import Permission
from core.words import day_words

_CLAUSES = ("lgsco:5.8",)


class AskSubjectClarification(Command):
    """Ask the person for what is needed to find their data; the clock stands still until they answer."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Ask what is needed to find it"
    gist = (
        "Only where the data cannot reasonably be found without it, such as years of records of one person. Ask at "
        "once. Whoever does not narrow it down is still answered, after a reasonable search."
    )

    request_id: int
    asked_on: date = asks("When they were asked", widget="date", starts="today")
    what: str = asks("What they were asked", widget="area", min_length=1, max_length=TEXT_LIMIT)
    why: str = asks("Why it cannot be found without that", widget="area", min_length=1, max_length=TEXT_LIMIT)


def _waiting(request_id: int, work: Work) -> SubjectClarification | None:
    waits = (col(SubjectClarification.request_id) == request_id, col(SubjectClarification.answered_on).is_(None))
    return work.session.exec(select(SubjectClarification).where(*waits)).first()


@handles(AskSubjectClarification)
def ask_subject_clarification(command: AskSubjectClarification, work: Work) -> Sequence[Event]:
    """Stop the clock only while something is asked that is needed to find the data, with what and why [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    waiting = _waiting(command.request_id, work)
    if waiting is not None:
        raise StepNotOpen(f"They were asked on {day_words(waiting.asked_on)} already. Record what they answer first.")
    work.not_future(command.asked_on, "asked_on")
    work.not_before(command.asked_on, row.received_on, "asked_on", what="the request")
    if command.asked_on > row.due_on:
        raise BadInput(
            f"The answer was owed by {day_words(row.due_on)}. A question asked later stops no clock: answer with what "
            "you have found.",
            {"asked_on": "This is after the day it was owed by."},
        )
    told: dict[str, Any] = {"asked_on": command.asked_on, "what": command.what, "why": command.why}
    work.session.add(SubjectClarification(request_id=command.request_id, asked_by=work.actor.id or None, **told))
    return [SubjectClarificationAsked(request_id=command.request_id, **told)]


class RecordSubjectClarification(Command):
    """Record that they answered what was asked; the clock goes on from that day."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Record their answer to what was asked"
    gist = "The days from the question to the answer are added to the day it is owed by."

    request_id: int
    answered_on: date = asks("When their answer came", widget="date", starts="today")
    answer: str = asks("What they answered", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordSubjectClarification)
def record_subject_clarification(command: RecordSubjectClarification, work: Work) -> Sequence[Event]:
    """Let the clock go on, and tell by when the answer is owed now [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    waiting = _waiting(command.request_id, work)
    if waiting is None:
        raise StepNotOpen("Nothing that was asked waits for their answer. Look at the request again.")
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, waiting.asked_on, "answered_on", what="the question")
    waiting.answered_on, waiting.answer = command.answered_on, command.answer
    work.session.flush()
    due_on, days = settle_due(row, work), (command.answered_on - waiting.asked_on).days
    return [
        SubjectClarificationAnswered(
            request_id=command.request_id,
            answered_on=command.answered_on,
            days=days,
            due_on=due_on,
            answer=command.answer,
        )
    ]
