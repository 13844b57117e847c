"""Which records are due for review, held, proposed or anonymised; the schedule; and the certificates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.code.retention import RECORD_KINDS, SERVICE_REQUEST
from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.people import Colleague
from core.model.requests import ServiceRequest
from core.model.retention import Erasure, ErasureRun, LegalHold, Retention
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.request_steps import kind_named
from core.rules.retention import Kept, counted_until
from core.store.erasing import files_to_remove
from core.store.records import (
    Record,
    about,
    bound_to_complaint,
    find_records,
    named_as,
    seen_records,
    standing,
    with_record,
)
from core.store.retaining import STANDS, Planned, periods_in_force
from core.store.scope import visible_requests

_C = Complaint.__table__  # type: ignore[attr-defined]
_E = Erasure.__table__  # type: ignore[attr-defined]
_H = LegalHold.__table__  # type: ignore[attr-defined]
_P = Colleague.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_R = Retention.__table__  # type: ignore[attr-defined]
_RUN = ErasureRun.__table__  # type: ignore[attr-defined]
SHOWN = 200
_PART = 500
_COUNTED_AT_ONCE = 100
_WAITS = sa.and_(_E.c.erased_on.is_(None), _E.c.dropped_on.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One record that is due: its kind in words, and the day it was due on."""

    reference: str
    matter: str
    kind: str
    counted_from: date
    planned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """One record on hold: since when, why, and by when the hold is reviewed."""

    reference: str
    matter: str
    reason: str
    placed_on: date
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLine:
    """One proposal: who made it on which day, and who approved it; `own` when it is the asker's own."""

    reference: str
    matter: str
    planned_on: date
    proposed_by: str
    proposed_on: date
    approved_by: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One carrying out: its certificate's number, how many records it holds, when it was finished and scrubbed."""

    id: int
    records: int
    started_at: datetime
    finished_at: datetime | None
    scrubbed_at: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionBoard:
    """Everything the page of retention shows. A list holds the first `SHOWN`; the counts say how many there are."""

    due: tuple[RecordLine, ...]
    due_count: int
    held: tuple[HeldLine, ...]
    proposed: tuple[ProposedLine, ...]
    approved: tuple[ProposedLine, ...]
    waiting_count: int
    runs: tuple[RunLine, ...]


@query(needs=Permission.RETAIN, kept=True)
def retention_board(asking: Asking) -> RetentionBoard:
    """What is due for review today and what became of the rest, as far as this person sees the cases [lgsco:5.8]."""
    due = _due(asking)
    shown = due[:SHOWN]
    matters = _matters(asking, [record for record, _ in shown])
    proposals = _proposals(asking)
    return RetentionBoard(
        due=tuple(_line(each, *matters[record]) for record, each in shown),
        due_count=len(due),
        held=_held(asking),
        proposed=tuple(each for each in proposals if not each.approved_by),
        approved=tuple(each for each in proposals if each.approved_by),
        waiting_count=_waiting(asking),
        runs=_runs(asking),
    )


def _due(asking: Asking) -> list[tuple[Record, Planned]]:
    """The records due today that nobody has proposed yet, the longest due first."""
    records = [*_complaints_reached(asking), *_requests_reached(asking)]
    found = [pair for part in _parts(records) for pair in _standing(asking, part).items()]
    due = [pair for pair in found if pair[1].kept is Kept.DUE and pair[1].planned_on is not None]
    return sorted(due, key=lambda pair: (pair[1].planned_on or asking.today, pair[0].complaint_id is None, pair[1].id))


def _standing(asking: Asking, records: Sequence[Record]) -> dict[Record, Planned]:
    return standing(asking.connection, records, today=asking.today)


def _complaints_reached(asking: Asking) -> list[Record]:
    """Complaints whose years are over, and that nobody has proposed."""
    reached = sa.or_(
        *(
            sa.and_(_R.c.kind == key, _R.c.counted_from <= counted_until(asking.today, years=each.years))
            for key, each in periods_in_force(asking.connection, asking.today).items()
        )
    )
    waits = sa.exists().where(_E.c.complaint_id == _R.c.complaint_id, _WAITS)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    statement = (
        sa.select(_R.c.complaint_id)
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(reached, _C.c.anonymised_on.is_(None), ~waits, *seen)
    )
    return [Record(complaint_id=key) for key in asking.connection.execute(statement).scalars()]


