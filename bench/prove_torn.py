"""A write-ahead log torn at random places, as a power cut may leave it: what opens is always a state that once was.

Commands are carried out one after another; database and log are copied while they are open, and the copy's log is cut,
overwritten or emptied in part. Whatever stood in the database itself before the log began must be there.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench.data import AS_AT, Clock, desks_of, office_at, set_up, sqlite_url
from core.commands.stage_one import Acknowledge
from core.desk import Office
from core.store import ledger
from tests.builders import Story

STEPS = 12  # complaints taken in and acknowledged while the log grows
Damage = Callable[[bytearray, random.Random], None]
State = tuple[int, int]
"""How many complaints there are, and how long the ledger is."""


@dataclass(slots=True)
class Torn:
    """How many torn logs were opened, how, and of which something was wrong."""

    opened: int = 0
    wrong: int = 0
    states_reached: int = 0
    log_bytes: int = 0
    by_damage: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def _cut(log: bytearray, luck: random.Random) -> None:
    del log[luck.randrange(len(log) + 1) :]


def _flip(log: bytearray, luck: random.Random) -> None:
    """A few bits, the later the likelier: the last pages are on their way when the power goes."""
    for _byte in range(luck.randint(1, 8)):
        at = len(log) - 1 - int(len(log) * luck.random() ** 2)
        log[max(at, 0)] ^= 1 << luck.randrange(8)


def _empty(log: bytearray, luck: random.Random) -> None:
    """A stretch that was never written, as a file system leaves it that had only made the file longer."""
    start = luck.randrange(len(log))
    end = min(len(log), start + luck.randint(1, 25_000))
    log[start:end] = bytes(end - start)


def _rubbish(log: bytearray, luck: random.Random) -> None:
    _cut(log, luck)
    log.extend(luck.randbytes(luck.randint(1, 20_000)))


DAMAGES: dict[str, Damage] = {"cut": _cut, "bits flipped": _flip, "emptied": _empty, "rubbish after": _rubbish}


def tear(*, times: int, steps: int = STEPS) -> Torn:
    """Tear the log so many times, each time anew from the same whole one."""
    torn, luck = Torn(), random.Random(20261129)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, log, states = _written(folder, steps)
        torn.log_bytes = len(log)
        reached: set[State] = set()
        for at in range(times):
            kind = list(DAMAGES)[at % len(DAMAGES)]
            damaged = bytearray(log)
            DAMAGES[kind](damaged, luck)
            place = folder / "torn"
            place.mkdir()
            (place / "complaints.db").write_bytes(whole)
            (place / "complaints.db-wal").write_bytes(damaged)
            try:
                reached.add(_opened(place, states))
            except Exception as wrong:
                torn.wrong += 1
                torn.examples = [*torn.examples, f"{kind}, number {at}: {type(wrong).__name__}: {wrong}"][:5]
            torn.opened += 1
            torn.by_damage[kind] += 1
            shutil.rmtree(place)
        torn.states_reached = len(reached)
    return torn


def _written(folder: Path, steps: int) -> tuple[bytes, bytes, list[State]]:
    """A database, the log beside it, and every state there was from the log's beginning on."""
    path = folder / "complaints.db"
    office = office_at(sqlite_url(path), folder, clock=(clock := Clock()))
    set_up(office)
    story = Story(office=office, clock=clock, desks=desks_of(office))
    story.record(AS_AT.date())
    with contextlib.closing(sqlite3.connect(path)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    states = [_state(office)]
    for _step in range(steps):
        reference = story.record(AS_AT.date())
        states.append(_state(office))
        story.desks.handler.do(story.ready(Acknowledge, reference))
        states.append(_state(office))
    # Copied while it is open: whoever closes it last would bring the log into the database.
    whole, log = path.read_bytes(), path.with_name("complaints.db-wal").read_bytes()
    office.close()
    return whole, log, states


def _state(office: Office) -> State:
    with office.database.reading() as connection:
        count = sa.text("SELECT (SELECT count(*) FROM complaint), (SELECT max(n) FROM ledger_entry)")
        complaints, entries = connection.execute(count).one()
    return complaints, entries


def _opened(place: Path, states: list[State]) -> State:
    """Open what is left and look at all of it; raises for whatever is wrong."""
    office = office_at(sqlite_url(place / "complaints.db"), place)
    try:
        state = _state(office)
        if state not in states:
            raise RuntimeError(f"{state} is no state there ever was.")
        with office.database.reading() as connection:
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if whole != "ok" or orphans:
                raise RuntimeError(f"The file is damaged: {whole} {orphans[:1]}")
            if ledger.verify(connection, key=office.key) != state[1]:
                raise RuntimeError("The ledger does not prove all of its entries.")
        return state
    finally:
        office.close()
