"""What the server does by itself, in one thread: which chores, how the mailbox is, and what the log says of them.

A mailbox that is away is asked again after a while that doubles, up to an hour; its state is in `/healthz` and the log.
"""

from __future__ import annotations

from app.ui.desk import office
from app.web import logs
from core.desk import Office
from core.ticking import CHORES, LEFTOVERS, MAILBOX, THEMES, Chore, Ticker, Turn

_at_work: list[Ticker] = []


def due_here(opened: Office) -> tuple[Chore, ...]:
    """The chores of this server: the sample council writes to nobody by itself, nor does one whose ticks are off."""
    if opened.settings.mode == "demo" or not opened.settings.tick_seconds:
        return MAILBOX, LEFTOVERS, THEMES
    return CHORES


def begin(opened: Office) -> None:
    """Start the one thread of this process."""
    ticker = Ticker(office=opened, chores=due_here(opened), on_fault=logs.fault, told=_log)
    _at_work[:] = [ticker]
    ticker.start()


def end() -> None:
    """End it after what it is at."""
    while _at_work:
        _at_work.pop().stop()


def mailbox_said() -> str:
    """How the mailbox is, for `/healthz`; empty where none is set. It names no server, person or message."""
    if not office().settings.imap_host:
        return ""
    last = _at_work[0].last(MAILBOX.name) if _at_work else None
    if last is None:
        return "not looked into yet"
    if last.elsewhere:
        return "looked into by another process"
    return f"away: {last.refusal}" if last.refusal else "ok"


def _log(turn: Turn) -> None:
    """A line in the log for what was done, and for what a chore was refused with."""
    if turn.refusal:
        pause = turn.chore.pause(office().settings, turn.failures)
        told = {"said": turn.refusal, "failures": turn.failures, "again_in": pause}
        logs.log.warning("a chore could not be done", chore=turn.chore.name, **told)
    elif turn.sentences:
        logs.log.info("a chore was done", chore=turn.chore.name, said=turn.sentences)
