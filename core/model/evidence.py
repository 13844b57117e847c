"""Evidence files, and the cases that only named people see."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class FileState(StrEnum):
    """Whether a file may be opened: checked and free, or held back until somebody decides."""

    FREE = "free"
    HELD = "held"


class CaseFile(SQLModel, table=True):
    """One file of evidence. Its bytes lie outside the database under their digest."""

    __tablename__ = "case_file"
    __table_args__ = (
        sa.Index("ix_case_file_case", "complaint_id", "id"),
        sa.Index("ix_case_file_sha256", "sha256"),
        sa.UniqueConstraint("complaint_id", "sha256", "name"),
        one_of("state", FileState),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    about: str = Field(default="", sa_type=sa.Text)
    state: str = Field(max_length=10)
    why_held: str = Field(default="", max_length=300)
    added_by: int | None = Field(default=None, foreign_key="colleague.id")
    added_at: datetime


class ConfidentialCase(SQLModel, table=True):
    """A complaint that only named people see. There are few, so every list leaves them out by this short table."""

    __tablename__ = "confidential_case"
    __table_args__ = (STRICT,)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    reason: str = Field(sa_type=sa.Text)
    since: datetime


class NamedPerson(SQLModel, table=True):
    """A colleague who may see one confidential complaint."""

    __tablename__ = "named_person"
    __table_args__ = (sa.Index("ix_named_person_colleague", "colleague_id"), STRICT)

    complaint_id: int = Field(
        primary_key=True, foreign_key="confidential_case.complaint_id", sa_column_kwargs={"autoincrement": False}
    )
    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
