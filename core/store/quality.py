"""The complaints a month's sample is drawn from, and who had one in their hands: read the same way wherever asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint, Response, Stage
from core.model.correspondence import Allocation
from core.model.requests import Respondent, TakenIn
from core.store.scope import not_confidential

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_TI = TakenIn.__table__  # type: ignore[attr-defined]
_AL = Allocation.__table__  # type: ignore[attr-defined]
_R = Response.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredStage:
    """A stage answered in the month, with its kind: service, handler, outcome, whose doing it was."""

    complaint_id: int
    number: int
    handler_id: int | None
    kind: tuple[str, ...]


def answered_in(connection: Connection, *, first: date, until: date) -> list[AnsweredStage]:
    """The last stage answered from `first` up to and without `until`, of each complaint kept here [lgsco:9.4].

    Records brought in from elsewhere and confidential complaints are left out: the one was not handled here, the
    other is for the people named on it alone.
    """
    handler = sa.func.coalesce(_ST.c.responded_by, _ST.c.handler_id)
    statement = (
        sa.select(_C.c.id, _ST.c.number, handler.label("handler_id"), _C.c.service_id, _ST.c.outcome, _TI.c.respondent)
        .select_from(_ST.join(_C, _C.c.id == _ST.c.complaint_id).outerjoin(_TI, _TI.c.complaint_id == _C.c.id))
        .where(_ST.c.responded_on >= first, _ST.c.responded_on < until, _C.c.source.is_(None))
        .where(not_confidential(_C.c.id))
        .order_by(_C.c.id, _ST.c.number)
    )
    last = {}
    for row in connection.execute(statement):
        parts = (row.service_id or "", row.handler_id or "", row.outcome or "", row.respondent or Respondent.OURS.value)
        service, who, outcome, whose = map(str, parts)
        last[row.id] = AnsweredStage(
            complaint_id=row.id, number=row.number, handler_id=row.handler_id, kind=(service, who, outcome, whose)
        )
    return list(last.values())


def hands_on(connection: Connection, complaint_ids: Sequence[int]) -> dict[int, set[int]]:
    """Who had each of some complaints in hand: who was given a stage, answered one, or wrote a response."""
    found: dict[int, set[int]] = {each: set() for each in complaint_ids}
    given = (
        sa.select(_ST.c.complaint_id, _ST.c.handler_id.label("who")).where(_ST.c.complaint_id.in_(complaint_ids)),
        sa.select(_ST.c.complaint_id, _ST.c.responded_by.label("who")).where(_ST.c.complaint_id.in_(complaint_ids)),
        sa.select(_AL.c.complaint_id, _AL.c.colleague_id.label("who")).where(_AL.c.complaint_id.in_(complaint_ids)),
        sa.select(_ST.c.complaint_id, _R.c.sent_by.label("who"))
        .select_from(_R.join(_ST, _ST.c.id == _R.c.stage_id))
        .where(_ST.c.complaint_id.in_(complaint_ids)),
    )
    for row in connection.execute(sa.union(*given)):
        if row.who is not None:
            found[row.complaint_id].add(row.who)
    return found
