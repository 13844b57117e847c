"""Finding a complaint or a service request: by reference, by name or postcode, or by any words in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.people import Person, Service
from core.model.requests import ServiceRequest
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.request_steps import RequestPosition, request_position
from core.store.scope import visible_requests
from core.store.search import REQUESTS, newest_found, parse

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_REFERENCE = re.compile(r"(?i)^\s*(c|sr)-?(\d{4})-?(\d{1,6})\s*$")
PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One complaint found."""

    id: int
    reference: str
    individual: str
    matter: str
    position: str
    service: str
    received_on: date
    act_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """One page of complaints found, newest first; `before` opens the next one."""

    rows: tuple[Found, ...]
    before: int | None


@query(needs=Permission.READ)
def search(asking: Asking, text: str, *, before: int | None = None, limit: int = PAGE) -> FoundPage:
    """Complaints whose reference, people, place or words match.

    Raises BadInput when nothing is looked for, or from below a number that no complaint can have.
    """
    _page_or_refuse(before)
    exact = _reference(text)
    if exact is not None:
        return FoundPage(rows=_rows(asking, _C.c.reference == exact), before=None)
    ids = newest_found(asking.connection, parse(text), seen=asking.seen, before=before, limit=limit + 1)
    rows = _rows(asking, _C.c.id.in_(ids[:limit])) if ids else ()
    return FoundPage(rows=rows, before=ids[limit - 1] if len(ids) > limit else None)


def _page_or_refuse(before: int | None) -> None:
    if before is not None and not 1 <= before <= LAST_ID:
        raise BadInput("That page link is damaged. Go back to the first page.")


def _reference(text: str) -> str | None:
    """The reference somebody typed, with or without its hyphens and zeros, as it is written; None for words."""
    found = _REFERENCE.match(text)
    return f"{found[1].upper()}-{found[2]}-{int(found[3]):06d}" if found else None


def _rows(asking: Asking, where: sa.ColumnElement[bool]) -> tuple[Found, ...]:
    statement = (
        sa.select(
            _C.c.id,
            _C.c.reference,
            _C.c.matter,
            _C.c.position,
            _C.c.received_on,
            _C.c.act_by,
            _P.c.name.label("individual"),
            _S.c.name.label("service"),
        )
        .select_from(_C.outerjoin(_P, _P.c.id == _C.c.person_id).outerjoin(_S, _S.c.id == _C.c.service_id))
        .where(where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_C.c.id.desc())
    )
    return tuple(
        Found(
            id=row.id,
            reference=row.reference,
            individual=row.individual or "",
            matter=row.matter,
            position=row.position,
            service=row.service or "",
            received_on=row.received_on,
            act_by=row.act_by,
        )
        for row in asking.connection.execute(statement)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequest:
    """One service request found."""

    id: int
    reference: str
    individual: str
    matter: str
    position: RequestPosition
    service: str
    received_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequests:
    """One page of service requests found, newest first; `before` opens the next one."""

    rows: tuple[FoundRequest, ...]
    before: int | None


@query(needs=Permission.READ)
def search_requests(asking: Asking, text: str, *, before: int | None = None, limit: int = PAGE) -> FoundRequests:
    """Service requests whose reference, person, place or words match, open and closed [lgsco:1.8].

    Raises BadInput when nothing is looked for, or from below a number that no request can have.
    """
    _page_or_refuse(before)
    exact = _reference(text)
    if exact is not None:
        return FoundRequests(rows=_request_rows(asking, _Q.c.reference == exact), before=None)

    def seen(number: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
        allowed = visible_requests(asking.actor)
        return [number.in_(sa.select(_Q.c.id).where(*allowed))] if allowed else []

    found = newest_found(asking.connection, parse(text), seen=seen, before=before, limit=limit + 1, index=REQUESTS)
    rows = _request_rows(asking, _Q.c.id.in_(found[:limit])) if found else ()
    return FoundRequests(rows=rows, before=found[limit - 1] if len(found) > limit else None)


def _request_rows(asking: Asking, where: sa.ColumnElement[bool]) -> tuple[FoundRequest, ...]:
    statement = (
        sa.select(_Q, _P.c.name.label("individual"), _S.c.name.label("service"))
        .select_from(_Q.outerjoin(_P, _P.c.id == _Q.c.person_id).outerjoin(_S, _S.c.id == _Q.c.service_id))
        .where(where, *visible_requests(asking.actor))
        .order_by(_Q.c.id.desc())
    )
    return tuple(
        FoundRequest(
            id=row.id,
            reference=row.reference,
            individual=row.individual or "",
            matter=row.matter,
            position=request_position(answered_on=row.answered_on, closed_on=row.closed_on),
            service=row.service or "",
            received_on=row.received_on,
            due_on=row.due_on,
        )
        for row in asking.connection.execute(statement)
    )
