"""How a complaint was taken in: who decided that it is one, whose doing it is, whom it is from, and its requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.people import Colleague
from core.model.requests import LinkKind, RequestLink, Respondent, ServiceRequest, TakenIn
from core.permissions import Permission
from core.queries.base import Asking, query
from core.store.scope import visible_requests

_C = Complaint.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_QL = RequestLink.__table__  # type: ignore[attr-defined]
_T = TakenIn.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRequest:
    """A service request that belongs to a complaint: it was raised from it, or else goes on as it."""

    reference: str
    raised: bool
    on_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenInView:
    """How a complaint was taken in: who decided what it is, whose doing it is, whom it is from, and its requests."""

    passed_on: bool
    decided_on: date | None
    decided_by: str
    why: str
    respondent: str
    respondent_name: str
    affected: int
    lead_contact: str
    requests: tuple[LinkedRequest, ...]

    @property
    def about_others(self) -> bool:
        """Whether it is about what a contractor or partner did for the council."""
        return self.respondent != Respondent.OURS

    @property
    def awaits_triage(self) -> bool:
        """Whether it was passed on and nobody has decided yet what it is."""
        return self.passed_on and self.decided_on is None


@query(needs=Permission.READ, kept=True)
def taken_in(asking: Asking, reference: str) -> TakenInView | None:
    """How a complaint was taken in; None for one from an old record, or one this person does not see [lgsco:1.6]."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    statement = (
        sa.select(_T, _W.c.name)
        .select_from(_T.join(_C, _C.c.id == _T.c.complaint_id).outerjoin(_W, _W.c.id == _T.c.decided_by))
        .where(_C.c.reference == reference.strip().upper(), *seen)
    )
    row = asking.connection.execute(statement).first()
    if row is None:
        return None
    linked = (
        sa.select(_Q.c.reference, _QL.c.kind, _QL.c.on_day)
        .select_from(_QL.join(_Q, _Q.c.id == _QL.c.request_id))
        .where(_QL.c.complaint_id == row.complaint_id, *visible_requests(asking.actor))
        .order_by(_Q.c.id)
    )
    found = asking.connection.execute(linked)
    return TakenInView(
        passed_on=row.passed_on,
        decided_on=row.decided_on,
        decided_by=row.name or "The console",
        why=row.why,
        respondent=row.respondent,
        respondent_name=row.respondent_name,
        affected=row.affected,
        lead_contact=row.lead_contact,
        requests=tuple(
            LinkedRequest(reference=each.reference, raised=each.kind == LinkKind.RAISED, on_day=each.on_day)
            for each in found
        ),
    )
