"""A whole installation leaves in open formats, and comes into an empty one: written in one view, proved, or not at all.

What is proved: every table holds the same bytes, the ledger verifies up to where it ended, and no duty differs from
what the facts say.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError

from core.channels.file_stores import every_file
from core.channels.packages import PackageReader, PackageWriter, bytes_of
from core.desk import Office
from core.errors import BadInput, NotFound, NotReady
from core.permissions import SYSTEM
from core.queries.base import Asking
from core.queries.duties_check import duties_check
from core.rules.s6_stages import local_day
from core.settings import Settings
from core.store import carrying, ledger
from core.store.calendar import load_calendars
from core.store.carrying import LEFT_OUT, Carried, Passing, Progress
from core.store.engine import Database
from core.store.facts import load_policies
from core.store.keeping import all_named
from core.store.ledger import Anchor
from core.store.schema import at_head, head, migrate

FORMAT = 1
_README = Path(__file__).with_name("export_readme.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What went from one place to another, as it was proved. `missing` and `damaged` name files by their digest."""

    tables: int
    rows: int
    entries: int
    complaints: int
    files: int = 0
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


# ---------------------------------------------------------------------------------------------------------------- out


def export_installation(office: Office, target: Path, *, progress: Progress | None = None) -> Moved:
    """Write the whole installation into a new folder or zip file, as it is at one moment [lgsco:5.8].

    Raises BadInput when the target exists or cannot be written, NotReady without the ledger's key, LedgerBroken when
    the history does not prove itself.
    """
    key = _key(office.settings)
    writer = PackageWriter(target)
    try:
        with office.database.reading() as connection:
            carrying.take_time(connection)
            entries = ledger.verify(connection, key=key)
            tables = carrying.carried_tables()
            carried = {table.name: _written(writer, connection, table, progress) for table in tables}
            end = ledger.anchor(connection, at=office.now())
            named, schema = all_named(connection), carrying.revision(connection)
        kept, damaged = _put_files(writer, office.settings)
        missing = tuple(sorted(named - kept))
        writer.put("README.txt", [_README.read_bytes()])
        told = _manifest(office, carried, end, schema=schema, missing=missing, damaged=damaged)
        writer.finish(told, key=key)
    except OSError as error:
        writer.abandon()
        raise BadInput(f"{target} cannot be written: {error.strerror}. Choose another place.") from error
    except BaseException:
        writer.abandon()
        raise
    return _moved(carried, entries, files=len(kept), missing=missing, damaged=damaged)


def _written(writer: PackageWriter, connection: Connection, table: Any, progress: Progress | None) -> Carried:
    rows = carrying.count(connection, table)
    passing = Passing(carrying.lines(connection, table), name=table.name, of=rows, progress=progress)
    writer.put(_part_of(table.name), passing)
    return passing.carried(rows)


def _part_of(name: str) -> str:
    return f"tables/{name}.csv"


def _put_files(writer: PackageWriter, settings: Settings) -> tuple[set[str], tuple[str, ...]]:
    """Put every kept file beside the tables: the digests they are kept under, and those whose bytes are others."""
    kept: set[str] = set()
    for digest, pieces in every_file(settings):
        with contextlib.suppress(FileNotFoundError, NotFound):  # a left-over file, removed meanwhile
            writer.put(_place_of(digest), pieces())
            kept.add(digest)
    for path in sorted(_imports(settings).glob("*")):
        if path.is_file():
            writer.put(f"imports/{path.name}", bytes_of(path))
    wrong = (digest for digest in kept if writer.parts[_place_of(digest)]["sha256"] != digest)
    return kept, tuple(sorted(wrong))


def _place_of(digest: str) -> str:
    return f"files/{digest[:2]}/{digest[2:]}"


def _imports(settings: Settings) -> Path:
    return settings.data_dir / "imports"


def _manifest(
    office: Office, carried: Mapping[str, Carried], end: Anchor, *, schema: str | None, **files: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": office.now().astimezone(UTC).isoformat(),
        "program": f"complaints-console {version('complaints-console')}",
        "council": office.settings.council,
        "schema": schema,
        "ledger": asdict(end),
        "tables": {
            table.name: {
                "rows": carried[table.name].rows,
                "columns": [
                    {"name": column.name, "type": carrying.kind_of(column), "null": bool(column.nullable)}
                    for column in table.columns
                ],
                "key": [column.name for column in table.primary_key],
            }
            for table in carrying.carried_tables()
        },
        "left_out": LEFT_OUT,
        "files": {name: list(digests) for name, digests in files.items()},
    }


