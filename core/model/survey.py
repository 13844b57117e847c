"""The feedback survey, kept apart: who was offered it, counts that belong to nobody, and words without a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.survey import SurveyReply, SurveyWay

_NO_ORDER: dict[str, Any] = {**STRICT, "sqlite_with_rowid": False}
"""SQLite would otherwise number the rows in the order they came."""


class SurveyOffer(SQLModel, table=True):
    """That a complaint's individual was offered the survey about one stage, and whether they answered: never what.

    `link_id` is the hash of a link's token, while there is one.
    """

    __tablename__ = "survey_offer"
    __table_args__ = (
        one_of("way", SurveyWay),
        one_of("reply", SurveyReply),
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        sa.Index("ix_survey_offer_offered", "offered_on"),
        STRICT,
    )

    complaint_id: int = Field(primary_key=True, foreign_key="complaint.id", sa_column_kwargs={"autoincrement": False})
    stage_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    offered_on: date
    way: str = Field(max_length=20)
    reply: str = Field(max_length=40)
    link_id: str | None = Field(default=None, max_length=64, unique=True)
    link_ends_at: datetime | None = None


class SurveyCount(SQLModel, table=True):
    """How many people gave one answer, of those offered the survey in one month after one stage with one outcome.

    `scope` is a service, or 0 where a service is not named. There is no row for a person: an answer raises a count,
    and every count of its kind is written anew with it.
    """

    __tablename__ = "survey_count"
    __table_args__ = (sa.CheckConstraint("people >= 0", name="people"), _NO_ORDER)

    month: date = Field(primary_key=True)
    stage_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    scope: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outcome: str = Field(primary_key=True, max_length=20)
    question: str = Field(primary_key=True, max_length=40)
    answer: str = Field(primary_key=True, max_length=40)
    people: int


class SurveyComment(SQLModel, table=True):
    """What somebody wrote in a survey, with its month and nothing else; its key is drawn by lot."""

    __tablename__ = "survey_comment"
    __table_args__ = (sa.Index("ix_survey_comment_month", "month"), _NO_ORDER)

    id: str = Field(primary_key=True, max_length=36)
    month: date
    words: str = Field(sa_type=sa.Text)
