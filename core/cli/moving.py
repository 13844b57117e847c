"""Commands that move an installation: export, import-installation, move."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from core.cli import opening
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk, settings
from core.moving import Moved, export_installation, import_installation, move_installation
from core.words import counted

_Target = Annotated[Path, typer.Argument(show_default=False, metavar="FOLDER|FILE.zip")]


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    command(app, "export")(export)
    command(app, "import-installation")(bring_in)
    command(app, "move")(move)


def export(target: _Target) -> Answer:
    """Write the whole installation in open formats: every table as CSV, every kept file, and a sealed manifest."""
    with at_the_desk() as desk:
        done = export_installation(desk.office, target, progress=_progress)
    lines = [f"Exported to {target}.", *_told(done)]
    if done.missing:
        lines.append(
            f"{counted(len(done.missing), 'file')} named by a record not in the data folder: {done.missing[0]} …"
        )
    if done.damaged:
        lines.append(f"{counted(len(done.damaged), 'file')} damaged: restore from a backup: {done.damaged[0]} …")
    lines.append("It holds personal data, and not the ledger key: keep the key in another place.")
    return Answer(data=done, lines=lines)


def bring_in(source: _Target) -> Answer:
    """Bring an exported installation into an empty one, of either kind of database, and prove that it is the same."""
    done = import_installation(settings(), source, now=opening.the_time(), progress=_progress)
    return Answer(data=done, lines=[f"Taken in from {source}.", *_told(done), "Everybody signs in again."])


def move(
    *, to: Annotated[str, typer.Option(help="postgresql+psycopg://…", metavar="ADDRESS", show_default=False)]
) -> Answer:
    """Move the records from SQLite into an empty PostgreSQL database. Stop the console first."""
    done = move_installation(settings(), to, now=opening.the_time(), progress=_progress)
    lines = [
        "Moved.",
        *_told(done),
        "Set COMPLAINTS_DATABASE_URL to the new address. The data folder stays: kept files and the key lie there.",
        "The SQLite file is as it was and can be written no more. Keep it until the first backup of the new database.",
    ]
    return Answer(data=done, lines=lines)


def _told(done: Moved) -> Iterator[str]:
    yield f"{counted(done.rows, 'row')} of {done.tables} tables, {counted(done.complaints, 'complaint')} among them."
    yield f"The history is whole: {counted(done.entries, 'entry', 'entries')} proved."
    if done.files:
        yield f"{counted(done.files, 'kept file')}."


def _progress(name: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{name}: {done:,} of {of:,}", nl=False, err=True)
        if done == of:
            typer.echo("\r\033[K", nl=False, err=True)