# ----------------------------------------------------------------------------------------------------------------- in


def import_installation(settings: Settings, source: Path, *, now: datetime, progress: Progress | None = None) -> Moved:
    """Bring an exported installation into an empty one, on either kind of database [lgsco:5.8].

    Raises BadInput for what is no export, was altered, has another schema or another key, or when records are here
    already; NotReady without the ledger's key; LedgerBroken when the history does not prove itself. Nothing is here
    after any of these.
    """
    if settings.files_url:
        raise BadInput("Import without COMPLAINTS_FILES_URL, copy the files into the store as they lie, set it again.")
    key = _key(settings)
    with closing(PackageReader(source, key=key)) as reader:
        rows = _rows_told(reader)
        for name in rows:
            reader.check(_part_of(name))
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".taking-in-", dir=settings.data_dir) as folder,
            _files_in_place(_staged(reader, Path(folder), settings)) as put_in_place,
            _new_or_empty(settings.url) as database,
            _filled(database, lambda table: reader.pieces(_part_of(table.name)), rows, progress) as (connection, came),
        ):
            end = Anchor(**reader.manifest["ledger"])
            entries = _prove(connection, came, key=key, end=end, settings=settings, now=now, progress=progress)
            put_in_place()
        return _moved(came, entries, files=sum(name.startswith("files/") for name in reader.parts))


def _rows_told(reader: PackageReader) -> dict[str, int]:
    """How many rows each table of an export has; BadInput when it was made with another schema."""
    told = reader.manifest
    names = {table.name for table in carrying.carried_tables()}
    if told["format"] != FORMAT or told["schema"] != head() or set(told["tables"]) != names:
        raise BadInput(
            f"This export was made by {told['program']} with schema {told['schema']}; this console has {head()}. "
            "Nothing was taken in. Install the same version here, or bring the other installation to this version "
            "and export it again."
        )
    return {name: about["rows"] for name, about in told["tables"].items()}


def _staged(reader: PackageReader, folder: Path, settings: Settings) -> dict[Path, Path]:
    """The kept and imported files, proved and laid beside the data: where each lies, and where it belongs."""
    staged: dict[Path, Path] = {}
    for name in reader.parts:
        if not name.startswith(("files/", "imports/")):
            continue
        place, target = folder / name, settings.data_dir / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.writelines(reader.pieces(name))
            os.fsync(out.fileno())
        if not target.exists():
            staged[place] = target
        elif target.read_bytes() != place.read_bytes():
            raise BadInput(f"{target} is there already and holds something else. Import into an empty data folder.")
    return staged


@contextlib.contextmanager
def _files_in_place(staged: Mapping[Path, Path]) -> Iterator[Callable[[], None]]:
    """What puts the files in their places; they go again when anything after it fails."""
    placed: list[Path] = []

    def put() -> None:
        for place, target in staged.items():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(place, target)
            placed.append(target)

    try:
        yield put
    except BaseException:
        for target in placed:
            target.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _new_or_empty(url: str) -> Iterator[Database]:
    """The database to fill. A file that was not there before goes again when it is not filled."""
    named = make_url(url)
    file = Path(named.database) if named.get_backend_name() == "sqlite" and named.database else None
    new = file is not None and not file.exists()
    database = Database(url)
    try:
        yield database
    except BaseException:
        database.close()
        if file is not None and new:
            for ending in ("", "-wal", "-shm", ".lock"):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        raise
    database.close()


@contextlib.contextmanager
def _filled(
    database: Database,
    pieces: Callable[[Any], Iterator[bytes]],
    rows: Mapping[str, int],
    progress: Progress | None,
) -> Iterator[tuple[Connection, dict[str, Carried]]]:
    """The transaction in which every table has come in, and what came; it is kept when nothing fails any more."""
    migrate(database)
    with database.taking_in() as connection:
        held = carrying.holding(connection)
        if held is not None:
            raise BadInput(
                f"There are records here already, in “{held}” for one. An installation comes into an empty one only: "
                "give a new data folder or a new database, and do not run `complaints setup` first."
            )
        carrying.make_way(connection)
        came: dict[str, Carried] = {}
        for table in carrying.carried_tables():
            passing = Passing(pieces(table), name=table.name, of=rows[table.name], progress=progress)
            carrying.take_in(connection, table, passing)
            came[table.name] = passing.carried(rows[table.name])
        carrying.look_through(connection)
        yield connection, came


