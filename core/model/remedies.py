"""What is offered to put things right, what becomes of it, and the money paid for it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.s7_remedies import Moment


class Remedy(SQLModel, table=True):
    """One remedy. Its state follows from its dates; `number` counts those of the complaint.

    `kind`, `sub_kind` and `signatory` are keys of remedies.toml; `point_id` is the point it is for, None for the whole
    complaint. `agreed` is what the individual said, None until they said something. `offered_pence` is what is offered
    in money; what was paid is a row of its own. `replaced_by_id` is what is offered instead of one that cannot be
    delivered. `evidence` or `evidence_file_id` shows that it was done. The texts are personal data.
    """

    __tablename__ = "remedy"
    __table_args__ = (
        one_of("moment", Moment),
        sa.UniqueConstraint("complaint_id", "number"),
        sa.CheckConstraint("(agreed IS NULL) = (agreed_on IS NULL)", name="agreed_with_date"),
        sa.CheckConstraint("done_on IS NULL OR undeliverable_on IS NULL", name="one_end"),
        sa.CheckConstraint("offered_pence IS NULL OR offered_pence > 0", name="offers_something"),
        sa.Index("ix_remedy_owner", "owner_id", "due_on"),
        sa.Index("ix_remedy_offered", "offered_on"),
        sa.Index("ix_remedy_due", "due_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int
    point_id: int | None = Field(default=None, foreign_key="point.id")
    moment: str = Field(max_length=30)
    stage_number: int
    kind: str = Field(max_length=40)
    sub_kind: str = Field(default="", max_length=40)
    signatory: str = Field(default="", max_length=40)
    what: str = Field(sa_type=sa.Text)
    impact: str = Field(default="", sa_type=sa.Text)
    circumstances: str = Field(default="", sa_type=sa.Text)
    offered_on: date
    due_on: date | None = None
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    offered_pence: int | None = None
    agreed: bool | None = None
    agreed_on: date | None = None
    guidance: bool = False
    guidance_note: str = Field(default="", sa_type=sa.Text)
    done_on: date | None = None
    evidence: str = Field(default="", sa_type=sa.Text)
    evidence_file_id: int | None = Field(default=None, foreign_key="case_file.id")
    undeliverable_on: date | None = None
    why_not: str = Field(default="", sa_type=sa.Text)
    alternative: str = Field(default="", sa_type=sa.Text)
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    replaced_by_id: int | None = Field(default=None, foreign_key="remedy.id")


class Payment(SQLModel, table=True):
    """Money paid for one remedy, in pence, on a day."""

    __tablename__ = "payment"
    __table_args__ = (
        sa.CheckConstraint("pence > 0", name="pays_something"),
        sa.Index("ix_payment_paid", "paid_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    remedy_id: int = Field(foreign_key="remedy.id", index=True)
    paid_on: date
    pence: int
    how: str = Field(default="", max_length=200)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
