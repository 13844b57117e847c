"""Service requests: taken in, dealt with, answered and closed, and reviewed month by month. Never a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, func, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.recording import MATTER, matter_of, postcode_of, text_digest
from core.errors import BadInput, ChangedMeanwhile, NotFound, ReasonNeeded, StepNotOpen
from core.events.base import Event
from core.events.requests import (
    ComplaintOffered,
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestRecorded,
    RequestsReviewed,
)
from core.model.complaints import Channel
from core.model.people import Colleague, Person, Service
from core.model.requests import OfferReply, RequestOutcome, RequestReview, RequestStep, ServiceRequest
from core.permissions import GRANTS, Actor, Permission, Role
from core.rules.request_steps import REQUEST_STEPS, RequestPosition, reference_of, request_position
from core.rules.s1_definition import dissatisfaction_in, month_after, month_of, months_to_review
from core.rules.s5_process import chance_to_complain_offered
from core.store.bulk import take_numbers
from core.store.facts import ident
from core.store.indexing import index_request
from core.store.scope import visible_requests
from core.words import month_words


def load_request(session: Session, reference: str, *, actor: Actor) -> ServiceRequest:
    """One service request for changing, locked against others where the database can; NotFound when there is none."""
    named = col(ServiceRequest.reference) == reference.strip().upper()
    request = session.exec(select(ServiceRequest).where(named, *visible_requests(actor)).with_for_update()).first()
    if request is None:
        raise NotFound(f"There is no service request {reference}. Check the reference, or look through the list.")
    return request


def open_request(command: Any, work: Work) -> ServiceRequest:
    """The service request a command is about, checked to permit this step, and noted as changed by it.

    Raises NotFound, ChangedMeanwhile, or StepNotOpen when where it stands does not permit the step.
    """
    request = load_request(work.session, command.reference, actor=work.actor)
    if command.seen_version is not None and command.seen_version != request.version:
        raise ChangedMeanwhile(
            f"{request.reference} has changed since this page was opened. Nothing was saved. "
            "Look at what changed, then take the step again; what you typed is kept."
        )
    position = position_of_request(request)
    if type(command).__name__ not in REQUEST_STEPS[position]:
        raise StepNotOpen(f"{request.reference} is {position.value}, so “{command.title}” is not open.")
    note_step(request, command, work)
    return request


def note_step(request: ServiceRequest, command: Command, work: Work) -> None:
    """Keep that a command changed a request, so that its history finds what the command wrote [lgsco:1.8]."""
    request.version += 1
    work.session.add(RequestStep(request_id=ident(request.id), command_id=command.command_id))


def position_of_request(request: ServiceRequest) -> RequestPosition:
    """Where a service request stands."""
    return request_position(
        answered_on=request.answered_on, closed_on=request.closed_on, anonymised_on=request.anonymised_on
    )


class RecordServiceRequest(Command):
    """Take a service request in: somebody asks for something, and the service gets its chance."""

    needs = Permission.RECORD
    clauses = ("lgsco:1.2", "lgsco:1.3", "lgsco:1.6", "lgsco:1.8")
    title = "Record a service request"
    gist = "It is a record of its own and no stage of a complaint. Whoever is unhappy with the answer can complain."

    individual: str = asks("Who is asking", default="", max_length=200)
    contact_phone: str = asks("Phone", default="", max_length=60)
    contact_email: str = asks("E-mail", widget="email", default="", max_length=254)
    postcode: str = asks("Postcode", default="", max_length=12)
    words: str = asks(
        "What they said, in their own words",
        help="As they put it. It is kept as it was said.",
        widget="area",
        min_length=1,
        max_length=TEXT_LIMIT,
    )
    received_on: date = asks("When any of us first heard it", widget="date")
    channel: Channel = asks("How it came", widget="choice", options="channels")
    matter: str = asks(
        "The matter in a few words",
        help="Left empty, their first words stand there.",
        default="",
        max_length=MATTER,
    )
    service_id: int | None = asks("Service", widget="choice", options="services", default=None)
    due_on: date | None = asks("To be dealt with by", help="The day the service works to.", widget="date", default=None)
    received_by: str = asks("Who first heard it", default="", max_length=120)
    address: str = asks("Address", widget="area", default="", max_length=500)
    dissatisfied: bool = asks(
        "They sound unhappy with us",
        help="It may still be a request; then offer them a complaint.",
        widget="tick",
        default=False,
    )
    why: str = asks(
        "Why it is a service request",
        help="Kept with your name. They never have to use the word complaint.",
        widget="area",
        min_length=1,
        max_length=500,
    )


@handles(RecordServiceRequest)
def record_service_request(command: RecordServiceRequest, work: Work) -> Sequence[Event]:
    """Take a service request in, with who decided that it is one and why [lgsco:1.6]."""
    work.not_future(command.received_on, "received_on")
    if command.service_id is not None and work.session.get(Service, command.service_id) is None:
        raise BadInput("That service does not exist. Choose one from the list.", {"service_id": "Choose a service."})
    person = Person(
        name=command.individual,
        email=command.contact_email,
        phone=command.contact_phone,
        address=command.address,
        postcode=postcode_of(command.postcode),
    )
    if command.due_on is not None:
        _can_be_due(command.due_on, command.received_on, work)
    request, recorded = take_request_in(command, person, command, work, why=command.why)
    request.due_on = command.due_on
    return [recorded]


def take_request_in(
    said: Any, person: Person, command: Command, work: Work, *, why: str
) -> tuple[ServiceRequest, RequestRecorded]:
    """Keep what was said under the next reference; phrases of dissatisfaction mark it as the tick does [lgsco:1.7]."""
    (number,) = take_numbers(work.session, f"request-{said.received_on.year}")
    unhappy = getattr(said, "dissatisfied", False) or bool(dissatisfaction_in(said.words))
    work.session.add(person)
    work.session.flush()
    request = ServiceRequest(
        reference=reference_of(year=said.received_on.year, number=number),
        person_id=ident(person.id),
        matter=matter_of(said.matter, said.words),
        words=said.words,
        channel=said.channel,
        received_on=said.received_on,
        received_by=said.received_by,
        logged_on=work.today,
        service_id=said.service_id,
        contains_dissatisfaction=unhappy,
        decided_by=work.actor.id or None,
        why=why,
        version=0,
    )
    work.session.add(request)
    work.session.flush()
    note_step(request, command, work)
    index_request(work.session, request, person)
    return request, _recorded(request, person)


def _recorded(request: ServiceRequest, person: Person) -> RequestRecorded:
    return RequestRecorded(
        request=request.reference,
        received_on=request.received_on,
        channel=request.channel,
        dissatisfied=request.contains_dissatisfaction,
        individual=person.name,
        matter=request.matter,
        words_sha256=text_digest(request.words),
        why=request.why,
    )


def _can_be_due(due_on: date, received_on: date, work: Work) -> None:
    """A day to work to follows the request, and lies where working days can be counted to."""
    work.not_before(due_on, received_on, "due_on", what="the request was received")
    if due_on > work.today:
        work.calendar_of(work.policy).between(work.today, due_on)


class AssignServiceRequest(Command):
    """Give a service request to a colleague, and say by when it is dealt with."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.3", "lgsco:1.8")
    title = "Give it to a colleague"
    gist = "One named colleague deals with it by a day the service sets."

    reference: str = Field(max_length=20)
    seen_version: int | None = None
    colleague_id: int = asks("Who deals with it", widget="choice", options="handlers")
    due_on: date | None = asks(
        "To be dealt with by", help="Left empty, the day set before stays.", widget="date", default=None
    )


