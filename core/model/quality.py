"""Quality: the month's sample of answered complaints, and what was found on each of them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.quality import Mark


class QualitySample(SQLModel, table=True):
    """The complaints drawn for one month. The same `seed` and `size` draw the same ones again.

    `month` is the first day of it; `answered` is how many complaints it was drawn from, `strata` how many kinds.
    """

    __tablename__ = "quality_sample"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    month: date = Field(unique=True)
    size: int
    seed: int
    answered: int
    strata: int
    drawn_on: date
    drawn_by: int | None = Field(default=None, foreign_key="colleague.id")


class SampledCase(SQLModel, table=True):
    """One complaint of a sample, with the stage that was answered in that month and who answered it."""

    __tablename__ = "sampled_case"
    __table_args__ = (sa.UniqueConstraint("sample_id", "complaint_id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    sample_id: int = Field(foreign_key="quality_sample.id")
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_number: int
    handler_id: int | None = Field(default=None, foreign_key="colleague.id", index=True)


class QualityCheck(SQLModel, table=True):
    """One check of a sampled complaint. `passed` holds when no item failed."""

    __tablename__ = "quality_check"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    sampled_id: int = Field(foreign_key="sampled_case.id", unique=True)
    checked_on: date
    checked_by: int | None = Field(default=None, foreign_key="colleague.id")
    passed: bool
    words: str = Field(default="", sa_type=sa.Text)
    acknowledged_on: date | None = None
    reply: str = Field(default="", sa_type=sa.Text)


class QualityItem(SQLModel, table=True):
    """What was found on one item of the checklist."""

    __tablename__ = "quality_item"
    __table_args__ = (one_of("mark", Mark), sa.UniqueConstraint("check_id", "item"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    check_id: int = Field(foreign_key="quality_check.id")
    item: str = Field(max_length=60)
    mark: str = Field(max_length=20)
    words: str = Field(default="", sa_type=sa.Text)
