"""How long a whole installation takes to leave and to come in again, proofs included: `python -m bench.moving`.

Out of SQLite as one zip file, into SQLite, and straight across into PostgreSQL, all of it synced to disk there.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.data import AS_AT, office_at, ready, settings_for, sqlite_url
from bench.figures import Figure, tell
from core.moving import export_installation, import_installation, move_installation
from tests.postgres import TestPostgres

COUNT, MINUTES = 100_000, 10
MEGABYTE = 1_000_000
MINUTE = 60


def figures(count: int) -> Iterator[Figure]:
    """Seconds of every way, and the size of what left."""
    with tempfile.TemporaryDirectory(prefix="bench-moving-", dir=ready(count).parent.parent) as made:
        folder = Path(made)
        (folder / "here").mkdir()
        here = Path(shutil.copy(ready(count), folder / "here" / "complaints.db"))
        office = office_at(sqlite_url(here), folder / "here")
        began = perf_counter()
        done = export_installation(office, folder / "export.zip")
        out = perf_counter() - began
        office.close()
        yield Figure(name="export: rows", value=done.rows, unit="rows")
        yield Figure(name="export: zip file", value=round((folder / "export.zip").stat().st_size / MEGABYTE), unit="MB")
        yield Figure(name="export from SQLite", value=round(out, 1), unit="s")
        began = perf_counter()
        there = settings_for(sqlite_url(folder / "there" / "complaints.db"), folder / "there")
        import_installation(there, folder / "export.zip", now=AS_AT)
        back = perf_counter() - began
        yield Figure(name="import into SQLite", value=round(back, 1), unit="s")
        yield Figure(
            name=f"export and import of {count:,}",
            value=round(out + back, 1),
            unit="s",
            target=f"<= {MINUTES * MINUTE}",
        )
        shutil.rmtree(folder / "there")
        yield from _across(here, folder, count)


def _across(here: Path, folder: Path, count: int) -> Iterator[Figure]:
    with TestPostgres(fsync=True) as server:
        began = perf_counter()
        move_installation(
            settings_for(sqlite_url(here), folder / "here"), server.url(server.create_database()), now=AS_AT
        )
        took = perf_counter() - began
        yield Figure(
            name=f"move of {count:,} to PostgreSQL", value=round(took, 1), unit="s", target=f"<= {MINUTES * MINUTE}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell; the exit status is 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.moving", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="complaints")
    return tell(figures(parser.parse_args(arguments).count))


if __name__ == "__main__":
    sys.exit(main())