def _requests_reached(asking: Asking) -> list[Record]:
    """Service requests whose years are over, that belong to no complaint still here, and that nobody has proposed."""
    years = periods_in_force(asking.connection, asking.today)[SERVICE_REQUEST].years
    reached = _Q.c.closed_on <= counted_until(asking.today, years=years)
    waits = sa.exists().where(_E.c.request_id == _Q.c.id, _WAITS)
    statement = sa.select(_Q.c.id).where(reached, _Q.c.anonymised_on.is_(None), ~bound_to_complaint(), ~waits)
    statement = statement.where(*visible_requests(asking.actor))
    return [Record(request_id=key) for key in asking.connection.execute(statement).scalars()]


def _parts(records: Sequence[Record]) -> list[Sequence[Record]]:
    return [records[at : at + _PART] for at in range(0, len(records), _PART)]


def _matters(asking: Asking, records: Sequence[Record]) -> dict[Record, tuple[str, str]]:
    found: dict[Record, tuple[str, str]] = {}
    for table, made in ((_C, Record(complaint_id=0)), (_Q, Record(request_id=0))):
        name = "complaint_id" if made.request_id is None else "request_id"
        ids = [getattr(each, name) for each in records if getattr(each, name) is not None]
        statement = sa.select(table.c.id, table.c.reference, table.c.matter).where(table.c.id.in_(ids))
        found |= {
            made._replace(**{name: row.id}): (row.reference, row.matter) for row in asking.connection.execute(statement)
        }
    return found


def _line(each: Planned, reference: str, matter: str) -> RecordLine:
    if each.counted_from is None or each.planned_on is None:
        raise RuntimeError(f"{reference} is due and has no date.")
    return RecordLine(
        reference=reference,
        matter=matter,
        kind=RECORD_KINDS[each.kind].title,
        counted_from=each.counted_from,
        planned_on=each.planned_on,
    )


def _held(asking: Asking) -> tuple[HeldLine, ...]:
    statement = (
        sa.select(*named_as(), _H.c.reason, _H.c.placed_on, _H.c.review_on)
        .select_from(with_record(_H))
        .where(STANDS, seen_records(asking.actor))
        .order_by(_H.c.review_on, _H.c.id)
        .limit(SHOWN)
    )
    return tuple(HeldLine(**row) for row in asking.connection.execute(statement).mappings())


def _proposals(asking: Asking) -> list[ProposedLine]:
    by, also = _P.alias("by"), _P.alias("also")
    statement = (
        sa.select(_E, *named_as(), by.c.name.label("by"), also.c.name.label("also"))
        .select_from(
            with_record(_E).join(by, by.c.id == _E.c.proposed_by).outerjoin(also, also.c.id == _E.c.approved_by)
        )
        .where(_WAITS, seen_records(asking.actor))
        .order_by(_E.c.approved_on.is_not(None), _E.c.id)
        .limit(SHOWN)
    )
    return [
        ProposedLine(
            reference=row.reference,
            matter=row.matter,
            planned_on=row.planned_on,
            proposed_by=row.by,
            proposed_on=row.proposed_on,
            approved_by=row.also or "",
            own=row.proposed_by == asking.actor.id,
        )
        for row in asking.connection.execute(statement)
    ]


def _waiting(asking: Asking) -> int:
    """How many approved records are still to be anonymised."""
    approved = sa.select(sa.func.count()).select_from(_E).where(_WAITS, _E.c.approved_on.is_not(None))
    return int(asking.connection.execute(approved).scalar_one())


