"""Records of both kinds, complaints and service requests, as far as how long they are kept treats them alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.code.retention import SERVICE_REQUEST
from core.model.complaints import Complaint
from core.model.requests import RequestLink, ServiceRequest
from core.model.retention import KeptLonger, LegalHold
from core.model.subject_access import SubjectAccessRequest, SubjectRequest
from core.permissions import Actor
from core.rules.retention import how_kept, planned_on, request_counted_from
from core.store.retaining import STANDS, Planned, periods_in_force, planned, stands_open
from core.store.scope import visible, visible_requests

_C = Complaint.__table__  # type: ignore[attr-defined]
_H = LegalHold.__table__  # type: ignore[attr-defined]
_LO = KeptLonger.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_SQ = SubjectRequest.__table__  # type: ignore[attr-defined]
_SR = SubjectAccessRequest.__table__  # type: ignore[attr-defined]
_QL = RequestLink.__table__  # type: ignore[attr-defined]


class Record(NamedTuple):
    """What is kept for its time: one complaint or one service request. Rows about a record have these two columns."""

    complaint_id: int | None = None
    request_id: int | None = None


def record_of(row: Any) -> Record:
    """The record that a row of a hold or a proposal is about."""
    return Record(row.complaint_id, row.request_id)


def about(table: Any, record: Record) -> Any:
    """That a row of a table is about a record."""
    if record.complaint_id is not None:
        return table.c.complaint_id == record.complaint_id
    return table.c.request_id == record.request_id


def about_any(table: Any, records: Iterable[Record]) -> Any:
    """That a row of a table is about one of some records."""
    complaints, requests = _parted(records)
    return sa.or_(table.c.complaint_id.in_(complaints), table.c.request_id.in_(requests))


def _parted(records: Iterable[Record]) -> tuple[list[int], list[int]]:
    all_of = list(records)
    complaints = [each.complaint_id for each in all_of if each.complaint_id is not None]
    return complaints, [each.request_id for each in all_of if each.request_id is not None]


def with_record(table: Any) -> Any:
    """A table beside the complaint or the service request that its row is about."""
    return table.outerjoin(_C, _C.c.id == table.c.complaint_id).outerjoin(_Q, _Q.c.id == table.c.request_id)


def named_as() -> tuple[Any, Any]:
    """The reference and the matter of either, in a statement `with_record`."""
    return (
        sa.func.coalesce(_C.c.reference, _Q.c.reference).label("reference"),
        sa.func.coalesce(_C.c.matter, _Q.c.matter).label("matter"),
    )


def seen_records(actor: Actor) -> Any:
    """That a row of a statement `with_record` is about a record that this person sees."""
    complaint = visible(actor, _C.c.id, service_id=_C.c.service_id)
    return sa.or_(
        sa.and_(_C.c.id.is_not(None), *complaint), sa.and_(_Q.c.id.is_not(None), *visible_requests(actor))
    )  # fmt: skip


def find_records(connection: Connection, references: Sequence[str], actor: Actor) -> dict[Record, str]:
    """The records of some references that this person sees, complaints first."""
    complaints = sa.select(_C.c.id, _C.c.reference).where(_C.c.reference.in_(references))
    requests = sa.select(_Q.c.id, _Q.c.reference).where(_Q.c.reference.in_(references))
    complaints = complaints.where(*visible(actor, _C.c.id, service_id=_C.c.service_id)).order_by(_C.c.id)
    requests = requests.where(*visible_requests(actor)).order_by(_Q.c.id)
    found = {Record(complaint_id=row.id): row.reference for row in connection.execute(complaints)}
    return found | {Record(request_id=row.id): row.reference for row in connection.execute(requests)}


def references_of(connection: Connection, records: Iterable[Record]) -> dict[Record, str]:
    """The reference of each of some records."""
    complaints, requests = _parted(records)
    of_complaints = sa.select(_C.c.id, _C.c.reference).where(_C.c.id.in_(complaints))
    of_requests = sa.select(_Q.c.id, _Q.c.reference).where(_Q.c.id.in_(requests))
    found = {Record(complaint_id=row.id): row.reference for row in connection.execute(of_complaints)}
    return found | {Record(request_id=row.id): row.reference for row in connection.execute(of_requests)}


def standing(connection: Connection, records: Iterable[Record], *, today: date) -> dict[Record, Planned]:
    """How these records stand today; a complaint that was never counted is left out [lgsco:5.8]."""
    complaints, requests = _parted(records)
    found: dict[Record, Planned] = {}
    if complaints:
        found |= {Record(key): each for key, each in planned(connection, complaints, today=today).items()}
    if requests:
        found |= planned_requests(connection, requests, today=today)
    return found


def planned_requests(connection: Connection, ids: Sequence[int], *, today: date) -> dict[Record, Planned]:
    """How these service requests stand today; one that belongs to a complaint still here waits for it [lgsco:5.8]."""
    years = periods_in_force(connection, today)[SERVICE_REQUEST].years
    rows = connection.execute(_REQUESTS, {"ids": list(ids)})
    return {Record(request_id=row.id): _planned(row, years, today) for row in rows}


def _planned(row: Any, years: int, today: date) -> Planned:
    counted = request_counted_from(
        closed_on=row.closed_on, answered_on=row.answered_on, offered_on=row.offered_on
    )  # fmt: skip
    day = planned_on(counted, years=years, longer=row.longer) if counted is not None else None
    return Planned(
        id=row.id,
        kind=SERVICE_REQUEST,
        counted_from=counted,
        longer=row.longer,
        planned_on=day,
        kept=how_kept(
            planned=None if row.asked_for else day,
            longer=row.longer,
            held=bool(row.held),
            anonymised=row.anonymised_on is not None,
            bound=bool(row.bound),
            today=today,
        ),
    )


def _requests() -> Any:
    longer = sa.select(sa.func.max(_LO.c.until)).where(_LO.c.request_id == _Q.c.id).scalar_subquery()
    held = sa.exists().where(_H.c.request_id == _Q.c.id, STANDS)
    asked = sa.exists().where(
        _SQ.c.service_request_id == _Q.c.id, _SR.c.id == _SQ.c.request_id, stands_open(_SR)
    )  # fmt: skip
    return sa.select(
        *(_Q.c.id, _Q.c.closed_on, _Q.c.answered_on, _Q.c.offered_on, _Q.c.anonymised_on),
        longer.label("longer"),
        held.label("held"),
        asked.label("asked_for"),
        bound_to_complaint().label("bound"),
    ).where(_Q.c.id.in_(sa.bindparam("ids", expanding=True)))


def bound_to_complaint() -> Any:
    """That a service request belongs to a complaint whose record is not anonymised yet."""
    return sa.exists().where(
        _QL.c.request_id == _Q.c.id, _C.c.id == _QL.c.complaint_id, _C.c.anonymised_on.is_(None)
    )  # fmt: skip


_REQUESTS = _requests()


def requests_of(connection: Connection, complaints: Iterable[int]) -> Mapping[int, tuple[int, str]]:
    """The service requests that belong to some complaints, by id: the first of those complaints, and the reference."""
    statement = (
        sa.select(_Q.c.id, _Q.c.reference, _QL.c.complaint_id)
        .select_from(_QL.join(_Q, _Q.c.id == _QL.c.request_id))
        .where(_QL.c.complaint_id.in_(list(complaints)), _Q.c.anonymised_on.is_(None))
        .order_by(_Q.c.id, _QL.c.complaint_id.desc())
    )
    return {row.id: (row.complaint_id, row.reference) for row in connection.execute(statement)}
