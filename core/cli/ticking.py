"""The command tick: everything that is due by itself, once."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

import typer

from core.cli.answers import Answer, command, tell
from core.cli.opening import at_the_desk
from core.ticking import Turn, tick


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    command(app, "tick")(tick_once)


def tick_once() -> Answer:
    """Do every chore that is due, once: letters by e-mail, drafts about late answers, mailbox, files, figures.

    The running server does the same by itself.
    """
    with at_the_desk() as desk:
        turns = tick(desk.office)
    for turn in turns:
        if turn.refusal:
            tell(f"{turn.chore.name}: {turn.refusal}")
    lines = [sentence for turn in turns if not turn.refusal for sentence in turn.sentences]
    return Answer(data={turn.chore.name: _data(turn) for turn in turns}, lines=lines or ["Nothing was due."])


def _data(turn: Turn) -> Any:
    if turn.refusal:
        return {"refused": turn.refusal}
    return asdict(turn.came) if is_dataclass(turn.came) and not isinstance(turn.came, type) else {"done": turn.came}
