"""PostgreSQL's own files after an erasure: every table written anew, its statistics too, and the log turned over.

An UPDATE leaves the old row on its page until something else is written there, and the log keeps what every change
wrote. SQLite needs none of this: each erasure rewrites its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Any

import sqlalchemy as sa
from psycopg.errors import InsufficientPrivilege, LockNotAvailable
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables
from core.errors import BadInput, NotReady
from core.store.engine import Database

_SCRUBBING = 20240404  # the advisory lock: one at a time
_STATISTICS = "pg_catalog.pg_statistic"  # the commonest values of each column, among them names and words
_PATIENCE, _A_MOMENT = 20, 0.5  # tries, seconds
_COUNT = re.compile(r"\d+")
Told = Callable[[int, int], object]
"""Hears how many tables are written anew, and how many there are."""

OUT_OF_REACH = (
    "Backups, archived segments of the log, and copies by a replica's or a disk's own snapshots keep what they held: "
    "let them run out on the council's schedule. The server's log holds statements where it is set to write them. "
    "Blocks that the file system has set free are the disk's: keep it encrypted."
)
"""What no statement reaches, in words for the administrator."""
LOG_IS_LEFT = (
    "The write-ahead log could not be turned over: this role may not. As a superuser run GRANT pg_checkpoint, "
    "pg_monitor TO the owner and GRANT EXECUTE ON FUNCTION pg_switch_wal() TO the owner, then scrub again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbed:
    """What was done: how many tables were written anew, and whether the log was turned over too."""

    tables: int
    log: bool

    @property
    def beyond(self) -> tuple[str, ...]:
        """What was not reached, in sentences."""
        return (OUT_OF_REACH,) if self.log else (LOG_IS_LEFT, OUT_OF_REACH)


def scrub(database: Database, *, told: Told = lambda _done, _all: None) -> Scrubbed:
    """Leave no page of any table, index, statistic or log with what was erased before now.

    Each table is locked while it is written, so nobody works with it then. Raises BadInput for SQLite and without the
    owner's role, NotReady while somebody still reads what was there before: nothing is half done, and it can be run
    again.
    """
    if database.is_sqlite:
        raise BadInput("The records are in an SQLite file, which every erasure rewrites. There is nothing to scrub.")
    with database.alone(_SCRUBBING), _autocommit(database) as connection:
        _owner_or_refuse(connection)
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET lock_timeout = '2s'")  # or everybody else would wait behind it
        tables = [*sorted(SQLModel.metadata.tables), _STATISTICS]
        for done, table in enumerate(tables):
            told(done, len(tables))
            _write_anew(connection, table)
        told(len(tables), len(tables))
        return Scrubbed(tables=len(tables), log=_turn_the_log_over(connection))


@contextmanager
def _autocommit(database: Database) -> Iterator[Connection]:
    """A connection of its own that is closed for good: its limits are not those of the others."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            yield connection
        finally:
            connection.invalidate()


def _owner_or_refuse(connection: Connection) -> None:
    mine = sa.text(
        "SELECT pg_has_role(datdba, 'USAGE') AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace AND NOT pg_has_role(relowner, 'USAGE')) "
        "FROM pg_database WHERE datname = current_database()"
    )
    if not connection.execute(mine).scalar_one():
        raise BadInput(
            "Only the owner of the database and its tables can write them anew. Set COMPLAINTS_DATABASE_URL to the "
            "owner's role for this command, as for `complaints setup`."
        )


def _write_anew(connection: Connection, table: str) -> None:
    """A table, its long texts and its indexes into new files; once more while somebody may still see old rows."""
    for _try in range(_PATIENCE):
        if not _rows_left(connection, table):
            return
        sleep(_A_MOMENT)
    raise NotReady(
        f"Somebody still reads what was there before ({table}). Wait until long reports, exports and "
        "backups are through, or stop the console, then scrub again."
    )


def _rows_left(connection: Connection, table: str) -> bool:
    """Write it anew; whether it is in use, or rows that are gone had to be taken along, as a notice tells."""
    taken_along: list[int] = []

    def hear(notice: Any) -> None:
        if found := _COUNT.match(notice.message_detail or ""):
            taken_along.append(int(found[0]))

    raw: Any = connection.connection.dbapi_connection
    raw.add_notice_handler(hear)
    try:
        options, named = ("FULL, VERBOSE", table) if table == _STATISTICS else ("FULL, VERBOSE, ANALYZE", f'"{table}"')
        connection.exec_driver_sql(f"VACUUM ({options}) {named}")
    except DBAPIError as error:
        if isinstance(error.orig, LockNotAvailable):
            return True
        raise
    finally:
        raw.remove_notice_handler(hear)
    return any(taken_along)


def _turn_the_log_over(connection: Connection) -> bool:
    """Write every file of the log anew, those kept for later use included; False where the role may not.

    A checkpoint lets go of what is older; PostgreSQL keeps such files under new names and writes over them in turn.
    """
    try:
        _next_file(connection)
        connection.exec_driver_sql("CHECKPOINT")
        files = connection.execute(sa.text("SELECT count(*) FROM pg_ls_waldir()")).scalar_one()
        for _file in range(files):
            _next_file(connection)
        connection.exec_driver_sql("CHECKPOINT")
    except DBAPIError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            return False
        raise
    return True


def _next_file(connection: Connection) -> None:
    """Go on in the log's next file, the rest of this one left empty; of an empty one nobody could go on."""
    connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'scrub', '')")
    connection.exec_driver_sql("SELECT pg_switch_wal()")
