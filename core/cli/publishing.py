"""The commands publish and export-views: pages for the website, and tables for analysts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.analysis_files import write_views
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.public_pages import public_gaps, publish_into
from core.words import counted

_Folder = Annotated[Path, typer.Argument(show_default=False, metavar="FOLDER")]


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    command(app, "publish")(publish)
    command(app, "export-views")(export_views)


def publish(folder: _Folder) -> Answer:
    """Write the pages for the council's website: the policy, how to complain, the Ombudsman, and the reports."""
    with at_the_desk() as desk:
        files, gaps = publish_into(desk, folder), public_gaps(desk)
    lines = [f"{counted(len(files), 'file')} in {folder}.", *gaps]
    return Answer(data={"folder": folder, "files": list(files), "missing": list(gaps)}, lines=lines)


def export_views(folder: _Folder) -> Answer:
    """Write the tables for analysts as CSV: no name, no address, no words of anybody."""
    with at_the_desk() as desk:
        written = write_views(desk, folder)
    lines = [f"{name}: {counted(rows, 'row')}." for name, rows in written.items()]
    return Answer(data={"folder": folder, "rows": written}, lines=lines)
