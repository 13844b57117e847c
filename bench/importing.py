"""How quickly old records come in, end to end, beside a raw insert of the same rows: `python -m bench.importing`.

The file is the shared New York casework when it is there, else a made-up list. The baseline is sqlite3's executemany
of exactly the rows that resulted, into an empty migrated database, with the same settings and batches of the same size.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.data import AS_AT, office_at, set_up, sqlite_url
from bench.figures import Figure, tell
from bench.texts import Texts
from core.channels.spreadsheets import open_sheet
from core.desk import Desk
from core.jobs import BATCH, guess_mapping, import_history
from core.permissions import SYSTEM
from core.settings import ROOT
from core.store.schema import migrate

SHARED = ROOT.parent / "shared/data/complaints/nyc_council_casework.csv.xz"
ROWS_PER_SECOND, SHARE_OF_RAW, MEGABYTES = 3_000, 0.25, 600
MADE_UP_ROWS = 100_000
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-65536",
    "temp_store=MEMORY", "mmap_size=268435456",
)  # fmt: skip
_OF_COMPLAINTS = "complaint_id BETWEEN ? AND ?"
OF_A_BATCH = {
    "person": "id IN (SELECT person_id FROM complaint WHERE id BETWEEN ? AND ?)",
    "complaint": "id BETWEEN ? AND ?",
    "stage": _OF_COMPLAINTS,
    "point": _OF_COMPLAINTS,
    "answer": "point_id IN (SELECT id FROM point WHERE complaint_id BETWEEN ? AND ?)",
    "extension": "stage_id IN (SELECT id FROM stage WHERE complaint_id BETWEEN ? AND ?)",
    "duty": _OF_COMPLAINTS,
    "search_doc": _OF_COMPLAINTS,
    "ledger_entry": _OF_COMPLAINTS,
    "ledger_personal": "n IN (SELECT n FROM ledger_entry WHERE complaint_id BETWEEN ? AND ?)",
}
"""Which rows belong to the complaints of one batch; every table's first column is its key."""
BEFORE = ("service", "colleague", "policy_version", "holiday", "counter")


def the_file(folder: Path, *, rows: int | None) -> tuple[Path, str]:
    """The list to import and its name: the shared one, or a made-up one when it is absent; the first rows if asked."""
    path = folder / "list.csv"
    if not SHARED.exists():
        _made_up(path, rows or MADE_UP_ROWS)
        return path, "made_up"
    with lzma.open(SHARED, "rb") as packed, path.open("wb") as plain:
        if rows is None:
            shutil.copyfileobj(packed, plain)
        else:
            plain.writelines(line for line, _ in zip(packed, range(rows + 1), strict=False))
    return path, "nyc"


def _made_up(path: Path, rows: int) -> None:
    texts = Texts(seed=20261118)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Reference", "Date received", "Date acknowledged", "Date closed", "Service", "Name", "Details"]
        )
        for at, (words, person) in enumerate(zip(texts.some(rows), texts.people(rows), strict=True)):
            day = AS_AT.date() - timedelta(days=60 + at % 900)
            dates = [(day + timedelta(days=more)).isoformat() for more in (0, 4, 4 + at % 30)]
            writer.writerow([f"OLD-{at}", *dates, ("Parks", "Parking")[at % 2], person["name"], words])


def child(file: Path, url: str, folder: Path) -> dict[str, Any]:
    """Import one file in this process; how long it took, how many rows, and the most memory it held."""
    office = office_at(url, folder)
    set_up(office)
    desk = Desk(office, SYSTEM)
    began = perf_counter()
    sheet = open_sheet(file)
    result = import_history(desk, sheet, guess_mapping(sheet), source="Old list", file_name=file.name)
    seconds = perf_counter() - began
    office.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return {"seconds": seconds, "rows": result.rows, "added": result.added, "megabytes": peak}


def imported(file: Path, url: str, folder: Path) -> dict[str, Any]:
    """Import a file in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.importing", "--child", str(file), url, str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"The import failed: {ran.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def raw_insert(source: Path, folder: Path) -> tuple[float, int]:
    """Seconds to insert the same rows with sqlite3 alone, reading them not counted; and how many complaints."""
    target = folder / "raw.db"
    office = office_at(sqlite_url(target), folder)
    migrate(office.database)
    office.close()
    reading = sqlite3.connect(f"file:{source.as_posix()}?mode=ro", uri=True)
    writing = sqlite3.connect(target, isolation_level=None)
    for pragma in PRAGMAS:
        writing.execute(f"PRAGMA {pragma}")
    for table in BEFORE:
        _insert(writing, table, reading.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - our own names
    last = reading.execute("SELECT max(id) FROM complaint").fetchone()[0] or 0
    seconds = 0.0
    for first in range(1, last + 1, BATCH):
        span = (first, first + BATCH - 1)
        rows = {
            table: reading.execute(f"SELECT * FROM {table} WHERE {mine} ORDER BY 1", span).fetchall()  # noqa: S608
            for table, mine in OF_A_BATCH.items()
        }
        began = perf_counter()
        writing.execute("BEGIN IMMEDIATE")
        for table, found in rows.items():
            _insert(writing, table, found)
        writing.execute("COMMIT")
        seconds += perf_counter() - began
    count = writing.execute("SELECT count(*) FROM complaint").fetchone()[0]
    writing.close()
    reading.close()
    return seconds, count


def _insert(writing: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        writing.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names


def figures(*, rows: int | None = None, postgresql: bool = True) -> Iterator[Figure]:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, what = the_file(folder, rows=rows)
        database = folder / "complaints.db"
        ours = imported(file, sqlite_url(database), folder)
        seconds, count = raw_insert(database, folder)
        if count != ours["added"]:
            raise RuntimeError(f"The raw insert made {count:,} complaints and the import {ours['added']:,}.")
        speed, raw = ours["rows"] / ours["seconds"], count / seconds
        yield Figure(name=f"import.{what}.rows", value=ours["rows"], unit="rows")
        yield Figure(name=f"import.{what}.sqlite", value=round(speed), unit="rows/s", target=f">= {ROWS_PER_SECOND}")
        yield Figure(name=f"import.{what}.raw_insert", value=round(raw), unit="rows/s")
        share = round(ours["added"] / ours["seconds"] / raw, 3)
        yield Figure(name=f"import.{what}.share_of_raw", value=share, unit="ratio", target=f">= {SHARE_OF_RAW}")
        peak = round(ours["megabytes"])
        yield Figure(name=f"import.{what}.peak_memory", value=peak, unit="MB", target=f"< {MEGABYTES}")
        if postgresql and os.name == "posix":
            yield from _on_postgresql(file, what, folder)


def _on_postgresql(file: Path, what: str, folder: Path) -> Iterator[Figure]:
    from tests.postgres import TestPostgres

    with TestPostgres(fsync=True) as server:
        theirs = imported(file, server.url(server.create_database()), folder)
        speed = round(theirs["rows"] / theirs["seconds"])
        yield Figure(name=f"import.{what}.postgresql", value=speed, unit="rows/s")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; with --child, import one file and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("--rows", type=int, help="only the first rows of the file")
    parser.add_argument("--no-postgresql", action="store_true")
    parser.add_argument("--child", nargs=3, metavar=("FILE", "URL", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        file, url, folder = asked.child
        print(json.dumps(child(Path(file), url, Path(folder))))
        return 0
    return tell(figures(rows=asked.rows, postgresql=not asked.no_postgresql))


if __name__ == "__main__":
    sys.exit(main())
