"""Commands on the whole installation: demo, setup, backup and restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.cli import opening
from core.cli.answers import Answer, command, tell
from core.cli.backups import back_up, restore_from
from core.cli.opening import database_file, office_of, settings
from core.demo import build_demo
from core.installing import install
from core.words import counted

_File = Annotated[Path, typer.Argument(show_default=False, metavar="FILE")]


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    command(app, "demo")(demo)
    command(app, "setup")(setup)
    command(app, "backup")(backup)
    command(app, "restore")(restore)


def demo(
    *,
    data_dir: Annotated[
        Path | None, typer.Option(help="The folder for the sample council.", show_default=False)
    ] = None,
) -> Answer:
    """Make the sample council: three years of complaints, all made up. Nothing happens when it is there already."""
    chosen = settings(data_dir=data_dir) if data_dir is not None else settings()
    tell("Making the sample council, unless it is there already.")
    build_demo(chosen, now=opening.the_time(), progress=_progress)
    file = database_file(chosen)
    return Answer(data={"database": file}, lines=[f"The sample council is in {file}."])


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} of {of:,} steps taken", nl=done == of, err=True)


def setup(
    *,
    council: Annotated[str | None, typer.Option(help="The organisation's name.", show_default=False)] = None,
) -> Answer:
    """Set up an empty installation, or bring an existing one to the newest schema."""
    chosen = settings()
    name = council or chosen.council
    with office_of(chosen) as office:
        said = install(office, council=name)
    lines = [*said, "The installation is ready."] if said else ["It was set up before. Its schema is the newest."]
    if said and name != chosen.council:
        lines.append(f"Set COMPLAINTS_COUNCIL to “{name}”, so that every page shows it.")
    return Answer(data={"done": list(said)}, lines=lines)


def backup(file: _File) -> Answer:
    """Copy the records into one new file, and prove the copy."""
    chosen = settings()
    entries = back_up(chosen, file)
    lines = [f"Backed up to {file}. The copy is whole: {counted(entries, 'entry', 'entries')} of history verified."]
    if chosen.ledger_key is None:
        lines.append(f"Keep {chosen.key_file.name} as well, in another place: without it the history cannot be proved.")
    folders = [folder.name for folder in (chosen.files, chosen.data_dir / "imports") if folder.is_dir()]
    if folders:
        lines.append(f"Copy {' and '.join(folders)} from {chosen.data_dir} too: evidence and imported files lie there.")
    return Answer(data={"file": file, "entries": entries, "copy_too": folders}, lines=lines)


def restore(
    file: _File,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Put the present records aside.")] = False,
) -> Answer:
    """Put a backup in the place of the records, once it is proved. Stop the console first."""
    restored = restore_from(settings(), file, replace=replace, now=opening.the_time())
    lines = [f"Restored from {file}: {counted(restored.entries, 'entry', 'entries')} of history verified."]
    if restored.aside is not None:
        lines.append(f"The records that were here are now in {restored.aside}.")
    if restored.migrated:
        lines.append("It was made by an earlier version and now has the newest schema.")
    return Answer(data=restored, lines=lines)
