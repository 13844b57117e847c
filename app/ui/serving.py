"""Whether the pages are served as they must be: behind the gate, which alone knows who sits at a screen."""

from __future__ import annotations

from app.ui import messages

_behind_the_gate: list[bool] = []


def begin() -> None:
    """Called by the server once everything stands in front of the pages."""
    messages.soon()
    _behind_the_gate.append(True)


def end() -> None:
    """Called by the server when it stops."""
    _behind_the_gate.clear()


def behind_the_gate() -> bool:
    """Whether this process serves through app/server.py."""
    return bool(_behind_the_gate)
