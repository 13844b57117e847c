"""The engines of the tests: the product's own, that share compiled statements and do not wait for the disk.

Every test has an office, and so an engine, of its own. A new engine knows no statement and would compile them all anew,
which is half of what the tests of commands cost; an office at work does it once. What a power cut leaves is tried with
processes of their own, whose engines nobody changes.
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

product_engine = engines.make_engine


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
