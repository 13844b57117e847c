"""A made-up council of any size to measure on, kept under $COMPLAINTS_BENCH_DIR (or a temporary folder) for next time.

Complaints come in through the ImportBatch command with the rules applied and the ledger written, and a few hundred
through every step of their life. PostgreSQL is given a copy, row by row, of what SQLite holds.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from psycopg import sql
from pydantic import SecretStr
from sqlmodel import SQLModel

from bench.texts import Texts
from core.commands.importing import ImportBatch
from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.installing import install
from core.model.complaints import Channel
from core.permissions import SYSTEM, Actor, Role
from core.queries.lists import lists
from core.rules.facts import Outcome
from core.settings import ROOT, Settings
from core.store.history import PastComplaint, PastPoint, PastStage
from core.store.schema import migrate
from tests.builders import Story
from tests.postgres import TestPostgres

KEY = "5a" * 32
AS_AT = datetime(2026, 11, 16, 10, tzinfo=UTC)
INSTALLED = datetime(2024, 4, 2, 9, tzinfo=UTC)
YEARS = 3
BATCH = 2_000
LIVED = 200
SERVICES = (
    "Waste and recycling", "Housing repairs", "Parking", "Council tax", "Planning", "Adult social care", "Highways",
    "Parks", "Benefits", "School transport",
)  # fmt: skip
ROLES = [Role.HANDLER] * 22 + [Role.REVIEWER] * 10 + [Role.RECORDER] * 5 + [Role.MANAGER] * 2 + [Role.ADMINISTRATOR]
NAMES = "Ada Ben Cleo Dan Eve Fay Gus Hal Ida Jon Kay Leo Mia Ned Oda Pam Quin Ray Sue Tom".split()
COLLEAGUES = tuple((f"{NAMES[at % 20]} {('Sample', 'Specimen')[at // 20]}", role) for at, role in enumerate(ROLES))
OPEN_DAYS, OPEN_SHARE, OLD_OPEN_SHARE = 80, 0.65, 0.003
STAGE_TWO_SHARE, EXTENDED_SHARE, UNASSIGNED_SHARE, WITHDRAWN_SHARE = 0.12, 0.15, 0.15, 0.02


@dataclass(slots=True)
class Clock:
    """The moment it is; set from outside."""

    now: datetime = field(default=AS_AT)

    def __call__(self) -> datetime:
        return self.now


def settings_for(url: str, folder: Path) -> Settings:
    """The settings of a database to measure on."""
    return Settings(_env_file=None, database_url=url, data_dir=folder, ledger_key=SecretStr(KEY))  # type: ignore[call-arg]


def office_at(url: str, folder: Path, *, clock: Clock | None = None) -> Office:
    """An office on a database, by default at the moment the data was made for."""
    return Office(settings_for(url, folder), clock=clock or Clock())


def set_up(office: Office) -> None:
    """Migrate an empty database and set the made-up council up."""
    install(office, council="Sample Borough Council", services=SERVICES, colleagues=COLLEAGUES)


def folder_for(count: int) -> Path:
    """Where the database of this size lies: named after what it is made by, so that a change makes it anew."""
    base = Path(os.environ.get("COMPLAINTS_BENCH_DIR") or Path(tempfile.gettempdir()) / "complaints-bench")
    made_by = (
        Path(__file__),
        Path(__file__).with_name("texts.py"),
        *sorted((ROOT / "migrations/versions").glob("*.py")),
    )
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:12]
    return base / f"{count}-{digest}"


def ready(count: int) -> Path:
    """The SQLite database with this many complaints, made on first use."""
    folder = folder_for(count)
    path = folder / "complaints.db"
    if not path.exists():
        making = folder.with_name(f"{folder.name}.making{os.getpid()}")
        making.mkdir(parents=True)
        try:
            _make(making, count)
            making.rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return path


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path.as_posix()}"


@contextlib.contextmanager
def database_for(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database whose COMMIT waits for the disk: an SQLite file, or a PostgreSQL of its own."""
    if kind == "sqlite":
        yield sqlite_url(folder / "complaints.db")
        return
    with TestPostgres(fsync=True) as server:
        yield server.url(server.create_database())


