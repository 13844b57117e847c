"""People on a complaint beyond the individual, what was agreed or restricted for them, and who may not consider it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.facts import ReviewKind
from core.rules.parties import AuthorityKind, ConflictKind, PartyRole


def _written_to() -> dict[str, Any]:
    """One party of a complaint at most is written to in the individual's place."""
    condition = {"sqlite_where": sa.text("written_to = 1"), "postgresql_where": sa.text("written_to")}
    return {"unique": True, **condition}


def _at_risk() -> dict[str, Any]:
    """Those who come first are few, and every queue asks for them."""
    return {"sqlite_where": sa.text("risk <> ''"), "postgresql_where": sa.text("risk <> ''")}


class Party(SQLModel, table=True):
    """Somebody beside the individual: in which role, and what lets them act. Every text is personal data.

    `written_to` marks the one who gets what would otherwise go to the individual.
    """

    __tablename__ = "party"
    __table_args__ = (
        one_of("role", PartyRole),
        one_of("authority", AuthorityKind),
        sa.Index("ix_party_complaint", "complaint_id", "id"),
        sa.Index("ix_party_written_to", "complaint_id", **_written_to()),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    role: str = Field(max_length=30)
    name: str = Field(max_length=200)
    contact: str = Field(default="", max_length=500)
    authority: str = Field(default=AuthorityKind.NONE_YET, max_length=30)
    scope: str = Field(default="", sa_type=sa.Text)
    recorded_on: date | None = None
    expires_on: date | None = None
    written_to: bool = False


class Adjustment(SQLModel, table=True):
    """A reasonable adjustment that was agreed; its reviews are rows of their own."""

    __tablename__ = "adjustment"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    what: str = Field(sa_type=sa.Text)
    agreed_format: str = Field(default="", max_length=200)
    starts_on: date
    ended_on: date | None = None


class Restriction(SQLModel, table=True):
    """A limit on somebody's contact with the council: what it rests on, and what was weighed."""

    __tablename__ = "restriction"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    what: str = Field(sa_type=sa.Text)
    evidence: str = Field(sa_type=sa.Text)
    lesser_measures: str = Field(sa_type=sa.Text)
    equality: str = Field(sa_type=sa.Text)
    way_to_complain: str = Field(sa_type=sa.Text)
    challenge_told: bool
    starts_on: date
    ended_on: date | None = None
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")


class Review(SQLModel, table=True):
    """One review that is owed or was held, of one adjustment or of one restriction.

    `number` counts the reviews of its kind on the complaint. `dropped_on` is the day what it was about ended first.
    """

    __tablename__ = "review"
    __table_args__ = (
        one_of("kind", ReviewKind),
        sa.UniqueConstraint("complaint_id", "kind", "number"),
        sa.CheckConstraint("(adjustment_id IS NULL) <> (restriction_id IS NULL)", name="of_one_thing"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    kind: str = Field(max_length=40)
    number: int
    adjustment_id: int | None = Field(default=None, foreign_key="adjustment.id")
    restriction_id: int | None = Field(default=None, foreign_key="restriction.id")
    set_on: date
    due_on: date
    reviewed_on: date | None = None
    dropped_on: date | None = None
    found: str = Field(default="", sa_type=sa.Text)


class Care(SQLModel, table=True):
    """How somebody wants to be reached, and why their complaint comes first; "" where nothing was said."""

    __tablename__ = "care"
    __table_args__ = (sa.Index("ix_care_risk", "complaint_id", **_at_risk()), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    preference: str = Field(default="", sa_type=sa.Text)
    risk: str = Field(default="", sa_type=sa.Text)


class OfficerNamed(SQLModel, table=True):
    """A colleague whom a complaint is about: they cannot consider it."""

    __tablename__ = "officer_named"
    __table_args__ = (STRICT,)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})


class Conflict(SQLModel, table=True):
    """What a colleague declared about their own tie to a complaint."""

    __tablename__ = "conflict"
    __table_args__ = (one_of("kind", ConflictKind), STRICT)

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    colleague_id: int = Field(primary_key=True, foreign_key="colleague.id", sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    detail: str = Field(default="", sa_type=sa.Text)
    declared_at: datetime
