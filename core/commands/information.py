"""Information asked of a colleague or of somebody else: asked, chased, escalated, recorded, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, func, select

from core.code.information import INFORMATION
from core.commands.base import CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.information import (
    InformationAnswered,
    InformationAsked,
    InformationChased,
    InformationEscalated,
    InformationWithdrawn,
)
from core.model.access import ColleagueService
from core.model.information import AnswerLink, InformationChase, InformationRequest
from core.model.people import Colleague
from core.permissions import Actor, Permission, Role
from core.rules.considering import ReachedBy
from core.store.facts import CaseRows
from core.store.scope import seen_among

_FEW_LINES = 4_000
_EMAIL = r"^(|[^@\s]+@[^@\s]+)$"


class AskForInformation(CaseCommand):
    """Ask a colleague, or somebody outside such as a contractor, for what the complaint needs."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2",)
    title = "Ask for information"
    gist = (
        "A colleague finds it among what they owe; anybody answers by a link that you can make afterwards. The date of "
        "your own answer stays as it is."
    )

    colleague_id: int | None = asks("Which colleague", widget="choice", options="readers", default=None)
    name: str = asks("Or who else, by name", default="", max_length=200)
    organisation: str = asks("Their organisation or team", default="", max_length=200)
    email: str = asks("Their e-mail", widget="email", default="", max_length=254, pattern=_EMAIL)
    due_on: date | None = asks(
        "By when",
        widget="date",
        default=None,
        help=f"Left empty, it is {INFORMATION.answer_days} working days from today.",
    )
    what: str = asks("What we need to know", widget="area", min_length=1, max_length=_FEW_LINES)
    documents: str = asks("Which documents go with it, in words", widget="area", default="", max_length=_FEW_LINES)


@handles(AskForInformation)
def ask_for_information(command: AskForInformation, work: Work) -> Sequence[Event]:
    """Let whoever answers reach anybody who can help, by a day that is said [lgsco:4.2]."""
    case = work.open_case(command)
    name = _who(command, case, work)
    usual = work.calendar_of(work.policy_of(case)).after(work.today, INFORMATION.answer_days)
    due = command.due_on or usual
    work.not_before(due, work.today, "due_on", what="the day it is asked")
    last = select(func.max(InformationRequest.number)).where(col(InformationRequest.complaint_id) == case.id)
    asked = InformationRequest(
        complaint_id=case.id,
        number=(work.session.exec(last).one() or 0) + 1,
        name=name,
        asked_on=work.today,
        asked_by=work.actor.id or None,
        due_on=due,
        **command.model_dump(include={"colleague_id", "organisation", "email", "what", "documents"}),
    )
    work.session.add(asked)
    told = asked.model_dump(include={"number", "due_on", "name", "organisation", "email", "what", "documents"})
    days = INFORMATION.answer_days if command.due_on is None else 0
    colleague = command.colleague_id is not None
    return [InformationAsked(complaint_id=case.id, colleague=colleague, days=days, **told)]


def _who(command: AskForInformation, case: CaseRows, work: Work) -> str:
    """Whose name it is asked of: a colleague who sees the complaint, or somebody else who is named."""
    if command.colleague_id is None:
        if not command.name:
            raise BadInput("Choose a colleague, or write who else is asked.", {"name": "Write their name."})
        return command.name
    if command.name:
        said = "It is asked of one person. Take the name out, or choose no colleague."
        raise BadInput(said, {"name": "Leave it empty for a colleague."})
    colleague = work.session.get(Colleague, command.colleague_id)
    if colleague is None or not colleague.active:
        raise BadInput("That colleague is not on the list any more. Choose someone else.")
    of = select(ColleagueService.service_id).where(col(ColleagueService.colleague_id) == colleague.id)
    services = frozenset(work.session.exec(of))
    them = Actor(id=command.colleague_id, name=colleague.name, role=Role(colleague.role), services=services)
    if not (them.may(Permission.READ) and seen_among(work.session.connection(), them, [case.id])):
        raise BadInput(
            f"{colleague.name} does not see {case.complaint.reference}. Choose no colleague and write their name: a "
            "link shows them the question alone.",
            {"colleague_id": "This colleague does not see the complaint."},
        )
    return colleague.name


def _which() -> Any:
    """A field for one of the questions that are still open."""
    return asks("Which question", widget="choice", options="questions")


