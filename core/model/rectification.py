"""Requests to correct or erase personal data that a complaint holds."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.rectification import RightAsked, RightOutcome


class RectificationRequest(SQLModel, table=True):
    """One request: who asks what, by when it is owed, and how it was answered; `outcome` is "" until then.

    `due_on` is moved when more time was needed, which `extended_on` and `why_extended` tell.
    """

    __tablename__ = "rectification_request"
    __table_args__ = (
        one_of("asks", RightAsked),
        sa.CheckConstraint("outcome = '' OR " + str(one_of("outcome", RightOutcome).sqltext), name="outcome"),
        sa.CheckConstraint("(answered_on IS NULL) = (outcome = '')", name="answered_with_outcome"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name="answered_after"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    asks: str = Field(max_length=20)
    received_on: date
    name: str = Field(max_length=200)
    what: str = Field(sa_type=sa.Text)
    due_on: date
    extended_on: date | None = None
    why_extended: str = Field(default="", sa_type=sa.Text)
    answered_on: date | None = None
    outcome: str = Field(default="", max_length=20)
    answer: str = Field(default="", sa_type=sa.Text)
    passed_on: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
    answered_by: int | None = Field(default=None, foreign_key="colleague.id")
