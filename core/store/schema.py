"""Bringing a database to the newest migration: the schema is made only there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from core.errors import NotReady
from core.settings import ROOT
from core.store.engine import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


@contextlib.contextmanager
def _known_revisions() -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise NotReady(
            "This database was made by a newer version of the console. Nothing was changed. "
            "Install that version, or restore a backup made with this one."
        ) from error


def migrate(database: Database, *, to: str = "head") -> None:
    """Run the migrations that are missing, one process at a time; NotReady for a database newer than this console."""
    config = _config()
    with database.gate(), database.engine.connect() as connection:
        config.attributes["connection"] = connection
        with _known_revisions():
            command.upgrade(config, to)


def downgrade(database: Database, *, to: str = "base") -> None:
    """Undo migrations down to a revision."""
    config = _config()
    with database.gate(), database.engine.connect() as connection:
        config.attributes["connection"] = connection
        with _known_revisions():
            command.downgrade(config, to)


def head() -> str | None:
    """The newest migration this console knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def at_head(database: Database) -> bool:
    """Whether every migration has been run."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == head()
