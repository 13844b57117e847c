"""Equality monitoring, kept apart: counts that belong to nobody, and which cases were asked already."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.monitoring import MonitoringReply

_NO_ORDER: dict[str, Any] = {**STRICT, "sqlite_with_rowid": False}
"""SQLite would otherwise number the rows in the order they came."""

COUNCIL = 0
"""The scope of counts that name no service."""


class EqualityCount(SQLModel, table=True):
    """How many people gave one answer in one quarter of receipt, in one service or (0) in the council as a whole.

    There is no row for a person: an answer raises a count, and every count of its quarter is written anew with it.
    """

    __tablename__ = "equality_count"
    __table_args__ = (sa.CheckConstraint("people >= 0", name="people"), _NO_ORDER)

    quarter: date = Field(primary_key=True)
    scope: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    question: str = Field(primary_key=True, max_length=40)
    answer: str = Field(primary_key=True, max_length=40)
    people: int


class MonitoringAsked(SQLModel, table=True):
    """That a complaint's individual was offered the questions, and whether they answered: never what."""

    __tablename__ = "monitoring_asked"
    __table_args__ = (one_of("reply", MonitoringReply), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    reply: str = Field(max_length=40)
