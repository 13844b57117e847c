"""What was counted of a month that is over, kept so that figures of many months need not count them again."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class MonthCount(SQLModel, table=True):
    """The counted groups of one month, of the whole council and service by service; no record, and made again at will.

    `height` is the number of the last ledger entry it was known to be good for, `counted_on` the day it was counted,
    `made_by` the digest of the rules it was counted by.
    """

    __tablename__ = "month_count"
    __table_args__ = (STRICT,)

    month: date = Field(primary_key=True)
    height: int
    counted_on: date
    made_by: str = Field(max_length=64)
    whole: str = Field(sa_type=sa.Text)
    services: str = Field(sa_type=sa.Text)
