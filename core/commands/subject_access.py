"""A person's request for their own data, from receipt to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field
from sqlmodel import col, select

from core.code.subject_access import EXEMPTIONS
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.requests import load_request
from core.errors import BadInput, NotFound, StepNotOpen
from core.events.base import Event
from core.events.subject_access import (
    DisclosureOpened,
    IdentityRecorded,
    PieceDecided,
    SubjectAccessAnswered,
    SubjectAccessExtended,
    SubjectAccessRecorded,
    SubjectCaseAdded,
)
from core.letters.redacting import passages_of
from core.model.requests import ServiceRequest
from core.model.subject_access import (
    SubjectAccessRequest,
    SubjectCase,
    SubjectClarification,
    SubjectRequest,
    SubjectRuling,
)
from core.permissions import Permission
from core.rules.request_steps import names_request
from core.rules.subject_access import Ruling, Stop, Whose, answer_by
from core.store.facts import ident, load_case
from core.words import day_words

_CLAUSES = ("lgsco:5.8",)


class RecordSubjectAccess(Command):
    """Record that somebody asked for their own data."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Record a request for own data"
    gist = "However it came and whatever it was called. The answer is owed within one calendar month."

    name: str = asks("Who asks", min_length=1, max_length=200)
    contact: str = asks(
        "How to reach them", help="E-mail or address, as on their complaints.", default="", max_length=500
    )
    asked: str = asks("What they asked for", widget="area", default="", max_length=TEXT_LIMIT)
    received_on: date = asks("When it came", widget="date", starts="today")
    identity_asked: bool = asks(
        "Proof of identity had to be asked for",
        help="Only where there is real doubt who asks. The month then begins when the proof comes.",
        widget="tick",
        default=False,
    )


def settle_due(row: SubjectAccessRequest, work: Work, *, over: date | None = None) -> date:
    """Put the day it is answered by in line with its other days; that day. `over` ends what still waits for them."""
    asked = select(SubjectClarification).where(col(SubjectClarification.request_id) == row.id)
    rows = work.session.exec(asked).all() if row.id is not None else ()
    row.due_on = answer_by(
        row.received_on,
        row.identity_on if row.identity_asked else None,
        extended=row.extended_on is not None,
        calendar=work.calendars.of(False),
        stops=[Stop(since=each.asked_on, until=each.answered_on or over) for each in rows],
    )
    return row.due_on


@handles(RecordSubjectAccess)
def record_subject_access(command: RecordSubjectAccess, work: Work) -> Sequence[Event]:
    """Keep who asked for their own data, and by when they are answered [lgsco:5.8]."""
    work.not_future(command.received_on, "received_on")
    row = SubjectAccessRequest(
        **command.model_dump(exclude={"command_id", "good_reason"}),
        due_on=command.received_on,
        recorded_by=work.actor.id or None,
        recorded_at=work.now,
    )
    due_on = settle_due(row, work)
    work.session.add(row)
    work.session.flush()
    return [
        SubjectAccessRecorded(
            request_id=ident(row.id), name=command.name, received_on=command.received_on, due_on=due_on
        )
    ]


def open_subject_access(work: Work, request_id: int) -> SubjectAccessRequest:
    """A request that still stands; NotFound for none, StepNotOpen for one that was answered or withdrawn."""
    row = work.session.get(SubjectAccessRequest, request_id)
    if row is None:
        raise NotFound("There is no such request for own data. Choose one from its page.")
    if row.answered_on is not None:
        raise StepNotOpen(f"This request was answered on {day_words(row.answered_on)}. Record a new one.")
    if row.withdrawn_on is not None:
        raise StepNotOpen(f"This request was withdrawn on {day_words(row.withdrawn_on)}. Record a new one.")
    return row


