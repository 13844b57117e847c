"""The command data-protection: the record of processing and a draft of the impact assessment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from core.cli import opening
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk, settings
from core.errors import BadInput, NotReady
from core.processing_record import AT_FIRST, record_of_processing
from core.queries.retention import retention_schedule
from core.rules.s6_stages import local_day


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    command(app, "data-protection")(data_protection)


def data_protection(
    file: Annotated[Path | None, typer.Argument(show_default=False, metavar="FILE.md")] = None,
) -> Answer:
    """Write the council's record of processing and a draft of its impact assessment, from the settings."""
    text = record_of_processing(settings(), today=local_day(opening.the_time()), kept=_years_kept())
    if file is None:
        return Answer(data={"markdown": text}, lines=[text.rstrip()])
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise BadInput(f"{file} is there already. Choose a new name, so that nothing written in it is lost.") from error
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}. Choose another place.") from error
    return Answer(data={"file": file}, lines=[f"Written to {file}. Fill in what is marked, and have it read."])


def _years_kept() -> Mapping[str, int]:
    """The council's schedule, or before there is a council the one it will begin with."""
    try:
        with at_the_desk() as desk:
            return {line.title: line.years for line in desk.ask(retention_schedule)}
    except NotReady:
        return AT_FIRST
