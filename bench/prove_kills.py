"""kill -9 in the middle of writing, again and again: nothing acknowledged is lost and nothing is half done.

A process with eight threads records complaints and takes them on through the desk; each thread notes a command only
after the desk has answered. The process is killed without warning, and the records are examined.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from bench.data import AS_AT, database_for, desks_of, office_at, set_up
from core.commands.base import Command
from core.commands.recording import AddNote, RecordComplaint
from core.commands.stage_one import Acknowledge, Assign
from core.desk import Desk, Office
from core.errors import ChangedMeanwhile
from core.model.complaints import Channel
from core.permissions import SYSTEM
from core.queries.duties_check import duties_check
from core.store import ledger

THREADS = 8
PATIENCE = 60.0
LONGEST_LIFE = 0.6  # seconds of writing before the kill
LOOKED_BACK = 300  # complaints whose duties are counted again after each kill; all of them are at the end


def write_until_killed(url: str, folder: str, noted: str) -> None:
    """What the doomed process does. Runs in a process of its own and never returns."""
    office = office_at(url, Path(folder))
    # One write call a line: it is in the kernel's hands, whole, before the next command begins.
    note = os.open(noted, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    threads = [threading.Thread(target=_write_on, args=(office, note, at)) for at in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write_on(office: Office, note: int, at: int) -> None:
    desks = desks_of(office)

    def take(desk: Desk, command: Command) -> str:
        done = desk.do(command)
        os.write(note, f"{command.command_id} {len(done.events)}\n".encode())
        return done.reference or ""

    while True:
        today = AS_AT.date()
        reference = take(
            desks.recorder,
            RecordComplaint(
                individual=f"Sam Sample {at}", words=f"The bins were missed. {uuid4()}", matter="Missed bins",
                received_on=today, channel=Channel.PHONE, contact_phone="0000 000 0000",
            ),
        )  # fmt: skip
        shared = f"C-{today.year}-000001"
        with contextlib.suppress(ChangedMeanwhile):  # two of us at the same complaint: refused whole, nothing to note
            take(desks.handler, AddNote(reference=shared, text="Rang the depot."))
        take(desks.handler, Acknowledge(reference=reference, acknowledged_on=today, understanding="Bins"))
        take(desks.manager, Assign(reference=reference, colleague_id=desks.handler.actor.id))


@dataclass(slots=True)
class Kills:
    """What came of a campaign; the counts after `acknowledged` are of things that must not happen."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    ledger_broken: int = 0
    file_damaged: int = 0
    reference_gaps: int = 0
    duties_differing: int = 0
    examples: list[str] = field(default_factory=list)

    def found(self, what: str, count: int, example: str) -> None:
        """Add to a count, keeping the first examples."""
        if count:
            setattr(self, what, getattr(self, what) + count)
            self.examples = [*self.examples, example][:5]

    @property
    def faults(self) -> int:
        """Everything that must not happen."""
        return self.lost + self.ledger_broken + self.file_damaged + self.reference_gaps + self.duties_differing


def kill_again_and_again(kind: str, *, times: int) -> Kills:
    """The whole campaign on one kind of database, its files removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database_for(kind, folder) as url:
            return _campaign(url, folder, times)


def _campaign(url: str, folder: Path, times: int) -> Kills:
    office = office_at(url, folder)
    set_up(office)
    first_complaint(office)
    office.close()
    seen = Kills()
    luck = random.Random(20261116)
    context = how_to_start()
    for at in range(times):
        noted = folder / f"noted-{at}"
        noted.touch()
        _one_life(context, url, folder, noted, luck.uniform(0.02, LONGEST_LIFE))
        seen.kills += 1
        office = office_at(url, folder)
        try:
            examine(office, noted.read_text(encoding="ascii"), seen, everything=at == times - 1)
        finally:
            office.close()
    return seen


def how_to_start(module: str = "bench.prove_kills") -> BaseContext:
    """How processes are started: from one that has everything loaded, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def first_complaint(office: Office) -> None:
    desks_of(office).recorder.do(
        RecordComplaint(
            individual="Sam Sample", words="The bins were missed.", matter="Missed bins",
            received_on=AS_AT.date(), channel=Channel.PHONE, contact_phone="0000 000 0000",
        )
    )  # fmt: skip


