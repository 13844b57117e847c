"""Limits of authority: up to which sum somebody offers money by themselves, and the sums that needed agreement."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of, only_where
from core.permissions import Role


class AuthorityLimit(SQLModel, table=True):
    """One decision about a limit, of a role or of one colleague, in pence; the newest in force holds.

    `pence` None ends the limit: the colleague then has their role's, the role none.
    """

    __tablename__ = "authority_limit"
    __table_args__ = (
        one_of("role", Role),
        sa.CheckConstraint("(role IS NULL) <> (colleague_id IS NULL)", name="of_one"),
        sa.CheckConstraint("pence IS NULL OR pence >= 0", name="no_debt"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    role: str | None = Field(default=None, max_length=20)
    colleague_id: int | None = Field(default=None, foreign_key="colleague.id")
    pence: int | None = None
    in_force_from: date
    why: str = Field(sa_type=sa.Text)
    set_by: int | None = Field(default=None, foreign_key="colleague.id")
    set_on: date


class SumAsked(SQLModel, table=True):
    """The money on one complaint, in all and in pence, that somebody asked another's agreement to.

    `agreed` is None until a colleague answered. The texts are personal data.
    """

    __tablename__ = "sum_asked"
    __table_args__ = (
        sa.CheckConstraint("(agreed IS NULL) = (answered_on IS NULL)", name="answered_with_date"),
        sa.CheckConstraint("pence > 0", name="asks_for_something"),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="by_another"),
        sa.Index("ix_sum_asked_waiting", "complaint_id", **only_where("agreed IS NULL")),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    pence: int
    why: str = Field(sa_type=sa.Text)
    asked_by: int | None = Field(default=None, foreign_key="colleague.id")
    asked_on: date
    agreed: bool | None = None
    answered_by: int | None = Field(default=None, foreign_key="colleague.id")
    answered_on: date | None = None
    note: str = Field(default="", sa_type=sa.Text)