@handles(AssignServiceRequest)
def assign_service_request(command: AssignServiceRequest, work: Work) -> Sequence[Event]:
    """Give a service request to one named colleague with a day to work to [lgsco:1.3]."""
    request = open_request(command, work)
    chosen = work.session.get(Colleague, command.colleague_id)
    if chosen is None or not chosen.active or Permission.HANDLE not in GRANTS[Role(chosen.role)]:
        raise BadInput("That colleague does not deal with requests. Choose one from the list.")
    if command.due_on is not None:
        _can_be_due(command.due_on, request.received_on, work)
    due_on = command.due_on or request.due_on
    if request.owner_id == chosen.id and due_on == request.due_on:
        raise BadInput(f"{chosen.name} has it already. Choose someone else, or another day.")
    before = work.session.get(Colleague, request.owner_id) if request.owner_id not in (None, chosen.id) else None
    request.owner_id, request.due_on = ident(chosen.id), due_on
    return [
        RequestAssigned(
            request=request.reference, colleague=chosen.name, due_on=due_on, before=before.name if before else ""
        )
    ]


class AnswerServiceRequest(Command):
    """Tell the individual what was done, or why it will not be."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.3", "lgsco:1.7")
    title = "Answer"
    gist = "Whoever is unhappy with the answer can complain at once, even while work goes on."

    reference: str = Field(max_length=20)
    seen_version: int | None = None
    answered_on: date = asks("When they were told", widget="date", starts="today")
    answer: str = asks("What they were told", widget="area", min_length=1, max_length=TEXT_LIMIT)
    unhappy: bool = asks("They said they are unhappy with it", widget="tick", default=False)


@handles(AnswerServiceRequest)
def answer_service_request(command: AnswerServiceRequest, work: Work) -> Sequence[Event]:
    """Answer a service request, and mark it when the answer left somebody unhappy [lgsco:1.7]."""
    request = open_request(command, work)
    _on_a_day(command.answered_on, request, work, "answered_on")
    request.answered_on, request.answer = command.answered_on, command.answer
    request.contains_dissatisfaction = request.contains_dissatisfaction or command.unhappy
    return [
        RequestAnswered(
            request=request.reference, answered_on=command.answered_on, answer=command.answer, unhappy=command.unhappy
        )
    ]


def _on_a_day(day: date, request: ServiceRequest, work: Work, name: str) -> None:
    work.not_future(day, name)
    work.not_before(day, request.received_on, name, what="the request was received")


class CloseServiceRequest(Command):
    """End a service request."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.3", "lgsco:5.3")
    title = "Close"
    gist = "A complaint can still be raised from it afterwards."

    reference: str = Field(max_length=20)
    seen_version: int | None = None
    closed_on: date = asks("When it ended", widget="date", starts="today")
    outcome: RequestOutcome = asks("How it ended", widget="choice", options="outcomes")
    note: str = asks("Anything worth keeping", widget="area", default="", max_length=TEXT_LIMIT)


