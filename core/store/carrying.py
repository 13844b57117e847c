"""Every table as lines of CSV, out of one database and into another of either kind, so that each byte comes back.

A line is made by the database itself, the same on both: RFC 4180, in the order of the primary key, text between
quotation marks, NULL as nothing at all. Two databases that hold the same therefore have the same lines.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import core.model  # noqa: F401 - registers the tables
from core.errors import BadInput

LEFT_OUT = {
    "job_lease": "which process does a chore at this moment",
    "login_session": "who is signed in: everybody signs in again",
    "month_count": "what was counted of each month: it is counted again from the record",
    "month_slice": "what a few complaints put into a month: it is counted again from the record",
    "one_time_link": "links for choosing a password that were not used: make new ones",
    "sign_in_failure": "wrong sign-ins, kept for a day",
}
"""Tables that stay behind, with what they hold: it belongs to the machine or opens a door, and is no record."""

_AT_A_TIME = 2_000
_END = "\r\n"
_CELL = r'("[^"]*(?:""[^"]*)*"|[^",\r\n]*)'

Progress = Callable[[str, int, int], None]
"""Told of the table, how many rows of it are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One table's lines as they passed: how many rows, and the SHA-256 of all bytes with the line of headings."""

    rows: int
    sha256: str


def carried_tables() -> tuple[sa.Table, ...]:
    """Every table that goes along, those referred to first."""
    return tuple(table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT_OUT)


def kind_of(column: sa.Column[Any]) -> str:
    """How a column's values are written: integer, number, boolean, date, moment or text."""
    return next(kind for kind, types in _KINDS.items() if isinstance(column.type, types))


_KINDS: dict[str, tuple[type[Any], ...]] = {
    "boolean": (sa.Boolean,),
    "integer": (sa.Integer,),
    "number": (sa.Float,),
    "date": (sa.Date,),
    "moment": (UTCDateTime,),
    "text": (sa.String, AutoString),
}


# ------------------------------------------------------------------------------------------------------------- lines


def lines(connection: Connection, table: sa.Table) -> Iterator[bytes]:
    """The table as CSV in pieces: the headings, then its rows."""
    yield (",".join(column.name for column in table.columns) + _END).encode()
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _driver(connection).create_function("in_figures", 1, _in_figures, deterministic=True)
    made = " || ',' || ".join(_written(column, sqlite=sqlite) for column in table.columns)
    order = ", ".join(_ordered(column, sqlite=sqlite) for column in table.primary_key)
    asked = sa.text(f'SELECT {made} FROM "{table.name}" ORDER BY {order}')  # noqa: S608 - our own names
    found = connection.execute(asked, execution_options={"stream_results": True, "yield_per": _AT_A_TIME})
    for part in found.scalars().partitions():
        yield (_END.join(part) + _END).encode()


def _written(column: sa.Column[Any], *, sqlite: bool) -> str:
    name, kind = f'"{column.name}"', kind_of(column)
    if kind == "text":
        value = f"'\"' || replace({name}, '\"', '\"\"') || '\"'"
    elif kind == "boolean":
        value = f"CASE WHEN {name} THEN 'true' WHEN NOT {name} THEN 'false' END"
    elif kind == "moment":
        at = f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        value = (name if sqlite else at) + " || 'Z'"
    elif kind == "date":
        value = name if sqlite else f"to_char({name}, 'YYYY-MM-DD')"
    elif kind == "number" and sqlite:
        value = f"in_figures({name})"
    else:
        value = f"CAST({name} AS TEXT)"
    return f"coalesce({value}, '')"


def _ordered(column: sa.Column[Any], *, sqlite: bool) -> str:
    collated = "" if sqlite or kind_of(column) != "text" else ' COLLATE "C"'
    return f'"{column.name}"{collated}'


def _in_figures(number: float | None) -> str | None:
    """A number as PostgreSQL writes it: the fewest figures that mean this number and no other."""
    return None if number is None else repr(number).removesuffix(".0")


class Passing:
    """Pieces of a table on their way, counted and added up. Texts may hold ends of lines, so rows are counted apart."""

    def __init__(
        self, pieces: Iterable[bytes], *, name: str = "", of: int = 0, progress: Progress | None = None
    ) -> None:
        self._pieces, self._name, self._of, self._progress = pieces, name, of, progress
        self._digest = hashlib.sha256()
        self._done = 0

    def __iter__(self) -> Iterator[bytes]:
        for number, piece in enumerate(self._pieces):
            self._digest.update(piece)
            yield piece
            if self._progress is not None and number:
                self._done = min(self._done + _AT_A_TIME, self._of)
                self._progress(self._name, self._done, self._of)

    def carried(self, rows: int) -> Carried:
        """What passed."""
        return Carried(rows=rows, sha256=self._digest.hexdigest())


