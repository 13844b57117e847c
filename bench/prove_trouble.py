"""Records in trouble: a disk that is full, records that may only be read, a database that is away or takes nobody else.

Each trouble is a real one. While it lasts a desk answers with a sentence and nothing else, nothing is half kept, and a
desk that was there before goes on by itself once it is over.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.data import AS_AT, Clock, desks_of, office_at, set_up, sqlite_url
from bench.prove_kills import PATIENCE
from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.errors import NotReady
from core.store import ledger
from tests.builders import Story

NOTES = 400  # steps tried while a disk fills up
NOBODY = 65534
WORDS = "Rang the depot; the crew will send a photograph. " * 60


@dataclass(slots=True)
class Trouble:
    """What came of one trouble. `sentences` are what the desk said, `otherwise` what reached the caller as an error."""

    name: str
    how: str = ""
    refused: int = 0
    acknowledged: int = 0
    kept: int = 0
    recovered: bool = False
    sentences: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether it was met, said in a sentence, left nothing half done, and was recovered from."""
        return self.refused > 0 and not self.otherwise and self.acknowledged == self.kept and self.recovered

    def note(self, desk: Desk, reference: str) -> bool:
        """Try a step; whether it was carried out."""
        try:
            desk.do(AddNote(reference=reference, text=WORDS))
        except NotReady as away:
            self.refused += 1
            self.sentences = sorted({*self.sentences, str(away)})
            return False
        except Exception as fault:  # whatever reaches an officer as anything but a sentence is a fault
            self.otherwise = sorted({*self.otherwise, f"{type(fault).__name__}: {str(fault).splitlines()[0]}"})
            return False
        self.acknowledged += 1
        return True


@dataclass(slots=True)
class Council:
    """A desk with one complaint on it."""

    office: Office
    desk: Desk
    reference: str

    @classmethod
    def at(cls, url: str, folder: Path) -> Council:
        """A new council on an empty database."""
        clock = Clock()
        office = office_at(url, folder, clock=clock)
        set_up(office)
        reference = Story(office=office, clock=clock, desks=desks_of(office)).record(AS_AT.date())
        return cls(office, desks_of(office).handler, reference)

    def notes(self) -> int:
        """How many notes the history has; raises when it does not prove itself."""
        with self.office.database.reading() as connection:
            ledger.verify(connection, key=self.office.key)
            counted = sa.text("SELECT count(*) FROM ledger_entry WHERE tag = 'note.added'")
            return int(connection.execute(counted).scalar_one())

    def over(self, told: Trouble) -> Trouble:
        """The trouble has passed: the same desk goes on."""
        told.recovered = told.note(self.desk, self.reference)
        told.kept = self.notes()
        self.office.close()
        return told


# ------------------------------------------------------------------------------------------------------------- SQLite


def full_disk(folder: Path) -> Trouble:
    """A file system with no room left, where this process may mount one; else SQLite's own limit on its pages."""
    told = Trouble(name="disk_full")
    council = Council.at(sqlite_url(folder / "complaints.db"), folder)
    filler = folder / "filler"
    small = os.statvfs(folder).f_blocks * os.statvfs(folder).f_frsize < 64 * 1024 * 1024
    told.how = "a file system without room" if small else "SQLite's own limit"
    if small:
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(bytes(64 * 1024))
        with contextlib.suppress(OSError):
            os.truncate(filler, max(0, filler.stat().st_size - 256 * 1024))
    else:
        _limit(council.office, pages=20)
    for _note in range(NOTES):
        if not told.note(council.desk, council.reference) and told.refused + len(told.otherwise) > 1:
            break
    filler.unlink(missing_ok=True)
    if not small:
        _limit(council.office, pages=1_000_000)
    return council.over(told)


def _limit(office: Office, *, pages: int) -> None:
    """Let every connection from now on add no more than so many pages."""
    office.database.engine.dispose()

    def limited(connection: Any, _record: Any) -> None:
        there = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={there + pages}")

    sa.event.listen(office.database.engine, "connect", limited)


