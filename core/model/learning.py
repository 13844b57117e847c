"""Learning: the council's list of causes, what each decision taught, improvements, and themes."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.s9_oversight import Risk

_STAGES = "stage_number IN (1, 2)"


class Cause(SQLModel, table=True):
    """One cause of the council's list. Its words never change: it is withdrawn, and another is added."""

    __tablename__ = "cause"
    __table_args__ = (sa.Index("ix_cause_key", "key", "in_force_from"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60)
    title: str = Field(max_length=120)
    help: str = Field(default="", sa_type=sa.Text)
    in_force_from: date
    in_force_until: date | None = None


class Learning(SQLModel, table=True):
    """What one decision taught, or why nothing could be learned. A later answer on the same stage adds a row."""

    __tablename__ = "learning"
    __table_args__ = (
        sa.CheckConstraint(_STAGES, name="two_stages"),
        sa.Index("ix_learning_cause", "cause_id", "complaint_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_number: int
    something: bool
    lesson: str = Field(default="", sa_type=sa.Text)
    cause_id: int | None = Field(default=None, foreign_key="cause.id")
    learned_on: date
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class Theme(SQLModel, table=True):
    """Complaints that point to one fault: a candidate until somebody accepts or dismisses it.

    `kind` and `key` say what they have in common, such as a cause and its id. `count` of them came in the window from
    `first_on` to `last_on`, where `expected` would have been usual; `chance` is how often so many come by chance alone.
    Complaints alike in words are of no one service, and nothing is usual of them: `expected` is 0 and `chance` 1.
    `count_decided` is the count somebody decided on: a dismissed one comes back only if it grows.
    """

    __tablename__ = "theme"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('cause', 'category', 'words')", name="kind"),
        sa.CheckConstraint("decision IN ('candidate', 'accepted', 'dismissed', 'closed')", name="decision"),
        one_of("risk", Risk),
        sa.Index("ix_theme_key", "kind", "key", "service_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    key: str = Field(max_length=120)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    title: str = Field(max_length=200)
    found_on: date
    first_on: date
    last_on: date
    count: int
    expected: float = Field(sa_type=sa.Double)
    chance: float = Field(sa_type=sa.Double)
    decision: str = Field(default="candidate", max_length=20)
    count_decided: int = 0
    decided_on: date | None = None
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    why: str = Field(default="", sa_type=sa.Text)
    risk: str | None = Field(default=None, max_length=20)
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    closed_on: date | None = None
    outcome: str = Field(default="", sa_type=sa.Text)


class ThemeCase(SQLModel, table=True):
    """One complaint that belongs to a theme."""

    __tablename__ = "theme_case"
    __table_args__ = (sa.UniqueConstraint("theme_id", "complaint_id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    theme_id: int = Field(foreign_key="theme.id")
    complaint_id: int = Field(foreign_key="complaint.id", index=True)


class Improvement(SQLModel, table=True):
    """Something the council does better for what complaints taught. `you_said` and `we_did` are for publication."""

    __tablename__ = "improvement"
    __table_args__ = (
        one_of("risk", Risk),
        sa.CheckConstraint("done_on IS NULL OR started_on IS NOT NULL", name="started_first"),
        sa.CheckConstraint("done_on IS NULL OR dropped_on IS NULL", name="one_end"),
        sa.Index("ix_improvement_due", "done_on", "dropped_on", "due_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    what: str = Field(sa_type=sa.Text)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    cause_id: int | None = Field(default=None, foreign_key="cause.id")
    theme_id: int | None = Field(default=None, foreign_key="theme.id", index=True)
    owner_id: int = Field(foreign_key="colleague.id", index=True)
    due_on: date
    risk: str = Field(max_length=20)
    policy_to_revise: str = Field(default="", max_length=200)
    proposed_on: date
    proposed_by: int | None = Field(default=None, foreign_key="colleague.id")
    started_on: date | None = None
    before: str = Field(default="", sa_type=sa.Text)
    done_on: date | None = None
    after: str = Field(default="", sa_type=sa.Text)
    you_said: str = Field(default="", sa_type=sa.Text)
    we_did: str = Field(default="", sa_type=sa.Text)
    dropped_on: date | None = None
    dropped_why: str = Field(default="", sa_type=sa.Text)


class ImprovementCase(SQLModel, table=True):
    """One complaint that an improvement was learned from."""

    __tablename__ = "improvement_case"
    __table_args__ = (sa.UniqueConstraint("improvement_id", "complaint_id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    improvement_id: int = Field(foreign_key="improvement.id")
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    linked_on: date
    linked_by: int | None = Field(default=None, foreign_key="colleague.id")
