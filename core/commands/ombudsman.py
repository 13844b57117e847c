"""A complaint at an Ombudsman, from its first enquiry until nothing is left to do. No step here reopens a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlmodel import col, func, select

from core.code.ombudsmen import BODIES, DECISIONS
from core.commands.base import COMMANDS, TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound, StepNotOpen
from core.events.base import Event
from core.events.ombudsman import (
    DraftCommented,
    DraftDecisionRecorded,
    EnquiryAnswered,
    EnquiryRecorded,
    OmbudsmanCaseClosed,
    OmbudsmanCaseLinked,
    OmbudsmanDecided,
)
from core.model.complaints import Complaint
from core.model.ombudsman import HandlingComplaint, OmbudsmanCase, Recommendation
from core.model.rectification import RectificationRequest
from core.permissions import Permission
from core.rules.outside import AtTheOmbudsman, CommentGround, steps_at
from core.store.facts import CaseRows, load_case
from core.store.scope import visible_ombudsman


def asks_which() -> Any:
    """Which matter at an Ombudsman; the page knows."""
    return asks("Which of them", widget="choice", options="ombudsman_cases")


def touched(complaint_id: int | None, work: Work) -> CaseRows | None:
    """The complaint that something is about, loaded to be settled with it; None where there is none."""
    if complaint_id is None:
        return None
    reference = work.session.get_one(Complaint, complaint_id).reference
    case = load_case(work.session, reference, actor=work.actor)
    work.touch(case)
    return case


_Row = TypeVar("_Row", HandlingComplaint, RectificationRequest)


def beside(kind: type[_Row], number: int, work: Work, *, nothing: str) -> tuple[_Row, CaseRows]:
    """A row that stands beside one complaint, for changing, with that complaint; NotFound where none is seen."""
    found = work.session.exec(select(kind).where(col(kind.id) == number).with_for_update()).first()
    if found is None:
        raise NotFound(nothing)
    try:
        case = touched(found.complaint_id, work)
    except NotFound as unseen:
        raise NotFound(nothing) from unseen
    if case is None:
        raise RuntimeError(f"{kind.__name__} {number} stands with no complaint.")
    return found, case


def within_calendar(day: date, case: CaseRows | None, work: Work) -> None:
    """Refuse a date that no list could count to: CalendarEnds past the last published bank holidays."""
    policy = work.policy_of(case) if case is not None else work.policy
    work.calendar_of(policy).between(work.today, max(day, work.today))


def opened(command: Any, work: Work) -> tuple[OmbudsmanCase, int | None]:
    """One matter for changing, checked to permit this step; and its complaint's id, which is settled with it.

    Raises NotFound for one this person does not see, StepNotOpen where the step is not open.
    """
    seen = visible_ombudsman(work.actor, col(OmbudsmanCase.complaint_id), col(Complaint.service_id))
    statement = (
        select(OmbudsmanCase)
        .join(Complaint, col(Complaint.id) == col(OmbudsmanCase.complaint_id), isouter=True)
        .where(col(OmbudsmanCase.id) == command.ombudsman_case_id, *seen)
        .with_for_update(of=OmbudsmanCase)
    )
    found = work.session.exec(statement).first()
    if found is None:
        raise NotFound("There is no such case at the Ombudsman. Open it again from the list.")
    steps = steps_at(at_the_ombudsman(found, work))
    if type(command).__name__ not in steps:
        instead = ", ".join(COMMANDS[step].title for step in steps)
        still = f"Steps open now: {instead}." if steps else "It is closed. Record a new enquiry if there is one."
        raise StepNotOpen(f"“{type(command).title}” is not open for {found.their_reference}. {still}")
    touched(found.complaint_id, work)
    return found, found.complaint_id


def at_the_ombudsman(row: OmbudsmanCase, work: Work) -> AtTheOmbudsman:
    """How a matter stands, as rules read it."""
    still = select(func.count()).where(
        col(Recommendation.ombudsman_case_id) == row.id,
        col(Recommendation.accepted).is_(True),
        col(Recommendation.complied_on).is_(None),
    )
    return AtTheOmbudsman(
        linked=row.complaint_id is not None,
        respond_by=row.respond_by,
        answered_on=row.answered_on,
        draft_on=row.draft_on,
        commented_on=row.commented_on,
        decided_on=row.decided_on,
        closed_on=row.closed_on,
        still_to_comply=work.session.exec(still).one(),
    )


class RecordEnquiry(Command):
    """Record that an Ombudsman has written to us about a complaint, or about something not recorded here."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Record an Ombudsman’s enquiry"
    gist = "The day to answer by goes into the queue. The complaint’s two stages stay as they are."

    ombudsman: str = asks("Which Ombudsman", widget="choice", options="ombudsmen", max_length=20)
    their_reference: str = asks("Their reference", min_length=1, max_length=50)
    complaint: str = asks(
        "Our complaint", help="Its reference. Empty when nothing is recorded here.", default="", max_length=20
    )
    investigator: str = asks("Who investigates", default="", max_length=200)
    enquiry_on: date = asks("When it came", widget="date", starts="today")
    respond_by: date | None = asks(
        "To be answered by", help="Empty when they only tell us, and ask nothing.", widget="date", default=None
    )
    subject: str = asks("What it is about", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordEnquiry)
