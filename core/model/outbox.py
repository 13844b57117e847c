"""Letters on their way by e-mail, those that came back, and who does the work that is due just now."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class MailChannel(StrEnum):
    """What carries a letter that goes by e-mail."""

    SMTP = "SMTP"
    NOTIFY = "Notify"


class OutboxState(StrEnum):
    """Where a queued letter stands. Accepted: the mail server has it, and its step is not on record yet."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    FAILED = "failed"


class Outbox(SQLModel, table=True):
    """One letter that an officer gave to go by e-mail, from that act until its step is on record.

    `message_id` is given once and stays the same at every try. `step` and `step_values` are the very command that
    records it, emptied once that is done; `dated_on` is the day its files bear. `sent_at` is when the mail server took
    the message: its day is the letter's. `lease_until` is until when `leased_by` alone may work on it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("channel", MailChannel),
        one_of("state", OutboxState),
        sa.CheckConstraint("(sent_at IS NULL) = (state IN ('waiting', 'sending', 'failed'))", name="sent_once_taken"),
        sa.Index("ix_outbox_due", "state", "next_try_at", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", unique=True)
    channel: str = Field(max_length=10)
    address: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    message_id: str = Field(max_length=250, unique=True)
    step: str = Field(max_length=40)
    step_values: str = Field(sa_type=sa.Text)
    dated_on: date
    pdf_sha256: str = Field(max_length=64)
    word_sha256: str = Field(max_length=64)
    state: str = Field(default=OutboxState.WAITING, max_length=10)
    tries: int = 0
    next_try_at: datetime
    lease_until: datetime | None = None
    leased_by: str = Field(default="", max_length=60)
    sent_at: datetime | None = None
    last_problem: str = Field(default="", sa_type=sa.Text)
    queued_by: int | None = Field(default=None, foreign_key="colleague.id")
    queued_at: datetime


class Bounce(SQLModel, table=True):
    """A letter that went out and came back: when, what came with it, and what was done ("" while nothing was)."""

    __tablename__ = "bounce"
    __table_args__ = (STRICT,)

    letter_id: int = Field(primary_key=True, foreign_key="letter.id", sa_column_kwargs={"autoincrement": False})
    came_back_on: date
    why: str = Field(default="", sa_type=sa.Text)
    settled: str = Field(default="", sa_type=sa.Text)


class JobLease(SQLModel, table=True):
    """Who does the work that is due, and until when nobody else need: one row for each kind of work."""

    __tablename__ = "job_lease"
    __table_args__ = (STRICT,)

    job: str = Field(primary_key=True, max_length=40)
    held_by: str = Field(default="", max_length=60)
    held_until: datetime
