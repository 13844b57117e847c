"""The tables of counted months: read by whoever adds them up, written by the chore that keeps them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from core.model.ledger import LedgerEntry
from core.model.months import MonthCount, MonthSlice
from core.store.engine import Database

_M = MonthCount.__table__  # type: ignore[attr-defined]
_P = MonthSlice.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
TOO_MANY = 5_000  # house: entries that are still looked through
Part = Literal["whole", "services", "categories"]
Slices = Mapping[tuple[date, int], str]


def months_there(connection: Connection, first: date, last: date, made_by: str, today: date) -> Sequence[Any]:
    """The months from `first` to `last` that were counted by the same rules, and that are good for today."""
    statement = (
        sa.select(_M.c.month, _M.c.height)
        .where(_M.c.month >= first, _M.c.month <= last, _M.c.made_by == made_by)
        .where(sa.or_(sa.and_(_M.c.settled.is_(True), _M.c.counted_on <= today), _M.c.counted_on == today))
        .order_by(_M.c.month)
    )
    return connection.execute(statement).all()


def texts_of(connection: Connection, months: Sequence[date], part: Part) -> dict[date, str]:
    """What was counted of these months: of the whole council, by service, or by category."""
    statement = sa.select(_M.c.month, _M.c[part]).where(_M.c.month.in_([*months]))
    return {row[0]: row[1] for row in connection.execute(statement)}


def slices_of(connection: Connection, months: Collection[date], slices: Collection[int]) -> dict[tuple[date, int], str]:
    """What was counted of these slices in these months."""
    statement = sa.select(_P).where(_P.c.month.in_([*months]), _P.c.slice.in_([*slices]))
    return {(row.month, row.slice): row.counts for row in connection.execute(statement)}


def height(connection: Connection) -> int:
    """The number of the ledger's last entry."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_L.c.n), 0))).scalar_one())


@dataclass(frozen=True, slots=True)
class Since:
    """What was recorded after an entry: the complaints that entries are about, and the tags of those about none.

    `many` when more than `TOO_MANY` entries came, of which none is looked at.
    """

    about: frozenset[int] = frozenset()
    beside: frozenset[str] = frozenset()
    many: bool = False


def since(connection: Connection, n: int, looked: frozenset[str]) -> Since:
    """What was recorded after entry `n`, but for entries of the tags in `looked`."""
    newer = sa.select(_L.c.tag, _L.c.complaint_id).where(_L.c.n > n).limit(TOO_MANY + 1).subquery()
    if connection.execute(sa.select(sa.func.count()).select_from(newer)).scalar_one() > TOO_MANY:
        return Since(many=True)
    beside = sa.case((newer.c.complaint_id.is_(None), newer.c.tag))
    told = sa.select(newer.c.complaint_id, beside).where(newer.c.tag.not_in(sorted(looked))).distinct()
    rows = connection.execute(told).all()
    return Since(
        about=frozenset(row[0] for row in rows if row[0] is not None),
        beside=frozenset(row[1] for row in rows if row[1] is not None),
    )


def keep(database: Database, row: MonthCount, slices: Slices) -> None:
    """Put one month in the place of what was kept of it, unless another process has counted it from a later record."""
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    new = insert(_M).values(**row.model_dump())
    told = {name: new.excluded[name] for name in _M.c.keys() if name != "month"}
    older = _M.c.height <= new.excluded.height
    with database.writing() as session:
        connection = session.connection()
        kept = connection.execute(new.on_conflict_do_update(index_elements=["month"], set_=told, where=older))
        if kept.rowcount:
            connection.execute(sa.delete(_P).where(_P.c.month == row.month))
            _add(connection, slices)


def put_right(database: Database, row: MonthCount, slices: Collection[int], now: Slices, *, kept_at: int) -> None:
    """Change a month by what these slices are now; nothing where another process has changed it since `kept_at`."""
    told = {name: getattr(row, name) for name in ("height", "counted_on", "settled", "whole", "services", "categories")}
    with database.writing() as session:
        connection = session.connection()
        where = (_M.c.month == row.month, _M.c.height == kept_at)
        if connection.execute(sa.update(_M).where(*where).values(**told)).rowcount:
            connection.execute(sa.delete(_P).where(_P.c.month == row.month, _P.c.slice.in_([*slices])))
            _add(connection, now)


def _add(connection: Connection, slices: Slices) -> None:
    rows = [{"month": month, "slice": number, "counts": counts} for (month, number), counts in slices.items()]
    if rows:
        connection.execute(sa.insert(_P), rows)


def still_good(database: Database, months: Iterable[date], *, kept_at: int, n: int) -> None:
    """Note that months kept at one entry are good up to entry `n`, so that fewer entries are looked through later."""
    with database.writing() as session:
        where = (_M.c.month.in_([*months]), _M.c.height == kept_at)
        session.connection().execute(sa.update(_M).where(*where).values(height=n))
