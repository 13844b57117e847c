"""What is proved about the records themselves: faults at every statement, every day counted, backups while writing."""

from __future__ import annotations

import csv
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from holidays import country_holidays

from bench.data import AS_AT, KEY, Clock, desks_of, live, office_at, set_up, sqlite_url
from core.channels.bank_holidays import calendar_of, seed_rows
from core.cli.backups import back_up, restore_from
from core.commands.base import COMMANDS, Command
from core.commands.organising import SetUpCouncil
from core.commands.recording import AddNote
from core.errors import CalendarEnds
from core.settings import ROOT
from core.store import ledger
from tests.builders import Story, dump
from tests.commands.test_faults import arranged, every_fault, sound

PUBLISHED = ROOT.parent / "shared/data/calendar/england_wales_bank_holidays.csv"
FIRST_DAY, LAST_DAY, MOST_DAYS = date(2015, 1, 1), date(2028, 12, 31), 60


# ------------------------------------------------------------------------------------------------------------- faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How many faults were injected into how many commands, and after how many of them half of it was kept."""

    commands: int
    faults: int
    partial: int
    examples: tuple[str, ...]


def fault_loop(*, fast: bool) -> Faults:
    """Fail every command at every statement and at COMMIT on both databases (`fast`: on SQLite alone)."""
    commands = faults = partial = 0
    examples: list[str] = []
    for kind in ("sqlite",) if fast else ("sqlite", "postgresql"):
        for command, office_maker in _each_command(kind):
            with office_maker() as story:
                commands += 1
                desk, ready = arranged(command, story)
                try:
                    faults += every_fault(story.office, desk, ready, whens=("after", "before"))
                    sound(story.office)
                except AssertionError as half:
                    partial += 1
                    examples.append(f"{command.__name__} on {kind}: {half}"[:200])
    return Faults(commands=commands, faults=faults, partial=partial, examples=tuple(examples[:5]))


def _each_command(kind: str) -> Iterator[tuple[type[Command], Callable[[], Any]]]:
    for command in COMMANDS.values():
        if command is not SetUpCouncil:
            yield command, lambda: _a_council(kind)