def _one_life(context: BaseContext, url: str, folder: Path, noted: Path, seconds: float) -> None:
    """Start a process, let it write for so long after its first answer, and kill it."""
    process = context.Process(target=write_until_killed, args=(url, str(folder), str(noted)))  # type: ignore[attr-defined]
    process.start()
    until = time.monotonic() + PATIENCE
    while noted.stat().st_size == 0:
        if not process.is_alive() or time.monotonic() > until:
            process.kill()
            raise RuntimeError("The writing process did not begin to write.")
        time.sleep(0.005)
    time.sleep(seconds)
    if not process.is_alive():
        raise RuntimeError("The writing process ended by itself, so nothing was proved.")
    process.kill()
    process.join()


def examine(office: Office, noted: str, seen: Kills, *, everything: bool) -> None:
    # A line that the kill cut short was not acknowledged.
    told = [line.split() for line in noted.splitlines(keepends=True) if line.endswith("\n")]
    acknowledged = {command_id: int(events) for command_id, events in told}
    seen.acknowledged += len(acknowledged)
    with office.database.reading() as connection:
        if not office.database.is_sqlite:
            wait_for_the_dead(connection)
    with office.database.reading() as connection:
        found = _events_of(connection, list(acknowledged))
        lost = [one for one, events in acknowledged.items() if found.get(one) != events]
        seen.found("lost", len(lost), f"lost: {lost[:1]}")
        try:
            ledger.verify(connection, key=office.key)
        except Exception as broken:
            seen.found("ledger_broken", 1, str(broken))
        if office.database.is_sqlite:
            state = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            seen.found("file_damaged", int(state != "ok" or bool(orphans)), f"{state} {orphans[:1]}")
        gaps = _gaps(connection)
        seen.found("reference_gaps", len(gaps), f"gaps: {gaps[:1]}")
        newest = connection.execute(sa.text("SELECT max(id) FROM complaint")).scalar_one()
    differing = differing_duties(Desk(office, SYSTEM), after=0 if everything else max(0, newest - LOOKED_BACK))
    seen.found("duties_differing", len(differing), f"duties differ: {differing[:1]}")


def wait_for_the_dead(connection: sa.Connection) -> None:
    """Wait until PostgreSQL has noticed that the killed process is gone and has undone what it left open."""
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    until = time.monotonic() + PATIENCE
    while connection.execute(others).scalar_one():
        if time.monotonic() > until:
            raise RuntimeError("PostgreSQL still serves a process that was killed.")
        connection.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
        time.sleep(0.02)


def _events_of(connection: sa.Connection, command_ids: list[str]) -> dict[str, int]:
    """How many entries each command has in the ledger."""
    found: dict[str, int] = {}
    statement = sa.text(
        "SELECT command_id, count(*) FROM ledger_entry WHERE command_id IN :ids GROUP BY command_id"
    ).bindparams(sa.bindparam("ids", expanding=True))
    for first in range(0, len(command_ids), 500):
        rows = connection.execute(statement, {"ids": command_ids[first : first + 500]})
        found.update({row[0]: row[1] for row in rows})
    return found


def _gaps(connection: sa.Connection) -> list[tuple[Any, ...]]:
    """Years whose references do not run from 1 to the counter without a gap."""
    statement = sa.text(
        "SELECT counter.name, counter.value, count(complaint.id) AS complaints, "
        "max(CAST(substr(complaint.reference, 8) AS integer)) AS highest "
        "FROM counter LEFT JOIN complaint ON counter.name = 'complaint-' || substr(complaint.reference, 3, 4) "
        "GROUP BY counter.name, counter.value"
    )
    rows = connection.execute(statement).all()
    return [tuple(row) for row in rows if not row.value == row.complaints == row.highest]


def differing_duties(desk: Desk, *, after: int) -> list[str]:
    differing: list[str] = []
    part: int | None = after
    while part is not None:
        found = desk.ask(duties_check, after=part)
        differing += found.differing
        part = found.after
    return differing
