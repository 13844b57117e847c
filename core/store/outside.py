"""What an Ombudsman, an assessor or a hold asks, read for many complaints at once: one question, whatever it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.code.ombudsmen import BODIES
from core.code.rectification import RECTIFICATION
from core.model.ombudsman import HandlingComplaint, OmbudsmanCase, Recommendation
from core.model.rectification import RectificationRequest
from core.model.retention import LegalHold
from core.rules.facts import Asked, AskedKind, WithOmbudsman
from core.store.in_touch import of_those

_H = HandlingComplaint.__table__  # type: ignore[attr-defined]
_LH = LegalHold.__table__  # type: ignore[attr-defined]
_O = OmbudsmanCase.__table__  # type: ignore[attr-defined]
_R = Recommendation.__table__  # type: ignore[attr-defined]
_RR = RectificationRequest.__table__  # type: ignore[attr-defined]
_WITH = "with_ombudsman"


@dataclass(slots=True)
class Outside:
    """What is asked about one complaint, when it was with an Ombudsman, and whose each recommendation is."""

    asked: list[Asked] = field(default_factory=list)
    phases: list[WithOmbudsman] = field(default_factory=list)
    owners: dict[tuple[str, int], int] = field(default_factory=dict)


def asked_outside(connection: Connection, ids: Sequence[int]) -> dict[int, Outside]:
    """What is asked about each complaint, by its id; one of which nothing is asked is left out [lgsco:5.8]."""
    found: dict[int, Outside] = {}
    if not ids:
        return found
    alone = len(ids) == 1
    for row in connection.execute(_STATEMENTS[alone], {"id": ids[0]} if alone else {"ids": list(ids)}):
        _take(found.setdefault(row.complaint_id, Outside()), row)
    return found


def _take(found: Outside, row: Any) -> None:
    if row.kind == _WITH:
        found.phases.append(WithOmbudsman(number=row.number, since=row.set_on, until=row.met_on))
        return
    if row.owner_id is not None:
        found.owners[(row.kind, row.number)] = row.owner_id
    found.asked.append(
        Asked(
            kind=AskedKind(row.kind),
            number=row.number,
            set_on=row.set_on,
            due_on=row.due_on,
            met_on=row.met_on,
            dropped_on=row.dropped_on,
            cite=_CITES.get(row.body, ""),
        )
    )


_DATA = "data"
_CITES = {**{key: body.cite for key, body in BODIES.items()}, _DATA: RECTIFICATION.cite}
"""Who asks, as the clause of the duty."""


def _part(table: Any, kind: str, *days: Any, owner: Any = None, body: Any = None) -> sa.Select[Any]:
    names = ("set_on", "due_on", "met_on", "dropped_on")
    told = (sa.cast(sa.null(), sa.Date) if day is None else day for day in days)
    return sa.select(
        table.c.complaint_id,
        sa.literal(kind).label("kind"),
        table.c.id.label("number"),
        *(day.label(name) for name, day in zip(names, told, strict=True)),
        (sa.cast(sa.null(), sa.Integer) if owner is None else owner).label("owner_id"),
        (sa.literal("") if body is None else body).label("body"),
    )


_OVER = sa.func.coalesce(_O.c.decided_on, _O.c.closed_on, type_=sa.Date)
# A draft that came again is commented on again; the row holds the newest one.
_ENQUIRY = _part(
    _O, AskedKind.ENQUIRY.value, _O.c.enquiry_on, _O.c.respond_by, _O.c.answered_on, _OVER, body=_O.c.ombudsman
).where(_O.c.respond_by.is_not(None))
_DRAFT = _part(
    _O, AskedKind.DRAFT.value, _O.c.draft_on, _O.c.comments_due_on, _O.c.commented_on, _OVER, body=_O.c.ombudsman
).where(_O.c.comments_due_on.is_not(None))
_PHASE = _part(_O, _WITH, _O.c.enquiry_on, None, _OVER, None)
_BODY = _R.outerjoin(_O, _O.c.id == _R.c.ombudsman_case_id)
_RECOMMENDED = (
    _part(
        _R,
        AskedKind.RECOMMENDATION.value,
        *(_R.c.set_on, _R.c.due_on, _R.c.complied_on, None),
        owner=_R.c.owner_id,
        body=sa.func.coalesce(_O.c.ombudsman, "assessor"),
    )
    .select_from(_BODY)
    .where(_R.c.accepted.is_(True))
)
_HANDLING = _part(_H, AskedKind.HANDLING.value, _H.c.raised_on, None, _H.c.answered_on, _H.c.assessed_on)
_ASSESSMENT = _part(_H, AskedKind.ASSESSMENT.value, _H.c.referred_on, None, _H.c.assessed_on, None).where(
    _H.c.referred_on.is_not(None)
)
_HOLD = _part(
    _LH,
    AskedKind.HOLD.value,
    *(_LH.c.placed_on, _LH.c.review_on, _LH.c.reviewed_on, _LH.c.lifted_on),
    owner=_LH.c.placed_by,
)
_RECTIFICATION = _part(
    _RR,
    AskedKind.RECTIFICATION.value,
    *(_RR.c.received_on, _RR.c.due_on, _RR.c.answered_on, None),
    body=sa.literal(_DATA),
)
_PARTS = (_ENQUIRY, _DRAFT, _PHASE, _RECOMMENDED, _HANDLING, _ASSESSMENT, _HOLD, _RECTIFICATION)
_STATEMENTS = {
    alone: sa.union_all(*(part.where(of_those(part, alone=alone)) for part in _PARTS)).order_by("kind", "number")
    for alone in (False, True)
}
"""Put together once: every command asks it of the one complaint that it changes."""
