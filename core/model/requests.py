"""Service requests: a record of their own, beside complaints and never a stage of one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.model.complaints import Channel


class RequestOutcome(StrEnum):
    """How a service request ended."""

    DONE = "done"
    EXPLAINED = "explained"
    NOT_DONE = "not done, with reasons"
    ELSEWHERE = "passed to another body"
    NO_LONGER_WANTED = "no longer wanted"


class OfferReply(StrEnum):
    """What somebody said who was offered a complaint."""

    ACCEPTED = "yes, they want to complain"
    DECLINED = "no, they do not"
    NO_REPLY = "no reply yet"


class LinkKind(StrEnum):
    """How a service request and a complaint belong together."""

    RAISED = "raised"
    TURNED_OUT = "turned out"


class ServiceRequest(SQLModel, table=True):
    """One service request from receipt to its end. `words` are as they were said and never change."""

    __tablename__ = "service_request"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("outcome", RequestOutcome),
        one_of("offer_reply", OfferReply),
        sa.CheckConstraint("(outcome IS NULL) = (closed_on IS NULL)", name="closed_with_outcome"),
        sa.CheckConstraint("(offer_reply IS NULL) = (offered_on IS NULL)", name="offered_with_reply"),
        sa.Index("ix_service_request_closed", "closed_on", "id"),
        sa.Index("ix_service_request_owner", "owner_id", "closed_on"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    matter: str = Field(max_length=200)
    words: str = Field(sa_type=sa.Text)
    channel: str = Field(max_length=20)
    received_on: date
    received_by: str = Field(default="", max_length=120)
    logged_on: date
    service_id: int | None = Field(default=None, foreign_key="service.id")
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    due_on: date | None = None
    contains_dissatisfaction: bool = False
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    why: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answer: str = Field(default="", sa_type=sa.Text)
    offered_on: date | None = None
    offer_reply: str | None = Field(default=None, max_length=40)
    outcome: str | None = Field(default=None, max_length=40)
    closed_on: date | None = None
    anonymised_on: date | None = None
    version: int = 1


class RequestStep(SQLModel, table=True):
    """Which commands changed a service request: its history is what these wrote into the ledger."""

    __tablename__ = "request_step"
    __table_args__ = (sa.Index("ix_request_step_command", "command_id"), STRICT)

    request_id: int = Field(
        primary_key=True, foreign_key="service_request.id", sa_column_kwargs={"autoincrement": False}
    )
    command_id: str = Field(primary_key=True, max_length=36)


class RequestLink(SQLModel, table=True):
    """A service request and a complaint that belong together; each goes its own way."""

    __tablename__ = "request_link"
    __table_args__ = (
        one_of("kind", LinkKind),
        sa.Index("ix_request_link_complaint", "complaint_id"),
        STRICT,
    )

    request_id: int = Field(
        primary_key=True, foreign_key="service_request.id", sa_column_kwargs={"autoincrement": False}
    )
    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=20)
    on_day: date


class RequestReview(SQLModel, table=True):
    """One month of service requests looked back over and signed off; `month` is its first day."""

    __tablename__ = "request_review"
    __table_args__ = (STRICT,)

    month: date = Field(primary_key=True)
    reviewed_on: date
    reviewed_by: int | None = Field(default=None, foreign_key="colleague.id")
    note: str = Field(sa_type=sa.Text)


class Respondent(StrEnum):
    """Whose doing a complaint is about. The council answers for all of them, inside the same two stages."""

    OURS = "the council"
    CONTRACTOR = "a contractor"
    PARTNER = "a partner"


class TakenIn(SQLModel, table=True):
    """How a complaint was taken in: who decided that it is one and why, whose doing it is about, how many it affects.

    One that was passed on waits for that decision with its clock running: `decided_on` is empty until then.
    """

    __tablename__ = "taken_in"
    __table_args__ = (
        one_of("respondent", Respondent),
        sa.CheckConstraint("affected >= 1", name="affected"),
        STRICT,
    )

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    passed_on: bool = False
    decided_on: date | None = None
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    why: str = Field(default="", sa_type=sa.Text)
    respondent: str = Field(default=Respondent.OURS, max_length=20)
    respondent_name: str = Field(default="", max_length=120)
    affected: int = 1
    lead_contact: str = Field(default="", max_length=200)
