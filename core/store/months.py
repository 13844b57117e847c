"""The table of counted months: read by whoever adds them up, written by the chore that keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from core.model.ledger import LedgerEntry
from core.model.months import MonthCount
from core.store.engine import Database

_M = MonthCount.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
TOO_MANY = 5_000  # house: entries that are still looked through


def months_there(connection: Connection, first: date, last: date, made_by: str, today: date) -> Sequence[Any]:
    """The months from `first` to `last` that were counted by the same rules, and not on a day still to come."""
    statement = (
        sa.select(_M.c.month, _M.c.height)
        .where(_M.c.month >= first, _M.c.month <= last)
        .where(_M.c.made_by == made_by, _M.c.counted_on <= today)
        .order_by(_M.c.month)
    )
    return connection.execute(statement).all()


def texts_of(connection: Connection, months: Sequence[date], *, by_service: bool) -> dict[date, str]:
    """What was counted of these months: of the whole council, or service by service."""
    text = _M.c.services if by_service else _M.c.whole
    statement = sa.select(_M.c.month, text).where(_M.c.month >= min(months), _M.c.month <= max(months))
    wanted = {*months}
    return {row[0]: row[1] for row in connection.execute(statement) if row[0] in wanted}


def height(connection: Connection) -> int:
    """The number of the ledger's last entry."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_L.c.n), 0))).scalar_one())


@dataclass(frozen=True, slots=True)
class Since:
    """What was recorded after an entry: tags of entries about a complaint, tags of others, and what was said of some.

    `many` when more than `TOO_MANY` entries came, of which no more are looked at.
    """

    about: frozenset[str]
    beside: frozenset[str]
    said: frozenset[str]
    many: bool


def since(connection: Connection, n: int, told: str) -> Since:
    """What was recorded after entry `n`; `said` has the plain fields of entries of the tag `told`."""
    data = sa.case((_L.c.tag == told, _L.c.data), else_="")
    newer = sa.select(_L.c.tag, _L.c.complaint_id, data).where(_L.c.n > n)
    rows = connection.execute(newer.order_by(_L.c.n).limit(TOO_MANY + 1)).all()
    return Since(
        about=frozenset(tag for tag, complaint_id, _data in rows if complaint_id is not None),
        beside=frozenset(tag for tag, complaint_id, _data in rows if complaint_id is None),
        said=frozenset(data for _tag, _complaint_id, data in rows if data),
        many=len(rows) > TOO_MANY,
    )


def complaints_since(n: int, looked: frozenset[str]) -> Any:
    """The ids of complaints that an entry after `n` is about, but for those of tags in `looked`: for a condition."""
    where = (_L.c.n > n, _L.c.complaint_id.is_not(None), _L.c.tag.not_in(sorted(looked)))
    return sa.select(_L.c.complaint_id).where(*where).distinct()


def keep(database: Database, row: MonthCount) -> None:
    """Put one month in the place of what was kept of it, unless another process has counted it from a later record."""
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    new = insert(_M).values(**row.model_dump())
    told = {name: new.excluded[name] for name in _M.c.keys() if name != "month"}
    older = _M.c.height <= new.excluded.height
    with database.writing() as session:
        session.connection().execute(new.on_conflict_do_update(index_elements=["month"], set_=told, where=older))


def still_good(database: Database, months: Iterable[date], *, n: int) -> None:
    """Note that these months are good up to entry `n`, so that fewer entries are looked through next time."""
    with database.writing() as session:
        where = (_M.c.month.in_([*months]), _M.c.height < n)
        session.connection().execute(sa.update(_M).where(*where).values(height=n))
