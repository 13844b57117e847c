"""The guidance shelf: entries, the steps they help with, their files, and the questions that focus reports ask."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.code.guidance import GuidanceKind
from core.model.base import STRICT, one_of


class Guidance(SQLModel, table=True):
    """One entry of the shelf: withdrawn, never deleted. `suggested` is the key of the suggestion it came from.

    `edition` is the publisher's own name of its version, such as a month and a year.
    """

    __tablename__ = "guidance"
    __table_args__ = (one_of("kind", GuidanceKind), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    publisher: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    address: str = Field(default="", max_length=500)
    edition: str = Field(default="", max_length=60)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    suggested: str = Field(default="", max_length=60)
    shelved_on: date
    shelved_by: int | None = Field(default=None, foreign_key="colleague.id")
    review_by: date
    reviewed_on: date | None = None
    found: str = Field(default="", sa_type=sa.Text)
    withdrawn_on: date | None = None
    why_withdrawn: str = Field(default="", sa_type=sa.Text)


class GuidanceStep(SQLModel, table=True):
    """One step that an entry helps with, by the name of its command."""

    __tablename__ = "guidance_step"
    __table_args__ = (STRICT,)

    guidance_id: int = Field(primary_key=True, foreign_key="guidance.id", sa_column_kwargs={"autoincrement": False})
    step: str = Field(primary_key=True, max_length=60)


class GuidanceFile(SQLModel, table=True):
    """The council's own copy of an entry; a newer one takes its place. Its bytes lie outside under their digest."""

    __tablename__ = "guidance_file"
    __table_args__ = (sa.Index("ix_guidance_file_sha256", "sha256"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    guidance_id: int = Field(foreign_key="guidance.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    why_held: str = Field(default="", max_length=300)
    added_by: int | None = Field(default=None, foreign_key="colleague.id")
    added_at: datetime


class GuidanceQuestion(SQLModel, table=True):
    """One question for scrutiny that a focus report asks; `improvement_id` is what was planned for it, if anything."""

    __tablename__ = "guidance_question"
    __table_args__ = (sa.UniqueConstraint("guidance_id", "number"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    guidance_id: int = Field(foreign_key="guidance.id")
    number: int
    question: str = Field(sa_type=sa.Text)
    improvement_id: int | None = Field(default=None, foreign_key="improvement.id")
