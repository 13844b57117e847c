"""The engines of the tests: the product's own, that share compiled statements and do not wait for the disk.
On PostgreSQL they also take over the connections of those before them.

Every test has an office, and so an engine, of its own. A new engine knows no statement and would compile them all anew,
which is half of what the tests of commands cost; an office at work does it once. What a power cut leaves is tried with
processes of their own, whose engines nobody changes.
"""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from core.store import engine as engines

STATEMENTS = 5000
"""Far more than the suite knows, so that none is compiled twice."""

AT_REST = 9
"""Connections that nobody uses and that are kept: those of the last few offices, and few of what a server allows."""

product_engine = engines.make_engine


class Connections:
    """Connections to databases that are lent to test after test, kept from one office to the next.

    PostgreSQL starts a process for each new one, which has to learn every table and statement anew: that cost more than
    the steps most tests take. A connection that is not at rest is closed, and what one was told to be is taken back.
    """

    def __init__(self) -> None:
        self._lent: set[str] = set()
        self._at_rest: list[Any] = []
        self._one_at_a_time = Lock()
        self._told: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()

    def keep(self, database: str) -> None:
        """From now on connections to this database are kept."""
        self._lent.add(database)

    def forget(self, database: str) -> None:
        """Close what is kept of a database that goes away."""
        self._lent.discard(database)
        for connection in [each for each in self._at_rest if self._told[each]["dbname"] == database]:
            self._at_rest.remove(connection)
            connection.close()

    def serve(self, engine: Engine) -> None:
        """Let an engine connect, and its pool close, by way of here."""
        event.listen(engine, "do_connect", self._connect)
        engine.dialect.do_close = self._close

    def _connect(self, dialect: Any, _record: Any, given: Any, named: dict[str, Any]) -> Any:
        if named.get("dbname") not in self._lent:
            return None
        told = {name: value for name, value in named.items() if name != "context"}  # each engine makes its own, alike
        while (connection := self._taken(told)) is not None:
            if self._as_new(connection):
                return connection
            connection.close()
        connection = dialect.connect(*given, **named)
        self._told[connection] = told
        return connection

    def _taken(self, told: dict[str, Any]) -> Any:
        with self._one_at_a_time:
            found = next((each for each in reversed(self._at_rest) if self._told[each] == told), None)
            if found is not None:
                self._at_rest.remove(found)
            return found

    def _close(self, connection: Any) -> None:
        at_rest = not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if at_rest and self._told.get(connection, {}).get("dbname") in self._lent:
            with self._one_at_a_time:
                self._at_rest.append(connection)
                connection = self._at_rest.pop(0) if len(self._at_rest) > AT_REST else None
        if connection is not None:
            connection.close()

    @staticmethod
    def _as_new(connection: Any) -> bool:
        """Whether the server still answers, and no setting or lock of the one before is left."""
        answer = connection.pgconn.exec_(b"RESET ALL; SELECT pg_advisory_unlock_all()")
        if answer.status != psycopg.pq.ExecStatus.TUPLES_OK:
            return False
        connection.autocommit, connection.isolation_level = False, None
        connection.read_only = connection.deferrable = None
        return True


CONNECTIONS = Connections()


class SharingEngines:
    """Makes engines as the product does, and lets those of one kind share a dialect and its compiled statements."""

    def __init__(self) -> None:
        self._dialects: dict[str, Any] = {}
        self._compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def __call__(self, *given: Any, **named: Any) -> Engine:
        """An engine of the product's making."""
        engine = product_engine(*given, **named)
        engine._compiled_cache = self._compiled  # noqa: SLF001 - the key of each statement names its dialect
        own, kind = engine.dialect, engine.url.drivername
        if kind != "sqlite":
            CONNECTIONS.serve(engine)  # before dialects are shared: each pool closes by its own
        if kind in self._dialects:
            engine.dialect = self._dialects[kind]
        else:
            # A dialect can be shared once it has met its database: the listener before this one introduces them.
            event.listen(engine, "connect", lambda *_: self._dialects.setdefault(kind, own), once=True)
        if kind == "sqlite":
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        return engine


def share_engines() -> None:
    """From here on every office of this process has such an engine."""
    pytest.MonkeyPatch().setattr(engines, "make_engine", SharingEngines())
