"""The self-assessments that a yearly report can take in: frozen texts that everybody has signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.self_assessment import AssessmentSignOff, AssessmentText, SelfAssessment
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.s8_reporting import ORDER
from core.words import letter_day

_A = SelfAssessment.__table__  # type: ignore[attr-defined]
_S = AssessmentSignOff.__table__  # type: ignore[attr-defined]
_T = AssessmentText.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAssessment:
    """A frozen text with all its signatures, the last of them given on `signed_on`; the days it covers, inclusive."""

    text_id: int
    number: int
    starts_on: date
    ends_on: date
    signed_on: date

    @property
    def name(self) -> str:
        """What it is called in a list and in a report."""
        covers = f"{letter_day(self.starts_on)} to {letter_day(self.ends_on)}"
        return f"Self-assessment of {covers}, text {self.number}, signed by all on {letter_day(self.signed_on)}"


@query(needs=Permission.FIGURES, kept=True)
def signed_assessments(asking: Asking, *, scheme: str = "lgsco") -> tuple[SignedAssessment, ...]:
    """Every text that all who sign it have signed, the newest first [lgsco:8.1a]."""
    statement = (
        sa.select(
            _T.c.id.label("text_id"), _T.c.number, _A.c.starts_on, _A.c.ends_on,
            sa.func.max(_S.c.signed_on).label("signed_on"),
        )
        .select_from(_T.join(_A, _A.c.id == _T.c.assessment_id).join(_S, _S.c.text_id == _T.c.id))
        .where(_A.c.scheme == scheme)
        .group_by(_T.c.id, _T.c.number, _A.c.starts_on, _A.c.ends_on)
        .having(sa.func.count() == len(ORDER))
        .order_by(_T.c.id.desc())
    )  # fmt: skip
    return tuple(SignedAssessment(**row) for row in asking.connection.execute(statement).mappings())
