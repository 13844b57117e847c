"""One COMMIT for several writers of a process: SQLite waits for the disk once, not once a writer.

A writer that finds others waiting leaves its transaction open, and the next one goes on in it, in a savepoint of its
own: what it undoes is its own alone. Nobody is told of success before the one COMMIT has come back from the disk; if
it fails, nothing of theirs was saved and each is told so. Whoever comes alone waits for nobody.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any

from sqlalchemy.engine import Connection, Engine

from core.store.gate import Gate
from core.store.sqlite import begin_to_write

MOST = 24
"""Writers in one transaction."""
LONGEST = 0.025
"""Seconds after which a transaction takes in nobody else: the first in it waits for the last."""


class _Shared:
    """A transaction that several writers take part in, one after another."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.transaction = begin_to_write(connection)
        self.began = monotonic()
        self.through = 0
        self.ended = threading.Event()
        self.failure: BaseException | None = None

    @property
    def stands(self) -> bool:
        """Whether what was done in it is still there: SQLite undoes all of it by itself when the disk is full."""
        if not self.transaction.is_active or self.connection.invalidated:
            return False
        return bool(getattr(self.connection.connection.dbapi_connection, "in_transaction", False))

    def end(self) -> None:
        """Commit, unless nobody got through; what goes wrong is kept for everybody who did."""
        try:
            if not self.through or self.failure is not None:
                self.connection.close()
                return
            self.transaction.commit()
        except BaseException as failure:  # it goes to each of those who wait for this
            self.failure = failure
        finally:
            with contextlib.suppress(Exception):
                self.connection.close()
            self.ended.set()


class Together:
    """The writers of one process to one SQLite file."""

    def __init__(self, engine: Engine, gate: Gate) -> None:
        self._engine = engine
        self._gate = gate
        self._shared: _Shared | None = None  # only whoever has the turn looks here

    @contextlib.contextmanager
    def writer(self, *, alone: bool) -> Iterator[Mapping[str, Any]]:
        """Take one's turn; what a session is opened with. Comes back once what was done is on the disk.

        Whoever writes `alone` neither makes others wait for it nor lets them read what is not certain yet. Raises
        whatever the COMMIT failed with.
        """
        with self._gate.turn(joins=not alone):
            shared = self._shared or self._begin()
            try:
                # The first one needs no savepoint: there is nothing of anybody else's to keep.
                yield {
                    "bind": shared.connection,
                    "join_transaction_mode": "create_savepoint" if shared.through else "rollback_only",
                }
                shared.through += 1
            except BaseException as error:
                if shared.through and not shared.stands:
                    shared.failure = error
                raise
            finally:
                if alone or not self._goes_on(shared):
                    self._end(shared)
        shared.ended.wait()
        if shared.failure is not None:
            raise shared.failure

    def _begin(self) -> _Shared:
        with contextlib.ExitStack() as undoing:
            self._gate.lock()
            undoing.callback(self._gate.unlock)
            connection = undoing.enter_context(self._engine.connect())
            self._shared = _Shared(connection)
            undoing.pop_all()
        return self._shared

    def _goes_on(self, shared: _Shared) -> bool:
        if not shared.through or shared.through >= MOST or monotonic() - shared.began > LONGEST:
            return False
        return shared.stands and self._gate.next_joins

    def _end(self, shared: _Shared) -> None:
        self._shared = None
        try:
            shared.end()
        finally:
            self._gate.unlock()
