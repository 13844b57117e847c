"""What was counted of a month, kept so that figures of many months need not count them again."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class MonthCount(SQLModel, table=True):
    """The counted groups of one month, of the whole council, by service and by category; no record, made again at will.

    `height` is the number of the last ledger entry it was known to be good for, `counted_on` the day it was counted,
    `made_by` the digest of the rules it was counted by. What is not `settled` may be another number tomorrow without
    anything being recorded, and is good for the day it was counted on alone.
    """

    __tablename__ = "month_count"
    __table_args__ = (STRICT,)

    month: date = Field(primary_key=True)
    height: int
    counted_on: date
    settled: bool
    made_by: str = Field(max_length=64)
    whole: str = Field(sa_type=sa.Text)
    services: str = Field(sa_type=sa.Text)
    categories: str = Field(sa_type=sa.Text)


class MonthSlice(SQLModel, table=True):
    """What a few complaints, those of one slice of numbers, put into a month: what is put right when one is touched."""

    __tablename__ = "month_slice"
    __table_args__ = (STRICT,)

    month: date = Field(primary_key=True)
    slice: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    counts: str = Field(sa_type=sa.Text)
