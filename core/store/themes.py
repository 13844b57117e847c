"""Complaints counted by what they have in common, for finding themes; confidential ones are left out of every count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint
from core.model.learning import Cause, Learning
from core.rules.themes import Series
from core.store.scope import not_confidential

_C = Complaint.__table__  # type: ignore[attr-defined]
_CA = Cause.__table__  # type: ignore[attr-defined]
_L = Learning.__table__  # type: ignore[attr-defined]


def counted(connection: Connection, *, past_from: date, first: date, last: date) -> list[Series]:
    """Every category and every cause in every service: new from `first` to `last`, past from `past_from` [lgsco:9.2].

    What has no category counts among its service's complaints and is no kind of its own.
    """
    within = (_C.c.received_on >= past_from, _C.c.received_on <= last, not_confidential(_C.c.id))
    new = sa.func.sum(sa.case((_C.c.received_on >= first, 1), else_=0)).label("new")
    by_category = sa.select(_C.c.service_id, _C.c.category.label("key"), new, sa.func.count().label("n"))
    rows = connection.execute(by_category.where(*within).group_by(_C.c.service_id, _C.c.category)).all()
    everything: dict[int | None, tuple[int, int]] = {}
    for row in rows:
        was = everything.get(row.service_id, (0, 0))
        everything[row.service_id] = (was[0] + row.new, was[1] + row.n - row.new)
    found = [_series("category", row, row.key, everything) for row in rows if row.key]
    pairs = sa.select(_L.c.complaint_id, _L.c.cause_id).where(_L.c.cause_id.is_not(None)).distinct().subquery()
    by_cause = (
        sa.select(_C.c.service_id, pairs.c.cause_id.label("key"), _CA.c.title, new, sa.func.count().label("n"))
        .select_from(_C.join(pairs, pairs.c.complaint_id == _C.c.id).join(_CA, _CA.c.id == pairs.c.cause_id))
        .where(*within)
        .group_by(_C.c.service_id, pairs.c.cause_id, _CA.c.title)
    )
    return found + [_series("cause", row, row.title, everything) for row in connection.execute(by_cause)]


def _series(kind: str, row: Any, title: str, everything: dict[int | None, tuple[int, int]]) -> Series:
    all_new, all_past = everything[row.service_id]
    return Series(
        kind=kind,
        key=str(row.key),
        service_id=row.service_id,
        title=title,
        new=row.new,
        past=row.n - row.new,
        all_new=all_new,
        all_past=all_past,
    )


def members(connection: Connection, series: Series, *, first: date, last: date) -> Iterator[int]:
    """The new complaints of a series."""
    of_service = _C.c.service_id.is_(None) if series.service_id is None else _C.c.service_id == series.service_id
    if series.kind == "cause":
        caused = sa.exists().where(_L.c.complaint_id == _C.c.id, _L.c.cause_id == int(series.key))
        of_kind: Any = caused
    else:
        of_kind = _C.c.category == series.key
    statement = sa.select(_C.c.id).where(
        of_service, of_kind, _C.c.received_on >= first, _C.c.received_on <= last, not_confidential(_C.c.id)
    )
    yield from connection.execute(statement.order_by(_C.c.id)).scalars()
