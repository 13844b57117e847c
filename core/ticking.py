"""The work that is due by itself: once, by `complaints tick`, or again and again in a thread of the server."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from core.desk import Office
from core.outbox import OnFault, Sent, send_due
from core.store import outbox

JOB = "tick"
_LEAST_LEASE = 60  # seconds
_PARTING = 30  # seconds to wait for a letter that is being handed over


def tick(office: Office, *, on_fault: OnFault | None = None, stop: Callable[[], bool] = lambda: False) -> Sent:
    """Do everything that is due now, once."""
    return send_due(office, on_fault=on_fault, stop=stop)


class Ticker:
    """Does what is due every so many seconds, in one process of all that serve these records.

    Whoever holds the lease does it; a process that dies leaves it to the next one after three turns at most. Two at
    work at once would do no harm: every letter is claimed by itself.
    """

    def __init__(self, office: Office, *, seconds: float, on_fault: OnFault) -> None:
        self._office, self._seconds, self._on_fault = office, seconds, on_fault
        self._worker = f"{socket.gethostname()[:24]}/{os.getpid()}/{uuid4().hex[:8]}"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin; the first turn comes after the first pause."""
        self._thread.start()

    def stop(self) -> None:
        """End after the letter in hand, and let another process begin at once."""
        self._ended.set()
        self._thread.join(timeout=_PARTING)

    def turn(self) -> Sent | None:
        """One turn; None when another process has the lease."""
        office, now = self._office, self._office.now()
        until = now + timedelta(seconds=max(3 * self._seconds, _LEAST_LEASE))
        if not outbox.hold(office.database, JOB, worker=self._worker, now=now, until=until):
            return None
        return tick(office, on_fault=self._on_fault, stop=self._ended.is_set)

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            self._guarded(self.turn)
        self._guarded(lambda: outbox.let_go(self._office.database, JOB, worker=self._worker, now=self._office.now()))

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as fault:  # told to whoever runs this; the next turn tries again
            self._on_fault(fault)
