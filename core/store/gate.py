"""The write gate: writers to an SQLite file go through one at a time, in the order they came.

Within the process a queue keeps them in order; across processes a lock on a file beside the database does. This
bounds the wait that SQLite's own busy handler leaves to chance, and keeps checkpoints from overlapping commits,
which SQLite before 3.51.3 does not survive in every case.
"""

from __future__ import annotations

import collections
import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A thread in the queue; `joins` is whether it can go on in a transaction that another has begun."""

    joins: bool
    turn: threading.Event = field(default_factory=threading.Event)


class Gate:
    """First come, first served among threads; one process at a time across the machine."""

    def __init__(self, database: Path) -> None:
        self._mutex = threading.Lock()
        self._waiting: collections.deque[_Waiting] = collections.deque()
        self._held = False
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(f"{database}.lock", flags, 0o600)

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the gate for one write transaction."""
        with self.turn(joins=False):
            self.lock()
            try:
                yield
            finally:
                self.unlock()

    @contextlib.contextmanager
    def turn(self, *, joins: bool) -> Iterator[None]:
        """Wait for one's turn among the threads of this process, and pass it on at the end."""
        own: _Waiting | None = None
        with self._mutex:
            if self._held or self._waiting:
                own = _Waiting(joins)
                self._waiting.append(own)
            self._held = True
        if own is not None:
            own.turn.wait()
        try:
            yield
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting.popleft().turn.set()
                else:
                    self._held = False

    @property
    def next_joins(self) -> bool:
        """Whether the next thread is there already and can go on in the transaction of whoever has the turn."""
        with self._mutex:
            return bool(self._waiting) and self._waiting[0].joins

    def lock(self) -> None:
        """Keep the other processes out. For whoever has the turn."""
        _lock(self._descriptor)

    def unlock(self) -> None:
        """Let the other processes in again."""
        _unlock(self._descriptor)

    def close(self) -> None:
        """Let go of the lock file."""
        os.close(self._descriptor)
