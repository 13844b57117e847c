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


class Gate:
    """First come, first served among threads; one process at a time across the machine."""

    def __init__(self, database: Path) -> None:
        self._mutex = threading.Lock()
        self._waiting: collections.deque[threading.Event] = collections.deque()
        self._held = False
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(f"{database}.lock", flags, 0o600)

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the gate for one write transaction."""
        turn: threading.Event | None = None
        with self._mutex:
            if self._held or self._waiting:
                turn = threading.Event()
                self._waiting.append(turn)
            self._held = True
        if turn is not None:
            turn.wait()
        try:
            _lock(self._descriptor)
            try:
                yield
            finally:
                _unlock(self._descriptor)
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._held = False

    def close(self) -> None:
        """Let go of the lock file."""
        os.close(self._descriptor)
