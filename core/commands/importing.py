"""Bringing in old records: ImportBatch writes many complaints at once, FinishImport says what came of the file."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from core.channels.rows import RowProblem
from core.commands.base import Command, Work, asks, handles
from core.commands.recording import reference_of
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import ComplaintImported, HistoryImported, MappingSaved, ServicesAdded
from core.model import complaints as tables
from core.model.duties import Duty
from core.model.people import Person, Service
from core.model.retention import Retention
from core.model.working import CaseDoc, ImportProblem, ImportRun, SavedMapping, SearchDoc
from core.permissions import Permission
from core.store.bulk import insert_rows, next_ids, take_numbers
from core.store.history import PastComplaint, Writer

_ORDER = (
    ("person", Person),
    ("complaint", tables.Complaint),
    ("stage", tables.Stage),
    ("point", tables.Point),
    ("answer", tables.Answer),
    ("extension", tables.Extension),
    ("duty", Duty),
    ("retention", Retention),
    ("search_doc", SearchDoc),
    ("case_doc", CaseDoc),
)


class ImportBatch(Command):
    """Write some old complaints, none of which is here yet. All of the batch or none of it."""

    needs = Permission.IMPORT
    clauses = ("lgsco:5.8",)
    title = "Import old complaints"
    gist = "The same rules judge them as today's cases."
    alone = True

    source: str = asks("Source", max_length=80)
    complaints: tuple[Any, ...] = asks("Complaints", default=())


@handles(ImportBatch)
def import_batch(command: ImportBatch, work: Work) -> Sequence[Event]:
    """Keep old complaints with the reference they had, judged by the same rules [lgsco:5.8]."""
    past: Sequence[PastComplaint] = command.complaints
    if not past:
        raise BadInput("There is nothing to import in this part of the file.")
    policy = work.policy
    writer = Writer(
        policy=policy,
        policy_id=work.policy_id,
        calendar=work.calendar_of(policy),
        calendar_id=work.calendars.current,
        source=command.source,
        now=work.now,
        today=work.today,
    )
    references = _references(work.session, past)
    idents = next_ids(work.session, tables.Complaint, len(past))
    reserved = _reserved(work.session, past)
    events: list[Event] = []
    for complaint, ident, reference in zip(past, idents, references, strict=True):
        ids = {name: list(islice(numbers, _needs(complaint)[name])) for name, numbers in reserved.items()}
        writer.write(complaint, ident=ident, reference=reference, ids=ids)
        events.append(_event(complaint, ident=ident, reference=reference, source=command.source))
    for name, table in _ORDER:
        insert_rows(work.session, table, getattr(writer.tables, name))
    return events


def _needs(complaint: PastComplaint) -> dict[str, int]:
    """How many ids a complaint's rows need, table by table."""
    return {"stage": len(complaint.stages), "point": len(complaint.points), "person": int(complaint.has_person)}


def _references(session: Session, past: Sequence[PastComplaint]) -> list[str]:
    """New references by year of receipt, without gaps, in the file's order."""
    wanted = Tally(complaint.one.received_on.year for complaint in past)
    numbers = {year: iter(take_numbers(session, f"complaint-{year}", count)) for year, count in wanted.items()}
    years = (complaint.one.received_on.year for complaint in past)
    return [reference_of(year, next(numbers[year])) for year in years]


def _reserved(session: Session, past: Sequence[PastComplaint]) -> dict[str, Iterator[int]]:
    """Ids for every row that another row points at, handed out in order."""
    wanted: Tally[str] = Tally()
    for complaint in past:
        wanted.update(_needs(complaint))
    kinds: dict[str, type[SQLModel]] = {"stage": tables.Stage, "point": tables.Point, "person": Person}
    return {name: iter(next_ids(session, kinds[name], wanted[name])) for name in kinds}


