"""Accounts, sessions and links: how a colleague gets in, and which services and cases they may see."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class Account(SQLModel, table=True):
    """How one colleague signs in. `totp_secret` is sealed with the installation's key, never kept readable.

    `totp_step` is the last time step whose code was used: a code works once.
    """

    __tablename__ = "account"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), STRICT)

    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    sign_in_name: str = Field(max_length=120, unique=True)
    password_hash: str | None = Field(default=None, max_length=200)
    password_set_at: datetime | None = None
    totp_secret: str | None = Field(default=None, max_length=300)
    totp_step: int = 0
    issuer: str | None = Field(default=None, max_length=300)
    subject: str | None = Field(default=None, max_length=300)


class ColleagueService(SQLModel, table=True):
    """One service whose cases a colleague sees; a colleague without any sees all services."""

    __tablename__ = "colleague_service"
    __table_args__ = (STRICT,)

    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    service_id: int = Field(primary_key=True, foreign_key="service.id", sa_column_kwargs={"autoincrement": False})


class LoginSession(SQLModel, table=True):
    """One session. The browser holds the token; here lies only its hash, so a copy of the table opens nothing."""

    __tablename__ = "login_session"
    __table_args__ = (sa.Index("ix_login_session_colleague", "colleague_id", "ended_at"), STRICT)

    id: str = Field(primary_key=True, max_length=64)
    colleague_id: int = Field(foreign_key="colleague.id")
    how: str = Field(max_length=30)
    address: str = Field(default="", max_length=60)
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


class OneTimeLink(SQLModel, table=True):
    """A link that lets one colleague choose a password once. Only the hash of its token is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (STRICT,)

    id: str = Field(primary_key=True, max_length=64)
    colleague_id: int = Field(foreign_key="colleague.id", index=True)
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None


class SignInFailure(SQLModel, table=True):
    """One wrong sign-in, counted for a while. The name is kept as a keyed hash: people type passwords into it."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        sa.Index("ix_sign_in_failure_name", "name_hash", "at"),
        sa.Index("ix_sign_in_failure_address", "address", "at"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    name_hash: str = Field(max_length=64)
    address: str = Field(max_length=60)


class CalendarFeed(SQLModel, table=True):
    """The secret address of one colleague's calendar feed, as a hash."""

    __tablename__ = "calendar_feed"
    __table_args__ = (STRICT,)

    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime
