"""Offices of one process share what SQLAlchemy has made of their statements, as one office at work does all day.

Every test has an office, and so an engine, of its own. A new engine knows no statement and would compile them all anew,
which is a third of what the tests of commands cost.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from core.store import engine as engines

STATEMENTS = 5000
"""Far more than the suite knows, so that none is compiled twice."""


class SharedStatements:
    """Makes engines as the product does, and lets those of one kind share a dialect and its compiled statements."""

    def __init__(self) -> None:
        self._make = engines.make_engine
        self._dialects: dict[str, Any] = {}
        self._compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def __call__(self, url: str) -> Engine:
        """An engine of the product's making."""
        engine = self._make(url)
        engine._compiled_cache = self._compiled  # noqa: SLF001 - the key of each statement names its dialect
        own, kind = engine.dialect, engine.url.drivername
        if kind in self._dialects:
            engine.dialect = self._dialects[kind]
        else:
            # A dialect can be shared once it has met its database: the listener before this one introduces them.
            event.listen(engine, "connect", lambda *_: self._dialects.setdefault(kind, own), once=True)
        return engine


def share_statements() -> pytest.MonkeyPatch:
    """From here on every office of this process shares; undo the patch to end it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(engines, "make_engine", SharedStatements())
    return patch