class RecordIdentity(Command):
    """Record that it was proved who asks."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Record the proof of identity"
    gist = "Keep how it was proved, and no copy of any document."

    request_id: int
    identity_on: date = asks("When it was proved", widget="date", starts="today")
    identity_how: str = asks("How", help="Such as: known from their case, passport seen.", min_length=1, max_length=300)


@handles(RecordIdentity)
def record_identity(command: RecordIdentity, work: Work) -> Sequence[Event]:
    """Keep when and how it was proved who asks; the month begins then where proof was asked for [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    work.not_future(command.identity_on, "identity_on")
    work.not_before(command.identity_on, row.received_on, "identity_on", what="the request")
    row.identity_on, row.identity_how = command.identity_on, command.identity_how
    due_on = settle_due(row, work)
    return [
        IdentityRecorded(
            request_id=command.request_id, identity_on=command.identity_on, how=command.identity_how, due_on=due_on
        )
    ]


class ExtendSubjectAccess(Command):
    """Take the further months that complex or many requests may have."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Take more time for own data"
    gist = "Only for what is complex or much, and told with the reason within the first month."

    request_id: int
    told_on: date = asks("When they were told", widget="date", starts="today")
    why: str = asks("The reason they were given", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(ExtendSubjectAccess)
def extend_subject_access(command: ExtendSubjectAccess, work: Work) -> Sequence[Event]:
    """Let the answer take its further months, once, told in time and with the reason [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, row.received_on, "told_on", what="the request")
    if row.extended_on is not None:
        raise StepNotOpen("More time was taken already, and it can be taken once.")
    if command.told_on > row.due_on:
        raise BadInput(
            f"They had to be told by {day_words(row.due_on)}. Answer now: more time cannot be taken any more.",
            {"told_on": "This is after the first month."},
        )
    row.extended_on, row.extended_why = command.told_on, command.why
    due_on = settle_due(row, work)
    return [
        SubjectAccessExtended(request_id=command.request_id, told_on=command.told_on, due_on=due_on, why=command.why)
    ]


class AddSubjectCase(Command):
    """Confirm that a complaint or a service request holds data of the person who asks."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Confirm a complaint or request for own data"
    gist = "Only when you are sure that it is the same person."

    request_id: int
    reference: str = asks("Its reference", min_length=1, max_length=20)
    why: str = asks("Why you are sure", default="", max_length=TEXT_LIMIT)


@handles(AddSubjectCase)
def add_subject_case(command: AddSubjectCase, work: Work) -> Sequence[Event]:
    """Take a complaint in that somebody confirmed to be of the same person [lgsco:5.8]."""
    open_subject_access(work, command.request_id)
    if names_request(command.reference):
        return [_request_added(command, work)]
    case = load_case(work.session, command.reference, actor=work.actor)
    if work.session.get(SubjectCase, (command.request_id, case.id)) is not None:
        raise BadInput(f"{case.complaint.reference} is taken in already.")
    work.session.add(SubjectCase(request_id=command.request_id, complaint_id=case.id, why=command.why))
    return [SubjectCaseAdded(complaint_id=case.id, request_id=command.request_id, why=command.why)]


def asked_about(work: Work, reference: str) -> ServiceRequest:
    """A service request to take in or out; NotFound for none that is seen, StepNotOpen for one that was anonymised."""
    found = load_request(work.session, reference, actor=work.actor)
    if found.anonymised_on is not None:
        raise StepNotOpen(f"{found.reference} was anonymised and holds nobody's data any more. Choose another.")
    return found


def _request_added(command: AddSubjectCase, work: Work) -> Event:
    found = asked_about(work, command.reference)
    key = ident(found.id)
    if work.session.get(SubjectRequest, (command.request_id, key)) is not None:
        raise BadInput(f"{found.reference} is taken in already.")
    work.session.add(SubjectRequest(request_id=command.request_id, service_request_id=key, why=command.why))
    return SubjectCaseAdded(request_id=command.request_id, service_request=found.reference, why=command.why)


class RecordRuling(Command):
    """Decide what is done with one piece. `digest` is that of the piece as it was shown."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Decide on this piece"
    gist = "Read it to the end first. It can be decided again until the request is answered."

    request_id: int
    piece: str = Field(min_length=1, max_length=80)
    digest: str = Field(min_length=64, max_length=64)
    whose: Whose = asks("Whose data it is", widget="choice")
    ruling: Ruling = asks("What is done with it", widget="choice")
    passages: str = asks(
        "What is taken out, one passage a line",
        help="Exactly as it is written. It is taken out everywhere in this piece.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    pages: str = asks("Pages withheld, of a PDF", help="Such as: 2, 5", default="", max_length=500)
    exemption: str | None = asks(
        "The ground", help="For what is kept back.", widget="choice", options="exemptions", default=None, max_length=40
    )
    reason: str = asks("Why", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordRuling)
def record_ruling(command: RecordRuling, work: Work) -> Sequence[Event]:
    """Keep what was decided on a piece; whatever is kept back has its ground and its reason [lgsco:5.8]."""
    open_subject_access(work, command.request_id)
    taken_out = _checked(command)
    before = work.session.get(SubjectRuling, (command.request_id, command.piece))
    if before is not None:
        work.session.delete(before)
        work.session.flush()
    work.session.add(
        SubjectRuling(
            **command.model_dump(exclude={"command_id", "good_reason", "whose", "ruling", "exemption"}),
            exemption=command.exemption or "",
            whose=command.whose.value,
            ruling=command.ruling.value,
            decided_by=work.actor.id or None,
            decided_at=work.now,
        )
    )
    ground = EXEMPTIONS[command.exemption].title if command.exemption else ""
    return [
        PieceDecided(
            request_id=command.request_id,
            piece=command.piece,
            whose=command.whose.value,
            ruling=command.ruling.value,
            exemption=ground,
            taken_out=taken_out,
            reason=command.reason,
        )
    ]


def pages_of(typed: str) -> tuple[int, ...]:
    """The pages that were named by number; BadInput for anything else."""
    numbers = [each.strip() for each in typed.split(",") if each.strip()]
    if not all(each.isascii() and each.isdigit() and len(each) <= len("9999") for each in numbers):
        raise BadInput("Give pages as numbers with commas, such as: 2, 5.", {"pages": "These are not page numbers."})
    return tuple(dict.fromkeys(map(int, numbers)))


def _checked(command: RecordRuling) -> int:
    """How many parts are taken out; BadInput for what does not fit together."""
    parts = len(passages_of(command.passages)) + len(pages_of(command.pages))
    if command.exemption and command.exemption not in EXEMPTIONS:
        raise BadInput("There is no such ground. Choose one from the list.", {"exemption": "Choose another ground."})
    if command.ruling is Ruling.DISCLOSE:
        return 0
    if command.ruling is Ruling.REDACT and not parts:
        raise BadInput("Say what is taken out, or disclose the piece.", {"passages": "Nothing is marked yet."})
    if not command.exemption:
        raise BadInput("Choose the ground for what is kept back.", {"exemption": "A ground is needed."})
    if not command.reason:
        raise BadInput("Say why this ground holds here.", {"reason": "A reason is needed."})
    return parts if command.ruling is Ruling.REDACT else 0


class AnswerSubjectAccess(Command):
    """Answer with what may be disclosed. The zip lies in the folder of files already."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Answer with own data"
    gist = "Makes the PDF and the documents that may be disclosed, as a zip. Look through it before it goes out."

    request_id: int
    disclosed: int = Field(default=0, ge=0)
    redacted: int = Field(default=0, ge=0)
    withheld: int = Field(default=0, ge=0)
    sha256: str = Field(default="", max_length=64)
    size: int = Field(default=0, ge=0)


@handles(AnswerSubjectAccess)
def answer_subject_access(command: AnswerSubjectAccess, work: Work) -> Sequence[Event]:
    """Keep that a request was answered, and with exactly what [lgsco:5.8]."""
    row = open_subject_access(work, command.request_id)
    if not command.sha256:
        raise BadInput("The files to answer with are missing. Make them from the page Subject access.")
    if row.identity_asked and row.identity_on is None:
        raise StepNotOpen("It is not proved yet who asks. Record the proof of identity first.")
    settle_due(row, work, over=work.today)
    row.answered_on, row.sha256, row.size = work.today, command.sha256, command.size
    told = command.model_dump(exclude={"command_id", "good_reason", "size"})
    return [SubjectAccessAnswered(answered_on=work.today, **told)]


class OpenDisclosure(Command):
    """Note that somebody saved what was disclosed."""

    needs = Permission.DISCLOSE
    clauses = _CLAUSES
    title = "Save what was disclosed"
    gist = "Every saving is kept in the ledger."

    request_id: int


@handles(OpenDisclosure)
def open_disclosure(command: OpenDisclosure, work: Work) -> Sequence[Event]:
    """Keep who saved the answer to a request [lgsco:5.8]."""
    statement = select(SubjectAccessRequest).where(col(SubjectAccessRequest.id) == command.request_id)
    row = work.session.exec(statement).first()
    if row is None or not row.sha256:
        raise NotFound("There is no answer to this request here: it was not given yet, or is erased. See its page.")
    return [DisclosureOpened(request_id=command.request_id)]
