"""The sample council taken down to the first schema, one migration at a time, and up again; and replicas that migrate
at once. Nothing that the first schema holds is lost on the way, and the schema comes out the same.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from bench.data import AS_AT, KEY, copied, office_at, sqlite_url
from core.demo import build_demo
from core.desk import Office
from core.settings import ROOT, Settings
from core.store import ledger
from core.store.schema import at_head, downgrade, migrate

AT_ONCE = 4
MIGRATE = (
    "import sys; from core.store.engine import Database; from core.store.schema import migrate; "
    "migrate(Database(sys.argv[1]))"
)


@dataclass(slots=True)
class Migrated:
    """What came of one database: how many steps were taken, and what was wrong."""

    kind: str
    steps: int = 0
    complaints: int = 0
    wrong: list[str] = field(default_factory=list)


def up_and_down(*, complaints: int) -> list[Migrated]:
    """The sample council on both databases."""
    from tests.postgres import TestPostgres

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told: dict[str, SecretStr | str | Path] = {"data_dir": folder, "ledger_key": SecretStr(KEY), "mode": "demo"}
        build_demo(Settings(_env_file=None, **told), now=AS_AT, complaints=complaints)  # type: ignore[arg-type]
        path = folder / "complaints.db"
        with TestPostgres() as server:
            found = [_one("postgresql", office_at(copied(path, server, folder), folder))]
        return [*found, _one("sqlite", office_at(sqlite_url(path), folder))]


def _one(kind: str, office: Office) -> Migrated:
    told = Migrated(kind)
    try:
        _down_and_up(office, told)
    except Exception as fault:
        told.wrong.append(f"{type(fault).__name__}: {str(fault).splitlines()[0]}")
    finally:
        office.close()
    return told


def _down_and_up(office: Office, told: Migrated) -> None:
    database, revisions = office.database, _revisions()
    before, made = _held(office), _schema(office)
    told.complaints = before[0]
    for _step in revisions[1:]:
        downgrade(database, to="-1")
        told.steps += 1
        told.wrong += _orphans(office)
    for revision in revisions[1:]:
        migrate(database, to=revision)
        told.steps += 1
        told.wrong += _orphans(office)
    told.wrong += _differences(office, before, made, "one step at a time")
    downgrade(database, to=revisions[0])
    told.wrong += list(_at_once(str(database.url.render_as_string(hide_password=False))))
    told.wrong += _differences(office, before, made, f"{AT_ONCE} at once")


def _at_once(url: str) -> Iterator[str]:
    """Replicas that start at the same moment: one migrates, and the others find it done."""
    started = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _replica in range(AT_ONCE)
    ]
    for each in started:
        _out, said = each.communicate(timeout=300)
        if each.returncode:
            yield f"a replica ended with {each.returncode}: {said.splitlines()[-1:]}"


def _revisions() -> list[str]:
    script = ScriptDirectory(str(ROOT / "migrations"))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def _held(office: Office) -> tuple[int, int]:
    """How many complaints there are, and how many entries a ledger that proves itself has."""
    with office.database.reading() as connection:
        complaints = int(connection.execute(sa.text("SELECT count(*) FROM complaint")).scalar_one())
        return complaints, ledger.verify(connection, key=bytes.fromhex(KEY))


def _schema(office: Office) -> set[tuple[str, str]]:
    """Every table with each of its columns."""
    inspected = sa.inspect(office.database.engine)
    return {
        (table, f"{column['name']} {column['type']}")
        for table in inspected.get_table_names()
        for column in inspected.get_columns(table)
    }


def _orphans(office: Office) -> list[str]:
    """Rows that point at nothing: PostgreSQL has none by itself, SQLite is asked."""
    if not office.database.is_sqlite:
        return []
    with contextlib.closing(office.database.engine.raw_connection()) as connection:
        found = connection.cursor().execute("PRAGMA foreign_key_check").fetchmany(1)  # type: ignore[union-attr]
    return [f"a row points at nothing: {found}"] if found else []


def _differences(office: Office, before: tuple[int, int], made: set[tuple[str, str]], how: str) -> list[str]:
    wrong = [] if at_head(office.database) else [f"{how}: not the newest schema"]
    if _held(office) != before:
        wrong.append(f"{how}: {before} complaints and entries became {_held(office)}")
    if _schema(office) != made:
        wrong.append(f"{how}: the schema differs: {sorted(_schema(office) ^ made)[:3]}")
    return wrong
