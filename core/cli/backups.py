"""Backups of an SQLite installation: one file, proved before it counts, and proved again before it comes back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext

from core.cli.opening import database_file
from core.errors import BadInput, NotReady
from core.settings import Settings
from core.store import ledger
from core.store.engine import Database
from core.store.gate import Gate
from core.store.schema import at_head, migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: entries of history proved, where the former records lie, and whether its schema was old."""

    entries: int
    aside: Path | None
    migrated: bool


def back_up(settings: Settings, target: Path) -> int:
    """Copy the records to a file that does not exist yet; the number of ledger entries proved in the copy.

    Raises BadInput when the target exists or cannot be written, NotReady without records, LedgerBroken when the
    history does not prove itself.
    """
    source = _records(settings)
    if not source.exists():
        raise NotReady(f"There are no records in {source.parent} to back up. Check COMPLAINTS_DATA_DIR.")
    if target.exists():
        raise BadInput(f"{target} is there already. A backup never overwrites a file: choose a new name.")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"The folder of {target} does not exist. Make it first, or choose another.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as folder:
            copy = Path(folder) / "complaints.db"
            with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(copy)) as there:
                here.backup(there, pages=-1)
            entries = _prove(copy, settings)
            _put(copy, target)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}. Choose another place.") from error
    return entries


def restore_from(settings: Settings, file: Path, *, replace: bool, now: datetime) -> Restored:
    """Bring a backup back, once it is proved. The present records are put aside, never overwritten.

    Raises BadInput when the file is no backup, or records are here and `replace` is not said; NotReady while the
    console still runs; LedgerBroken when the backup's history does not prove itself.
    """
    target = _records(settings)
    if not file.is_file():
        raise BadInput(f"{file} is not there. Give the file that `complaints backup` made.")
    if target.exists() and not replace:
        raise BadInput(
            f"There are records in {target.parent} already. To put them aside and use the backup, say --replace."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=target.parent) as folder:
        copy = Path(folder) / "complaints.db"
        shutil.copyfile(file, copy)
        entries, migrated = _prove(copy, settings), _bring_up(copy)
        gate = Gate(target)
        try:
            with gate():
                aside = _put_aside(target, now) if target.exists() else None
                _put(copy, target)
        finally:
            gate.close()
    return Restored(entries=entries, aside=aside, migrated=migrated)


def _records(settings: Settings) -> Path:
    file = database_file(settings)
    if file is None:
        raise BadInput(
            "These records are in PostgreSQL, which has its own tools. Back up with `pg_dump` and bring back with "
            "`pg_restore`, then run `complaints ledger verify`."
        )
    return file


def _prove(copy: Path, settings: Settings) -> int:
    """Check that a copy is whole and that its history proves itself; the number of entries."""
    if settings.ledger_key is None and not settings.key_file.exists():
        raise NotReady(f"The ledger's key is not in {settings.data_dir}. Put it back; without it nothing is proved.")
    try:
        with closing(sqlite3.connect(copy)) as connection:
            (state,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadInput("This file is not a backup of the console, or it is damaged. Choose another.") from error
    if state != "ok":
        raise BadInput("The copy is damaged, so it was not used. Try again, or choose another.")
    database = Database(f"sqlite:///{copy.as_posix()}")
    try:
        with database.engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise BadInput("This file is a database, but not one of the console. Choose the file of a backup.")
        with database.reading() as connection:
            return ledger.verify(connection, key=ledger.key_or_refuse(settings, begun=True))
    finally:
        database.close()
        _in_one_file(copy)


def _bring_up(copy: Path) -> bool:
    """Bring a proved copy to the newest schema; whether it had an older one. NotReady when it has a newer one."""
    database = Database(f"sqlite:///{copy.as_posix()}")
    try:
        old = not at_head(database)
        migrate(database)
    finally:
        database.close()
        _in_one_file(copy)
    return old


def _in_one_file(path: Path) -> None:
    """Write everything into the file itself, so that it can be moved alone."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _put(copy: Path, target: Path) -> None:
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(copy, target)


def _put_aside(target: Path, now: datetime) -> Path:
    """Move the present records beside their place; NotReady while another program has them open."""
    try:
        _in_one_file(target)
    except sqlite3.OperationalError as error:
        raise NotReady("The console is still running on these records. Stop it, then restore.") from error
    except sqlite3.DatabaseError:
        pass  # damaged records are what a restore is for: they are put aside as they are
    aside = target.with_name(f"{target.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    for ending in ("", "-wal", "-shm"):
        part = target.with_name(f"{target.name}{ending}")
        if part.exists():
            os.replace(part, aside.with_name(f"{aside.name}{ending}"))
    return aside
