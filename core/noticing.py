"""Letters about late answers begun before the date passes, and taken back when they have lost their point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.commands.base import Command
from core.commands.notices import DraftNotices, DropNotices
from core.desk import Desk, Office
from core.errors import ChangedMeanwhile, NotFound
from core.permissions import SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """How many letters the console began, and how many of its own it took back."""

    drafted: int = 0
    dropped: int = 0


def keep_noticed(office: Office, *, stop: Callable[[], bool] = lambda: False) -> Noticed:
    """Take back what has lost its point, then begin what is needed, however often this runs [lgsco:5.5]."""
    desk = Desk(office, SYSTEM)
    dropped = _all(desk, DropNotices, stop)
    return Noticed(dropped=dropped, drafted=_all(desk, DraftNotices, stop))


def _all(desk: Desk, kind: type[Command], stop: Callable[[], bool]) -> int:
    """Carry out a command of the console's until nothing is left to do; how much was done."""
    done = 0
    while not stop():
        try:
            done += len(desk.do(kind()).events)
        except (
            NotFound,
            ChangedMeanwhile,
        ):  # nothing is left, or somebody else is at it
            break
    return done
