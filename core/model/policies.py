"""What belongs to a version of the policy: where it departs from the Code, its own words, and the check of them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class PolicyDeparture(SQLModel, table=True):
    """One period or reading in which a version departs from the Code, and the decision behind it.

    `key` is the period or the setting. A period shorter than the Code's needs no `reason` and may have none.
    """

    __tablename__ = "policy_departure"
    __table_args__ = (sa.UniqueConstraint("policy_id", "key"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: int = Field(foreign_key="policy_version.id")
    key: str = Field(max_length=40)
    clause: str = Field(max_length=20)
    finding: str = Field(sa_type=sa.Text)
    reason: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
    recorded_on: date


class PolicyPaper(SQLModel, table=True):
    """The policy as people read it: its two definitions, its text, where it is published, and who approved it.

    A version that changes no words, such as one that begins our own standards, has none and keeps the one before.
    """

    __tablename__ = "policy_paper"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: int = Field(foreign_key="policy_version.id", unique=True)
    approved_by: str = Field(max_length=120)
    minute: str = Field(max_length=160)
    complaint_definition: str = Field(default="", sa_type=sa.Text)
    request_definition: str = Field(default="", sa_type=sa.Text)
    words: str = Field(default="", sa_type=sa.Text)
    web_address: str = Field(default="", max_length=300)


class PolicyFile(SQLModel, table=True):
    """A version of the policy as a file; a newer one takes its place. Its bytes lie outside under their digest."""

    __tablename__ = "policy_file"
    __table_args__ = (sa.Index("ix_policy_file_sha256", "sha256"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: int = Field(foreign_key="policy_version.id", index=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    why_held: str = Field(default="", max_length=300)
    added_by: int | None = Field(default=None, foreign_key="colleague.id")
    added_at: datetime


class PolicyItem(SQLModel, table=True):
    """Whether the policy says one thing it has to say, as somebody read it; the newest row of an item holds."""

    __tablename__ = "policy_item"
    __table_args__ = (sa.Index("ix_policy_item_paper", "paper_id", "item", "id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="policy_paper.id")
    item: str = Field(max_length=60)
    said: bool
    where: str = Field(default="", sa_type=sa.Text)
    read_by: int | None = Field(default=None, foreign_key="colleague.id")
    read_on: date


class ExplainedBreach(SQLModel, table=True):
    """That a departure was recorded afterwards, and for which duty; the duty stays as late as it was."""

    __tablename__ = "explained_breach"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    departure_id: int = Field(foreign_key="departure.id", unique=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_number: int
    kind: str = Field(max_length=40)
    number: int = 0
    due_on: date
    met_on: date | None = None