def read_only(folder: Path) -> Trouble:
    """Records whose files and folder may be read and not written to, by a process that is not root."""
    told = Trouble(name="read_only")
    council = Council.at(sqlite_url(folder / "complaints.db"), folder)
    council.office.database.engine.dispose()
    files = [*folder.iterdir(), folder]
    modes = {path: path.stat().st_mode for path in files}
    for path in files:
        path.chmod(modes[path] & ~0o222)
    for _note in range(3):
        told.note(council.desk, council.reference)
    for path, mode in modes.items():
        path.chmod(mode)
    council.office.database.engine.dispose()
    return council.over(told)


# --------------------------------------------------------------------------------------------------------- PostgreSQL


def too_many_connections(folder: Path, server: Any) -> Trouble:
    """Every connection the server has is somebody else's."""
    told, name = Trouble(name="too_many_connections"), server.create_database()
    council = Council.at(server.url(name), folder)
    council.office.database.engine.dispose()
    held: list[Any] = []
    with contextlib.suppress(Exception):
        while True:
            held.append(server.connect(name))
    for _note in range(3):
        told.note(council.desk, council.reference)
    for connection in held:
        connection.close()
    _until(lambda: told.note(council.desk, council.reference))
    return council.over(told)


def pool_taken(folder: Path, server: Any) -> Trouble:
    """Every connection this console may have is in use, for longer than anybody waits for one."""
    told = Trouble(name="pool_taken")
    council = Council.at(server.url(server.create_database()), folder)
    pool: Any = council.office.database.engine.pool
    pool._timeout = 0.2  # noqa: SLF001 - seconds; the product waits longer, and is told the same
    leave, many = threading.Event(), pool.size() + pool._max_overflow  # noqa: SLF001
    ready = threading.Barrier(many + 1)
    with ThreadPoolExecutor(many) as others:
        for _other in range(many):
            others.submit(_hold, council.office, ready, leave)
        ready.wait(PATIENCE)
        told.note(council.desk, council.reference)
        leave.set()
    return council.over(told)


def _hold(office: Office, ready: threading.Barrier, leave: threading.Event) -> None:
    with office.database.reading() as connection:
        connection.execute(sa.text("SELECT 1"))
        ready.wait(PATIENCE)
        leave.wait(PATIENCE)


def away(folder: Path, server: Any, *, seconds: float) -> Trouble:
    """The server is gone for so long, and comes back."""
    told = Trouble(name="away")
    council = Council.at(server.url(server.create_database()), folder)
    server.kill9()
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        told.note(council.desk, council.reference)
        time.sleep(0.1)
    server.restart()
    _until(lambda: told.note(council.desk, council.reference))
    return council.over(told)


def _until(holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds() and time.monotonic() - began < PATIENCE:
        time.sleep(0.1)


# ---------------------------------------------------------------------------------------------------------- all of them


def all_troubles(*, seconds_away: float) -> list[Trouble]:
    """Each trouble on a council of its own."""
    from tests.postgres import TestPostgres

    found = [_on_a_small_disk(), _as_nobody()]
    with TestPostgres(fsync=True) as server:
        for trouble in (too_many_connections, pool_taken):
            with tempfile.TemporaryDirectory() as name:
                found.append(trouble(Path(name), server))
        with tempfile.TemporaryDirectory() as name:
            found.append(away(Path(name), server, seconds=seconds_away))
    return found


def _on_a_small_disk() -> Trouble:
    """In a file system of a few megabytes where a process of ours may mount one, else under SQLite's own limit."""
    with tempfile.TemporaryDirectory() as name:
        script = f"mount -t tmpfs -o size=12m tmpfs {name} && exec {sys.executable} -m bench.prove_trouble {name}"
        try:
            ran = subprocess.run(
                ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=120, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            ran = None
        if ran is not None and ran.returncode == 0:
            return Trouble(**json.loads(ran.stdout.splitlines()[-1]))
        return full_disk(Path(name))


def _as_nobody() -> Trouble:
    """As somebody who is not root, whom no mode of a file stops."""
    with tempfile.TemporaryDirectory() as name:
        if not hasattr(os, "geteuid") or os.geteuid() != 0:
            return read_only(Path(name))
        os.chown(name, NOBODY, NOBODY)
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=_step_down, args=(name, theirs))
        process.start()
        told: Trouble = ours.recv()
        process.join(PATIENCE)
        return told


def _step_down(name: str, answer: Any) -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    answer.send(read_only(Path(name)))


if __name__ == "__main__":
    print(json.dumps(asdict(full_disk(Path(sys.argv[1])))))
