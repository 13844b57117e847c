"""Many hands on the same complaints, from four consoles on one database: no update is lost, doubled or half refused.

Each hand acts on a page that it opened some time ago, so most find that somebody else was quicker; whoever is refused
opens the page again. The complaints they meet on change as the campaign goes on, as complaints do in a council.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.data import AS_AT, database_for, desks_of, office_at, set_up
from bench.prove_kills import how_to_start
from core.commands.recording import AddNote, RecordComplaint
from core.desk import Desk, Office
from core.errors import ChangedMeanwhile, LedgerBroken
from core.model.complaints import Channel
from core.store import ledger

REPLICAS, THREADS, HANDS = 4, 2, 32
"""Consoles, threads of each, and the people that a thread plays."""
SHARED, ROUND = 8, 4_000
"""Complaints that all of them work on, and attempts until they go on to others."""
PARTS = 500

ACKNOWLEDGED, REFUSED, THROUGH = "acknowledged", "refused", "through"


@dataclass(slots=True)
class Updates:
    """What came of many hands on a few complaints; the counts from `lost` on are of what must not happen.

    `lost` are acknowledged steps that the record does not hold, or that a version does not show; `doubled` those it
    holds more than once, `not_refused` those it holds though they were refused.
    """

    attempts: int = 0
    acknowledged: int = 0
    told_changed: int = 0
    lost: int = 0
    doubled: int = 0
    not_refused: int = 0
    ledger_broken: str = ""
    fell_through: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def rate(self) -> float:
        """Attempts in a second, of all replicas together."""
        return round(self.attempts / self.seconds, 1) if self.seconds else 0.0

    @property
    def share(self) -> float:
        """How many of a hundred attempts were acknowledged."""
        return round(100 * self.acknowledged / self.attempts, 1) if self.attempts else 0.0

    @property
    def faults(self) -> int:
        """Everything that must not happen."""
        return self.lost + self.doubled + self.not_refused + len(self.fell_through) + bool(self.ledger_broken)


@dataclass(slots=True)
class _Hand:
    """A person with a page open: the complaint on it, and its version when it was opened."""

    number: int
    reference: str = ""
    version: int = 0


def update_together(kind: str, *, attempts: int, context: Any = None) -> Updates:
    """Let four replicas take so many steps in all, each as its page showed the complaint; what the record holds then.

    `context` is how their processes are started, where not from one that loads everything for them first.
    """
    with tempfile.TemporaryDirectory() as name, database_for(kind, Path(name)) as url:
        folder = Path(name)
        office = office_at(url, folder)
        set_up(office)
        _record(office, SHARED * -(-attempts // ROUND))
        began = _versions(office)
        office.close()  # a process that is copied must inherit no connection
        noted, seconds = _at_work(context or how_to_start(__name__), url, folder, attempts)
        office = office_at(url, folder)
        try:
            return _told(office, noted, seconds=seconds, versions=began)
        finally:
            office.close()


def _record(office: Office, complaints: int) -> None:
    recorder = desks_of(office).recorder
    for number in range(complaints):
        recorder.do(
            RecordComplaint(
                individual=f"Sam Sample {number}", words="The bins were missed.", matter="Missed bins",
                received_on=AS_AT.date(), channel=Channel.PHONE, contact_phone="0000 000 0000",
            )
        )  # fmt: skip


def _at_work(context: Any, url: str, folder: Path, attempts: int) -> tuple[list[Path], float]:
    """Run the replicas; the files with what came of each attempt, and the seconds that all of them took."""
    noted = [folder / f"updates-{at}" for at in range(REPLICAS)]
    processes = [
        context.Process(target=update_on, args=(url, str(folder), str(note), at, attempts // REPLICAS))
        for at, note in enumerate(noted)
    ]
    began = time.monotonic()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = round(time.monotonic() - began, 1)
    ended = [process.exitcode for process in processes if process.exitcode]
    if ended:
        raise RuntimeError(f"A replica ended with {ended[0]} before its attempts were made.")
    return noted, seconds


# ----------------------------------------------------------------------------------------------- in a replica's process


def update_on(url: str, folder: str, noted: str, at: int, attempts: int) -> None:
    """What a replica does: its threads take so many steps in all, and note what came of each."""
    office = office_at(url, Path(folder))
    came: list[list[str]] = [[] for _ in range(THREADS)]
    each = attempts // THREADS
    threads = [
        threading.Thread(target=_act, args=(office, random.Random(at * THREADS + one), each, came[one]))
        for one in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.close()
    Path(noted).write_text("".join(f"{line}\n" for lines in came for line in lines), encoding="utf-8")


def _act(office: Office, luck: random.Random, attempts: int, came: list[str]) -> None:
    desk = desks_of(office).handler
    hands = [_Hand(number) for number in range(HANDS)]
    own = ROUND // (REPLICAS * THREADS)
    for attempt in range(attempts):
        if attempt % own == 0:
            for hand in hands:
                _open(office, hand, 1 + attempt // own * SHARED + hand.number % SHARED)
        came.append(_try(office, desk, luck.choice(hands)))


def _try(office: Office, desk: Desk, hand: _Hand) -> str:
    """Take one step as the page shows the complaint, and open the page again; what came of it."""
    step = AddNote(reference=hand.reference, seen_version=hand.version, text="Rang the depot.")
    try:
        desk.do(step)
        came = ACKNOWLEDGED
    except ChangedMeanwhile:
        came = REFUSED
    except Exception as fault:  # nothing else may come of it
        return f"{THROUGH} {type(fault).__name__}: {str(fault).splitlines()[0]}"
    _open(office, hand)
    return f"{came} {step.command_id}"


_BY_ID = sa.text("SELECT reference, version FROM complaint WHERE id = :id")
_BY_REFERENCE = sa.text("SELECT reference, version FROM complaint WHERE reference = :reference")


def _open(office: Office, hand: _Hand, complaint_id: int | None = None) -> None:
    with office.database.reading() as connection:
        if complaint_id is not None:
            found = connection.execute(_BY_ID, {"id": complaint_id}).one()
        else:
            found = connection.execute(_BY_REFERENCE, {"reference": hand.reference}).one()
    hand.reference, hand.version = found.reference, found.version


# --------------------------------------------------------------------------------------------------- what came of it


def _told(office: Office, noted: list[Path], *, seconds: float, versions: int) -> Updates:
    """What the replicas were told, held against the record."""
    told, came, through = Updates(seconds=seconds), {ACKNOWLEDGED: set[str](), REFUSED: set[str]()}, set[str]()
    for note in noted:
        for line in note.read_text(encoding="utf-8").splitlines():
            what, _, which = line.partition(" ")
            told.attempts += 1
            came.get(what, through).add(which)
    acknowledged, refused = came[ACKNOWLEDGED], came[REFUSED]
    told.acknowledged, told.told_changed, told.fell_through = len(acknowledged), len(refused), sorted(through)
    recorded = _recorded(office)
    told.lost = len(acknowledged - recorded.keys()) + abs(len(acknowledged) - (_versions(office) - versions))
    told.doubled = sum(recorded[one] > 1 for one in acknowledged)
    told.not_refused = len(recorded.keys() & refused)
    with office.database.reading() as connection:
        try:
            ledger.verify(connection, key=office.key)
        except LedgerBroken as broken:
            told.ledger_broken = str(broken)
    return told


def _recorded(office: Office) -> Counter[str]:
    """How often the ledger holds each note's command; and each note has a row of its own."""
    with office.database.reading() as connection:
        commands = connection.execute(sa.text("SELECT command_id FROM ledger_entry WHERE tag = 'note.added'"))
        recorded = Counter(commands.scalars())
        rows = connection.execute(sa.text("SELECT count(*) FROM note")).scalar_one()
    if rows != recorded.total():
        raise RuntimeError(f"There are {rows:,} notes and {recorded.total():,} entries about notes.")
    return recorded


def _versions(office: Office) -> int:
    with office.database.reading() as connection:
        return int(connection.execute(sa.text("SELECT sum(version) FROM complaint")).scalar_one())
