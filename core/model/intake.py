"""How complaints come in from outside: the web forms that may send them, and the e-mails that arrived."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class IntakeClient(SQLModel, table=True):
    """One form outside that may send complaints in. Only the hash of its key is kept; a copy of it opens nothing."""

    __tablename__ = "intake_client"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    key_hash: str = Field(max_length=64, unique=True)
    added_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class ArrivedMail(SQLModel, table=True):
    """One e-mail from the complaints mailbox. Its bytes lie under `sha256`, as every file does.

    `identity` is what makes it the same message however it was delivered. `problem` says why it could not be read, or
    not be fetched whole. It waits until a complaint has it as evidence, or somebody says that it is none.
    """

    __tablename__ = "arrived_mail"
    __table_args__ = (sa.Index("ix_arrived_mail_sha256", "sha256"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    identity: str = Field(max_length=64, unique=True)
    sha256: str = Field(max_length=64)
    name: str = Field(max_length=200)
    sender: str = Field(max_length=300)
    subject: str = Field(max_length=300)
    problem: str = Field(default="", sa_type=sa.Text)
    arrived_at: datetime
    dismissed_at: datetime | None = None
    dismissed_by: int | None = Field(default=None, foreign_key="colleague.id")
    why: str = Field(default="", sa_type=sa.Text)