@contextmanager
def _a_council(kind: str) -> Iterator[Story]:
    clock = Clock(datetime(2024, 4, 2, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as name:
        folder, server, database = Path(name), None, ""
        url = sqlite_url(folder / "complaints.db")
        if kind == "postgresql":
            from tests.postgres import session_server

            server = session_server()
            database = server.create_database()
            url = server.url(database)
        office = office_at(url, folder, clock=clock)
        try:
            set_up(office)
            clock.now = AS_AT
            yield Story(office=office, clock=clock, desks=desks_of(office))
        finally:
            office.close()
            if server is not None:
                server.drop_database(database)


# --------------------------------------------------------------------------------------------------------------- days


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How many dates were compared with numpy's, and how many differ; those past the calendar's end must be refused."""

    compared: int
    refused: int
    differing: int
    oracle: str


def every_day(*, fast: bool) -> Days:
    """Count 1 to 60 working days from every day of the calendar, by our table and by numpy (`fast`: one year)."""
    calendar = calendar_of(seed_rows(seen_at=AS_AT), version="prove")
    closed, oracle = bank_holidays()
    first = date(2028, 1, 1) if fast else FIRST_DAY
    days = [first + timedelta(days=at) for at in range((LAST_DAY - first).days + 1)]
    compared = refused = differing = 0
    for n in range(1, MOST_DAYS + 1):
        expected = np.busday_offset(np.array(days, "datetime64[D]"), n, roll="backward", holidays=closed)
        for day, due in zip(days, expected.tolist(), strict=True):
            try:
                differing += calendar.after(day, n) != due
                compared += 1
            except CalendarEnds:
                refused += 1
                differing += due <= LAST_DAY
    return Days(compared=compared, refused=refused, differing=differing, oracle=oracle)


def bank_holidays() -> tuple[list[date], str]:
    """The bank holidays numpy is given: GOV.UK's published ones where the list is at hand, else the package's."""
    if PUBLISHED.exists():
        with PUBLISHED.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["division"] == "england-and-wales"]
        days = {date.fromisoformat(row["date"]) for row in rows}
        if days and max(days).year >= LAST_DAY.year and min(days).year <= FIRST_DAY.year:
            return sorted(days), "numpy with GOV.UK's published list"
    package = country_holidays("GB", subdiv="ENG", years=range(FIRST_DAY.year, LAST_DAY.year + 1))
    return sorted(day for day in package if day.weekday() < 5), "numpy with the holidays package"


# ------------------------------------------------------------------------------------------------------------ restore


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A backup taken while others wrote, brought back elsewhere: how much was in it, and what did not agree."""

    backups: int
    written_meanwhile: int
    entries: int
    differing: int


def restore_drill(*, times: int) -> Drill:
    """Back up while two colleagues write, restore into another folder, and prove what came back."""
    clock = Clock(datetime(2024, 4, 2, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = office_at(sqlite_url(folder / "complaints.db"), folder, clock=clock)
        set_up(office)
        references = live(office, clock, 8)
        with _writing(office, references) as written:
            copies = [folder / f"backup-{at}.db" for at in range(times)]
            counted = [back_up(office.settings, copy) for copy in copies]
        differing = sum(_brought_back(copy, folder, count) for copy, count in zip(copies, counted, strict=True))
        office.close()
        return Drill(backups=times, written_meanwhile=sum(written), entries=counted[-1], differing=differing)


def restore_drill_postgresql(*, times: int) -> Drill:
    """The same with PostgreSQL's own pg_dump: what comes back proves itself, and is dumped again word for word."""
    from tests.postgres import TestPostgres

    clock = Clock(datetime(2024, 4, 2, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as name, TestPostgres() as server:
        folder, database = Path(name), server.create_database()
        office = office_at(server.url(database), folder, clock=clock)
        set_up(office)
        references = live(office, clock, 8)
        with _writing(office, references) as written:
            dumps = [_dumped(server, database) for _time in range(times)]
        office.close()
        found = [_came_back(server, dump, folder) for dump in dumps]
        entries = [each for each in found if each is not None]
        return Drill(
            backups=times,
            written_meanwhile=sum(written),
            entries=max(entries, default=0),
            differing=times - len(entries),
        )


@contextmanager
def _writing(office: Any, references: list[str]) -> Iterator[list[int]]:
    """Two colleagues write notes meanwhile; how many each has written."""
    written, stop = [0, 0], threading.Event()
    writers = [threading.Thread(target=_write, args=(office, references[at], stop, written, at)) for at in (0, 1)]
    for writer in writers:
        writer.start()
    try:
        yield written
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def _dumped(server: Any, database: str) -> str:
    """All of a database as statements, without the words that pg_dump makes up anew each time."""
    command = [server.tool("pg_dump"), "-h", server.host, "-p", str(server.port), "-U", "app", database]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in told.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def _compared(dump: str) -> list[str]:
    """A dump without its checks, which PostgreSQL writes in another way once it has read them."""
    return [line for line in dump.splitlines() if not line.strip().startswith("CONSTRAINT ck_")]


def _came_back(server: Any, dump: str, folder: Path) -> int | None:
    """How many entries the ledger of a dump has that was brought back; None when it is not what was saved."""
    from bench.prove_kills import differing_duties
    from core.desk import Desk
    from core.permissions import SYSTEM

    database = server.create_database()
    address = ["-h", server.host, "-p", str(server.port), "-U", "app", "-v", "ON_ERROR_STOP=1", "-q", database]
    subprocess.run([server.tool("psql"), *address], input=dump, capture_output=True, text=True, check=True)
    back = office_at(server.url(database), folder)
    try:
        with back.database.reading() as connection:
            proved = ledger.verify(connection, key=bytes.fromhex(KEY))
        same = _compared(_dumped(server, database)) == _compared(dump)
        return proved if same and not differing_duties(Desk(back, SYSTEM), after=0) else None
    finally:
        back.close()


def _write(office: Any, reference: str, stop: threading.Event, written: list[int], at: int) -> None:
    desk = desks_of(office).handler
    while not stop.is_set():
        desk.do(AddNote(reference=reference, text="Rang the depot."))
        written[at] += 1


def _brought_back(copy: Path, folder: Path, entries: int) -> int:
    """1 when what came back is not what was saved: its history, its rows or its duties."""
    from bench.prove_kills import differing_duties
    from core.desk import Desk
    from core.permissions import SYSTEM

    place = folder / f"back-{copy.stem}"
    office = office_at(sqlite_url(place / "complaints.db"), place)
    office.close()
    (place / "complaints.db").unlink(missing_ok=True)
    restored = restore_from(office.settings, copy, replace=False, now=AS_AT)
    back, saved = office_at(sqlite_url(place / "complaints.db"), place), office_at(sqlite_url(copy), folder)
    try:
        with back.database.reading() as connection:
            proved = ledger.verify(connection, key=bytes.fromhex(KEY))
        same = dump(back) == dump(saved)
        return int(
            not (proved == entries == restored.entries and same and not differing_duties(Desk(back, SYSTEM), after=0))
        )
    finally:
        back.close()
        saved.close()
