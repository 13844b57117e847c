"""Taking a complaint in, and what is added to it: RecordComplaint, AddPoint, AddNote."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from core.commands.base import TEXT_LIMIT, CaseCommand, Command, Work, asks, handles
from core.commands.confidence import confidential_from_the_start
from core.commands.discretion import note_discretion
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import ComplaintRecorded, NoteAdded, PointAdded
from core.model.complaints import Channel, Complaint, Note, Point, Stage
from core.model.people import Person, Service
from core.model.requests import Respondent, TakenIn
from core.permissions import Permission
from core.rules.s2_exclusions import accepted_in_time
from core.rules.s6_stages import new_points_join_stage_one
from core.rules.steps import Position
from core.store.bulk import take_numbers
from core.store.facts import CaseRows, ident
from core.store.indexing import index_case

MATTER = 200
FIRST_WORDS = 80
MOST_PEOPLE = 1_000_000
_NOW_AND_THEN = (
    "Address, category, who heard it, aware of it later, somebody else’s doing, a group, nobody to reach, or "
    "confidential"
)


def text_digest(*texts: str) -> str:
    """A digest that proves later what the words were, without the ledger holding them twice."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def postcode_of(text: str) -> str:
    """A postcode in capitals; letters that no postcode has stay as they are, since a capital may be longer."""
    return "".join(letter.upper() if letter.isascii() else letter for letter in text)


class RecordComplaint(Command):
    """Take a complaint in. The clock starts the day any colleague first heard it."""

    needs = Permission.RECORD
    clauses: ClassVar[tuple[str, ...]] = ("lgsco:1.5", "lgsco:2.2", "lgsco:3.2", "lgsco:5.8")
    title = "Record a complaint"
    gist = "Any way, any member of staff, and nobody has to use the word complaint."

    individual: str = asks(
        "Who is complaining", help="Their name. Leave it empty if they will not give it.", default="", max_length=200
    )
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
    received_on: date = asks(
        "When any of us first heard it",
        help="The day the first colleague or contractor heard it, not the day it reached this team.",
        widget="date",
    )
    channel: Channel = asks("How it came", widget="choice", options="channels")
    issue_on: date | None = asks("When it happened", widget="date", default=None)
    matter: str = asks(
        "The matter in a few words",
        help="What the queue will show, such as “Missed bin collections”. Left empty, their first words stand there.",
        default="",
        max_length=MATTER,
    )
    service_id: int | None = asks("Service", widget="choice", options="services", default=None)
    received_by: str = asks(
        "Who first heard it",
        help="A colleague, councillor or contractor.",
        default="",
        max_length=120,
        under=_NOW_AND_THEN,
    )
    category: str = asks("Category", default="", max_length=120, under=_NOW_AND_THEN)
    address: str = asks("Address", widget="area", default="", max_length=500, under=_NOW_AND_THEN)
    no_contact_details: bool = asks(
        "There is no way to reach them",
        help="For an anonymous complaint: it is considered all the same, but cannot be acknowledged.",
        widget="tick",
        default=False,
        under=_NOW_AND_THEN,
    )
    confidential: bool = asks(
        "Keep it confidential",
        help="Seen by the complaints managers and you alone, until one of you names others.",
        widget="tick",
        default=False,
        under=_NOW_AND_THEN,
    )
    outcomes_sought: str = asks("What they want to happen", widget="area", default="", max_length=TEXT_LIMIT)
    aware_on: date | None = asks(
        "When they became aware of it", help="Where that was later.", widget="date", default=None, under=_NOW_AND_THEN
    )
    respondent: Respondent | None = asks(
        "Whose doing it is",
        help="Whoever worked for us: the council answers for it, in the same two stages.",
        widget="choice",
        default=None,
        under=_NOW_AND_THEN,
    )
    respondent_name: str = asks("The contractor’s or partner’s name", default="", max_length=120, under=_NOW_AND_THEN)
    affected: int | None = asks(
        "How many people it is from",
        help="A group’s complaint is one complaint and is counted once.",
        widget="number",
        default=None,
        ge=1,
        le=MOST_PEOPLE,
        under=_NOW_AND_THEN,
    )
    lead_contact: str = asks("Who speaks for the group", default="", max_length=200, under=_NOW_AND_THEN)
    why: str = asks("Why it is a complaint", widget="area", default="", max_length=500, under=_NOW_AND_THEN)
    passed_on: bool = asks(
        "Pass it on",
        help="Its clock starts now; the complaints team decides what it is.",
        widget="tick",
        default=False,
    )


