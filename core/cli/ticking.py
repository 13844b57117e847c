"""The command tick: everything that is due by itself, once."""

from __future__ import annotations

from dataclasses import asdict

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.ticking import tick
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    command(app, "tick")(tick_once)


def tick_once() -> Answer:
    """Send the letters that are due by e-mail, once. The running server does the same by itself."""
    with at_the_desk() as desk:
        done = tick(desk.office)
    said = (
        (done.sent, "sent and on record"),
        (done.put_off, "to be tried again later"),
        (done.failed, "not sent: see Escalations"),
        (done.unrecorded, "sent, and left to an officer to record: see Escalations"),
    )
    lines = [f"{counted(number, 'letter')} {what}." for number, what in said if number]
    return Answer(data=asdict(done), lines=lines or ["Nothing was due."])
