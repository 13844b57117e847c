"""The history that cannot be rewritten: entries chained by a keyed hash, their personal fields kept apart."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class LedgerEntry(SQLModel, table=True):
    """One event. `mac` binds it to the entry before it; `digest` stands for the personal fields in the side table."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("command_id", "step"),
        sa.Index("ix_ledger_entry_case", "complaint_id", "n"),
        STRICT,
    )

    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor_id: int
    actor: str = Field(max_length=120)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    tag: str = Field(max_length=60)
    command_id: str = Field(max_length=36)
    step: int
    data: str = Field(sa_type=sa.Text)
    digest: str = Field(max_length=64)
    mac: str = Field(max_length=64)


class LedgerPersonal(SQLModel, table=True):
    """The personal fields of one entry with their salt; erasing the row leaves the chain valid."""

    __tablename__ = "ledger_personal"
    __table_args__ = (STRICT,)

    n: int = Field(primary_key=True, foreign_key="ledger_entry.n", sa_column_kwargs={"autoincrement": False})
    salt: str = Field(max_length=32)
    payload: str = Field(sa_type=sa.Text)
