"""The complaint and its stages, points, answers, extensions, notes and departures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of, only_where
from core.rules.facts import Ending, Outcome
from core.rules.steps import Position


class Channel(StrEnum):
    """How a complaint reached the council; any way is good."""

    WEB = "web form"
    EMAIL = "e-mail"
    PHONE = "phone"
    IN_PERSON = "in person"
    LETTER = "letter"
    SOCIAL_MEDIA = "social media"
    COUNCILLOR = "councillor or MP"
    SURVEY = "survey"
    CONTRACTOR = "contractor"
    OTHER = "other"
    NOT_RECORDED = "not recorded"


class Complaint(SQLModel, table=True):
    """One complaint from receipt to final response.

    `position`, `stage_number`, `is_open` and `act_by` are derived from the dates with the duties, in the same
    transaction, and rebuilt with them. `version` counts changes, so a stale page is refused.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("ending", Ending),
        one_of("position", Position),
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        sa.CheckConstraint("(ending IS NULL) = (ended_on IS NULL)", name="ended_with_date"),
        sa.UniqueConstraint("source", "old_reference"),
        sa.Index("ix_complaint_open_received", "is_open", "received_on"),
        sa.Index("ix_complaint_ended", "ended_on", "id"),
        sa.Index("ix_complaint_received", "received_on", "scheme", "service_id"),
        sa.Index("ix_complaint_arrived", "received_on", "id"),
        sa.Index("ix_complaint_facets", "id", "service_id", "stage_number", "is_open", "received_on"),
        sa.Index("ix_complaint_elsewhere", "scheme", "id", **only_where("scheme <> 'lgsco'")),
        sa.Index("ix_complaint_reopened", "reopened_on", "id", **only_where("reopened_on IS NOT NULL")),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    scheme: str = Field(default="lgsco", max_length=20)
    matter: str = Field(max_length=200)
    words: str = Field(sa_type=sa.Text)
    outcomes_sought: str = Field(default="", sa_type=sa.Text)
    category: str = Field(default="", max_length=120)
    channel: str = Field(default=Channel.NOT_RECORDED, max_length=20)
    received_on: date
    received_by: str = Field(default="", max_length=120)
    logged_on: date
    issue_on: date | None = None
    aware_on: date | None = None
    acknowledgement_possible: bool = True
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    policy_id: int = Field(foreign_key="policy_version.id")
    ending: str | None = Field(default=None, max_length=20)
    ended_on: date | None = None
    ending_note: str = Field(default="", sa_type=sa.Text)
    reopened_on: date | None = None
    answered_again_on: date | None = None
    source: str | None = Field(default=None, max_length=80)
    old_reference: str | None = Field(default=None, max_length=120)
    source_digest: str | None = Field(default=None, max_length=64)
    position: str = Field(max_length=40)
    stage_number: int = 1
    is_open: bool = True
    act_by: date | None = None
    has_remedies: bool = False
    anonymised_on: date | None = None
    changed_at: datetime
    version: int | None = Field(default=None, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class Stage(SQLModel, table=True):
    """One of the two stages: `received_on` is the complaint's receipt, or the request's receipt at stage 2.

    `told_on` is the day its newest answer was given by word of mouth; None for an answer in writing.
    """

    __tablename__ = "stage"
    __table_args__ = (
        sa.UniqueConstraint("complaint_id", "number"),
        sa.CheckConstraint("number IN (1, 2)", name="two_stages"),
        one_of("outcome", Outcome),
        sa.Index("ix_stage_answered", "responded_on", "responded_by"),
        sa.Index("ix_stage_outcome", "complaint_id", "number", "outcome"),
        sa.Index("ix_stage_asked", "number", "received_on", "complaint_id"),
        sa.Index(
            "ix_stage_figures",
            "responded_on",
            "number",
            "received_on",
            "outcome",
            "receipt_recorded",
            "complaint_id",
        ),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int
    received_on: date
    logged_on: date | None = None
    channel: str = Field(default=Channel.NOT_RECORDED, max_length=20)
    request_words: str = Field(default="", sa_type=sa.Text)
    acknowledged_on: date | None = None
    understanding: str = Field(default="", sa_type=sa.Text)
    outcomes_sought: str = Field(default="", sa_type=sa.Text)
    promised_on: date | None = None
    handler_id: int | None = Field(default=None, foreign_key="colleague.id", index=True)
    assigned_on: date | None = None
    responded_on: date | None = None
    responded_by: int | None = Field(default=None, foreign_key="colleague.id")
    outcome: str | None = Field(default=None, max_length=20)
    told_on: date | None = None
    receipt_recorded: bool = True
    acknowledgement_recorded: bool = True
    response_recorded: bool = True


class Extension(SQLModel, table=True):
    """More time for one stage: to when, why, and whether the individual was told with the Ombudsman's details."""

    __tablename__ = "extension"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    told_on: date | None = None
    new_date: date
    reason: str = Field(sa_type=sa.Text)
    good_reason: str | None = Field(default=None, sa_type=sa.Text)
    ombudsman_told: bool = False
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")


class Point(SQLModel, table=True):
    """One point raised in a complaint."""

    __tablename__ = "point"
    __table_args__ = (sa.UniqueConstraint("complaint_id", "number"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int
    text: str = Field(sa_type=sa.Text)
    raised_on: date


class Answer(SQLModel, table=True):
    """What was found on one point at one stage, and why."""

    __tablename__ = "answer"
    __table_args__ = (
        sa.UniqueConstraint("point_id", "stage_number"),
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        one_of("outcome", Outcome),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    point_id: int = Field(foreign_key="point.id")
    stage_number: int
    outcome: str = Field(max_length=20)
    reasons: str = Field(default="", sa_type=sa.Text)


class Response(SQLModel, table=True):
    """A response as it was sent; the first of a stage stops its clock, a later one is an addendum."""

    __tablename__ = "response"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    sent_on: date
    sent_by: int | None = Field(default=None, foreign_key="colleague.id")
    addendum: bool = False
    by_word_of_mouth: bool = False
    understanding: str = Field(default="", sa_type=sa.Text)
    decision: str = Field(default="", sa_type=sa.Text)
    reasons: str = Field(default="", sa_type=sa.Text)
    remedy: str = Field(default="", sa_type=sa.Text)
    outstanding_actions: str = Field(default="", sa_type=sa.Text)
    signposting: str = Field(default="", sa_type=sa.Text)
    efforts_to_understand: str = Field(default="", sa_type=sa.Text)


class Refusal(SQLModel, table=True):
    """A refusal at the start or of stage 2: the reason listed, what was said and weighed, and when they were told.

    `stage_number` is what was refused: 1 the complaint, 2 stage 2. One from before the list has no `reason_id`.
    """

    __tablename__ = "refusal"
    __table_args__ = (sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    requested_on: date
    told_on: date
    reasons: str = Field(sa_type=sa.Text)
    circumstances: str = Field(sa_type=sa.Text)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    stage_number: int = 2
    reason_id: int | None = Field(default=None, foreign_key="refusal_reason.id")
    other_route: str = Field(default="", sa_type=sa.Text)
    evidence: str = Field(default="", sa_type=sa.Text)


class Note(SQLModel, table=True):
    """Something worth keeping on the case, written by a colleague."""

    __tablename__ = "note"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    text: str = Field(sa_type=sa.Text)
    written_by: int | None = Field(default=None, foreign_key="colleague.id")
    written_at: datetime


class Departure(SQLModel, table=True):
    """A clause not met, with the reason recorded when it happened."""

    __tablename__ = "departure"
    __table_args__ = (sa.Index("ix_departure_clause", "clause", "id"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    clause: str = Field(max_length=20)
    finding: str = Field(sa_type=sa.Text)
    reason: str = Field(sa_type=sa.Text)
    step: str = Field(max_length=40)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")
    recorded_on: date
