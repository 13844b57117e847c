"""What was late and has no reason: one condition for the list, the weekly reminder and the step that explains it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint, Departure
from core.model.duties import Duty
from core.model.policies import ExplainedBreach
from core.rules.duties import REVIEWS
from core.rules.facts import Standing

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_XB = ExplainedBreach.__table__  # type: ignore[attr-defined]


def unexplained() -> list[Any]:
    """The conditions on a duty: late by the Code or a law, on a complaint recorded here, with no departure for it.

    A departure recorded with a step covers its clause on that complaint; one recorded afterwards covers one duty alone.
    """
    afterwards = sa.exists().where(_XB.c.departure_id == _X.c.id).correlate(_X)
    of_clause = (_X.c.complaint_id == _D.c.complaint_id, _X.c.clause == _D.c.clause)
    at_the_time = sa.exists().where(*of_clause, ~afterwards).correlate(_D)
    same = (_XB.c.stage_number == _D.c.stage_number, _XB.c.kind == _D.c.kind, _XB.c.number == _D.c.number)
    since_then = sa.exists().where(_XB.c.complaint_id == _D.c.complaint_id, *same).correlate(_D)
    lived = sa.exists().where(_C.c.id == _D.c.complaint_id, _C.c.source.is_(None)).correlate(_D)
    return [
        _D.c.standing == Standing.LATE.value,
        _D.c.ours.is_(False),
        _D.c.kind.not_in(REVIEWS),
        lived,
        ~at_the_time,
        ~since_then,
    ]
