"""Four consoles on one database at once: the server under them killed with -9.

Each replica is a process with a desk. It notes a command only after the desk has answered, meets a database that is
away with nothing but the desk's own sentence, and is never started again.
"""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.data import AS_AT, desks_of, office_at, set_up
from bench.prove_kills import PATIENCE, Kills, examine, first_complaint, how_to_start
from core.commands.base import Command
from core.commands.recording import RecordComplaint
from core.commands.stage_one import Acknowledge
from core.desk import Desk, Done, Office
from core.errors import ComplaintsError, NotReady
from core.model.complaints import Channel

REPLICAS = 4
LONGEST_LIFE, LONGEST_AWAY = 1.0, 0.5  # seconds the server is up and down between two kills
PAUSE = 0.05  # seconds a replica waits before it tries again


@dataclass(slots=True)
class Replicas:
    """What came of killing the server: `recoveries` are seconds from its return to every replica's next answer."""

    kills: int = 0
    told_plainly: int = 0
    ended: int = 0
    fell_through: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    found: Kills = field(default_factory=Kills)


# ----------------------------------------------------------------------------------------------- in a replica's process


def write_on(url: str, folder: str, noted: str, at: int) -> None:
    """What a replica does until it is told to stop: complaint after complaint, whatever becomes of the database."""
    office = office_at(url, Path(folder))
    replica = _Replica(noted, stop=Path(folder) / "stop")
    desks = desks_of(office)
    today = AS_AT.date()
    while not replica.stopped:
        taken = replica.take(
            desks.recorder,
            RecordComplaint(
                individual=f"Sam Sample {at}", words=f"The bins were missed. {uuid4()}", matter="Missed bins",
                received_on=today, channel=Channel.PHONE, contact_phone="0000 000 0000",
            ),
        )  # fmt: skip
        if taken is not None and taken.reference is not None:
            given = {"acknowledged_on": today, "understanding": "Bins"}
            replica.take(desks.handler, Acknowledge(reference=taken.reference, **given))
    office.close()


class _Replica:
    """Takes steps and notes what came of each: one write call a line, in the kernel's hands before the next begins."""

    def __init__(self, noted: str, *, stop: Path) -> None:
        self._note = os.open(noted, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._stop = stop

    @property
    def stopped(self) -> bool:
        return self._stop.exists()

    def take(self, desk: Desk, command: Command) -> Done | None:
        """Take a step, again and again under its one id while the records cannot be reached; None once stopped."""
        while not self.stopped:
            try:
                done = desk.do(command)
            except NotReady as away:
                self.say(f"away {away}")
                time.sleep(PAUSE)
            except ComplaintsError as refused:
                self.say(f"through {type(refused).__name__}: {refused}")
                return None
            except Exception as fault:  # whatever reaches an officer as anything but a sentence is a fault
                self.say(f"through {type(fault).__name__}: {str(fault).splitlines()[0]}")
                time.sleep(PAUSE)
            else:
                self.say(f"done {command.command_id} {len(done.events)}")
                return done
        return None

    def say(self, line: str) -> None:
        os.write(self._note, f"{line}\n".encode())


# --------------------------------------------------------------------------------------------------- killing the server


def kill_the_server(*, times: int, replicas: int = REPLICAS, context: Any = None) -> Replicas:
    """Kill PostgreSQL with -9 under replicas that write, and start it again, so many times.

    `context` is how their processes are started, where not from one that loads everything for them first.
    """
    from tests.postgres import TestPostgres

    told, luck = Replicas(), random.Random(20261128)
    with tempfile.TemporaryDirectory() as name, TestPostgres(fsync=True) as server:
        folder, url = Path(name), server.url(server.create_database())
        office = office_at(url, folder)
        set_up(office)
        first_complaint(office)
        office.close()
        notes = [folder / f"noted-{at}" for at in range(replicas)]
        how = context or how_to_start("bench.prove_replicas")
        with _running(how, url, folder, notes) as processes:
            _all_answer(notes, [0] * replicas)
            for _kill in range(times):
                time.sleep(luck.uniform(0.05, LONGEST_LIFE))
                server.kill9()
                told.kills += 1
                time.sleep(luck.uniform(0.0, LONGEST_AWAY))
                before = [_answers(note) for note in notes]
                server.restart()
                told.recoveries.append(_all_answer(notes, before))
            told.ended = sum(not process.is_alive() for process in processes)
        _add_up(told, office_at(url, folder), notes)
    return told


@contextlib.contextmanager
def _running(context: Any, url: str, folder: Path, notes: list[Path]) -> Iterator[list[Any]]:
    processes = []
    for at, note in enumerate(notes):
        note.touch()
        processes.append(context.Process(target=write_on, args=(url, str(folder), str(note), at)))
        processes[-1].start()
    try:
        yield processes
    finally:
        (folder / "stop").touch()
        for process in processes:
            process.join(PATIENCE)
            process.kill()
            process.join()


def _answers(note: Path) -> int:
    return sum(line.startswith("done ") for line in note.read_text(encoding="utf-8").splitlines())


def _all_answer(notes: list[Path], before: list[int]) -> float:
    """Wait until every replica has been answered once more; how long that took, in seconds."""
    began = time.monotonic()
    while any(_answers(note) <= had for note, had in zip(notes, before, strict=True)):
        if time.monotonic() - began > PATIENCE:
            raise RuntimeError("A replica did not recover by itself.")
        time.sleep(0.02)
    return round(time.monotonic() - began, 2)


def _add_up(told: Replicas, office: Office, notes: list[Path]) -> None:
    lines = [line for note in notes for line in note.read_text(encoding="utf-8").splitlines()]
    told.told_plainly = sum(line.startswith("away ") for line in lines)
    told.fell_through = sorted({line.removeprefix("through ") for line in lines if line.startswith("through ")})
    done = "".join(f"{line.removeprefix('done ')}\n" for line in lines if line.startswith("done "))
    try:
        examine(office, done, told.found, everything=True)
    finally:
        office.close()
