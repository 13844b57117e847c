"""The council's own policy as it lies in the tables: which paper holds today."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.organisation import PolicyVersion
from core.model.policies import PolicyPaper

_V = PolicyVersion.__table__  # type: ignore[attr-defined]
_PP = PolicyPaper.__table__  # type: ignore[attr-defined]


def newest_paper(connection: Connection, *, today: date) -> int | None:
    """The paper of the newest version in force that has one; None before the council adopted any."""
    statement = (
        sa.select(_PP.c.id)
        .select_from(_PP.join(_V, _V.c.id == _PP.c.policy_id))
        .where(_V.c.in_force_from <= today)
        .order_by(_V.c.in_force_from.desc())
        .limit(1)
    )
    found: int | None = connection.execute(statement).scalar()
    return found
