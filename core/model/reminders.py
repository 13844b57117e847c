"""What the console does by itself before a date passes: letters it began, and whom it reminds."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of


class NoticeDraft(SQLModel, table=True):
    """That the console began a letter about an answer's date: once for each date and kind of letter.

    `letter_id` is the draft while it is as the console wrote it; None once somebody wrote on it or it was taken away.
    """

    __tablename__ = "notice_draft"
    __table_args__ = (sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    stage_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act_by: date = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=40)
    letter_id: int | None = Field(default=None, index=True)
    drafted_on: date


class ReminderKind(StrEnum):
    """What a reminder lists: one's own day, or a week of the whole organisation."""

    MORNING = "morning"
    WEEKLY = "weekly"


class ReminderState(StrEnum):
    """Where a reminder stands. Nothing: there was nothing to say that day. Dropped: it was not taken that day."""

    WAITING = "waiting"
    SENT = "sent"
    NOTHING = "nothing"
    DROPPED = "dropped"


class ReminderChoice(SQLModel, table=True):
    """Where a colleague wants to be reminded, and whether; without a row the sign-in name counts, where it is one."""

    __tablename__ = "reminder_choice"
    __table_args__ = (STRICT,)

    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    address: str = Field(default="", max_length=254)
    wanted: bool = True


class Reminder(SQLModel, table=True):
    """One reminder to one colleague for one day, from the moment it is owed until the mail server has it.

    `day` is the working day of a morning's, and the Monday of its week of a weekly one. `message_id` is given once and
    stays the same at every try. Its words are made as it goes and kept nowhere.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        one_of("kind", ReminderKind),
        one_of("state", ReminderState),
        sa.UniqueConstraint("colleague_id", "kind", "day"),
        sa.CheckConstraint("(sent_at IS NULL) = (state <> 'sent')", name="sent_once_taken"),
        sa.Index("ix_reminder_due", "state", "next_try_at", "id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    colleague_id: int = Field(foreign_key="colleague.id")
    kind: str = Field(max_length=10)
    day: date
    message_id: str = Field(max_length=250, unique=True)
    state: str = Field(default=ReminderState.WAITING, max_length=10)
    tries: int = 0
    next_try_at: datetime
    leased_by: str = Field(default="", max_length=60)
    sent_at: datetime | None = None
