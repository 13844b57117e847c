"""Reports: what was written for them, each as it was frozen, and its way through governance to the website."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.code.reports import ReportKind
from core.model.base import STRICT, one_of


class ReportNarrative(SQLModel, table=True):
    """What the council wrote for one box of a report to come. Writing again takes its place."""

    __tablename__ = "report_narrative"
    __table_args__ = (one_of("kind", ReportKind), sa.UniqueConstraint("kind", "starts_on", "box"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=30)
    starts_on: date
    box: str = Field(max_length=60)
    text: str = Field(sa_type=sa.Text)
    written_by: int | None = Field(default=None, foreign_key="colleague.id")
    written_on: date


class ReportSnapshot(SQLModel, table=True):
    """A report as it was frozen: every figure, table, list and word as JSON. A row never changes and never goes.

    `sha256` is the digest of `content`; the other three are those of the files made from it, which are kept.
    `unsigned` holds when no signed self-assessment went with it: such a report is a draft and is not published.
    """

    __tablename__ = "report_snapshot"
    __table_args__ = (
        one_of("kind", ReportKind),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after"),
        sa.Index("ix_report_snapshot_period", "kind", "starts_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=30)
    starts_on: date
    ends_on: date
    unsigned: bool
    content: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
    pdf_sha256: str = Field(max_length=64)
    word_sha256: str = Field(max_length=64)
    html_sha256: str = Field(max_length=64)
    made_by: int | None = Field(default=None, foreign_key="colleague.id")
    made_at: datetime


def _of_a_report() -> Any:
    return Field(foreign_key="report_snapshot.id", index=True)


class ReportDifference(SQLModel, table=True):
    """Why a figure of a report now comes out differently. `now` is what it had become, in words."""

    __tablename__ = "report_difference"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = _of_a_report()
    figure: str = Field(max_length=60)
    now: str = Field(max_length=200)
    reason: str = Field(sa_type=sa.Text)
    explained_by: int | None = Field(default=None, foreign_key="colleague.id")
    explained_on: date


class ReportReceipt(SQLModel, table=True):
    """That the Member, or a body, received a report."""

    __tablename__ = "report_receipt"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = _of_a_report()
    received_on: date
    receiver: str = Field(max_length=200)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class GoverningResponse(SQLModel, table=True):
    """What the council's governing body said to a report, as it is published next to it."""

    __tablename__ = "governing_response"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = _of_a_report()
    body: str = Field(max_length=200)
    met_on: date
    minute: str = Field(max_length=200)
    words: str = Field(sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class ReportPublication(SQLModel, table=True):
    """Where and when a report appeared. `with_response` says whether the response stood next to it; if not, why."""

    __tablename__ = "report_publication"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = _of_a_report()
    address: str = Field(max_length=500)
    published_on: date
    with_response: bool
    reason: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class OmbudsmanPublication(SQLModel, table=True):
    """Something the Ombudsman published that concerns the council's work; it stands in the yearly report."""

    __tablename__ = "ombudsman_publication"
    __table_args__ = (sa.Index("ix_ombudsman_publication_day", "published_on"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=300)
    kind: str = Field(max_length=40)
    published_on: date
    address: str = Field(default="", max_length=500)
    concerns: str = Field(default="", sa_type=sa.Text)
    added_by: int | None = Field(default=None, foreign_key="colleague.id")


class MemberReport(SQLModel, table=True):
    """What the Member reported of their findings: the file is kept by its digest."""

    __tablename__ = "member_report"
    __table_args__ = (STRICT,)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size: int
    about: str = Field(max_length=300)
    reported_on: date
    added_by: int | None = Field(default=None, foreign_key="colleague.id")
