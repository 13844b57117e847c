"""Connections to SQLite as the record needs them, and how their transactions begin.

How the next one begins stands on the connection itself: a listener to the engine would have it look for listeners
around every statement, which costs each of them a tenth.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, RootTransaction

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # without it INSERT OR REPLACE would rewrite the ledger past its triggers
    "busy_timeout=5000",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "mmap_size=268435456",
)


class _Connection(sqlite3.Connection):
    begins = "DEFERRED"


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions are begun by us: to look, unless `begin_to_write` begins them."""
    engine = sa.create_engine(url, connect_args={"timeout": 5, "check_same_thread": False, "factory": _Connection})
    engine.dialect.do_begin = _begin  # type: ignore[method-assign,assignment]

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _begin(connection: Any) -> None:
    connection.execute(f"BEGIN {connection.begins}")


def begin_to_write(connection: Connection) -> RootTransaction:
    """Begin a transaction that has the right to write from the start: it waits now, and never in the middle."""
    raw: Any = connection.connection.dbapi_connection
    raw.begins = "IMMEDIATE"
    try:
        return connection.begin()
    finally:
        raw.begins = "DEFERRED"
