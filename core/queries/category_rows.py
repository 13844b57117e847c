"""Answers at stage 1 by the category of their complaint: a source of rows like those of the figures."""

from __future__ import annotations

import sqlalchemy as sa

from core.model.complaints import Complaint, Stage
from core.queries.sources import Source, within
from core.rules.facts import StageNumber

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
CATEGORY = sa.case((sa.func.trim(_C.c.category) == "", "No category named"), else_=sa.func.trim(_C.c.category))
"""A complaint's category as it is listed."""
FOUND = "found"
"""The name of this source where it is kept beside the others."""
FOUND_ROWS = Source(
    rows=_ST.join(_C, _C.c.id == _ST.c.complaint_id),
    where=within(_ST.c.responded_on, _ST.c.number == int(StageNumber.ONE)),
    facets={"category": CATEGORY, "outcome": sa.func.coalesce(_ST.c.outcome, "")},
    complaint=_C.c.id,
    service=_C.c.service_id,
)
