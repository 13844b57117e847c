"""Finding a complaint or a service request: by reference, by name or postcode, or by any words about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.people import Person, Service
from core.model.requests import ServiceRequest
from core.model.searches import SavedSearch
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.queries.facets import EVERY_CASE, Facets, chosen, reference_of
from core.rules.request_steps import RequestPosition, request_position
from core.store.scope import visible_requests
from core.store.search import CASES, REQUESTS, newest_found, parse

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_SV = SavedSearch.__table__  # type: ignore[attr-defined]
PAGE = 25
COUNTED = 500
_AT_ONCE = 500


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
    """One page of complaints found, newest first; `before` opens the next one. `count` is a floor when `more`."""

    rows: tuple[Found, ...]
    before: int | None
    count: int
    more: bool = False

    @property
    def count_words(self) -> str:
        """The count as it is shown."""
        return f"more than {self.count:,}" if self.more else f"{self.count:,}"


@query(needs=Permission.READ)
def search(
    asking: Asking, text: str, *, facets: Facets = EVERY_CASE, before: int | None = None, limit: int = PAGE
) -> FoundPage:
    """Complaints whose reference, people, place or words match, in the complaint or in anything kept with it.

    Raises BadInput when nothing is looked for, or from below a number that no complaint can have.
    """
    _page_or_refuse(before)
    known = _newest(asking, text, facets, limit=COUNTED + 1)
    ids = [number for number in known if before is None or number < before][: limit + 1]
    if len(ids) <= limit and len(known) > COUNTED:
        ids = _newest(asking, text, facets, before=before, limit=limit + 1)
    rows = _rows(asking, ids[:limit])
    below = ids[limit - 1] if len(ids) > limit else None
    return FoundPage(rows=rows, before=below, count=min(len(known), COUNTED), more=len(known) > COUNTED)


@query(needs=Permission.READ)
def search_export(asking: Asking, text: str, *, facets: Facets = EVERY_CASE) -> tuple[Found, ...]:
    """All that the page of results goes through, in its order.

    Raises BadInput when nothing is looked for.
    """
    ids = _newest(asking, text, facets, limit=LAST_ID)
    parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return tuple(row for part in parts for row in _rows(asking, part))


def _newest(asking: Asking, text: str, facets: Facets, *, before: int | None = None, limit: int) -> list[int]:
    """Ids of what is found, the newest first: the page, its count and its export all ask this."""
    where = chosen(asking, facets)
    exact = reference_of(text)
    statement = sa.select(_C.c.id).where(*asking.seen(_C.c.id, service_id=_C.c.service_id), *where(_C.c.id))
    if exact is None and text.strip():
        return newest_found(
            asking.connection,
            parse(text),
            seen=lambda number: [*asking.seen(number), *where(number)],
            before=before,
            limit=limit,
            index=CASES,
            among=statement,
        )
    if exact is None and facets == EVERY_CASE:
        raise BadInput("Type at least one word to look for, or choose from the lists.")
    if exact is not None:
        statement = statement.where(_C.c.reference == exact)
    if before is not None:
        statement = statement.where(_C.c.id < before)
    return list(asking.connection.execute(statement.order_by(_C.c.id.desc()).limit(limit)).scalars())


def _page_or_refuse(before: int | None) -> None:
    if before is not None and not 1 <= before <= LAST_ID:
        raise BadInput("That page link is damaged. Go back to the first page.")


def _rows(asking: Asking, ids: Sequence[int]) -> tuple[Found, ...]:
    if not ids:
        return ()
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
        .where(_C.c.id.in_(ids), *asking.seen(_C.c.id, service_id=_C.c.service_id))
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
    exact = reference_of(text)
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
            position=request_position(
                answered_on=row.answered_on, closed_on=row.closed_on, anonymised_on=row.anonymised_on
            ),
            service=row.service or "",
            received_on=row.received_on,
            due_on=row.due_on,
        )
        for row in asking.connection.execute(statement)
    )


@query(needs=Permission.READ, kept=True)
def own_searches(asking: Asking) -> tuple[tuple[str, str], ...]:
    """This person's saved searches, by name: the name, and the part of an address that says what is looked for."""
    mine = sa.select(_SV.c.name, _SV.c.looks_for).where(_SV.c.owner_id == asking.actor.id)
    return tuple(sorted((row.name, row.looks_for) for row in asking.connection.execute(mine)))
