"""Searches that colleagues keep for themselves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class SavedSearch(SQLModel, table=True):
    """One search of one colleague: its name, and the part of the page's address that says what is looked for."""

    __tablename__ = "saved_search"
    __table_args__ = (STRICT,)

    owner_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    name: str = Field(primary_key=True, max_length=80)
    looks_for: str = Field(sa_type=sa.Text)
    saved_at: datetime
