"""How a complaint is considered: what the individual said, what was asked, who met, and what evidence was weighed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.considering import Complexity, Considered, HandlerFit, ReachedBy

_STAGES = "stage_number IN (1, 2)"


class StatedPosition(SQLModel, table=True):
    """The individual's position at one stage: what they said, or that they had nothing to add."""

    __tablename__ = "stated_position"
    __table_args__ = (one_of("reached_by", ReachedBy), sa.CheckConstraint(_STAGES, name="two_stages"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_number: int
    obtained_on: date
    reached_by: str = Field(max_length=20)
    nothing_to_add: bool = False
    said: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class Clarification(SQLModel, table=True):
    """Something unclear that the individual was asked about. `answered_on` is None while they have not answered."""

    __tablename__ = "clarification"
    __table_args__ = (
        one_of("reached_by", ReachedBy),
        sa.CheckConstraint(_STAGES, name="two_stages"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name="answered_after"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_number: int
    question: str = Field(sa_type=sa.Text)
    asked_on: date
    reached_by: str = Field(max_length=20)
    asked_by: int | None = Field(default=None, foreign_key="colleague.id")
    answered_on: date | None = None
    answer: str = Field(default="", sa_type=sa.Text)


class Meeting(SQLModel, table=True):
    """A meeting with the individual: who came, who came with them, and what was done to make it possible."""

    __tablename__ = "meeting"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    held_on: date
    place: str = Field(max_length=200)
    attended: str = Field(sa_type=sa.Text)
    accompanied: str = Field(default="", sa_type=sa.Text)
    adjustments: str = Field(default="", sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class EvidenceItem(SQLModel, table=True):
    """One piece of evidence, a file on the complaint or something without one, and what became of it."""

    __tablename__ = "evidence_item"
    __table_args__ = (
        one_of("considered", Considered),
        sa.UniqueConstraint("file_id"),
        sa.Index("ix_evidence_item_complaint", "complaint_id", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    file_id: int | None = Field(default=None, foreign_key="case_file.id")
    what: str = Field(max_length=200)
    source: str = Field(default="", max_length=200)
    considered: str = Field(default=Considered.UNDECIDED, max_length=20)
    weight: str = Field(default="", sa_type=sa.Text)
    weighed_on: date | None = None
    weighed_by: int | None = Field(default=None, foreign_key="colleague.id")


class Assessment(SQLModel, table=True):
    """How a complaint was judged on receipt: its complexity, whether it can be settled quickly, who is behind it."""

    __tablename__ = "assessment"
    __table_args__ = (one_of("complexity", Complexity), one_of("handler_fit", HandlerFit), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    complexity: str = Field(max_length=10)
    quick: bool
    handler_fit: str = Field(max_length=30)
    vulnerable: bool
    at_risk: bool
    why: str = Field(default="", sa_type=sa.Text)
    assessed_on: date
    assessed_by: int | None = Field(default=None, foreign_key="colleague.id")
