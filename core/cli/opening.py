"""Opening an installation for the command line: its settings, the time, and a desk for the console itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from core.desk import Desk, Office
from core.errors import BadInput, NotReady
from core.permissions import SYSTEM
from core.settings import Settings
from core.store.schema import at_head


def the_time() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # house: the one place where the time enters the command line


def settings(**given: Any) -> Settings:
    """The installation's settings, from the environment and what was given; BadInput names one that cannot be used."""
    try:
        return Settings(**given)
    except ValidationError as error:
        names = ", ".join(f"COMPLAINTS_{str(problem['loc'][0]).upper()}" for problem in error.errors())
        raise BadInput(
            f"A setting cannot be used: {names}. Correct it in the environment or in the .env file."
        ) from error


def database_file(chosen: Settings) -> Path | None:
    """The SQLite file that holds the records; None when another database does."""
    url = sa.make_url(chosen.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


@contextlib.contextmanager
def office_of(chosen: Settings) -> Iterator[Office]:
    """An office, closed again at the end."""
    office = Office(chosen, clock=the_time)
    try:
        yield office
    finally:
        office.close()


@contextlib.contextmanager
def at_the_desk() -> Iterator[Desk]:
    """The console's own desk in an installation that is ready; NotReady when it is not."""
    chosen = settings()
    file = database_file(chosen)
    if file is not None and not file.exists():
        raise NotReady(f"There are no records in {file.parent}. Run `complaints setup`, or set COMPLAINTS_DATA_DIR.")
    with office_of(chosen) as office:
        if not at_head(office.database):
            raise NotReady("The database does not have the newest schema. Run `complaints setup`, then try again.")
        yield Desk(office, SYSTEM)


def contents(file: Path) -> bytes:
    """A file's bytes; BadInput when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read. Check the name, and that you may read it.") from error
