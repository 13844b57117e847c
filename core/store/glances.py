"""What a glance at the database found, for the rest of one run of a page.

A page asks several things at once, and each looks first whether anything was recorded since it was last answered. In
one run that is looked up once: for a moment, and until this thread writes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

_MOMENT = 0.05
"""Seconds for which a run holds on to what it saw; what others record meanwhile, it sees after that."""

Row = tuple[Any, ...]


class Glances(threading.local):
    """What this thread has seen in the run it is in, by statement; outside a run it holds on to nothing."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, Row]] | None = None

    @contextmanager
    def in_one_run(self) -> Iterator[None]:
        """Everything inside is one run."""
        self._seen = {}
        try:
            yield
        finally:
            self._seen = None

    def first(self, statement: str, look: Callable[[], Row | None]) -> Row | None:
        """The row this run has just seen, or the one that is there now; None is never held on to."""
        held = self._seen.get(statement) if self._seen is not None else None
        if held is not None and monotonic() - held[0] < _MOMENT:
            return held[1]
        began = monotonic()
        found = look()
        if self._seen is not None and found is not None:
            self._seen[statement] = (began, found)
        return found

    def look_again(self) -> None:
        """Forget what was seen: this thread writes."""
        if self._seen is not None:
            self._seen = {}