def record_enquiry(command: RecordEnquiry, work: Work) -> Sequence[Event]:
    """Keep who asks what and by when; the day is owed like every other date [lgsco:4.1]."""
    body = BODIES.get(command.ombudsman)
    if body is None:
        raise BadInput("There is no such Ombudsman. Choose one from the list.", {"ombudsman": "Choose from the list."})
    work.not_future(command.enquiry_on, "enquiry_on")
    case = load_case(work.session, command.complaint, actor=work.actor) if command.complaint else None
    if case is not None:
        work.touch(case)
        work.not_before(command.enquiry_on, case.complaint.received_on, "enquiry_on", what="the complaint was received")
    if command.respond_by is not None:
        work.not_before(command.respond_by, command.enquiry_on, "respond_by", what="it came")
        within_calendar(command.respond_by, case, work)
    _not_twice(command, work)
    told = command.model_dump(include={"their_reference", "enquiry_on", "respond_by", "subject", "investigator"})
    complaint_id = case.id if case is not None else None
    work.session.add(
        OmbudsmanCase(complaint_id=complaint_id, ombudsman=body.key, recorded_by=work.actor.id or None, **told)
    )
    return [EnquiryRecorded(complaint_id=complaint_id, ombudsman=body.name, **told)]


def _not_twice(command: RecordEnquiry, work: Work) -> None:
    same = select(OmbudsmanCase.id).where(
        col(OmbudsmanCase.ombudsman) == command.ombudsman,
        col(OmbudsmanCase.their_reference) == command.their_reference,
    )
    if work.session.exec(same).first() is not None:
        raise BadInput(
            f"{command.their_reference} is recorded already. Open it from the list, or check the reference.",
            {"their_reference": "This one is recorded already."},
        )


