"""Two hundred steps a second into SQLite at 100,000 complaints: `python -m bench.writes [--seconds 600]`.

Steps fall due on a clock, whether or not those before are through, and each is timed from the moment it was due, so
that waiting counts. Several threads of one process take them, as its pages do. Beside them stands how many rows a bare
INSERT with its own COMMIT writes on the same disk. At the end the ledger is proved and every duty counted again.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

from bench.data import desks_of, office_at, ready, sqlite_url
from bench.figures import Figure, load, percentile, tell
from bench.prove_kills import differing_duties
from core.commands.corresponding import RecordContact
from core.commands.recording import AddNote, AddPoint, RecordComplaint
from core.commands.stage_one import Acknowledge, Assign, Extend
from core.desk import Desk, Office
from core.errors import ComplaintsError
from core.model.complaints import Channel
from core.permissions import SYSTEM
from core.queries.lists import lists
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom
from core.store import ledger

SIZE, SECONDS, RATE, THREADS = 100_000, 600.0, 200, 12
BARE = 5.0
"""Seconds for which bare rows are written, before and after."""
MIX = {"note": 40, "record": 20, "contact": 12, "assign": 10, "acknowledge": 10, "point": 5, "extend": 3}
"""Of a hundred steps, how many are of each kind."""
REMEMBERED = 4_000
"""Complaints that officers are at work on; the oldest give way."""


@dataclass(slots=True)
class Written:
    """What came of the steps: seconds from due to saved by kind, and what was refused or failed."""

    took: dict[str, list[float]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def all(self) -> list[float]:
        """Every step's seconds."""
        return [each for one in self.took.values() for each in one]


@dataclass(slots=True)
class _Case:
    reference: str
    acknowledged: bool = False
    extended: bool = False
    handler: int = 0


class Officers:
    """What officers do next. One complaint is in one officer's hands at a time, as on a desk."""

    def __init__(self, office: Office, *, seed: int = 20261116) -> None:
        self._desks = desks_of(office)
        self._luck = random.Random(seed)
        self._today = office.today(office.now())
        self._lock = threading.Lock()
        self._at_rest: list[_Case] = []
        self._number = 0
        self._services = [choice.id for choice in Desk(office, SYSTEM).ask(lists).services]

    def next(self) -> tuple[str, Callable[[], object]]:
        """The kind of the next step, and the step itself."""
        with self._lock:
            kind = self._luck.choices(list(MIX), list(MIX.values()))[0]
            self._number += 1
            case = self._some_case(kind)
            if case is None:
                return "record", lambda number=self._number: self._record(number)
            return kind, lambda: self._on_case(kind, case)

    def _some_case(self, kind: str) -> _Case | None:
        """A complaint on which this step is open and which nobody has in hand; None asks for a new one."""
        fits: Callable[[_Case], bool] = {
            "record": lambda _case: False,
            "acknowledge": lambda case: not case.acknowledged,
            "extend": lambda case: case.acknowledged and not case.extended,
        }.get(kind, lambda _case: True)
        for _look in range(20):
            if not self._at_rest:
                return None
            at = self._luck.randrange(len(self._at_rest))
            if fits(self._at_rest[at]):
                self._at_rest[at], self._at_rest[-1] = self._at_rest[-1], self._at_rest[at]
                return self._at_rest.pop()
        return None

    def _back(self, case: _Case) -> None:
        with self._lock:
            self._at_rest.append(case)
            if len(self._at_rest) > REMEMBERED:
                self._at_rest.pop(0)

    def _record(self, number: int) -> None:
        step = RecordComplaint(
            individual=f"Sam Sample {number}",
            contact_email=f"sam{number}@sample.example",
            words=f"The bins in our close were missed again, week {number % 52}, and nobody came back to us about it.",
            matter=f"Missed bin collections in close {number}",
            received_on=self._today,
            channel=Channel.PHONE,
            service_id=self._services[number % len(self._services)],
        )
        self._back(_Case(str(self._desks.recorder.do(step).reference)))

    def _on_case(self, kind: str, case: _Case) -> None:
        try:
            _STEPS[kind](self._desks, case, self._today)
        finally:
            self._back(case)


def _note(desks: SimpleNamespace, case: _Case, _today: date) -> None:
    desks.handler.do(AddNote(reference=case.reference, text="Rang the depot; they will look at the round on Monday."))


def _contact(desks: SimpleNamespace, case: _Case, today: date) -> None:
    step = RecordContact(
        reference=case.reference,
        direction=Direction.OUT,
        with_whom=WithWhom.INDIVIDUAL,
        reached_by=ReachedBy.PHONE,
        on_day=today,
        what="Told them who has it and when they will hear from us.",
    )
    desks.handler.do(step)


def _assign(desks: SimpleNamespace, case: _Case, _today: date) -> None:
    hands = desks.handler.actor.id, desks.other_handler.actor.id
    other = hands[case.handler == hands[0]]
    desks.manager.do(Assign(reference=case.reference, colleague_id=other))
    case.handler = other


def _acknowledge(desks: SimpleNamespace, case: _Case, today: date) -> None:
    understood = "The bins in the close were missed."
    desks.handler.do(Acknowledge(reference=case.reference, acknowledged_on=today, understanding=understood))
    case.acknowledged = True


