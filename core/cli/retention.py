"""The command retention run: anonymise what two people have approved, at once."""

from __future__ import annotations

import sys

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.retaining import carry_out
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    retention = typer.Typer(no_args_is_help=True)
    app.add_typer(retention, name="retention", help="Records that have come to their end.")
    command(retention, "run")(run)


def run() -> Answer:
    """Anonymise what two people have approved and write the certificate. Broken off, it goes on where it ended."""
    with at_the_desk() as desk:
        came = carry_out(desk.office, told=_progress)
    lines = [f"{counted(came.records, 'record')} anonymised, {counted(came.dropped, 'proposal')} dropped."]
    if came.certificate is not None:
        lines.append(f"{counted(came.files, 'file')} removed. Certificate {came.certificate} is on the page Retention.")
    return Answer(data=came, lines=lines if came.records or came.dropped or came.certificate else ["Nothing was due."])


def _progress(done: int, left: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} anonymised, {left:,} left", nl=False, err=True)
