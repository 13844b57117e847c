"""Who was in touch with whom about a complaint, what was agreed about it, and who had which stage from when."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom


class Contact(SQLModel, table=True):
    """One contact about a complaint. A letter that was written here is not one: it stands in its own table.

    `on_day` and `at_time` are what a clock in London showed; the time is empty where nobody noted it. `number` counts
    the contacts of the complaint. `waits` marks a message that waits for our reply until `answered_on`; its answer is
    another contact or a letter. `introduces` says that it told the individual who has the complaint.
    """

    __tablename__ = "contact"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("with_whom", WithWhom),
        one_of("reached_by", ReachedBy),
        sa.UniqueConstraint("complaint_id", "number"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= on_day", name="answered_after"),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer_contact_id IS NULL AND answer_letter_id IS NULL)", name="answered_by"
        ),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int
    direction: str = Field(max_length=20)
    with_whom: str = Field(max_length=30)
    name: str = Field(default="", max_length=200)
    reached_by: str = Field(max_length=20)
    on_day: date
    at_time: str = Field(default="", max_length=5)
    what: str = Field(sa_type=sa.Text)
    introduces: bool = False
    waits: bool = False
    answered_on: date | None = None
    answer_contact_id: int | None = Field(default=None, foreign_key="contact.id")
    answer_letter_id: int | None = Field(default=None, foreign_key="letter.id")
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class UpdateAgreement(SQLModel, table=True):
    """How often somebody wants to hear from us, as agreed on a day; the newest one holds."""

    __tablename__ = "update_agreement"
    __table_args__ = (one_of("with_whom", WithWhom), sa.CheckConstraint("every_weeks > 0", name="weeks"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    every_weeks: int
    with_whom: str = Field(max_length=30)
    name: str = Field(default="", max_length=200)
    agreed_on: date
    agreed_by: int | None = Field(default=None, foreign_key="colleague.id")


class Allocation(SQLModel, table=True):
    """A stage given to one colleague on a day; `until` is the day they had it no longer."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        sa.CheckConstraint("until IS NULL OR until >= given_on", name="until_after"),
        sa.Index("ix_allocation_complaint", "complaint_id", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    stage_number: int
    colleague_id: int = Field(foreign_key="colleague.id")
    given_on: date
    until: date | None = None
