"""Routes that lead out of the Code: the one a complaint goes by, what happened there, and its points that went."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.model.base import STRICT


class Route(SQLModel, table=True):
    """One route a complaint was sent down: the scheme it goes by, what the individual was told, and who takes it on.

    `before` is the scheme it came from. A route that was left again keeps its row, with `ended_on`; a complaint has
    one at most that was not.
    """

    __tablename__ = "route"
    __table_args__ = (
        sa.Index(
            "ix_route_current",
            "complaint_id",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.Index("ix_route_complaint", "complaint_id", "id"),
        sa.Index("ix_route_scheme", "scheme", "complaint_id"),
        STRICT,
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    scheme: str = Field(max_length=20)
    before: str = Field(max_length=20)
    why: str = Field(sa_type=sa.Text)
    told_on: date
    told: str = Field(sa_type=sa.Text)
    taken_by: str = Field(default="", max_length=200)
    link: str = Field(default="", max_length=500)
    decided_by: int | None = Field(default=None, foreign_key="colleague.id")
    decided_on: date
    ended_on: date | None = None


class StepTaken(SQLModel, table=True):
    """One step on a route with its day, and the later day agreed with it where there is one."""

    __tablename__ = "route_step"
    __table_args__ = (sa.UniqueConstraint("route_id", "step"), STRICT)

    id: int | None = Field(default=None, primary_key=True)
    route_id: int = Field(foreign_key="route.id")
    step: str = Field(max_length=40)
    on_day: date
    until_day: date | None = None
    note: str = Field(default="", sa_type=sa.Text)
    recorded_by: int | None = Field(default=None, foreign_key="colleague.id")


class PointRoute(SQLModel, table=True):
    """A point under another scheme than its complaint: in the same two stages, or as the complaint it became."""

    __tablename__ = "point_route"
    __table_args__ = (STRICT,)

    point_id: int = Field(primary_key=True, foreign_key="point.id", sa_column_kwargs={"autoincrement": False})
    scheme: str = Field(max_length=20)
    became_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    on_day: date
