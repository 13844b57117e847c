"""Complaints at an Ombudsman, what it recommends, its yearly letters, and complaints about our own handling."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.outside import HandlingOutcome, RecommendationKind


class OmbudsmanCase(SQLModel, table=True):
    """One matter at an Ombudsman. `complaint_id` is None where it went there before any complaint is recorded here.

    `subject` says what it is about in our words. Dates stand in the order in which they come; `outcome` is a key of
    ombudsmen.toml, "" until it is decided. `remedy_before` says that what we had offered was satisfactory.
    """

    __tablename__ = "ombudsman_case"
    __table_args__ = (
        sa.UniqueConstraint("ombudsman", "their_reference"),
        sa.CheckConstraint("(decided_on IS NULL) = (outcome = '')", name="decided_with_outcome"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= enquiry_on", name="answered_after"),
        sa.CheckConstraint("commented_on IS NULL OR commented_on >= draft_on", name="commented_after"),
        sa.Index("ix_ombudsman_case_decided", "decided_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    ombudsman: str = Field(max_length=20)
    their_reference: str = Field(max_length=50)
    investigator: str = Field(default="", max_length=200)
    subject: str = Field(sa_type=sa.Text)
    enquiry_on: date
    respond_by: date | None = None
    answered_on: date | None = None
    answer: str = Field(default="", sa_type=sa.Text)
    draft_on: date | None = None
    draft: str = Field(default="", sa_type=sa.Text)
    comments_due_on: date | None = None
    commented_on: date | None = None
    comment_grounds: str = Field(default="", max_length=200)
    comments: str = Field(default="", sa_type=sa.Text)
    decided_on: date | None = None
    outcome: str = Field(default="", max_length=40)
    decision: str = Field(default="", sa_type=sa.Text)
    remedy_before: bool = False
    published_on: date | None = None
    closed_on: date | None = None
    closing_note: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class HandlingComplaint(SQLModel, table=True):
    """A complaint about how we handled a complaint: answered here first, then by an independent assessor. No stage.

    `assessor_id` is the account of the person from outside; `outcome` is "" until they have assessed it.
    """

    __tablename__ = "handling_complaint"
    __table_args__ = (
        sa.CheckConstraint("outcome = '' OR " + str(one_of("outcome", HandlingOutcome).sqltext), name="outcome"),
        sa.CheckConstraint("(assessed_on IS NULL) = (outcome = '')", name="assessed_with_outcome"),
        sa.CheckConstraint("(referred_on IS NULL) = (assessor_id IS NULL)", name="referred_to_somebody"),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= raised_on", name="answered_after"),
        sa.Index("ix_handling_complaint_assessor", "assessor_id", "complaint_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    raised_on: date
    words: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answer: str = Field(default="", sa_type=sa.Text)
    answered_by: int | None = Field(default=None, foreign_key="colleague.id")
    referred_on: date | None = None
    referral: str = Field(default="", sa_type=sa.Text)
    assessor_id: int | None = Field(default=None, foreign_key="colleague.id")
    assessed_on: date | None = None
    outcome: str = Field(default="", max_length=20)
    findings: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class Recommendation(SQLModel, table=True):
    """What an Ombudsman or an assessor recommended, by when, whose it is, and how it was complied with.

    One that the council does not accept is kept with the reason and is no duty. The evidence is a file of the case or
    words.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        one_of("kind", RecommendationKind),
        sa.CheckConstraint("(ombudsman_case_id IS NULL) <> (handling_id IS NULL)", name="from_one"),
        sa.CheckConstraint("accepted OR complied_on IS NULL", name="accepted_first"),
        sa.CheckConstraint(
            "complied_on IS NULL OR evidence <> '' OR evidence_file_id IS NOT NULL", name="complied_with_evidence"
        ),
        sa.Index("ix_recommendation_due", "due_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    ombudsman_case_id: int | None = Field(default=None, foreign_key="ombudsman_case.id")
    handling_id: int | None = Field(default=None, foreign_key="handling_complaint.id")
    kind: str = Field(max_length=20)
    what: str = Field(sa_type=sa.Text)
    set_on: date
    due_on: date
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    accepted: bool = True
    why_not: str = Field(default="", sa_type=sa.Text)
    complied_on: date | None = None
    evidence: str = Field(default="", sa_type=sa.Text)
    evidence_file_id: int | None = Field(default=None, foreign_key="case_file.id")


class AnnualLetter(SQLModel, table=True):
    """One version of a year's letter: its figures as JSON by key, and the file they were read from.

    `body` is an Ombudsman's key, or "assessor". `year` is the one in which the year of the letter began, in April.
    """

    __tablename__ = "annual_letter"
    __table_args__ = (sa.UniqueConstraint("body", "year", "version"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    body: str = Field(max_length=20)
    year: int
    version: int
    figures: str = Field(sa_type=sa.Text)
    file_name: str = Field(default="", max_length=200)
    sha256: str = Field(default="", max_length=64)
    why: str = Field(default="", sa_type=sa.Text)
    entered_by: int | None = Field(default=None, foreign_key="colleague.id")
    entered_on: date
