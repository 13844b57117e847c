"""Many rows at once, for imports: as quick as the database allows, and still within the unit of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from core.store.engine import touch


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table, all with the same columns, in one statement. The caller owes the events.

    The library would look at every value of every row by name; here each column's own way of writing is looked up once.
    """
    if not rows:
        return
    insert_many(session.connection(), table.__table__, rows)  # type: ignore[attr-defined]
    touch(session, str(table.__tablename__))


def insert_many(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows past the unit of work: the caller owes what it watches over."""
    if not rows:
        return
    statement = sa.insert(table)
    compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    if compiled.insert_prefetch:  # a column that is not given has a value of its own
        connection.execute(statement, list(rows))
    elif connection.dialect.name == "sqlite":
        connection.exec_driver_sql(str(compiled), list(_values(compiled, compiled.positiontup, rows)))
    else:
        _copy(connection, compiled, table.name, rows)


def _values(compiled: Any, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    writes = compiled._bind_processors  # noqa: SLF001 - the library's own; a test holds on to it
    ways = [(column, writes.get(column)) for column in columns]
    for row in rows:
        yield tuple([row[column] if way is None else way(row[column]) for column, way in ways])


def _copy(connection: Connection, compiled: Any, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in PostgreSQL's own way for many, which reads no statement for each."""
    columns = list(rows[0])
    quote = connection.dialect.identifier_preparer.quote
    into = f"COPY {quote(table)} ({', '.join(map(quote, columns))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(into) as copying:
            for values in _values(compiled, columns, rows):
                copying.write_row(values)
    except connection.dialect.loaded_dbapi.Error as fault:
        raise DBAPIError.instance(into, None, fault, connection.dialect.loaded_dbapi.Error) from fault


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
