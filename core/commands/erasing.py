"""What ends a record: SetRetention, ProposeErasure, ApproveErasure, DropErasure, EraseApproved and FinishErasure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints
from sqlmodel import col, select

from core.code.retention import RECORD_KINDS
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound, StepNotOpen
from core.events.base import Event
from core.events.retention import (
    ErasureApproved,
    ErasureDropped,
    ErasureFinished,
    ErasureProposed,
    RecordAnonymised,
    RetentionChanged,
)
from core.model.complaints import Complaint
from core.model.people import Colleague
from core.model.retention import Erasure, ErasureRun, Retention, RetentionRule
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.retention import Kept, may_propose, second_person
from core.store import ledger
from core.store.erasing import anonymise, forget_files
from core.store.facts import ident
from core.store.retaining import planned
from core.store.scope import visible

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


def _complaints(references: Sequence[str], work: Work) -> dict[int, str]:
    """The complaints that were named, by id; NotFound for one that is not there or that this person may not see."""
    seen = visible(work.actor, col(Complaint.id), service_id=col(Complaint.service_id))
    statement = select(Complaint.id, Complaint.reference).where(col(Complaint.reference).in_(references), *seen)
    found = {ident(key): reference for key, reference in work.session.exec(statement.order_by(col(Complaint.id)))}
    if missing := sorted(set(references) - set(found.values())):
        raise NotFound(f"There is no complaint {missing[0]}. Choose from the list.")
    return found


def _somebody(work: Work) -> int:
    """Whoever decides, who has to be a person."""
    if not work.actor.id:
        raise StepNotOpen("Two people decide on an erasure, each signed in. Sign in and use the page Retention.")
    return work.actor.id


def _waiting(found: dict[int, str], work: Work) -> dict[int, Erasure]:
    """The proposals that are neither dropped nor carried out, by complaint."""
    waits = (col(Erasure.erased_on).is_(None), col(Erasure.dropped_on).is_(None))
    statement = select(Erasure).where(col(Erasure.complaint_id).in_(list(found)), *waits)
    return {row.complaint_id: row for row in work.session.exec(statement)}


def _all_due(found: dict[int, str], work: Work) -> dict[int, date]:
    """The day each of these records was due on; StepNotOpen for one that is not due today."""
    stands = planned(work.session.connection(), list(found), today=work.today)
    due: dict[int, date] = {}
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
    by, found = _somebody(work), _complaints(command.references, work)
    due = _all_due(found, work)
    for key in _waiting(found, work):
        raise StepNotOpen(f"{found[key]} has been proposed already. A second person decides on it.")
    work.session.add_all(
        Erasure(complaint_id=key, planned_on=due[key], proposed_by=by, proposed_on=work.today) for key in found
    )
    return [ErasureProposed(complaint_id=key, planned_on=due[key]) for key in found]


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
    by, found = _somebody(work), _complaints(command.references, work)
    waiting = _waiting(found, work)
    for key, reference in found.items():
        if key not in waiting:
            raise StepNotOpen(f"{reference} is not proposed any more. Choose from the list.")
        if waiting[key].approved_by is not None:
            raise StepNotOpen(f"{reference} has been approved already. Nothing was changed.")
        _refuse(second_person(waiting[key].proposed_by, by))
    _all_due(found, work)
    for row in waiting.values():
        row.approved_by, row.approved_on = by, work.today
    return [ErasureApproved(complaint_id=key, proposed_by=waiting[key].proposed_by) for key in found]


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
    found = _complaints(command.references, work)
    waiting = _waiting(found, work)
    for key, reference in found.items():
        if key not in waiting:
            raise StepNotOpen(f"{reference} is not proposed any more. Choose from the list.")
    return [_drop(row, command.reason, work) for row in waiting.values()]


def _drop(row: Erasure, why: str, work: Work) -> Event:
    row.dropped_on, row.why_dropped = work.today, why
    return ErasureDropped(complaint_id=row.complaint_id, why=why)


class EraseApproved(Command):
    """Anonymise some of the records that two people have approved. Carried out by the console, batch by batch."""

    needs = Permission.ERASE
    clauses = ("lgsco:5.8",)
    title = "Anonymise what was approved"
    gist = "What has been put on hold or used again meanwhile is left as it is."

    most: int = Field(gt=0, le=AT_ONCE)


@handles(EraseApproved)
def erase_approved(command: EraseApproved, work: Work) -> Sequence[Event]:
    """Erase what is no longer needed and keep what the figures are counted from [lgsco:5.8]."""
    approved = (
        col(Erasure.approved_on).is_not(None),
        col(Erasure.erased_on).is_(None),
        col(Erasure.dropped_on).is_(None),
    )
    statement = select(Erasure).where(*approved).order_by(col(Erasure.id)).limit(command.most).with_for_update()
    rows = work.session.exec(statement).all()
    if not rows:
        raise StepNotOpen("Nothing that was approved is left to anonymise.")
    stands = planned(work.session.connection(), [row.complaint_id for row in rows], today=work.today)
    due = [row for row in rows if row.complaint_id in stands and stands[row.complaint_id].kept is Kept.DUE]
    events: list[Event] = [
        _drop(row, f"When it was to be carried out, the record was {_kept(stands, row)}.", work)
        for row in rows
        if row not in due
    ]
    if due:
        run_id = _run(work)
        for row in due:
            row.erased_on, row.run_id = work.today, run_id
        work.session.flush()
        anonymise(work.session, [row.complaint_id for row in due], on=work.today, at=work.now)
        events += [RecordAnonymised(complaint_id=row.complaint_id, run=run_id) for row in due]
    return events


def _kept(stands: dict[int, Any], row: Erasure) -> str:
    found = stands.get(row.complaint_id)
    return str(found.kept.value) if found is not None else Kept.IN_USE.value


def _open_run(work: Work) -> ErasureRun | None:
    return work.session.exec(select(ErasureRun).where(col(ErasureRun.finished_at).is_(None))).first()


def _run(work: Work) -> int:
    """The run that is under way, or a new one."""
    row = _open_run(work)
    if row is None:
        row = ErasureRun(started_at=work.now)
        work.session.add(row)
        work.session.flush()
    return ident(row.id)


class FinishErasure(Command):
    """Write the certificate of what was anonymised, once its files are gone too. Carried out by the console."""

    needs = Permission.ERASE
    clauses = ("lgsco:5.8",)
    title = "Finish an erasure"
    gist = "Which records, by whose decision, and the end of the ledger: without personal data."


@handles(FinishErasure)
def finish_erasure(_command: FinishErasure, work: Work) -> Sequence[Event]:
    """Keep the proof that the record went by the schedule, and of nothing else [lgsco:5.8]."""
    run = _open_run(work)
    if run is None:
        raise StepNotOpen("No erasure is under way.")
    files = forget_files(work.session)
    records = _records(ident(run.id), work)
    content = {
        "certificate": run.id,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "finished_at": work.now.isoformat(timespec="seconds"),
        "kinds": dict(sorted(Counter(record["kind"] for record in records).items())),
        "files": files,
        "records": records,
        "ledger": ledger.anchor(work.session.connection(), at=work.now).line(),
    }
    run.certificate = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    run.finished_at, run.sha256 = work.now, hashlib.sha256(run.certificate.encode()).hexdigest()
    return [ErasureFinished(run=ident(run.id), records=len(records), files=files, sha256=run.sha256)]


def _records(run_id: int, work: Work) -> list[dict[str, str]]:
    """Each record of a run: its reference and kind, when it was due, and who decided on which day."""
    names = {key: name for key, name in work.session.exec(select(Colleague.id, Colleague.name))}
    statement = (
        select(Erasure, Complaint.reference, Retention.kind)
        .join(Complaint, col(Complaint.id) == col(Erasure.complaint_id))
        .join(Retention, col(Retention.complaint_id) == col(Erasure.complaint_id))
        .where(col(Erasure.run_id) == run_id)
        .order_by(col(Complaint.reference))
    )
    return [
        {
            "reference": reference,
            "kind": RECORD_KINDS[kind].title,
            "planned_on": row.planned_on.isoformat(),
            "proposed_by": names.get(row.proposed_by, ""),
            "proposed_on": row.proposed_on.isoformat(),
            "approved_by": names.get(row.approved_by, ""),
            "approved_on": row.approved_on.isoformat() if row.approved_on else "",
            "erased_on": row.erased_on.isoformat() if row.erased_on else "",
        }
        for row, reference, kind in work.session.exec(statement)
    ]
