"""What the council decides for itself: its policy, and the calendar it counts by."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class PolicyVersion(SQLModel, table=True):
    """One version of the council's complaints policy; a case keeps the version it was received under."""

    __tablename__ = "policy_version"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    in_force_from: date = Field(unique=True)
    resolution: str = Field(max_length=300)
    chosen: str = Field(default="{}", sa_type=sa.Text)


class Layer(StrEnum):
    """Whose day it is: published for England and Wales, or the council's own closure."""

    BANK_HOLIDAY = "bank_holiday"
    CLOSURE = "closure"


class HolidayRow(SQLModel, table=True):
    """One published or withdrawn day: rows are added, never changed; the newest row for a day and layer holds.

    The newest id is the calendar's version: a duty keeps the version it was counted by.
    """

    __tablename__ = "holiday"
    __table_args__ = (sa.Index("ix_holiday_day", "day", "id"), one_of("layer", Layer), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    name: str = Field(max_length=120)
    layer: str = Field(max_length=20)
    source: str = Field(max_length=300)
    first_seen_at: datetime
    withdrawn: bool = False


class Counter(SQLModel, table=True):
    """A running number taken inside the transaction that uses it, so references have no gaps."""

    __tablename__ = "counter"
    __table_args__ = (STRICT,)

    name: str = Field(primary_key=True, max_length=40)
    value: int
