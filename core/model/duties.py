"""The one table of duties: every queue, clock, figure and reminder reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT, one_of
from core.rules.facts import Standing


def _next() -> dict[str, Any]:
    """Index only the open duty that comes first: a small share of the table, however many years it holds."""
    return {"sqlite_where": sa.text("is_next = 1"), "postgresql_where": sa.text("is_next")}


class Duty(SQLModel, table=True):
    """One thing owed. Written only from `core.rules.duties`, with the change that made it.

    `is_next` marks the open duty of a complaint that comes first; `owner_id` and `service_id` repeat the stage's
    handler and the complaint's service so that a queue is one index walk. `calendar_id` is the version of the calendar
    it was counted by: a settled duty keeps it, so a day announced later never moves it. `number` tells several of one
    kind on one complaint apart, such as the reviews of its adjustments; 0 where there is only one. `ours` marks what a
    service standard of the council's own asks for and no Code or law does; it is counted apart, and a complaint has a
    next duty of each.
    """

    __tablename__ = "duty"
    __table_args__ = (
        sa.UniqueConstraint("complaint_id", "stage_number", "kind", "number"),
        one_of("standing", Standing),
        sa.CheckConstraint("stage_number IN (1, 2)", name="two_stages"),
        sa.Index("ix_duty_queue", "act_by", "ours", "id", **_next()),
        sa.Index("ix_duty_queue_owner", "owner_id", "act_by", "ours", "id", **_next()),
        sa.Index("ix_duty_queue_service", "service_id", "act_by", "ours", "id", **_next()),
        sa.Index("ix_duty_figures", "kind", "standing", "due_on", "service_id", "complaint_id"),
        sa.Index("ix_duty_met", "kind", "standing", "met_on", "service_id", "complaint_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    stage_number: int
    kind: str = Field(max_length=40)
    number: int = 0
    clause: str = Field(max_length=20)
    owner_id: int | None = Field(default=None, foreign_key="colleague.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    start_on: date
    days: int
    due_on: date
    act_by: date
    literal_due_on: date | None = None
    promised_on: date | None = None
    met_on: date | None = None
    standing: str = Field(max_length=10)
    is_next: bool = False
    ours: bool = False
    calendar_id: int