class LinkOmbudsmanCase(Command):
    """Put something at an Ombudsman with the complaint it is about, once that is found or recorded."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Put it with its complaint"
    gist = "Its dates are then owed on that complaint, and recommendations can be tracked there."

    ombudsman_case_id: int = asks_which()
    complaint: str = asks("Our complaint", help="Its reference.", min_length=1, max_length=20)


@handles(LinkOmbudsmanCase)
def link_ombudsman_case(command: LinkOmbudsmanCase, work: Work) -> Sequence[Event]:
    """Put a matter with its complaint; nothing of the complaint changes by it [lgsco:4.1]."""
    row, _ = opened(command, work)
    case = load_case(work.session, command.complaint, actor=work.actor)
    work.touch(case)
    row.complaint_id = case.id
    return [
        OmbudsmanCaseLinked(
            complaint_id=case.id, ombudsman=BODIES[row.ombudsman].name, their_reference=row.their_reference
        )
    ]


class AnswerEnquiry(Command):
    """Record that an Ombudsman's enquiry was answered."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Record our answer to the enquiry"
    gist = "Everything they asked for, sent. If more time was agreed with them, say so here."

    ombudsman_case_id: int = asks_which()
    answered_on: date = asks("When it was sent", widget="date", starts="today")
    answer: str = asks("What was sent", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(AnswerEnquiry)
def answer_enquiry(command: AnswerEnquiry, work: Work) -> Sequence[Event]:
    """Keep when the enquiry was answered and with what [lgsco:4.1]."""
    row, complaint_id = opened(command, work)
    work.not_future(command.answered_on, "answered_on")
    work.not_before(command.answered_on, row.enquiry_on, "answered_on", what="the enquiry came")
    row.answered_on, row.answer = command.answered_on, command.answer
    return [
        EnquiryAnswered(
            complaint_id=complaint_id,
            their_reference=row.their_reference,
            answered_on=command.answered_on,
            respond_by=row.respond_by,
            answer=command.answer,
        )
    ]


class RecordDraftDecision(Command):
    """Record a draft decision and the day by which comments are due; a later draft takes its place."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Record a draft decision"
    gist = "Comments are due by the day they name. A draft that comes again takes the place of this one."

    ombudsman_case_id: int = asks_which()
    draft_on: date = asks("When it came", widget="date", starts="today")
    comments_due_on: date = asks("Comments due by", widget="date")
    draft: str = asks("What it says", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordDraftDecision)
def record_draft_decision(command: RecordDraftDecision, work: Work) -> Sequence[Event]:
    """Keep the draft and owe the comments by their day [lgsco:4.1]."""
    row, complaint_id = opened(command, work)
    work.not_future(command.draft_on, "draft_on")
    work.not_before(command.draft_on, row.enquiry_on, "draft_on", what="they first wrote")
    work.not_before(command.comments_due_on, command.draft_on, "comments_due_on", what="the draft came")
    within_calendar(command.comments_due_on, None, work)
    row.draft_on, row.comments_due_on, row.draft = command.draft_on, command.comments_due_on, command.draft
    row.commented_on, row.comment_grounds, row.comments = None, "", ""
    told = command.model_dump(include={"draft_on", "comments_due_on", "draft"})
    return [DraftDecisionRecorded(complaint_id=complaint_id, their_reference=row.their_reference, **told)]


class CommentOnDraft(Command):
    """Record what the council wrote back about a draft decision, or that it had no comment."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Record our comments on the draft"
    gist = "Say where the law or the facts are wrong, what cannot be delivered, or that a date is too soon."

    ombudsman_case_id: int = asks_which()
    commented_on: date = asks("When they were sent", widget="date", starts="today")
    grounds: tuple[str, ...] = asks("On what ground", widget="several", options="comment_grounds", min_length=1)
    comments: str = asks("What was written", widget="area", default="", max_length=TEXT_LIMIT)


@handles(CommentOnDraft)
def comment_on_draft(command: CommentOnDraft, work: Work) -> Sequence[Event]:
    """Keep the comments with their grounds; none is a comment too, and needs no words [lgsco:4.1]."""
    row, complaint_id = opened(command, work)
    grounds = tuple(each.value for each in CommentGround if each.value in command.grounds)
    if len(grounds) != len(set(command.grounds)):
        raise BadInput("There is no such ground. Choose from the list.", {"grounds": "Choose from the list."})
    none = CommentGround.NONE.value in grounds
    if none and len(grounds) > 1:
        said = "Choose “no comment” alone, or the grounds without it."
        raise BadInput(said, {"grounds": said})
    if not none and not command.comments:
        said = "Write what is wrong with the draft, so that it can be read later."
        raise BadInput(said, {"comments": said})
    if row.draft_on is None:
        raise StepNotOpen(f"No draft decision on {row.their_reference} is recorded. Record it first.")
    work.not_future(command.commented_on, "commented_on")
    work.not_before(command.commented_on, row.draft_on, "commented_on", what="the draft came")
    row.commented_on, row.comments, row.comment_grounds = command.commented_on, command.comments, "; ".join(grounds)
    return [
        DraftCommented(
            complaint_id=complaint_id,
            their_reference=row.their_reference,
            commented_on=command.commented_on,
            grounds=grounds,
            comments=command.comments,
        )
    ]


class RecordOmbudsmanDecision(Command):
    """Record what an Ombudsman decided, or put right what was recorded of it."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1", "lgsco:8.1")
    title = "Record the decision"
    gist = (
        "Recommendations are added afterwards, each with its own day. Recorded again, it takes the place of this one."
    )

    ombudsman_case_id: int = asks_which()
    decided_on: date = asks("When it was decided", widget="date", starts="today")
    outcome: str = asks("What was decided", widget="choice", options="ombudsman_outcomes", max_length=40)
    remedy_before: bool = asks(
        "They found that we had offered a satisfactory remedy before", widget="tick", default=False
    )
    published_on: date | None = asks("When it was published, if it was", widget="date", default=None)
    decision: str = asks("What it says", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordOmbudsmanDecision)
def record_ombudsman_decision(command: RecordOmbudsmanDecision, work: Work) -> Sequence[Event]:
    """Keep the decision by its key, which both vocabularies share; no stage begins again by it [lgsco:8.1]."""
    row, complaint_id = opened(command, work)
    found = DECISIONS.get(command.outcome)
    if found is None or found.of != row.ombudsman:
        said = "This Ombudsman decides no such thing. Choose from the list."
        raise BadInput(said, {"outcome": said})
    if command.remedy_before and not found.upheld:
        said = "A satisfactory remedy before is counted only where the complaint was upheld. Take the tick away."
        raise BadInput(said, {"remedy_before": said})
    work.not_future(command.decided_on, "decided_on")
    first = max(filter(None, (row.enquiry_on, row.draft_on)))
    work.not_before(command.decided_on, first, "decided_on", what="what came before it")
    if command.published_on is not None:
        work.not_future(command.published_on, "published_on")
        work.not_before(command.published_on, command.decided_on, "published_on", what="it was decided")
    told = command.model_dump(include={"decided_on", "outcome", "remedy_before", "published_on", "decision"})
    for name, value in told.items():
        setattr(row, name, value)
    return [
        OmbudsmanDecided(
            complaint_id=complaint_id,
            their_reference=row.their_reference,
            older=found.older,
            present=found.present,
            **told,
        )
    ]


class CloseOmbudsmanCase(Command):
    """Close something at an Ombudsman once it is decided and everything recommended is done."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:4.1",)
    title = "Close it"
    gist = "It is open for this once the decision is recorded and every recommendation is complied with."

    ombudsman_case_id: int = asks_which()
    closed_on: date = asks("When it was closed", widget="date", starts="today")
    note: str = asks("What was learned, and who was told", widget="area", default="", max_length=TEXT_LIMIT)


@handles(CloseOmbudsmanCase)
def close_ombudsman_case(command: CloseOmbudsmanCase, work: Work) -> Sequence[Event]:
    """Close it; its record stays as it is [lgsco:4.1]."""
    row, complaint_id = opened(command, work)
    work.not_future(command.closed_on, "closed_on")
    if row.decided_on is not None:
        work.not_before(command.closed_on, row.decided_on, "closed_on", what="it was decided")
    row.closed_on, row.closing_note = command.closed_on, command.note
    return [
        OmbudsmanCaseClosed(
            complaint_id=complaint_id,
            their_reference=row.their_reference,
            closed_on=command.closed_on,
            note=command.note,
        )
    ]
