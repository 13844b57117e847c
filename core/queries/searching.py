"""Finding a complaint: by reference, by name or postcode, or by any words in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.people import Person, Service
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.store.search import newest_found, parse

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_REFERENCE = re.compile(r"(?i)^\s*c-?(\d{4})-?(\d{1,6})\s*$")
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
    if before is not None and not 1 <= before <= LAST_ID:
        raise BadInput("That page link is damaged. Go back to the first page.")
    reference = _REFERENCE.match(text)
    if reference:
        exact = f"C-{reference[1]}-{int(reference[2]):06d}"
        rows = _rows(asking, _C.c.reference == exact)
        return FoundPage(rows=rows, before=None)
    ids = newest_found(asking.connection, parse(text), seen=asking.seen, before=before, limit=limit + 1)
    rows = _rows(asking, _C.c.id.in_(ids[:limit])) if ids else ()
    return FoundPage(rows=rows, before=ids[limit - 1] if len(ids) > limit else None)


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