def count(connection: Connection, table: sa.Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def as_it_is(connection: Connection, table: sa.Table) -> Carried:
    """What a table holds now, as its lines would tell."""
    passing = Passing(lines(connection, table))
    for _piece in passing:
        pass
    return passing.carried(count(connection, table))


# ------------------------------------------------------------------------------------------------------------ taking in


def take_in(connection: Connection, table: sa.Table, pieces: Iterable[bytes]) -> None:
    """Write a table's lines into an empty table; the next number it hands out comes after them.

    Raises BadInput when they are not the lines of this table, or the database does not take them.
    """
    try:
        if connection.dialect.name == "sqlite":
            _insert(connection, table, pieces)
        else:
            _copy(connection, table, pieces)
    except (DBAPIError, ValueError) as error:
        raise _unfit(table) from error


def _unfit(table: sa.Table) -> BadInput:
    return BadInput(
        f"The rows of “{table.name}” do not fit this database. Nothing was taken in. Export the installation again "
        "with the version of the console that runs here."
    )


def _insert(connection: Connection, table: sa.Table, pieces: Iterable[bytes]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" for _column in table.columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - our own names
    values = rows_of(table, pieces)
    while part := list(islice(values, _AT_A_TIME)):
        connection.exec_driver_sql(statement, part)


def rows_of(table: sa.Table, pieces: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table's lines as SQLite keeps them. ValueError for lines that are not the table's."""
    row = re.compile(",".join([_CELL] * len(table.columns)) + _END)
    readers = [_READERS[kind_of(column)] for column in table.columns]
    headings = ",".join(column.name for column in table.columns)
    decoder, left, first = codecs.getincrementaldecoder("utf-8")(), "", True
    for piece in pieces:
        left, at = left + decoder.decode(piece), 0
        while found := row.match(left, at):
            at = found.end()
            if first:
                first = False
                if found.group()[: -len(_END)] != headings:
                    raise ValueError("These are other columns.")
                continue
            yield tuple(read(cell) if cell else None for read, cell in zip(readers, found.groups(), strict=True))
        left = left[at:]
    if first or left or decoder.getstate()[0]:
        raise ValueError("The last line is not whole.")


def _text(cell: str) -> str:
    if cell[0] != '"':
        raise ValueError("A text stands between quotation marks.")
    return cell[1:-1].replace('""', '"')


_READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": {"true": 1, "false": 0}.__getitem__,
    "date": str,
    "moment": lambda cell: cell.removesuffix("Z"),
    "text": _text,
}


def _copy(connection: Connection, table: sa.Table, pieces: Iterable[bytes]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f"COPY \"{table.name}\" ({names}) FROM STDIN (FORMAT csv, HEADER match, NULL '', ENCODING 'UTF8')"
    from psycopg import Error  # only where the records are in PostgreSQL

    try:
        with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
            for piece in pieces:
                copy.write(piece)
    except Error as error:
        raise ValueError(str(error)) from error
    identity = table.columns.get("id")
    if identity is not None and kind_of(identity) == "integer":
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence(:name, 'id'), "  # noqa: S608 - our own names
                f'coalesce(max(id), 1), max(id) IS NOT NULL) FROM "{table.name}"'
            ),
            {"name": table.name},
        )


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


# ---------------------------------------------------------------------------------------------------------- the place


def revision(connection: Connection) -> str | None:
    """The newest migration of a database; None for one that has none."""
    return MigrationContext.configure(connection).get_current_revision()


def holding(connection: Connection) -> str | None:
    """The first table that has a row, of all; None when the installation is empty."""
    for table in SQLModel.metadata.sorted_tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            return str(table.name)
    return None


def make_way(connection: Connection) -> None:
    """Let rows refer to those that follow, and let a long transaction take its time."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        take_time(connection)
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")


def look_through(connection: Connection) -> None:
    """Take the statistics of what came in, so that it is read by the right indexes."""
    connection.exec_driver_sql("ANALYZE")


def take_time(connection: Connection) -> None:
    """Lift PostgreSQL's limits of time for this transaction."""
    if connection.dialect.name != "sqlite":
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