@handles(RecordComplaint)
def record_complaint(command: RecordComplaint, work: Work) -> Sequence[Event]:
    """Take a complaint in and start its clocks [lgsco:3.2]."""
    _check_receipt(command, work)
    reference = next_reference(work, command.received_on.year)
    person = _person(command)
    work.session.add(person)
    work.session.flush()
    complaint = _complaint(command, work, reference=reference, person=person)
    work.session.add(complaint)
    work.session.flush()
    stage = Stage(
        complaint_id=ident(complaint.id),
        number=1,
        received_on=command.received_on,
        logged_on=work.today,
        channel=command.channel.value,
    )
    point = Point(complaint_id=ident(complaint.id), number=1, text=complaint.matter, raised_on=command.received_on)
    taken = _taken_in(command, work, complaint_id=ident(complaint.id))
    work.session.add_all([stage, point, taken])
    case = CaseRows(complaint=complaint, stages={1: stage}, points=[point])
    work.touched_cases.append(case)  # it is new: there is no earlier version that somebody could have open
    asked = {"issue_on": command.issue_on, "aware_on": command.aware_on}
    work.weigh(command, accepted_in_time(command.received_on, **asked, policy=work.policy), case=case)
    note_discretion(work, case, used=True, note=command.good_reason)
    index_case(work.session, complaint, person)
    recorded = _recorded(command, complaint, taken)
    if not command.confidential:
        return [recorded]
    return [recorded, *confidential_from_the_start(work, case, reason="Recorded as confidential.")]


def _recorded(command: RecordComplaint, complaint: Complaint, taken: TakenIn) -> ComplaintRecorded:
    return ComplaintRecorded(
        complaint_id=complaint.id,
        reference=complaint.reference,
        received_on=complaint.received_on,
        logged_on=complaint.logged_on,
        channel=complaint.channel,
        individual=command.individual,
        matter=complaint.matter,
        words_sha256=text_digest(command.words),
        passed_on=taken.passed_on,
        why=taken.why,
        about=_about(taken),
    )


def matter_of(matter: str, words: str) -> str:
    """The matter in a few words: as it was given, or else the first words that were said."""
    if matter:
        return matter
    first = " ".join(words.split())
    if len(first) <= FIRST_WORDS:
        return first
    shortened = first[:FIRST_WORDS].rpartition(" ")[0] or first[:FIRST_WORDS]
    return f"{shortened}…"


def _taken_in(command: RecordComplaint, work: Work, *, complaint_id: int) -> TakenIn:
    """Who decided that it is a complaint, and why; nobody yet when it was passed on."""
    decided = not command.passed_on
    return TakenIn(
        complaint_id=complaint_id,
        passed_on=command.passed_on,
        decided_on=work.today if decided else None,
        decided_by=(work.actor.id or None) if decided else None,
        why=command.why if decided else "",
        respondent=(command.respondent or Respondent.OURS).value,
        respondent_name=command.respondent_name,
        affected=command.affected or 1,
        lead_contact=command.lead_contact,
    )


def _about(taken: TakenIn) -> str:
    """Whose doing a complaint is about and how many it is from, where that is more than one person and the council."""
    whose = ", ".join(filter(None, (taken.respondent, taken.respondent_name)))
    told = [whose] if whose != Respondent.OURS else []
    told += [f"{taken.affected:,} people"] if taken.affected > 1 else []
    return " and ".join(told)


def _person(command: RecordComplaint) -> Person:
    return Person(
        name=command.individual,
        email=command.contact_email,
        phone=command.contact_phone,
        address=command.address,
        postcode=postcode_of(command.postcode),
    )


