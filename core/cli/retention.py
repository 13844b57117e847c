"""The commands on records at their end: anonymise what two people have approved, and scrub PostgreSQL's own files."""

from __future__ import annotations

import sys

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.retaining import carry_out, scrub_files
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    retention = typer.Typer(no_args_is_help=True)
    app.add_typer(retention, name="retention", help="Records that have come to their end.")
    command(retention, "run")(run)
    command(retention, "scrub")(scrub)


def run() -> Answer:
    """Anonymise what two people have approved and write the certificate. Broken off, it goes on where it ended."""
    with at_the_desk() as desk:
        came = carry_out(desk.office, told=_progress)
    lines = [f"{counted(came.records, 'record')} anonymised, {counted(came.dropped, 'proposal')} dropped."]
    if came.certificate is not None:
        lines.append(f"{counted(came.files, 'file')} removed. Certificate {came.certificate} is on the page Retention.")
    return Answer(data=came, lines=lines if came.records or came.dropped or came.certificate else ["Nothing was due."])


def scrub() -> Answer:
    """Write PostgreSQL's files anew as its owner, so that none holds what was erased. Nobody can work meanwhile."""
    with at_the_desk() as desk:
        came = scrub_files(desk.office, told=_tables)
    log = "its log was turned over" if came.log else "its log was left as it was"
    lines = [f"{counted(came.tables, 'table')} written anew, {log}.", *came.beyond]
    if came.log:
        lines.insert(1, "The certificates on the page Retention say so.")
    return Answer(data={"tables": came.tables, "log": came.log, "beyond": came.beyond}, lines=lines)


def _tables(done: int, all_of_them: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} of {all_of_them} tables written anew", nl=done == all_of_them, err=True)


def _progress(done: int, left: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} anonymised, {left:,} left", nl=False, err=True)
