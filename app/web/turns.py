"""Pages take turns: of those asked for at the same moment a few run at once, in the order in which they were asked for.

Only one thread of a process computes at a time. Ten pages at once would each take ten times as long, and each answer
of the database would wait for all the others; one after another, most people have their page sooner and nobody later.
A page that takes long, as an import does, does not keep the others waiting: after a while its turn no longer counts.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

AT_ONCE = 2
"""One computes while the other waits for the database."""
COUNTS_FOR = 0.5
"""Seconds for which a page's turn counts, and the longest that another waits for its own."""


class Turns:
    """Who runs and who waits. Each of the `at_once` that run counts for so many seconds, and nobody waits longer."""

    def __init__(self, at_once: int = AT_ONCE, counts_for: float = COUNTS_FOR) -> None:
        self._at_once, self._counts_for = at_once, counts_for
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._running: dict[object, float] = {}

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, and hand it on at the end."""
        mine = object()
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: self._may_begin(mine), timeout=self._counts_for)
            self._waiting.remove(mine)
            self._running[mine] = monotonic()
            self._changed.notify_all()  # the one behind may fit in beside
        try:
            yield
        finally:
            with self._changed:
                del self._running[mine]
                self._changed.notify_all()

    def _may_begin(self, mine: object) -> bool:
        since = monotonic() - self._counts_for
        return self._waiting[0] is mine and sum(begun > since for begun in self._running.values()) < self._at_once


_one_run: Any = ScriptRunner._run_script


def begin(turns: Turns | None = None, *, around: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
    """Let the pages and fragments of this process take turns; each run of one is inside what `around` gives."""
    here = turns or Turns()

    def in_turn(runner: ScriptRunner, asked: Any) -> None:
        with here.one(), around():
            _one_run(runner, asked)

    ScriptRunner._run_script = in_turn  # type: ignore[method-assign]


def end() -> None:
    """Let them all run at once again."""
    ScriptRunner._run_script = _one_run  # type: ignore[method-assign]
