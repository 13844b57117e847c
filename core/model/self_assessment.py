"""Self-assessment: what is assessed and why, each answer with its version, frozen texts, and who signed them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.s8_reporting import Follows, LargeChange, SignOff, WhyAssessed


class SelfAssessment(SQLModel, table=True):
    """One self-assessment over a period, its first and last day included.

    `policies_known` is how many versions the complaints policy had when it was opened: another one since then owes a
    new assessment. `owner_id` answers for it and signs first.
    """

    __tablename__ = "self_assessment"
    __table_args__ = (
        one_of("why", WhyAssessed),
        sa.CheckConstraint("scheme IN ('lgsco', 'hos')", name="scheme"),
        sa.CheckConstraint("starts_on < ends_on", name="period"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    scheme: str = Field(max_length=10)
    starts_on: date
    ends_on: date
    why: str = Field(max_length=40)
    about: str = Field(default="", sa_type=sa.Text)
    owner_id: int = Field(foreign_key="colleague.id")
    source: str | None = Field(default=None, max_length=120)
    policies_known: int
    opened_on: date
    opened_by: int | None = Field(default=None, foreign_key="colleague.id")
    closed_on: date | None = None


class LargeChangeRow(SQLModel, table=True):
    """A restructure, a merger or changed procedures; `assessment_id` is the assessment that was opened for it."""

    __tablename__ = "large_change"
    __table_args__ = (one_of("kind", LargeChange), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    what: str = Field(sa_type=sa.Text)
    changed_on: date
    recorded_on: date
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
    assessment_id: int | None = Field(default=None, foreign_key="self_assessment.id")


class AssessmentAnswer(SQLModel, table=True):
    """One answer on a row or a clause. A later one adds a row with the next version, and none is ever changed."""

    __tablename__ = "self_assessment_answer"
    __table_args__ = (
        one_of("follows", Follows),
        sa.UniqueConstraint("assessment_id", "item", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="self_assessment.id")
    item: str = Field(max_length=20)
    version: int
    follows: str = Field(max_length=20)
    commentary: str = Field(default="", sa_type=sa.Text)
    action: str = Field(default="", sa_type=sa.Text)
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    due_on: date | None = None
    answered_at: datetime
    answered_by: int | None = Field(default=None, foreign_key="colleague.id")


class AssessmentScope(SQLModel, table=True):
    """One service that an answer is about; an answer without any is about the whole council."""

    __tablename__ = "self_assessment_scope"
    __table_args__ = (sa.UniqueConstraint("answer_id", "service_id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="self_assessment_answer.id")
    service_id: int = Field(foreign_key="service.id")


class AssessmentText(SQLModel, table=True):
    """One frozen text of an assessment: answers and evidence as they stood, as JSON, and its digest."""

    __tablename__ = "self_assessment_text"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "number"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="self_assessment.id")
    number: int
    contents: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
    frozen_on: date
    frozen_by: int | None = Field(default=None, foreign_key="colleague.id")


class AssessmentSignOff(SQLModel, table=True):
    """One signature under a frozen text. The governing body's holds its minute and its response."""

    __tablename__ = "self_assessment_sign_off"
    __table_args__ = (one_of("step", SignOff), sa.UniqueConstraint("text_id", "step"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    text_id: int = Field(foreign_key="self_assessment_text.id")
    step: str = Field(max_length=40)
    signed_on: date
    committee: str = Field(default="", max_length=200)
    minute: str = Field(default="", max_length=200)
    response: str = Field(default="", sa_type=sa.Text)
    signed_by: int | None = Field(default=None, foreign_key="colleague.id")
