"""Work in progress that is not part of any complaint's record: drafts, imports and the search index."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class Draft(SQLModel, table=True):
    """What someone has typed into a form so far."""

    __tablename__ = "draft"
    __table_args__ = (STRICT,)

    owner_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    form: str = Field(primary_key=True, max_length=160)
    data: str = Field(sa_type=sa.Text)
    saved_at: datetime


class SavedMapping(SQLModel, table=True):
    """How one council's file is to be read: kept by name, found again by its header."""

    __tablename__ = "saved_mapping"
    __table_args__ = (STRICT,)

    name: str = Field(primary_key=True, max_length=80)
    fingerprint: str = Field(max_length=64, index=True)
    mapping: str = Field(sa_type=sa.Text)
    saved_at: datetime


class ImportRun(SQLModel, table=True):
    """One import of one file, with its counts; its problems are kept row by row."""

    __tablename__ = "import_run"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(max_length=36, unique=True)
    source: str = Field(max_length=80)
    file_name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    mapping: str = Field(sa_type=sa.Text)
    started_at: datetime
    finished_at: datetime | None = None
    rows_read: int = 0
    complaints_added: int = 0
    unchanged: int = 0
    problems: int = 0


class ImportProblem(SQLModel, table=True):
    """One cell or row that could not be used, and what to do about it."""

    __tablename__ = "import_problem"
    __table_args__ = (sa.Index("ix_import_problem_run", "run_id", "row_number"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="import_run.id")
    row_number: int
    column_name: str = Field(max_length=200)
    value: str = Field(max_length=500)
    what_to_do: str = Field(sa_type=sa.Text)


class SearchDoc(SQLModel, table=True):
    """The words a complaint is found by, reduced to the same stems on both databases, and which stand side by side."""

    __tablename__ = "search_doc"
    __table_args__ = (STRICT,)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    words: str = Field(sa_type=sa.Text)
    pairs: str = Field(sa_type=sa.Text)


class CaseDoc(SQLModel, table=True):
    """The words of a whole case: what `search_doc` has of its complaint, then every letter, contact, note and file."""

    __tablename__ = "case_doc"
    __table_args__ = (STRICT,)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    words: str = Field(sa_type=sa.Text)
    pairs: str = Field(sa_type=sa.Text)


class RequestDoc(SQLModel, table=True):
    """The words a service request is found by, reduced as those of complaints are."""

    __tablename__ = "request_doc"
    __table_args__ = (STRICT,)

    request_id: int = Field(
        primary_key=True, foreign_key="service_request.id", sa_column_kwargs={"autoincrement": False}
    )
    words: str = Field(sa_type=sa.Text)
    pairs: str = Field(sa_type=sa.Text)
