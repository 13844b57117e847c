"""The end of a server: steps and drafts that pages are in the middle of are finished before anything is closed.

Streamlit runs pages in threads that die with the process, and tells them to stop when their socket closes. A change of
a field that came with the last message would then be in no draft, and a step might be broken off before it is saved.
"""

from __future__ import annotations

import asyncio
import threading
from time import monotonic

RESTARTING = 1012
"""The code with which a server that is told to stop closes its sockets."""

LONGEST = 30.0
"""Seconds after which a page that still runs is given up."""

_PAGES = "ScriptRunner.scriptThread"  # Streamlit's own name for them: private, so a test holds on to it


def running() -> bool:
    """Whether any page of this process is in the middle of a run."""
    return any(thread.name == _PAGES for thread in threading.enumerate())


async def finished(longest: float = LONGEST) -> bool:
    """Wait until no page runs any more; False when one still did after so many seconds."""
    until = monotonic() + longest
    while running():
        if monotonic() > until:
            return False
        await asyncio.sleep(0.02)
    return True