def _complaint(command: RecordComplaint, work: Work, *, reference: str, person: Person) -> Complaint:
    return Complaint(
        reference=reference,
        matter=matter_of(command.matter, command.words),
        words=command.words,
        outcomes_sought=command.outcomes_sought,
        category=command.category,
        channel=command.channel.value,
        received_on=command.received_on,
        received_by=command.received_by,
        logged_on=work.today,
        issue_on=command.issue_on,
        aware_on=command.aware_on,
        acknowledgement_possible=not command.no_contact_details,
        person_id=person.id,
        service_id=command.service_id,
        policy_id=work.policy_id,
        position=Position.ONE_AWAITING_ACKNOWLEDGEMENT.value,
        changed_at=work.now,
    )


def check_days(command: RecordComplaint, work: Work) -> None:
    """Refuse days that cannot be so: a receipt still to come, or a matter that came after it."""
    work.not_future(command.received_on, "received_on")
    for name in ("issue_on", "aware_on"):
        day = getattr(command, name)
        if day is not None and day > command.received_on:
            raise BadInput(
                "The matter cannot have happened after the complaint was received. Check both dates.",
                {name: "This is after the day of receipt."},
            )


def check_contact(command: RecordComplaint, *, reachable: bool) -> None:
    """Ask for a way to reach somebody, or the word that there is none."""
    if not reachable and not command.no_contact_details:
        raise BadInput(
            "Give one way to reach the individual, or say that there is none.",
            {"contact_email": "Give an e-mail, a phone number or an address."},
        )


def _check_receipt(command: RecordComplaint, work: Work) -> None:
    check_days(command, work)
    if command.service_id is not None and work.session.get(Service, command.service_id) is None:
        raise BadInput("That service does not exist. Choose one from the list.", {"service_id": "Choose a service."})
    check_contact(command, reachable=bool(command.contact_email or command.contact_phone or command.address))


def next_reference(work: Work, year: int) -> str:
    """The next reference of a year, such as C-2026-000417; taken inside the transaction, so there are no gaps."""
    (number,) = take_numbers(work.session, f"complaint-{year}")
    return reference_of(year, number)


def reference_of(year: int, number: int) -> str:
    """A complaint's reference from its year and number."""
    return f"C-{year}-{number:06d}"


class AddPoint(CaseCommand):
    """Add a point the individual raised later."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.9",)
    title = "Add a point"
    gist = "A new issue joins stage 1 when it is related, comes before the answer, and does not hold it up."

    text: str = asks("The new point", widget="area", min_length=1, max_length=TEXT_LIMIT)
    raised_on: date = asks("When it was raised", widget="date", starts="today")
    related: bool = asks("It is related to this complaint", widget="tick", default=True)
    delays: bool = asks("Taking it in would unreasonably delay the answer", widget="tick", default=False)


@handles(AddPoint)
def add_point(command: AddPoint, work: Work) -> Sequence[Event]:
    """Join a related point to stage 1 while it has no answer [lgsco:6.9]."""
    case = work.open_case(command)
    work.not_future(command.raised_on, "raised_on")
    work.not_before(command.raised_on, case.complaint.received_on, "raised_on", what="the complaint was received")
    answered = case.stages[1].responded_on is not None
    work.weigh(
        command,
        new_points_join_stage_one(related=command.related, answered=answered, delays=command.delays),
        case=case,
    )
    number = max((point.number for point in (*case.points, *case.gone)), default=0) + 1
    point = Point(complaint_id=case.id, number=number, text=command.text, raised_on=command.raised_on)
    work.session.add(point)
    case.points.append(point)
    return [PointAdded(complaint_id=case.id, number=number, raised_on=command.raised_on, text=command.text)]


class AddNote(CaseCommand):
    """Write a note on the case."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Add a note"
    gist = "Anything worth keeping: a call, a view taken, something sent for."

    text: str = asks("Note", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(AddNote)
def add_note(command: AddNote, work: Work) -> Sequence[Event]:
    """Keep a full record of what was said and done [lgsco:5.8]."""
    case = work.open_case(command)
    work.session.add(
        Note(
            complaint_id=case.id,
            text=command.text,
            written_by=work.actor.id or None,
            written_at=work.now,
        )
    )
    return [NoteAdded(complaint_id=case.id, text=command.text)]