def _event(complaint: PastComplaint, *, ident: int, reference: str, source: str) -> ComplaintImported:
    # Built without validation: every field was checked when the row was read, and there may be a million of them.
    return ComplaintImported.model_construct(
        complaint_id=ident,
        reference=reference,
        received_on=complaint.one.received_on,
        source=source,
        row=complaint.row,
        old_reference=complaint.old_reference,
        row_sha256=complaint.digest,
    )


class AddServices(Command):
    """Add services that an old record names and this installation does not know."""

    needs = Permission.IMPORT
    clauses = ()
    title = "Add services"
    gist = "So that old complaints are counted where they belong."

    source: str = asks("Source", max_length=80)
    names: tuple[str, ...] = asks("Services", default=())


@handles(AddServices)
def add_services(command: AddServices, work: Work) -> Sequence[Event]:
    """Add services by name."""
    known = {name.casefold() for name in work.session.exec(select(Service.name))}
    new = tuple(name[:120] for name in command.names if name[:120].casefold() not in known)
    if not new:
        raise BadInput("These services are on the list already.")
    work.session.add_all(Service(name=name) for name in new)
    return [ServicesAdded(source=command.source, names=new)]


class FinishImport(Command):
    """Say what came of one file: how many rows were read, added, known already, or could not be used."""

    needs = Permission.IMPORT
    clauses = ("lgsco:5.8",)
    title = "Finish an import"
    gist = "Every row that could not be used is listed with what to do."

    source: str = asks("Source", max_length=80)
    file_name: str = asks("File", max_length=255)
    sha256: str = asks("Digest", max_length=64)
    mapping: str = asks("Mapping")
    rows: int = asks("Rows read")
    added: int = asks("Complaints added")
    unchanged: int = asks("Already here")
    problem_count: int = asks("Problems")
    problems: tuple[Any, ...] = asks("The problems", default=())


@handles(FinishImport)
def finish_import(command: FinishImport, work: Work) -> Sequence[Event]:
    """Keep what an import did and every row it could not use [lgsco:5.8]."""
    run = ImportRun(
        token=command.command_id,
        source=command.source,
        file_name=command.file_name,
        sha256=command.sha256,
        mapping=command.mapping,
        started_at=work.now,
        finished_at=work.now,
        rows_read=command.rows,
        complaints_added=command.added,
        unchanged=command.unchanged,
        problems=command.problem_count,
    )
    work.session.add(run)
    work.session.flush()
    _keep_problems(work.session, run, command.problems)
    return [
        HistoryImported(
            source=command.source,
            file_sha256=command.sha256,
            rows=command.rows,
            added=command.added,
            unchanged=command.unchanged,
            problems=command.problem_count,
        )
    ]


def _keep_problems(session: Session, run: ImportRun, problems: Iterable[RowProblem]) -> None:
    rows = [
        {
            "run_id": run.id,
            "row_number": problem.row,
            "column_name": problem.column[:200],
            "value": problem.value[:500],
            "what_to_do": problem.what_to_do,
        }
        for problem in problems
    ]
    insert_rows(session, ImportProblem, rows)


class SaveMapping(Command):
    """Keep how a council's file is read, so that next year's needs no mapping."""

    needs = Permission.IMPORT
    clauses = ()
    title = "Save this mapping"
    gist = "Found again by the file's headings."

    name: str = asks("Name", min_length=1, max_length=80)
    fingerprint: str = asks("Headings", max_length=64)
    mapping: str = asks("Mapping")


@handles(SaveMapping)
def save_mapping(command: SaveMapping, work: Work) -> Sequence[Event]:
    """Keep a mapping by name; a newer one of the same name takes its place."""
    stored = work.session.exec(select(SavedMapping).where(col(SavedMapping.name) == command.name)).first()
    row = stored or SavedMapping(name=command.name, fingerprint="", mapping="", saved_at=work.now)
    row.fingerprint, row.mapping, row.saved_at = command.fingerprint, command.mapping, work.now
    work.session.add(row)
    return [MappingSaved(name=command.name)]
