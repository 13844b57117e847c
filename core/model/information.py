"""What was asked of colleagues and others for a complaint, how they were reminded, and the links they answer by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.considering import ReachedBy


def _open() -> dict[str, Any]:
    """Index only what is still open: few, however many were asked over the years."""
    still = sa.text("answered_on IS NULL AND withdrawn_on IS NULL")
    return {"sqlite_where": still, "postgresql_where": still}


class InformationRequest(SQLModel, table=True):
    """One question: to a colleague of the console (`colleague_id`), or to somebody else by name.

    `number` counts the questions of the complaint. `documents` names what went with it, in words. It is open until it
    is answered or withdrawn; `answered_how` says whether the answer came by a link or was written down here.
    """

    __tablename__ = "information_request"
    __table_args__ = (
        sa.UniqueConstraint("complaint_id", "number"),
        sa.CheckConstraint("due_on >= asked_on", name="due_after"),
        sa.CheckConstraint("answered_on IS NULL OR withdrawn_on IS NULL", name="one_end"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name="answered_after"),
        sa.Index("ix_information_request_open", "due_on", **_open()),
        sa.Index("ix_information_request_answered", "answered_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int
    colleague_id: int | None = Field(default=None, foreign_key="colleague.id")
    name: str = Field(max_length=200)
    organisation: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    what: str = Field(sa_type=sa.Text)
    documents: str = Field(default="", sa_type=sa.Text)
    asked_on: date
    asked_by: int | None = Field(default=None, foreign_key="colleague.id")
    due_on: date
    escalated_on: date | None = None
    escalated_to: str = Field(default="", max_length=200)
    why_escalated: str = Field(default="", sa_type=sa.Text)
    answered_on: date | None = None
    answered_by: str = Field(default="", max_length=200)
    answered_how: str = Field(default="", max_length=30)
    answer: str = Field(default="", sa_type=sa.Text)
    withdrawn_on: date | None = None
    why_withdrawn: str = Field(default="", sa_type=sa.Text)


class InformationChase(SQLModel, table=True):
    """One reminder of a question, and the new day where one was agreed."""

    __tablename__ = "information_chase"
    __table_args__ = (one_of("reached_by", ReachedBy), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="information_request.id", index=True)
    chased_on: date
    reached_by: str = Field(max_length=20)
    note: str = Field(default="", sa_type=sa.Text)
    new_due_on: date | None = None
    chased_by: int | None = Field(default=None, foreign_key="colleague.id")


class AnswerLink(SQLModel, table=True):
    """A link by which one question is answered once. Only the hash of its token is kept.

    It works until `ends_at`, or until it ended before: used, or taken back with its question or for a newer link.
    """

    __tablename__ = "answer_link"
    __table_args__ = (STRICT,)

    id: str = Field(primary_key=True, max_length=64)
    request_id: int = Field(foreign_key="information_request.id", index=True)
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
