"""How long records are kept, what holds them, and what was erased: by whose decision, and the proof of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, only_where

_ONE = "(complaint_id IS NULL) <> (request_id IS NULL)"
"""A row is about one complaint or about one service request."""
_STANDS = "reviewed_on IS NULL AND lifted_on IS NULL"
_WAITS = "erased_on IS NULL AND dropped_on IS NULL"


class Retention(SQLModel, table=True):
    """From which day the keeping of one complaint's record is counted; None while it is in use.

    Derived from the record as duties are, and written with them. The planned date is this day and the years that the
    schedule gives its kind, so a change of the schedule moves no row.
    """

    __tablename__ = "retention"
    __table_args__ = (sa.Index("ix_retention_counted", "kind", "counted_from", "complaint_id"), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=40)
    counted_from: date | None = None


class RetentionRule(SQLModel, table=True):
    """How many years the council keeps one kind of record from a day on; the newest that has begun is in force."""

    __tablename__ = "retention_rule"
    __table_args__ = (sa.CheckConstraint("years > 0", name="years"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    years: int
    in_force_from: date
    source: str = Field(max_length=300)
    reason: str = Field(sa_type=sa.Text)
    set_by: int | None = Field(default=None, foreign_key="colleague.id")
    set_on: date


class KeptLonger(SQLModel, table=True):
    """A decision to keep one record past its date; the latest day of them all holds."""

    __tablename__ = "kept_longer"
    __table_args__ = (
        sa.CheckConstraint(_ONE, name="one_record"),
        sa.Index("ix_kept_longer_complaint", "complaint_id", "until"),
        sa.Index("ix_kept_longer_request", "request_id", "until"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    request_id: int | None = Field(default=None, foreign_key="service_request.id")
    until: date
    reason: str = Field(sa_type=sa.Text)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    decided_on: date


class LegalHold(SQLModel, table=True):
    """A hold from one review to the next: a review that keeps it ends this row and begins another.

    It stands while it has neither been reviewed nor lifted; a record has one such row at most.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        sa.CheckConstraint(_ONE, name="one_record"),
        sa.CheckConstraint("reviewed_on IS NULL OR lifted_on IS NULL", name="one_end"),
        sa.CheckConstraint("review_on > placed_on", name="review_after"),
        sa.Index("ix_legal_hold_complaint", "complaint_id", "id"),
        sa.Index(
            "ix_legal_hold_stands",
            "complaint_id",
            unique=True,
            **only_where(_STANDS),
        ),
        sa.Index("ix_legal_hold_stands_request", "request_id", unique=True, **only_where(_STANDS)),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    request_id: int | None = Field(default=None, foreign_key="service_request.id")
    reason: str = Field(sa_type=sa.Text)
    placed_on: date
    placed_by: int | None = Field(default=None, foreign_key="colleague.id")
    review_on: date
    reviewed_on: date | None = None
    found: str = Field(default="", sa_type=sa.Text)
    lifted_on: date | None = None
    why_lifted: str = Field(default="", sa_type=sa.Text)


class ErasureRun(SQLModel, table=True):
    """One carrying out of what was approved, with the certificate of it: JSON without personal data."""

    __tablename__ = "erasure_run"
    __table_args__ = (sa.CheckConstraint("(finished_at IS NULL) = (certificate = '')", name="finished_with"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    certificate: str = Field(default="", sa_type=sa.Text)
    sha256: str = Field(default="", max_length=64)
    scrubbed_at: datetime | None = None
    """When the database's own files were written anew after it, where an administrator had that done."""


class Erasure(SQLModel, table=True):
    """One record proposed for erasure: who proposed and who approved it, and when it was carried out or dropped.

    `planned_on` is the date it was due on then. A record has one at most that is neither dropped nor carried out.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        sa.CheckConstraint(_ONE, name="one_record"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_on IS NULL)", name="approved_with_date"),
        sa.CheckConstraint("(erased_on IS NULL) = (run_id IS NULL)", name="erased_in_a_run"),
        sa.CheckConstraint("erased_on IS NULL OR approved_on IS NOT NULL", name="approved_first"),
        sa.CheckConstraint("erased_on IS NULL OR dropped_on IS NULL", name="one_end"),
        sa.Index(
            "ix_erasure_waits",
            "complaint_id",
            unique=True,
            **only_where(_WAITS),
        ),
        sa.Index("ix_erasure_waits_request", "request_id", unique=True, **only_where(_WAITS)),
        sa.Index("ix_erasure_run", "run_id", "complaint_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    request_id: int | None = Field(default=None, foreign_key="service_request.id")
    planned_on: date
    proposed_by: int = Field(foreign_key="colleague.id")
    proposed_on: date
    approved_by: int | None = Field(default=None, foreign_key="colleague.id")
    approved_on: date | None = None
    dropped_on: date | None = None
    why_dropped: str = Field(default="", sa_type=sa.Text)
    erased_on: date | None = None
    run_id: int | None = Field(default=None, foreign_key="erasure_run.id")


class ErasureFile(SQLModel, table=True):
    """A kept file that an erased record named: its bytes are still to be removed, unless another record names them."""

    __tablename__ = "erasure_file"
    __table_args__ = (STRICT,)

    name: str = Field(primary_key=True, max_length=80)
