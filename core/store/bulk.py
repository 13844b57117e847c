"""Many rows at once, for imports: as quick as the database allows, and still within the unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from core.store.engine import touch


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table in one statement. The caller owes the events."""
    if not rows:
        return
    statement = sa.insert(table.__table__)  # type: ignore[attr-defined]
    session.connection().execute(statement, list(rows))
    touch(session, str(table.__tablename__))


def next_ids(session: Session, table: type[SQLModel], count: int) -> Sequence[int]:
    """Reserve `count` ids of a table inside this transaction.

    SQLite has one writer, so the next free numbers are ours; PostgreSQL hands them out from the table's sequence.
    """
    if count == 0:
        return ()
    name = str(table.__tablename__)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        column = table.__table__.c.id  # type: ignore[attr-defined]
        first = (connection.execute(sa.select(sa.func.max(column))).scalar() or 0) + 1
        return range(first, first + count)
    statement = sa.text(
        "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count) ORDER BY 1"
    )
    return list(connection.execute(statement, {"name": name, "count": count}).scalars())


def take_numbers(session: Session, name: str, count: int = 1) -> range:
    """The next `count` numbers of a counter, without gaps: they are given back if this transaction fails."""
    connection = session.connection()
    statement = sa.text(
        "INSERT INTO counter (name, value) VALUES (:name, :count) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + :count RETURNING value"
    )
    last = connection.execute(statement, {"name": name, "count": count}).scalar_one()
    return range(last - count + 1, last + 1)
