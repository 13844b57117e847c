"""Departures: every clause not met with a recorded reason, a query rather than a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.complaints import Complaint, Departure
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query

_C = Complaint.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureLine:
    """One departure: the clause, what was found, the reason given, by whom and when."""

    reference: str
    clause: str
    finding: str
    reason: str
    step: str
    recorded_by: str
    recorded_on: date


@query(needs=Permission.READ, kept=True)
def departures(
    asking: Asking, *, reference: str | None = None, clause: str | None = None, limit: int = 200
) -> tuple[DepartureLine, ...]:
    """Departures, newest first: of one case, of one clause, or all."""
    statement = (
        sa.select(_C.c.reference, _X, _W.c.name.label("who"))
        .select_from(_X.join(_C, _C.c.id == _X.c.complaint_id).outerjoin(_W, _W.c.id == _X.c.recorded_by))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_X.c.id.desc())
        .limit(limit)
    )
    if reference is not None:
        statement = statement.where(_C.c.reference == reference)
    if clause is not None:
        statement = statement.where(_X.c.clause == clause)
    return tuple(
        DepartureLine(
            reference=row.reference,
            clause=row.clause,
            finding=row.finding,
            reason=row.reason,
            step=row.step,
            recorded_by=row.who or "The console",
            recorded_on=row.recorded_on,
        )
        for row in asking.connection.execute(statement)
    )


@query(needs=Permission.FIGURES, kept=True)
def departure_counts(asking: Asking, *, scheme: str = "lgsco") -> dict[str, int]:
    """How often each clause was departed from with a reason, in complaints under one of the two Codes."""
    joined = _X.join(_C, _C.c.id == _X.c.complaint_id)
    of_scheme = sa.select(_X.c.clause, sa.func.count()).select_from(joined).where(_C.c.scheme == scheme)
    statement = of_scheme.group_by(_X.c.clause)
    return {row[0]: row[1] for row in asking.connection.execute(statement)}
