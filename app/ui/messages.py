"""How soon the browser is told what a run has drawn.

The library sends what there is, then collects for 5 ms before it sends again. A page that takes longer to draw than
an instant is thus told in two parts, and its end waits for the rest of those 5 ms, which is longer than the drawing.
"""

from __future__ import annotations

from streamlit.runtime import runtime

COLLECTS = 0.001
"""Seconds for which messages are collected once some were sent."""


def soon() -> None:
    """Let every session of this process be told sooner."""
    runtime.MESSAGE_FLUSH_INTERVAL_SECS = COLLECTS  # type: ignore[misc]
