"""What ends a record: SetRetention, ProposeErasure, ApproveErasure and DropErasure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints
from sqlmodel import col, select

from core.code.retention import RECORD_KINDS
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.requests import note_step
from core.errors import BadInput, NotFound, StepNotOpen
from core.events.base import Event
from core.events.retention import ErasureApproved, ErasureDropped, ErasureProposed, RetentionChanged
from core.model.requests import ServiceRequest
from core.model.retention import Erasure, RetentionRule
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.request_steps import kind_named
from core.rules.retention import Kept, may_propose, second_person
from core.store.records import Record, about_any, find_records, record_of, standing

Reference = Annotated[str, StringConstraints(min_length=1, max_length=20, to_upper=True)]
AT_ONCE = 1000
LONGEST = 100  # years


class SetRetention(Command):
    """Set how many years the council keeps one kind of record, from a day on."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Change the retention schedule"
    gist = "The value in force on the day of a review decides, for old records as for new ones."

    kind: str = asks("Which kind of record", widget="choice", options="record_kinds", max_length=40)
    years: int = asks("Years it is kept", widget="number", gt=0, le=LONGEST)
    in_force_from: date = asks("In force from", widget="date", starts="today")
    source: str = asks("Where this is decided", help="The schedule, policy or minute.", min_length=1, max_length=300)
    reason: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(SetRetention)
def set_retention(command: SetRetention, work: Work) -> Sequence[Event]:
    """Keep records for as long as the council's own schedule says, and say where it says so [lgsco:5.8]."""
    if command.kind not in RECORD_KINDS:
        raise BadInput("There is no such kind of record. Choose one from the list.", {"kind": "Choose from the list."})
    if command.in_force_from < work.today:
        raise BadInput(
            "A value cannot be in force before it was decided. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    values = command.model_dump(include={"kind", "years", "in_force_from", "source", "reason"})
    work.session.add(RetentionRule(**values, set_by=work.actor.id or None, set_on=work.today))
    title = RECORD_KINDS[command.kind].title
    return [RetentionChanged(title=title, **{name: values[name] for name in values if name != "kind"})]


def _references(title: str, options: str) -> Any:
    return asks(title, widget="several", options=options, min_length=1, max_length=AT_ONCE)


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise StepNotOpen(" ".join(finding.sentence for finding in findings))


def _named(references: Sequence[str], command: Command, work: Work) -> dict[Record, str]:
    """The records that were named; NotFound for one that is not there or that this person may not see."""
    found = find_records(work.session.connection(), references, work.actor)
    if missing := sorted(set(references) - set(found.values())):
        raise NotFound(f"There is no {kind_named(missing[0])} {missing[0]}. Choose from the list.")
    note_steps(found, command, work)
    return found


def note_steps(records: Iterable[Record], command: Command, work: Work) -> None:
    """Let the history of each service request find what this command writes about it."""
    ids = [each.request_id for each in records if each.request_id is not None]
    if ids:
        for request in work.session.exec(select(ServiceRequest).where(col(ServiceRequest.id).in_(ids))):
            note_step(request, command, work)


def told(record: Record, reference: str) -> dict[str, Any]:
    """What an event says of the record it is about."""
    return {"complaint_id": record.complaint_id, "request": reference if record.request_id is not None else ""}


def _somebody(work: Work) -> int:
    """Whoever decides, who has to be a person."""
    if not work.actor.id:
        raise StepNotOpen("Two people decide on an erasure, each signed in. Sign in and use the page Retention.")
    return work.actor.id


def waiting(found: Iterable[Record], work: Work) -> dict[Record, Erasure]:
    """The proposals that are neither dropped nor carried out, by record."""
    waits = (col(Erasure.erased_on).is_(None), col(Erasure.dropped_on).is_(None))
    statement = select(Erasure).where(about_any(Erasure.__table__, found), *waits)  # type: ignore[attr-defined]
    return {record_of(row): row for row in work.session.exec(statement)}


def _all_due(found: dict[Record, str], work: Work) -> dict[Record, date]:
    """The day each of these records was due on; StepNotOpen for one that is not due today."""
    stands = standing(work.session.connection(), found, today=work.today)
    due: dict[Record, date] = {}
    for key, reference in found.items():
        _refuse(may_propose(stands[key].kept if key in stands else Kept.IN_USE, reference=reference))
        day = stands[key].planned_on
        due[key] = work.today if day is None else day
    return due


class ProposeErasure(Command):
    """Propose that records which are due are anonymised; a second person decides."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Propose to anonymise"
    gist = "Names, contacts, words, letters and files go for good; dates, outcomes and money stay for the figures."

    references: tuple[Reference, ...] = _references("Which records", "records_due")


@handles(ProposeErasure)
def propose_erasure(command: ProposeErasure, work: Work) -> Sequence[Event]:
    """Look at what is due before anything is erased [lgsco:5.8]."""
    by, found = _somebody(work), _named(command.references, command, work)
    due = _all_due(found, work)
    for key in waiting(found, work):
        raise StepNotOpen(f"{found[key]} has been proposed already. A second person decides on it.")
    work.session.add_all(
        Erasure(**key._asdict(), planned_on=due[key], proposed_by=by, proposed_on=work.today) for key in found
    )
    return [ErasureProposed(**told(key, found[key]), planned_on=due[key]) for key in found]


class ApproveErasure(Command):
    """Approve, as the second person, that records are anonymised."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Approve as the second person"
    gist = "It is carried out within minutes and cannot be undone. Look at the cases first."

    references: tuple[Reference, ...] = _references("Which records", "records_proposed")


@handles(ApproveErasure)
def approve_erasure(command: ApproveErasure, work: Work) -> Sequence[Event]:
    """Let two people decide before anything is erased [lgsco:5.8]."""
    by, found = _somebody(work), _named(command.references, command, work)
    proposed = waiting(found, work)
    for key, reference in found.items():
        if key not in proposed:
            raise StepNotOpen(f"{reference} is not proposed any more. Choose from the list.")
        if proposed[key].approved_by is not None:
            raise StepNotOpen(f"{reference} has been approved already. Nothing was changed.")
        _refuse(second_person(proposed[key].proposed_by, by))
    _all_due(found, work)
    for row in proposed.values():
        row.approved_by, row.approved_on = by, work.today
    return [ErasureApproved(**told(key, found[key]), proposed_by=proposed[key].proposed_by) for key in found]


class DropErasure(Command):
    """Take a proposal back, whether it was approved or not, before it is carried out."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Take the proposal back"
    gist = "The record stays due. Keep it longer, or put it on hold, where it is still needed."

    references: tuple[Reference, ...] = _references("Which records", "records_waiting")
    reason: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(DropErasure)
def drop_erasure(command: DropErasure, work: Work) -> Sequence[Event]:
    """Stop an erasure as long as it has not been carried out [lgsco:5.8]."""
    found = _named(command.references, command, work)
    proposed = waiting(found, work)
    for key, reference in found.items():
        if key not in proposed:
            raise StepNotOpen(f"{reference} is not proposed any more. Choose from the list.")
    return [drop(row, found[key], command.reason, work) for key, row in proposed.items()]


def drop(row: Erasure, reference: str, why: str, work: Work) -> Event:
    """End a proposal with the reason."""
    row.dropped_on, row.why_dropped = work.today, why
    return ErasureDropped(**told(record_of(row), reference), why=why)