def _point(desks: SimpleNamespace, case: _Case, today: date) -> None:
    desks.handler.do(AddPoint(reference=case.reference, text="The lid is broken as well.", raised_on=today))


def _extend(desks: SimpleNamespace, case: _Case, today: date) -> None:
    step = Extend(
        reference=case.reference,
        told_on=today,
        new_date=today + timedelta(weeks=3),
        reason="A colleague is away.",
        ombudsman_told=True,
    )
    desks.handler.do(step)
    case.extended = True


_STEPS: dict[str, Callable[[SimpleNamespace, _Case, date], None]] = {
    "note": _note,
    "contact": _contact,
    "assign": _assign,
    "acknowledge": _acknowledge,
    "point": _point,
    "extend": _extend,
}


def write(office: Office, *, seconds: float, rate: float, threads: int) -> Written:
    """Let steps fall due at a rate for so many seconds, and take each as soon as a thread is free."""
    officers, written = Officers(office), Written()
    count, lock = int(seconds * rate), threading.Lock()
    taken = iter(range(count))
    began, processor = time.perf_counter() + 0.1, time.process_time()

    def work() -> None:
        while True:
            with lock:
                number = next(taken, None)
            if number is None:
                return
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            kind, step = officers.next()
            try:
                step()
            except ComplaintsError as refused:
                with lock:
                    written.refused[f"{kind}: {type(refused).__name__}: {refused}"] += 1
            except Exception as fault:  # whatever reaches an officer as anything but a sentence is a fault
                with lock:
                    written.failed.append(f"{kind}: {type(fault).__name__}: {fault}")
            else:
                took = time.perf_counter() - due
                with lock:
                    written.took.setdefault(kind, []).append(took)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    written.seconds, written.processor = time.perf_counter() - began, time.process_time() - processor
    return written


def bare(folder: Path, *, seconds: float) -> list[float]:
    """How long each INSERT with its own COMMIT takes on this disk, one after another, as safely kept as the records."""
    path = folder / "bare.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
    took, until = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (text) VALUES ('Rang the depot; they will look at the round on Monday.')")
        connection.execute("COMMIT")
        took.append(time.perf_counter() - began)
    connection.close()
    return took


def figures(*, size: int, seconds: float, rate: float, threads: int, bare_seconds: float = BARE) -> Iterator[Figure]:
    """The figures of one run on a copy of the council."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "complaints.db"
        shutil.copyfile(ready(size), path)
        rows = bare(folder, seconds=bare_seconds)
        office = office_at(sqlite_url(path), folder)
        try:
            written = write(office, seconds=seconds, rate=rate, threads=threads)
            yield Figure(name="writes.machine", value=load(), unit="programs that want to run")
            yield from _told(written, rate=rate)
            rows += bare(folder, seconds=bare_seconds)
            yield Figure(name="writes.bare", value=round(len(rows) / sum(rows), 1), unit="bare rows a second")
            yield Figure(name="writes.bare.p99", value=_ms(rows, 0.99), unit="ms")
            yield from _examined(office)
        finally:
            office.close()


def _told(written: Written, *, rate: float) -> Iterator[Figure]:
    took = written.all
    yield Figure(name="writes.steps", value=len(took), unit="steps", target=">= 1")
    # The last step is due one interval before the end, and is then still on its way.
    yield Figure(
        name="writes.rate",
        value=round(len(took) / written.seconds, 1),
        unit="steps a second",
        target=f">= {0.99 * rate}",
    )
    for kind, each in sorted(written.took.items()):
        yield Figure(name=f"writes.{kind}.p95", value=_ms(each, 0.95), unit="ms")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0)):
        target = "<= 100" if name == "p99" else None
        yield Figure(name=f"writes.{name}", value=_ms(took, share), unit="ms", target=target)
    yield Figure(name="writes.processor", value=round(written.processor / len(took) * 1000, 2), unit="ms a step")
    refused = f"steps{''.join(f'; {said}' for said, _count in written.refused.most_common(1))}"
    yield Figure(name="writes.refused", value=written.refused.total(), unit=refused, target="= 0")
    failed = f"steps{''.join(f'; {said}' for said in written.failed[:1])}"
    yield Figure(name="writes.failed", value=len(written.failed), unit=failed, target="= 0")


def _examined(office: Office) -> Iterator[Figure]:
    """Whether the record is whole: the chain, the file, and each duty counted again."""
    with office.database.reading() as connection:
        entries = ledger.verify(connection, key=office.key)
        state = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    yield Figure(name="writes.ledger", value=entries, unit="entries proved", target=">= 1")
    yield Figure(name="writes.file_damaged", value=int(state != "ok"), unit="files", target="= 0")
    differing = differing_duties(Desk(office, SYSTEM), after=0)
    yield Figure(name="writes.duties_differing", value=len(differing), unit="duties", target="= 0")


def _ms(seconds: Sequence[float], share: float) -> float:
    return round(percentile(seconds, share) * 1000, 1)


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.writes", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--fast", action="store_true", help="a few seconds at 2,000 complaints, to see that it runs")
    asked = parser.parse_args(arguments)
    if asked.fast:
        asked.size, asked.seconds = 2_000, 5.0
    return tell(figures(size=asked.size, seconds=asked.seconds, rate=asked.rate, threads=asked.threads))


if __name__ == "__main__":
    sys.exit(main())
