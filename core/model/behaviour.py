"""The council's policy on unreasonable behaviour, version by version, and which version went with which letter."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class BehaviourPolicy(SQLModel, table=True):
    """One version: from when, who approved it, where it is published and its file ("" for none).

    The file's bytes lie outside under their digest; `why_held` says why it goes with no letter yet.
    """

    __tablename__ = "behaviour_policy"
    __table_args__ = (sa.Index("ix_behaviour_policy_sha256", "sha256"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    in_force_from: date
    approved_by: str = Field(max_length=200)
    web_address: str = Field(default="", max_length=300)
    file_name: str = Field(default="", max_length=200)
    media_type: str = Field(default="", max_length=120)
    sha256: str = Field(default="", max_length=64)
    why_held: str = Field(default="", max_length=300)
    added_by: int | None = Field(default=None, foreign_key="colleague.id")
    added_at: datetime


class PolicySent(SQLModel, table=True):
    """Which version went with a letter: as the file of this digest, or as an address to read it at ("" digest)."""

    __tablename__ = "policy_sent"
    __table_args__ = (sa.Index("ix_policy_sent_sha256", "sha256"), STRICT)

    letter_id: int = Field(primary_key=True, foreign_key="letter.id", sa_column_kwargs={"autoincrement": False})
    policy_id: int = Field(foreign_key="behaviour_policy.id")
    sha256: str = Field(default="", max_length=64)
