"""Turning a complaint away: the council's list of reasons, and how discretion over the time limit was used."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class RefusalReason(SQLModel, table=True):
    """One reason of the council's list. Its words never change: it is withdrawn, and another is added.

    It is in force from its first day to `in_force_until`, which is None while nobody has withdrawn it. `policy_id` is
    the version of the policy it was adopted under. Choosing one marked `time_limit` asks for discretion.
    """

    __tablename__ = "refusal_reason"
    __table_args__ = (sa.Index("ix_refusal_reason_key", "key", "in_force_from"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    other_route: str = Field(sa_type=sa.Text)
    equality_note: str = Field(sa_type=sa.Text)
    time_limit: bool = False
    in_force_from: date
    in_force_until: date | None = None
    policy_id: int = Field(foreign_key="policy_version.id")


class Discretion(SQLModel, table=True):
    """Discretion over the time limit: `used` lets a late complaint in; otherwise the limit was applied, and why."""

    __tablename__ = "discretion"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    used: bool
    in_time_until: date
    note: str = Field(sa_type=sa.Text)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    decided_on: date
