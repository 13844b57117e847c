"""Who holds which post for complaints, what people were trained in, and who works by the shared objective."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.code.conduct import Post
from core.model.base import STRICT, one_of


class PostHeld(SQLModel, table=True):
    """One appointment: a colleague of the console, or somebody or a committee by name. It is ended, never deleted.

    `appointed_by` says who decided it and where that is minuted. `contact` is how the holder is reached.
    """

    __tablename__ = "post_held"
    __table_args__ = (
        one_of("post", Post),
        sa.CheckConstraint("until IS NULL OR until >= since", name="until_after"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    post: str = Field(max_length=40)
    colleague_id: int | None = Field(default=None, foreign_key="colleague.id")
    name: str = Field(max_length=200)
    title: str = Field(default="", max_length=200)
    committee: bool = False
    since: date
    until: date | None = None
    appointed_by: str = Field(max_length=300)
    contact: str = Field(default="", max_length=300)
    why_ended: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class Training(SQLModel, table=True):
    """One training that somebody had: a colleague of the console, or a Member by name. `kind` is a key of our list."""

    __tablename__ = "training"
    __table_args__ = (sa.Index("ix_training_colleague", "colleague_id", "kind", "done_on"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    colleague_id: int | None = Field(default=None, foreign_key="colleague.id")
    name: str = Field(max_length=200)
    kind: str = Field(max_length=60)
    topic: str = Field(default="", max_length=200)
    done_on: date
    given_by: str = Field(max_length=200)
    evidence: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class ObjectiveAcknowledged(SQLModel, table=True):
    """That a colleague, or a contractor, works by the shared objective. Each year adds a row."""

    __tablename__ = "objective_acknowledged"
    __table_args__ = (
        sa.CheckConstraint("(colleague_id IS NULL) = (contractor <> '')", name="of_one"),
        sa.Index("ix_objective_acknowledged_colleague", "colleague_id", "acknowledged_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    colleague_id: int | None = Field(default=None, foreign_key="colleague.id")
    contractor: str = Field(default="", max_length=120)
    acknowledged_on: date
    signed_by: str = Field(default="", max_length=200)
    evidence: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
