"""Asking the records from the server's loop, and what to make of records that cannot be asked."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from app.ui.desk import office
from app.web.logs import log
from core import entrance
from core.entrance import Visit
from core.errors import NotReady

T = TypeVar("T")
_AT_ONCE = 8
_PAUSE = 0.2
_limiter: list[CapacityLimiter] = []


async def in_thread(work: partial[T]) -> T:
    """Ask the database without holding up everybody else; in threads of our own, so that files never wait for it."""
    if not _limiter:
        _limiter.append(CapacityLimiter(_AT_ONCE))
    return await to_thread.run_sync(work, limiter=_limiter[0])


async def visit(session_id: str, *, active: bool) -> Visit | None:
    """Whose a session is, looked up anew; records that cannot be asked let nobody in."""
    try:
        return await looked_up(session_id, active=active)
    except NotReady:
        return None


async def looked_up(session_id: str, *, active: bool, patience: float = 0.0) -> Visit | None:
    """Whose a session is, looked up anew; None when it has ended.

    Records that cannot be asked are asked again for so many seconds. Raises NotReady when they still cannot then.
    """
    until = monotonic() + patience
    while True:
        try:
            return await in_thread(partial(entrance.visit, office(), session_id, active=active))
        except Exception as fault:  # whatever is wrong with them, nobody is let in for it
            if monotonic() >= until:
                log.warning("a session could not be looked up", kind=type(fault).__name__)
                raise NotReady("The session could not be looked up.") from fault
        await asyncio.sleep(_PAUSE)
