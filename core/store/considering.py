"""What is on file before an answer, read once for the gate and for the case page, so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.considering import EvidenceItem, StatedPosition
from core.model.parties import Conflict
from core.model.people import Colleague
from core.rules.considering import Considered, FairnessFacts

_CO = Conflict.__table__  # type: ignore[attr-defined]
_EI = EvidenceItem.__table__  # type: ignore[attr-defined]
_SP = StatedPosition.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


def fairness_facts(
    connection: Connection, complaint_id: int, stage_number: int, *, considered_by: Iterable[int], reachable: bool
) -> FairnessFacts:
    """What stands on file for one stage; `considered_by` are the colleagues who consider it [lgsco:5.4]."""
    declared = sa.select(_CO.c.colleague_id).where(_CO.c.complaint_id == complaint_id)
    undeclared = (
        sa.select(_W.c.name).where(_W.c.id.in_(list(considered_by)), _W.c.id.not_in(declared)).order_by(_W.c.name)
    )
    heard = sa.select(_SP.c.id).where(_SP.c.complaint_id == complaint_id, _SP.c.stage_number == stage_number)
    undecided = (
        sa.select(_EI.c.what)
        .where(_EI.c.complaint_id == complaint_id, _EI.c.considered == Considered.UNDECIDED.value)
        .order_by(_EI.c.id)
    )
    return FairnessFacts(
        undeclared=tuple(connection.execute(undeclared).scalars()),
        position_obtained=connection.execute(heard.limit(1)).first() is not None,
        reachable=reachable,
        undecided=tuple(connection.execute(undecided).scalars()),
    )
