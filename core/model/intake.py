"""How complaints come in from outside: the web forms that may send them."""

from __future__ import annotations

from datetime import datetime

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