@handles(CloseServiceRequest)
def close_service_request(command: CloseServiceRequest, work: Work) -> Sequence[Event]:
    """End a request; one that holds dissatisfaction not before a complaint was offered [lgsco:5.3]."""
    request = open_request(command, work)
    _on_a_day(command.closed_on, request, work, "closed_on")
    if request.answered_on is not None:
        work.not_before(command.closed_on, request.answered_on, "closed_on", what="it was answered")
    findings = chance_to_complain_offered(
        dissatisfied=request.contains_dissatisfaction, offered=request.offered_on is not None
    )
    reason = (command.good_reason or "").strip() if findings else ""
    if findings and not reason:
        raise ReasonNeeded(" ".join(finding.sentence for finding in findings), findings)
    request.closed_on, request.outcome = command.closed_on, command.outcome.value
    return [
        RequestClosed(
            request=request.reference,
            closed_on=command.closed_on,
            outcome=command.outcome.value,
            note=command.note,
            no_offer_because=reason,
        )
    ]


class OfferComplaint(Command):
    """Record that somebody who sounds unhappy was offered a complaint, and what they said."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.3", "lgsco:1.7")
    title = "Offer a complaint"
    gist = "Some hold back for fear of losing the service: say that it makes no difference to it."

    reference: str = Field(max_length=20)
    seen_version: int | None = None
    offered_on: date = asks("When it was offered", widget="date", starts="today")
    reply: OfferReply = asks("What they said", widget="choice", options="replies")
    note: str = asks("In their words", widget="area", default="", max_length=TEXT_LIMIT)


@handles(OfferComplaint)
def offer_complaint(command: OfferComplaint, work: Work) -> Sequence[Event]:
    """Offer the chance to complain, and keep the reply [lgsco:5.3]."""
    request = open_request(command, work)
    _on_a_day(command.offered_on, request, work, "offered_on")
    request.offered_on, request.offer_reply = command.offered_on, command.reply.value
    return [
        ComplaintOffered(
            request=request.reference, offered_on=command.offered_on, reply=command.reply.value, note=command.note
        )
    ]


class ReviewServiceRequests(Command):
    """Look back over a month of service requests and sign it off."""

    needs = Permission.REQUESTS
    clauses = ("lgsco:1.8",)
    title = "Sign the month off"
    gist = "What was slow, what comes again and again, and what should have been a complaint."

    month: date = asks("Which month", help="Any day of it.", widget="date")
    note: str = asks("What you found, and what will change", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(ReviewServiceRequests)
def review_service_requests(command: ReviewServiceRequests, work: Work) -> Sequence[Event]:
    """Review the service requests of a month that is over, once, with what was found [lgsco:1.8]."""
    month = month_of(command.month)
    seen = visible_requests(work.actor)
    first = work.session.exec(select(func.min(col(ServiceRequest.received_on))).where(*seen)).one()
    reviewed = {review.month for review in work.session.exec(select(RequestReview))}
    if month in reviewed:
        raise BadInput(f"{month_words(month)} is signed off already.", {"month": "Choose another month."})
    if month not in months_to_review(first, today=work.today, reviewed=reviewed):
        raise BadInput(
            f"{month_words(month)} cannot be reviewed: it is not over yet, or lies before the first request.",
            {"month": "Choose a month that is over."},
        )
    work.session.add(
        RequestReview(month=month, reviewed_on=work.today, reviewed_by=work.actor.id or None, note=command.note)
    )
    in_it = (col(ServiceRequest.received_on) >= month, col(ServiceRequest.received_on) < month_after(month))
    received = work.session.exec(select(ServiceRequest).where(*in_it, *seen)).all()
    still_open = [request for request in received if request.closed_on is None]
    return [
        RequestsReviewed(
            month=month,
            received=len(received),
            dissatisfied=sum(request.contains_dissatisfaction for request in received),
            still_open=len(still_open),
            overdue=sum(request.due_on is not None and request.due_on < work.today for request in still_open),
            note=command.note,
        )
    ]
