"""Two complaints that belong together, or that only looked as if they did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class LinkKind(StrEnum):
    """How two complaints belong together."""

    SAME_MATTER = "same matter"
    SAME_PERSON = "same person"
    RELATED = "related"
    REPEAT = "repeat"
    GROUP = "part of a group"


class MatchKind(StrEnum):
    """What was decided about two complaints: one of the ways they belong together, or that they do not."""

    SAME_MATTER = LinkKind.SAME_MATTER.value
    SAME_PERSON = LinkKind.SAME_PERSON.value
    RELATED = LinkKind.RELATED.value
    REPEAT = LinkKind.REPEAT.value
    GROUP = LinkKind.GROUP.value
    NOT_THE_SAME = "not the same"


class CaseMatch(SQLModel, table=True):
    """What was decided about one pair of complaints. Each keeps its own record; nothing is ever merged."""

    __tablename__ = "case_match"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="in_order"),
        sa.Index("ix_case_match_second", "second_id"),
        one_of("kind", MatchKind),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    first_id: int = Field(foreign_key="complaint.id")
    second_id: int = Field(foreign_key="complaint.id")
    kind: str = Field(max_length=20)
    why: str = Field(default="", sa_type=sa.Text)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    decided_at: datetime
