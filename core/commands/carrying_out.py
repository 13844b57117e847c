"""What carries out an erasure: EraseApproved, batch by batch, FinishErasure with the certificate, and NoteScrub."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import col, select

from core.code.retention import RECORD_KINDS, SERVICE_REQUEST
from core.commands.base import Command, Work, handles
from core.commands.erasing import AT_ONCE, drop, note_steps, told, waiting
from core.errors import StepNotOpen
from core.events.base import Event
from core.events.retention import ErasureFinished, RecordAnonymised, StorageScrubbed
from core.model.people import Colleague
from core.model.retention import Erasure, ErasureRun, Retention
from core.permissions import Permission
from core.rules.retention import Kept
from core.store import ledger
from core.store.erasing import anonymise, forget_files
from core.store.erasing_requests import anonymise_requests
from core.store.facts import ident
from core.store.records import Record, named_as, record_of, references_of, requests_of, standing, with_record
from core.store.retaining import Planned

_E = Erasure.__table__  # type: ignore[attr-defined]


class EraseApproved(Command):
    """Anonymise some of the records that two people have approved. Carried out by the console, batch by batch."""

    needs = Permission.ERASE
    clauses = ("lgsco:5.8",)
    title = "Anonymise what was approved"
    gist = "What has been put on hold or used again meanwhile is left as it is."
    alone = True

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
    rows = {record_of(row): row for row in work.session.exec(statement)}
    if not rows:
        raise StepNotOpen("Nothing that was approved is left to anonymise.")
    names = references_of(work.session.connection(), rows)
    stands = standing(work.session.connection(), rows, today=work.today)
    due = {record: row for record, row in rows.items() if record in stands and stands[record].kept is Kept.DUE}
    left = [record for record in rows if record not in due]
    note_steps(left, command, work)
    events: list[Event] = [
        drop(rows[each], names[each], f"When it was to be carried out, the record was {_kept(stands, each)}.", work)
        for each in left
    ]
    return [*events, *_carried_out(due, names, command, work)] if due else events


def _kept(stands: Mapping[Record, Planned], record: Record) -> str:
    return stands[record].kept.value if record in stands else Kept.IN_USE.value


def _carried_out(
    due: Mapping[Record, Erasure], names: Mapping[Record, str], command: Command, work: Work
) -> list[Event]:
    """The records are anonymised, and with the complaints the service requests that belong to them."""
    run_id = _run(work)
    for row in due.values():
        row.erased_on, row.run_id = work.today, run_id
    work.session.flush()
    complaints = [each.complaint_id for each in due if each.complaint_id is not None]
    if complaints:
        anonymise(work.session, complaints, on=work.today, at=work.now)
    with_them = _with_their_complaints(complaints, due, work)
    gone = {**{record: names[record] for record in due}, **with_them}
    note_steps(gone, command, work)
    work.session.flush()
    requests = [each.request_id for each in gone if each.request_id is not None]
    if requests:
        anonymise_requests(work.session, requests, on=work.today)
    return [RecordAnonymised(**told(record, name), run=run_id) for record, name in gone.items()]


def _with_their_complaints(
    complaints: Sequence[int], due: Mapping[Record, Erasure], work: Work
) -> dict[Record, str]:  # fmt: skip
    """The service requests that go now, because their last complaint does and their own time is over too.

    What was decided on the complaint was decided on them; one that is held, open or still in its own time stays.
    """
    linked = requests_of(work.session.connection(), complaints) if complaints else {}
    records = [Record(request_id=key) for key in linked]
    apart = waiting(records, work)
    stands = standing(work.session.connection(), records, today=work.today)
    found: dict[Record, str] = {}
    for record in records:
        if stands[record].kept is not Kept.DUE or record in apart or record in due:
            continue
        complaint_id, found[record] = linked[record.request_id or 0]
        decided = due[Record(complaint_id=complaint_id)]
        same = decided.model_dump(exclude={"id", "complaint_id", "request_id", "planned_on"})
        planned_on = stands[record].planned_on or decided.planned_on
        work.session.add(Erasure(**record._asdict(), planned_on=planned_on, **same))
    return found


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


class NoteScrub(Command):
    """Record that the database's own files were written anew. Noted by the command line once it has done so."""

    needs = Permission.ERASE
    clauses = ("lgsco:5.8",)
    title = "Note that the database was scrubbed"
    gist = "Each certificate written before then says so."

    tables: int = Field(gt=0)
    log: bool


@handles(NoteScrub)
def note_scrub(command: NoteScrub, work: Work) -> Sequence[Event]:
    """Keep on each finished certificate when no page held any more what was erased [lgsco:5.8]."""
    open_ones = (col(ErasureRun.finished_at).is_not(None), col(ErasureRun.scrubbed_at).is_(None))
    runs = work.session.exec(select(ErasureRun).where(*open_ones).order_by(col(ErasureRun.id))).all()
    if command.log:
        for run in runs:
            run.scrubbed_at = work.now
    done = tuple(ident(run.id) for run in runs) if command.log else ()
    return [StorageScrubbed(runs=done, tables=command.tables, log=command.log)]


def _records(run_id: int, work: Work) -> list[dict[str, str]]:
    """Each record of a run: its reference and kind, when it was due, and who decided on which day."""
    names = {key: name for key, name in work.session.exec(select(Colleague.id, Colleague.name))}
    retention = Retention.__table__  # type: ignore[attr-defined]
    reference, _matter = named_as()
    statement = (
        sa.select(_E, reference, sa.func.coalesce(retention.c.kind, SERVICE_REQUEST).label("kind"))
        .select_from(with_record(_E).outerjoin(retention, retention.c.complaint_id == _E.c.complaint_id))
        .where(_E.c.run_id == run_id)
        .order_by(reference)
    )
    return [
        {
            "reference": row.reference,
            "kind": RECORD_KINDS[row.kind].title,
            "planned_on": row.planned_on.isoformat(),
            "proposed_by": names.get(row.proposed_by, ""),
            "proposed_on": row.proposed_on.isoformat(),
            "approved_by": names.get(row.approved_by, ""),
            "approved_on": row.approved_on.isoformat() if row.approved_on else "",
            "erased_on": row.erased_on.isoformat() if row.erased_on else "",
        }
        for row in work.session.connection().execute(statement)
    ]
