"""The command figures keep: count the months that are over at once."""

from __future__ import annotations

from dataclasses import asdict

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.month_keeping import keep_months
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    figures = typer.Typer(no_args_is_help=True)
    app.add_typer(figures, name="figures", help="The figures of months and years.")
    command(figures, "keep")(keep)


def keep() -> Answer:
    """Count the months that are over, so that figures come at once. The server does it four times an hour."""
    with at_the_desk() as desk:
        kept = keep_months(desk.office)
    said = f"{counted(kept.counted, 'month')} counted, {kept.held} kept from before."
    return Answer(data=asdict(kept), lines=[said])