def _prove(
    connection: Connection,
    expected: Mapping[str, Carried],
    *,
    key: bytes,
    end: Anchor,
    settings: Settings,
    now: datetime,
    progress: Progress | None,
) -> int:
    """Every table byte for byte, the ledger up to its end, every duty; the number of the ledger's entries."""
    for table in carrying.carried_tables():
        found = carrying.as_it_is(connection, table)
        if found != expected[table.name]:
            raise NotReady(
                f"“{table.name}” came to {found.rows:,} rows that are not the {expected[table.name].rows:,} that left. "
                "Nothing was taken in. Try again; if it stays, keep using the installation you have."
            )
    entries = ledger.verify(connection, key=key, anchors=[end] if end.n else [])
    _same_duties(connection, expected["complaint"].rows, settings=settings, now=now, progress=progress)
    return entries


def _same_duties(
    connection: Connection, complaints: int, *, settings: Settings, now: datetime, progress: Progress | None
) -> None:
    asking = Asking(
        connection=connection,
        actor=SYSTEM,
        now=now,
        today=local_day(now),
        settings=settings,
        reads_calendars=load_calendars,
        reads_policies=load_policies,
    )
    checked, after = 0, 0
    while True:
        part = duties_check(asking, after=after)
        checked += part.checked
        if part.differing:
            raise NotReady(
                f"The duties of {part.differing[0]} are not what its facts say. Nothing was taken in. Run "
                "`complaints duties rebuild` where it comes from, then begin again."
            )
        if progress is not None:
            progress("duties checked", checked, complaints)
        if part.after is None:
            return
        after = part.after


# ------------------------------------------------------------------------------------------------------------- across


def move_installation(settings: Settings, to: str, *, now: datetime, progress: Progress | None = None) -> Moved:
    """Move the records from the SQLite file into an empty PostgreSQL database [lgsco:5.8].

    The file stays as it is and can be written no more. Raises BadInput for an address that cannot be used or a
    database that is not empty, NotReady while the console still runs, LedgerBroken as `import_installation` does.
    """
    key = _key(settings)
    file = _the_file(settings, to)
    with closing(Database(settings.url)) as source:
        if not at_head(source):
            raise NotReady("The records do not have the newest schema. Run `complaints setup`, then move them.")
    _alone(file)
    with (
        closing(Database(settings.url)) as source,
        source.gate(),
        source.reading() as leaving,
        _new_or_empty(to) as database,
    ):
        end = ledger.anchor(leaving, at=now)
        rows = {table.name: carrying.count(leaving, table) for table in carrying.carried_tables()}
        with _filled(database, lambda table: carrying.lines(leaving, table), rows, progress) as (connection, came):
            entries = _prove(connection, came, key=key, end=end, settings=settings, now=now, progress=progress)
    _alone(file)
    file.chmod(0o400)
    return _moved(came, entries)


def _the_file(settings: Settings, to: str) -> Path:
    """The file to move from; BadInput unless it is an SQLite file and the target a PostgreSQL database."""
    try:
        target = make_url(to)
    except ArgumentError as error:
        raise BadInput("That is no address of a database. Write it as postgresql+psycopg://user@host/name.") from error
    if target.drivername != "postgresql+psycopg":
        raise BadInput("Records move to PostgreSQL. Write the address as postgresql+psycopg://user@host/name.")
    here = make_url(settings.url)
    if here.get_backend_name() != "sqlite" or not here.database:
        raise BadInput("The records are not in an SQLite file. Use `complaints export` and `import-installation`.")
    file = Path(here.database)
    if not file.exists():
        raise NotReady(f"There are no records in {file.parent} to move. Check COMPLAINTS_DATA_DIR.")
    return file


def _alone(file: Path) -> None:
    """Everything in the one file; NotReady while another program has it open."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise NotReady("The console is still running on these records. Stop it, then move them.") from error


# --------------------------------------------------------------------------------------------------------------- both


def _key(settings: Settings) -> bytes:
    """The ledger's key; it is never in an export, and a missing one is never made anew."""
    if settings.ledger_key is None and not settings.key_file.exists():
        raise NotReady(
            f"The ledger's key is not in {settings.data_dir}. Put the {settings.key_file.name} of the installation "
            "there, or set COMPLAINTS_LEDGER_KEY to it. No export holds it."
        )
    return ledger.key_or_refuse(settings, begun=True)


def _moved(carried: Mapping[str, Carried], entries: int, **files: Any) -> Moved:
    rows = sum(each.rows for each in carried.values())
    complaints = carried["complaint"].rows
    return Moved(tables=len(carried), rows=rows, entries=entries, complaints=complaints, **files)