def _make(folder: Path, count: int) -> None:
    clock = Clock(INSTALLED)
    office = office_at(sqlite_url(folder / "complaints.db"), folder, clock=clock)
    try:
        set_up(office)
        clock.now = AS_AT
        desk = Desk(office, SYSTEM)
        for batch in past_complaints(desk, count - min(LIVED, count // 10)):
            desk.do(ImportBatch(source="Old list", complaints=batch))
        live(office, clock, min(LIVED, count // 10))
    finally:
        office.close()
    connection = sqlite3.connect(folder / "complaints.db")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


# ---------------------------------------------------------------------------------------------------- old complaints


def past_complaints(desk: Desk, count: int) -> Iterator[tuple[PastComplaint, ...]]:
    """Complaints of three years in the order they came, in batches: about 5 % of them open, 12 % at stage 2."""
    random = np.random.default_rng(20261116)
    texts = Texts(seed=20261117)
    known = desk.ask(lists)
    handlers = [choice.id for choice in known.handlers]
    reviewers = [choice.id for choice in known.reviewers]
    services = [choice.id for choice in known.services]
    span = YEARS * 365
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        dice = random.random((size, 12)).tolist()
        said, people = texts.some(size), texts.people(size)
        yield tuple(
            _past(
                number=first + at,
                ago=span - (first + at) * span // count,
                dice=dice[at],
                words=said[at],
                person=people[at],
                service_id=services[int(dice[at][0] * len(services))],
                handlers=(handlers[int(dice[at][1] * len(handlers))], reviewers[int(dice[at][2] * len(reviewers))]),
            )
            for at in range(size)
        )


def _past(
    *,
    number: int,
    ago: int,
    dice: list[float],
    words: str,
    person: dict[str, str],
    service_id: int,
    handlers: tuple[int, int],
) -> PastComplaint:
    received = AS_AT.date() - timedelta(days=ago)
    still_open = dice[3] < (OPEN_SHARE if ago <= OPEN_DAYS else OLD_OPEN_SHARE)
    goes_on = dice[4] < STAGE_TWO_SHARE
    withdrawn = not still_open and not goes_on and dice[5] < WITHDRAWN_SHARE
    one = _stage(received, dice[6:9], done=not withdrawn and (not still_open or goes_on), handler=handlers[0])
    two = None
    if goes_on and one.responded_on is not None:
        asked = _until_today(one.responded_on + timedelta(days=1 + int(dice[9] * 20)))
        two = _stage(asked, dice[9:12], done=not still_open, handler=handlers[1], weeks=4)
    matter = " ".join(words.split()[:6]).capitalize()
    return PastComplaint(
        old_reference=f"OLD/{number:07d}",
        digest=f"{number:024x}",
        row=number + 2,
        one=one,
        two=two,
        points=(PastPoint(text=matter, outcome=one.outcome),),
        matter=matter,
        words=words,
        category="Delay" if dice[10] < 0.4 else "Quality of service",
        channel=(Channel.WEB, Channel.PHONE, Channel.EMAIL, Channel.LETTER)[int(dice[11] * 4)].value,
        service_id=service_id,
        person=person,
        withdrawn_on=_until_today(received + timedelta(days=5)) if withdrawn else None,
    )


def _stage(received: date, dice: list[float], *, done: bool, handler: int, weeks: int = 2) -> PastStage:
    ack, answer, more = dice
    acknowledged = received + timedelta(days=1 + int(ack * 8))
    responded = acknowledged + timedelta(days=int(answer * 1.3 * weeks * 7))
    extended = more < EXTENDED_SHARE
    known = done or (acknowledged <= AS_AT.date() and ack < 0.8)
    outcome = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD, Outcome.NOT_UPHELD)[int(more * 2.99)]
    return PastStage(
        received_on=received,
        acknowledged_on=_until_today(acknowledged) if known else None,
        responded_on=_until_today(responded) if done else None,
        extended_to=responded + timedelta(days=3) if extended else None,
        extension_told_on=_until_today(acknowledged + timedelta(days=6)) if extended else None,
        extension_reason="A colleague was away." if extended else "",
        outcome=outcome.value if done else None,
        handler_id=handler if done or more > UNASSIGNED_SHARE else None,
    )


def _until_today(day: date) -> date:
    return min(day, AS_AT.date())


# --------------------------------------------------------------------------------------------------- lived complaints


def desks_of(office: Office) -> SimpleNamespace:
    """A desk for each part in a complaint's life."""
    known = Desk(office, SYSTEM).ask(lists).colleagues
    desks: dict[str, list[Desk]] = {}
    for choice in known:
        actor = Actor(id=choice.id, name=choice.name, role=Role(choice.note))
        desks.setdefault(choice.note, []).append(Desk(office, actor))
    handlers, reviewers = desks[Role.HANDLER], desks[Role.REVIEWER]
    return SimpleNamespace(
        recorder=desks[Role.RECORDER][0],
        handler=handlers[0],
        other_handler=handlers[1],
        reviewer=reviewers[0],
        other_reviewer=reviewers[1],
        manager=desks[Role.MANAGER][0],
        system=Desk(office, SYSTEM),
    )


def live(office: Office, clock: Clock, count: int) -> list[str]:
    """Complaints taken through every step, from receipt to the final response or part of the way; their references."""
    story = Story(office=office, clock=clock, desks=desks_of(office))
    ways = (story.finished, story.considered_at_stage_two, story.answered, story.acknowledged)
    references = []
    for at in range(count):
        reference = ways[at % len(ways)]()
        story.desks.handler.do(AddNote(reference=reference, text="Rang the individual; they will send a photograph."))
        references.append(reference)
    clock.now = AS_AT
    return references


# --------------------------------------------------------------------------------------------------------- PostgreSQL


def copied(path: Path, server: TestPostgres, folder: Path) -> str:
    """The same rows in a new PostgreSQL database with its statistics taken; the database's address."""
    name = server.create_database()
    office = office_at(server.url(name), folder)
    migrate(office.database)
    office.close()
    source = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
    address = f"host={server.host} port={server.port} user=app dbname={name}"
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET timezone TO 'UTC'")
            connection.execute("SET synchronous_commit TO off")
            for table in SQLModel.metadata.sorted_tables:
                _copy(source, connection, table)
            connection.execute("VACUUM ANALYZE")
    finally:
        source.close()
    return server.url(name)


def _copy(source: sqlite3.Connection, target: psycopg.Connection[Any], table: sa.Table) -> None:
    columns = [column.name for column in table.columns]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    named = ", ".join(f'"{column}"' for column in columns)  # one of them is called "where"
    rows = source.execute(f"SELECT {named} FROM {table.name}")  # noqa: S608 - our own names
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), listed)
    with target.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    if "id" in columns and isinstance(table.c.id.type, sa.Integer):
        target.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({0}, 'id'), (SELECT coalesce(max(id), 1) FROM {1}))").format(
                sql.Literal(table.name), sql.Identifier(table.name)
            )
        )