class ChaseInformation(CaseCommand):
    """Record that somebody was reminded of a question, and the new day if one was agreed."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2",)
    title = "Record a reminder"
    gist = "A new day moves what they owe us, and nothing that we owe."

    request_id: int = _which()
    reached_by: ReachedBy = asks("How they were reminded", widget="choice")
    new_due_on: date | None = asks("The new day, if one was agreed", widget="date", default=None)
    note: str = asks("What was said", widget="area", default="", max_length=_FEW_LINES)


@handles(ChaseInformation)
def chase_information(command: ChaseInformation, work: Work) -> Sequence[Event]:
    """Keep every reminder; a new day takes the place of the old one from here on [lgsco:4.2]."""
    case, asked = open_question(command, work)
    if command.new_due_on is not None:
        work.not_before(command.new_due_on, work.today, "new_due_on", what="the reminder")
        asked.due_on = command.new_due_on
    told = command.model_dump(include={"reached_by", "new_due_on", "note"})
    by = work.actor.id or None
    work.session.add(InformationChase(request_id=command.request_id, chased_on=work.today, chased_by=by, **told))
    return [InformationChased(complaint_id=case.id, number=asked.number, name=asked.name, **told)]


class EscalateInformation(CaseCommand):
    """Take a question that is not answered to somebody more senior."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2",)
    title = "Take a question further"
    gist = "To the head of the service or of the contractor, say. The question stays open until it is answered."

    request_id: int = _which()
    senior: str = asks("To whom, by name and post", min_length=1, max_length=200)
    why: str = asks("Why", widget="area", min_length=1, max_length=_FEW_LINES)


@handles(EscalateInformation)
def escalate_information(command: EscalateInformation, work: Work) -> Sequence[Event]:
    """Whoever answers can reach colleagues of any seniority, and it is kept that they did [lgsco:4.2]."""
    case, asked = open_question(command, work)
    asked.escalated_on, asked.escalated_to, asked.why_escalated = work.today, command.senior, command.why
    told = {"senior": command.senior, "why": command.why}
    return [InformationEscalated(complaint_id=case.id, number=asked.number, name=asked.name, **told)]


class RecordInformation(CaseCommand):
    """Write down an answer that came in another way than by the link."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2", "lgsco:5.8")
    title = "Record an answer"
    gist = "For an answer by phone, by e-mail or across a table. Files that came with it are added as evidence."

    request_id: int = _which()
    answered_on: date = asks("When it came", widget="date", starts="today")
    reached_by: ReachedBy = asks("How it came", widget="choice")
    answered_by: str = asks("Who answered, if not who was asked", default="", max_length=200)
    answer: str = asks("What they said", widget="area", min_length=1, max_length=_FEW_LINES)


@handles(RecordInformation)
def record_information(command: RecordInformation, work: Work) -> Sequence[Event]:
    """Keep an answer with the day it came; its link works no longer [lgsco:5.8]."""
    case, asked = open_question(command, work)
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, asked.asked_on, "answered_on", what="it was asked")
    by = command.answered_by or asked.name
    answered(asked, on=command.answered_on, by=by, how=command.reached_by.value, answer=command.answer)
    end_links(asked, work)
    return [answer_event(asked, files=0)]


class WithdrawInformationRequest(CaseCommand):
    """Take back a question that needs no answer any more."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2",)
    title = "Take a question back"
    gist = "Its link stops working. The question and the reason stay in the history."

    request_id: int = _which()
    why: str = asks("Why", widget="area", min_length=1, max_length=_FEW_LINES)


@handles(WithdrawInformationRequest)
def withdraw_information_request(command: WithdrawInformationRequest, work: Work) -> Sequence[Event]:
    """Owe nobody an answer that is not needed any more; what was late by then stays late [lgsco:4.2]."""
    case, asked = open_question(command, work)
    asked.withdrawn_on, asked.why_withdrawn = work.today, command.why
    end_links(asked, work)
    return [InformationWithdrawn(complaint_id=case.id, number=asked.number, name=asked.name, why=command.why)]


_OnQuestion = ChaseInformation | EscalateInformation | RecordInformation | WithdrawInformationRequest


def open_question(command: _OnQuestion, work: Work) -> tuple[CaseRows, InformationRequest]:
    """The complaint and the question; BadInput for one that is not open on this very complaint."""
    case = work.open_case(command)
    asked = work.session.get(InformationRequest, command.request_id)
    if asked is None or asked.complaint_id != case.id or not is_open(asked):
        raise BadInput(
            f"No such question is open on {case.complaint.reference}. Choose one from the list.",
            {"request_id": "Choose a question."},
        )
    return case, asked


def is_open(asked: InformationRequest) -> bool:
    """Whether a question still waits for its answer."""
    return asked.answered_on is None and asked.withdrawn_on is None


def answered(asked: InformationRequest, *, on: date, by: str, how: str, answer: str) -> None:
    """Write the answer beside its question."""
    asked.answered_on, asked.answered_by, asked.answered_how, asked.answer = on, by, how, answer


def answer_event(asked: InformationRequest, *, files: int) -> InformationAnswered:
    """What the history says of an answered question."""
    if asked.answered_on is None:
        raise RuntimeError("This question has no answer.")
    return InformationAnswered(
        complaint_id=asked.complaint_id,
        number=asked.number,
        answered_on=asked.answered_on,
        came=asked.answered_how,
        files=files,
        name=asked.answered_by,
        answer=asked.answer,
    )


def end_links(asked: InformationRequest, work: Work) -> None:
    """Stop every link of a question."""
    still = (col(AnswerLink.request_id) == asked.id, col(AnswerLink.ended_at).is_(None))
    for link in work.session.exec(select(AnswerLink).where(*still)):
        link.ended_at = work.now