def _runs(asking: Asking) -> tuple[RunLine, ...]:
    records = sa.select(sa.func.count()).where(_E.c.run_id == _RUN.c.id).scalar_subquery()
    columns = (_RUN.c.id, _RUN.c.started_at, _RUN.c.finished_at, _RUN.c.scrubbed_at, _RUN.c.sha256)
    statement = sa.select(*columns, records.label("records")).order_by(_RUN.c.id.desc()).limit(SHOWN)
    return tuple(RunLine(**row) for row in asking.connection.execute(statement).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKept:
    """How long one record is kept, why, and what held it; `hold` is the reason of the hold that stands."""

    kept: Kept
    kind: str
    years: int
    counted_from: date | None
    planned_on: date | None
    hold: str
    review_on: date | None
    anonymised_on: date | None


@query(needs=Permission.READ, kept=True)
def record_kept(asking: Asking, reference: str) -> RecordKept | None:
    """How long the record of a case or a service request is kept; None where it has not been counted [lgsco:5.8]."""
    found = find_records(asking.connection, [reference.strip().upper()], asking.actor)
    if not found:
        raise NotFound(f"There is no {kind_named(reference)} {reference}. Check the reference.")
    (record,) = found
    stands = _standing(asking, [record]).get(record)
    if stands is None:
        return None
    hold = asking.connection.execute(sa.select(_H.c.reason, _H.c.review_on).where(about(_H, record), STANDS)).first()
    table, key = (_C, record.complaint_id) if record.complaint_id is not None else (_Q, record.request_id)
    gone = asking.connection.execute(sa.select(table.c.anonymised_on).where(table.c.id == key)).scalar_one()
    return RecordKept(
        kept=stands.kept,
        kind=RECORD_KINDS[stands.kind].title,
        years=periods_in_force(asking.connection, asking.today)[stands.kind].years,
        counted_from=stands.counted_from,
        planned_on=stands.planned_on,
        hold=hold.reason if hold else "",
        review_on=hold.review_on if hold else None,
        anonymised_on=gone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One kind of record in the schedule: its title, years, where that comes from, and since when it is so here."""

    kind: str
    title: str
    years: int
    source: str
    since: date | None
    reason: str


@query(needs=Permission.CODE, kept=True)
def retention_schedule(asking: Asking) -> tuple[ScheduleLine, ...]:
    """The schedule in force today, kind by kind, with where each value comes from [lgsco:5.8]."""
    periods = periods_in_force(asking.connection, asking.today)
    return tuple(
        ScheduleLine(
            kind=key,
            title=each.title,
            years=periods[key].years,
            source=periods[key].source,
            since=periods[key].in_force_from,
            reason=periods[key].reason,
        )
        for key, each in RECORD_KINDS.items()
    )


@query(needs=Permission.RETAIN)
def erasure_certificate(asking: Asking, run_id: int) -> dict[str, Any]:
    """The certificate of one run as it was written; NotFound for one that is not finished [lgsco:5.8]."""
    statement = sa.select(_RUN.c.certificate, _RUN.c.sha256, _RUN.c.scrubbed_at).where(
        _RUN.c.id == min(run_id, LAST_ID)
    )
    row = asking.connection.execute(statement.where(_RUN.c.finished_at.is_not(None))).first()
    if row is None:
        raise NotFound("There is no such certificate. Choose one from the list on Retention.")
    content: dict[str, Any] = json.loads(row.certificate)
    scrubbed = row.scrubbed_at.isoformat(timespec="seconds") if row.scrubbed_at is not None else ""
    return {**content, "sha256": row.sha256, "scrubbed_at": scrubbed}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureLeft:
    """What is left to do: approved records, whether a run is to be finished, and kept files to be removed."""

    records: int
    under_way: bool
    files: tuple[str, ...]
    uncounted: tuple[str, ...]


@query(needs=Permission.RETAIN)
def erasure_left(asking: Asking) -> ErasureLeft:
    """What the console has to carry out, and the first complaints whose keeping was never counted [lgsco:5.8]."""
    open_run = sa.select(_RUN.c.id).where(_RUN.c.finished_at.is_(None)).limit(1)
    never = ~sa.exists().where(_R.c.complaint_id == _C.c.id)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    uncounted = sa.select(_C.c.reference).where(never, *seen).order_by(_C.c.id).limit(_COUNTED_AT_ONCE)
    return ErasureLeft(
        records=_waiting(asking),
        under_way=asking.connection.execute(open_run).first() is not None,
        files=tuple(files_to_remove(asking.connection)),
        uncounted=tuple(asking.connection.execute(uncounted).scalars()),
    )
