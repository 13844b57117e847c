"""Requests of people for their own data: each with its day, its cases, and what was decided piece by piece."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of, only_where
from core.rules.subject_access import Ruling, Whose


class SubjectAccessRequest(SQLModel, table=True):
    """One request, until it is answered or withdrawn. `due_on` follows from the other days; the zip is under `sha256`.

    An answer without one went when a complaint it holds copies of was anonymised.
    """

    __tablename__ = "subject_access_request"
    __table_args__ = (
        sa.CheckConstraint("answered_on IS NOT NULL OR sha256 = ''", name="file_of_an_answer"),
        sa.CheckConstraint("(extended_on IS NULL) = (extended_why = '')", name="extended_with_reason"),
        sa.Index("ix_subject_access_request_sha256", "sha256"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    contact: str = Field(default="", max_length=500)
    asked: str = Field(default="", sa_type=sa.Text)
    received_on: date
    identity_asked: bool = False
    identity_on: date | None = None
    identity_how: str = Field(default="", max_length=300)
    extended_on: date | None = None
    extended_why: str = Field(default="", sa_type=sa.Text)
    due_on: date
    answered_on: date | None = None
    withdrawn_on: date | None = None
    why_withdrawn: str = Field(default="", sa_type=sa.Text)
    sha256: str = Field(default="", max_length=64)
    size: int = 0
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
    recorded_at: datetime


class SubjectClarification(SQLModel, table=True):
    """What the person who asks was asked in order to find their data: the clock stands still until they answer."""

    __tablename__ = "subject_clarification"
    __table_args__ = (
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name="answered_after"),
        sa.Index("ix_subject_clarification_waits", "request_id", unique=True, **only_where("answered_on IS NULL")),
        sa.Index("ix_subject_clarification_request", "request_id", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="subject_access_request.id")
    asked_on: date
    what: str = Field(sa_type=sa.Text)
    why: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answer: str = Field(default="", sa_type=sa.Text)
    asked_by: int | None = Field(default=None, foreign_key="colleague.id")


class SubjectCase(SQLModel, table=True):
    """A complaint that an officer confirmed to hold data of the person who asks, and why they are sure."""

    __tablename__ = "subject_case"
    __table_args__ = (sa.Index("ix_subject_case_complaint", "complaint_id"), STRICT)

    request_id: int = Field(
        primary_key=True, foreign_key="subject_access_request.id", sa_column_kwargs={"autoincrement": False}
    )
    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    why: str = Field(default="", sa_type=sa.Text)


class SubjectRequest(SQLModel, table=True):
    """A service request that an officer confirmed to hold data of the person who asks, and why they are sure."""

    __tablename__ = "subject_service_request"
    __table_args__ = (sa.Index("ix_subject_service_request_about", "service_request_id"), STRICT)

    request_id: int = Field(
        primary_key=True, foreign_key="subject_access_request.id", sa_column_kwargs={"autoincrement": False}
    )
    service_request_id: int = Field(
        primary_key=True, foreign_key="service_request.id", sa_column_kwargs={"autoincrement": False}
    )
    why: str = Field(default="", sa_type=sa.Text)


class SubjectRuling(SQLModel, table=True):
    """What was decided on one piece. `digest` is that of the piece as it was then: a piece that changed is undecided.

    `passages` are what is taken out, one a line; `pages` the pages of a PDF, by number, with commas.
    """

    __tablename__ = "subject_ruling"
    __table_args__ = (one_of("whose", Whose), one_of("ruling", Ruling), STRICT)

    request_id: int = Field(
        primary_key=True, foreign_key="subject_access_request.id", sa_column_kwargs={"autoincrement": False}
    )
    piece: str = Field(primary_key=True, max_length=80)
    digest: str = Field(max_length=64)
    whose: str = Field(max_length=30)
    ruling: str = Field(max_length=40)
    exemption: str = Field(default="", max_length=40)
    reason: str = Field(default="", sa_type=sa.Text)
    passages: str = Field(default="", sa_type=sa.Text)
    pages: str = Field(default="", max_length=500)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    decided_at: datetime
