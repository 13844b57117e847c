"""Service request or complaint: a complaint raised from a request, and what was passed on decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Command, Work, asks, handles
from core.commands.discretion import note_discretion
from core.commands.recording import RecordComplaint, record_complaint
from core.commands.requests import open_request, take_request_in
from core.errors import BadInput
from core.events.base import Event
from core.events.requests import ComplaintRaised, ComplaintTriaged
from core.model.complaints import Channel
from core.model.evidence import ConfidentialCase
from core.model.people import Person
from core.model.refusals import Discretion
from core.model.requests import LinkKind, RequestLink, ServiceRequest, TakenIn
from core.permissions import Permission
from core.rules.facts import Ending
from core.rules.s1_definition import agreed_to_be_a_request
from core.rules.s2_exclusions import accepted_in_time
from core.store.facts import CaseRows, ident


class RaiseComplaint(Command):
    """Make a complaint of what somebody said about a service request, which goes on as it was."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.7", "lgsco:1.4", "lgsco:1.5")
    title = "Raise a complaint"
    gist = "Its clock starts on the day they said they were unhappy. The request stays as it is and work goes on."

    reference: str = Field(max_length=20)
    seen_version: int | None = None
    expressed_on: date = asks("When they first said they were unhappy", widget="date")
    words: str = asks("What they said, in their own words", widget="area", min_length=1, max_length=TEXT_LIMIT)
    channel: Channel = asks("How it came", widget="choice", options="channels")
    matter: str = asks(
        "The matter in a few words", help="Left empty, the request’s own matter.", default="", max_length=200
    )


@handles(RaiseComplaint)
def raise_complaint(command: RaiseComplaint, work: Work) -> Sequence[Event]:
    """Raise a complaint received on the day dissatisfaction was expressed; the request goes on [lgsco:1.7]."""
    request = open_request(command, work)
    work.not_future(command.expressed_on, "expressed_on")
    work.not_before(command.expressed_on, request.received_on, "expressed_on", what="the request was received")
    recorded = record_complaint(_as_complaint(command, request, work), work)
    case = work.touched_cases[-1]
    _link(request, case, LinkKind.RAISED, command.expressed_on, work)
    raised = ComplaintRaised(complaint_id=case.id, request=request.reference, expressed_on=command.expressed_on)
    return [*recorded, raised]


def _as_complaint(command: RaiseComplaint, request: ServiceRequest, work: Work) -> RecordComplaint:
    """The complaint with the request's person and service; each record keeps a person of its own."""
    person = work.session.get(Person, request.person_id) or Person()
    return RecordComplaint(
        command_id=command.command_id,
        individual=person.name,
        contact_phone=person.phone,
        contact_email=person.email,
        postcode=person.postcode,
        address=person.address,
        words=command.words,
        received_on=command.expressed_on,
        channel=command.channel,
        matter=command.matter or request.matter,
        service_id=request.service_id,
        no_contact_details=not (person.phone or person.email or person.address),
        why=f"Raised from {request.reference}.",
    )


def _link(request: ServiceRequest, case: CaseRows, kind: LinkKind, day: date, work: Work) -> None:
    work.session.add(RequestLink(request_id=ident(request.id), complaint_id=case.id, kind=kind.value, on_day=day))


class Decision(StrEnum):
    """What something that was passed on is."""

    COMPLAINT = "a complaint"
    REQUEST = "a service request"


class TriageComplaint(CaseCommand):
    """Decide whether something that was passed on is a complaint or a service request."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.6", "lgsco:1.7", "lgsco:5.3")
    title = "Request or complaint"
    gist = "Unhappy in whatever words is a complaint. It becomes a request only when the individual agrees."

    decision: Decision = asks("It is", widget="choice", options="decisions")
    agreed: bool = asks("The individual agrees that it is a service request", widget="tick", default=False)
    why: str = asks("Why", widget="area", min_length=1, max_length=500)


@handles(TriageComplaint)
def triage_complaint(command: TriageComplaint, work: Work) -> Sequence[Event]:
    """Keep who decided what it is, and why; its clock ran all the while [lgsco:1.6]."""
    case = work.open_case(command)
    taken = work.session.get(TakenIn, case.id)
    if taken is None:
        taken = TakenIn(complaint_id=case.id)
        work.session.add(taken)
    undecided = taken.decided_on is None
    taken.decided_on, taken.decided_by, taken.why = work.today, work.actor.id or None, command.why
    if command.decision is Decision.COMPLAINT:
        if undecided:
            _let_in(command, case, work)
        return [ComplaintTriaged(complaint_id=case.id, decision=command.decision.value, why=command.why)]
    if work.session.get(ConfidentialCase, case.id) is not None:
        raise BadInput("A service request is seen by everybody of its service. Lift confidentiality first.")
    work.weigh(command, agreed_to_be_a_request(command.agreed), case=case)
    return _goes_on_as_request(command, case, work)


def _let_in(command: TriageComplaint, case: CaseRows, work: Work) -> None:
    """Weigh the time limit where nobody has yet: whoever only passed it on, or a web form, could not [lgsco:2.2]."""
    if work.session.exec(select(Discretion).where(col(Discretion.complaint_id) == case.id)).first() is not None:
        return
    row = case.complaint
    asked = {"issue_on": row.issue_on, "aware_on": row.aware_on}
    work.weigh(command, accepted_in_time(row.received_on, **asked, policy=work.policy_of(case)), case=case)
    note_discretion(work, case, used=True, note=command.good_reason)


def _goes_on_as_request(command: TriageComplaint, case: CaseRows, work: Work) -> list[Event]:
    """The same words go on as a request; the complaint ends as withdrawn and stays counted as received [lgsco:5.8]."""
    complaint = case.complaint
    person = work.session.get(Person, complaint.person_id) or Person()
    own = Person(**person.model_dump(exclude={"id"}))
    request, recorded = take_request_in(complaint, own, command, work, why=command.why)
    _link(request, case, LinkKind.TURNED_OUT, work.today, work)
    complaint.ending, complaint.ended_on = Ending.WITHDRAWN.value, work.today
    complaint.ending_note = f"Goes on as {request.reference}. {command.why}"
    triaged = ComplaintTriaged(
        complaint_id=case.id, decision=command.decision.value, request=request.reference, why=command.why
    )
    return [triaged, recorded]
