"""Requests to correct or erase personal data: each with what is due and the steps that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.rectification import RectificationRequest
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness
from core.rules.rectification import rectification_steps

_C = Complaint.__table__  # type: ignore[attr-defined]
_R = RectificationRequest.__table__  # type: ignore[attr-defined]
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationView:
    """One request and the complaint that holds the data; `soon` is None once it is answered."""

    id: int
    complaint: str
    asks: str
    received_on: date
    name: str
    what: str
    due_on: date
    extended_on: date | None
    why_extended: str
    answered_on: date | None
    outcome: str
    answer: str
    passed_on: str
    soon: Nearness | None
    steps: tuple[str, ...]


@query(needs=Permission.READ)
def rectification_requests(asking: Asking, reference: str = "") -> tuple[RectificationView, ...]:
    """All of them, or those about one complaint, as far as it is seen: what is due first comes first [lgsco:5.8]."""
    chosen = [_C.c.reference == reference.strip().upper()] if reference else []
    statement = (
        sa.select(_R, _C.c.reference)
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(*chosen, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_R.c.answered_on.is_not(None), _R.c.due_on, _R.c.id.desc())
        .limit(_SHOWN)
    )
    calendar = asking.calendars.of(False)
    names = ("id", "asks", "received_on", "name", "what", "due_on", "extended_on", "why_extended", "answered_on")
    return tuple(
        RectificationView(
            complaint=row.reference,
            soon=nearness(row.due_on, today=asking.today, calendar=calendar) if row.answered_on is None else None,
            steps=rectification_steps(extended=row.extended_on is not None, answered=row.answered_on is not None),
            **{name: row._mapping[name] for name in (*names, "outcome", "answer", "passed_on")},
        )
        for row in asking.connection.execute(statement)
    )
