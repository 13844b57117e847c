"""Complaints about our own handling: each with where it stands, what is due, and what an assessor found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.duties import Duty
from core.model.ombudsman import HandlingComplaint
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import TITLES, Nearness, nearness
from core.rules.facts import Standing
from core.rules.outside import OWN, handling_steps

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_H = HandlingComplaint.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingView:
    """One complaint about our handling, the complaint it is about, and the step that comes next."""

    id: int
    complaint: str
    matter: str
    raised_on: date
    words: str
    answered_on: date | None
    answer: str
    referred_on: date | None
    referral: str
    assessor: str
    assessed_on: date | None
    outcome: str
    findings: str
    next_title: str
    act_by: date | None
    soon: Nearness | None
    steps: tuple[str, ...]


@query(needs=Permission.READ)
def handling_complaints(asking: Asking, reference: str = "") -> tuple[HandlingView, ...]:
    """All of them, or those about one complaint, as far as it is seen: what is not assessed comes first [lgsco:6.20].

    To an independent assessor these are the ones referred to them.
    """
    chosen = [_C.c.reference == reference.strip().upper()] if reference else []
    owed = sa.and_(
        _D.c.complaint_id == _H.c.complaint_id,
        _D.c.kind.in_(sorted(OWN)),
        _D.c.number == _H.c.id,
        _D.c.standing == Standing.OPEN.value,
    )
    referred = [_H.c.assessor_id == asking.actor.id] if asking.actor.may(Permission.ASSESS) else []
    statement = (
        sa.select(_H, _C.c.reference, _C.c.matter, _W.c.name.label("assessor"), _D.c.kind, _D.c.act_by)
        .select_from(
            _H.join(_C, _C.c.id == _H.c.complaint_id).outerjoin(_W, _W.c.id == _H.c.assessor_id).outerjoin(_D, owed)
        )
        .where(*chosen, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .where(*([] if asking.actor.whole else referred))
        .order_by(_H.c.assessed_on.is_not(None), _D.c.act_by, _H.c.id.desc())
        .limit(_SHOWN)
    )
    found: dict[int, HandlingView] = {}
    for row in asking.connection.execute(statement):
        found.setdefault(row.id, _view(asking, row))
    return tuple(found.values())


def _view(asking: Asking, row: Any) -> HandlingView:
    names = ("id", "matter", "raised_on", "words", "answered_on", "answer", "referred_on", "referral", "assessed_on")
    day: date | None = row.act_by
    return HandlingView(
        complaint=row.reference,
        assessor=row.assessor or "",
        outcome=row.outcome,
        findings=row.findings,
        next_title=TITLES[row.kind] if row.kind else "",
        act_by=day,
        soon=nearness(day, today=asking.today, calendar=asking.calendars.of(False)) if day is not None else None,
        steps=handling_steps(
            answered=row.answered_on is not None,
            referred=row.referred_on is not None,
            assessed=row.assessed_on is not None,
        ),
        **{name: row._mapping[name] for name in names},
    )
