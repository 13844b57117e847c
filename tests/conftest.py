"""What every test of the core starts from: an office on SQLite and one on PostgreSQL, a clock that can be set, and a
made-up council whose calendar, services and colleagues came in through commands.

The council is set up once a session on each database; every test gets its own copy.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from holidays import country_holidays
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from sqlmodel import SQLModel

from core.commands.organising import ChangeCalendar, SetUpCouncil
from core.desk import Desk, Office
from core.model.organisation import Layer
from core.model.people import Colleague
from core.permissions import SYSTEM, Actor, Role
from core.settings import Settings
from core.store.schema import migrate
from tests.builders import Story
from tests.engines import CONNECTIONS, share_engines

DATABASES = ("sqlite", "postgresql")
KEY = "5a" * 32
VERSION = "alembic_version"
"""The table that says which migrations a database has had."""
SET_UP_AT = datetime(2024, 4, 2, 9, tzinfo=UTC)
START = datetime(2026, 9, 7, 9, tzinfo=UTC)
SERVICES = ("Waste and recycling", "Housing repairs", "Parking")
LONG = ("browser", "slow")
COLLEAGUES = (
    ("Robin Recorder", Role.RECORDER),
    ("Hana Handler", Role.HANDLER),
    ("Hugo Handler", Role.HANDLER),
    ("Rita Reviewer", Role.REVIEWER),
    ("Remy Reviewer", Role.REVIEWER),
    ("Mona Manager", Role.MANAGER),
    ("Sol Senior", Role.SENIOR_LEAD),
    ("Mel Member", Role.MEMBER),
    ("Quinn Quality", Role.QUALITY),
    ("Ada Administrator", Role.ADMINISTRATOR),
    ("Lena Link", Role.LINK_OFFICER),
    ("Ines Independent", Role.ASSESSOR),
)

hypothesis_settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("suite")
share_engines()
gc.set_threshold(50_000, 20, 100)  # looking for garbage at each seven hundred new objects is a twentieth of the work


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests come first, then those with many: processes that take file by file end together."""
    held = Counter(item.path for item in items)
    long = {item.path for item in items if any(item.get_closest_marker(name) for name in LONG)}
    items.sort(key=lambda item: (item.path not in long, -held[item.path], str(item.path)))


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The whole suite is shared out in a way of its own; `None` leaves any other way to pytest-xdist."""
    from tests.sharing_out import ByFile

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Whatever is there once every test is known stays to the end: no use in looking through it for garbage."""
    gc.collect()
    gc.freeze()


@dataclass(slots=True)
class OfficeClock:
    """The moment it is; a test sets `now`."""

    now: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Desks:
    """A desk for every role; handlers and reviewers come in pairs, since stage 2 needs someone new."""

    recorder: Desk
    handler: Desk
    other_handler: Desk
    reviewer: Desk
    other_reviewer: Desk
    manager: Desk
    senior_lead: Desk
    member: Desk
    quality: Desk
    administrator: Desk
    link_officer: Desk
    assessor: Desk
    system: Desk

    def of_every_role(self) -> tuple[Desk, ...]:
        """One desk a role."""
        return (
            self.recorder, self.handler, self.reviewer, self.manager,
            self.senior_lead, self.member, self.quality, self.administrator, self.link_officer,
            self.assessor,
        )  # fmt: skip


@cache
def bank_holidays() -> tuple[tuple[Any, str, Layer, bool], ...]:
    """The bank holidays of England, 2000 to 2028, as rows of ChangeCalendar."""
    days = country_holidays("GB", subdiv="ENG", years=range(2000, 2029))
    return tuple((day, name, Layer.BANK_HOLIDAY, False) for day, name in sorted(days.items()))


@cache
def settings_in(_surroundings: tuple[tuple[str, str], ...]) -> Settings:
    """The settings that this environment makes: reading them costs more than a step, so they are read once."""
    return Settings(_env_file=None)


def office_at(url: str, folder: Path, clock: Callable[[], datetime]) -> Office:
    """An office on a database; its ledger key is the tests' own."""
    surroundings = tuple((name, value) for name, value in os.environ.items() if name.startswith("COMPLAINTS_"))
    own = {"database_url": url, "data_dir": folder, "ledger_key": SecretStr(KEY)}
    return Office(settings_in(surroundings).model_copy(update=own), clock=clock)


def set_up(office: Office) -> None:
    """Migrate an empty database and set the made-up council up, through commands alone."""
    migrate(office.database)
    desk = Desk(office, SYSTEM)
    desk.do(ChangeCalendar(source="the holidays package", rows=bank_holidays()))
    desk.do(SetUpCouncil(council="Sample Borough Council", services=SERVICES, colleagues=COLLEAGUES))


def desks_of(office: Office) -> Desks:
    """A desk for each colleague of the made-up council."""
    table = Colleague.__table__  # type: ignore[attr-defined]
    with office.database.reading() as connection:
        rows = connection.execute(sa.select(table.c.id, table.c.name, table.c.role)).all()
    at = {name: Desk(office, Actor(id=row_id, name=name, role=Role(role))) for row_id, name, role in rows}
    return Desks(*(at[name] for name, _role in COLLEAGUES), Desk(office, SYSTEM))


@pytest.fixture(scope="session")
def seeded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the council set up, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "complaints.db"
    office = office_at(f"sqlite:///{path}", path.parent, lambda: SET_UP_AT)
    set_up(office)
    office.close()
    return path


class SeededPostgres:
    """PostgreSQL databases with the council set up, lent to one test at a time.

    Copying a database costs a third of a second, so one that comes back is emptied again. It is lent anew only when
    every table and every sequence then holds exactly what it held at first; otherwise it is removed and another copied.
    """

    def __init__(self, folder: Path) -> None:
        from tests.postgres import session_server

        self._server = session_server()
        self._template = self._server.create_database()
        self._free: list[str] = []
        self._kept: dict[str, Any] = {}
        office = office_at(self._server.url(self._template), folder, lambda: SET_UP_AT)
        set_up(office)
        office.close()
        with closing(self._server.connect(self._template)) as connection:
            sequences = [name for (name,) in connection.execute("SELECT sequencename FROM pg_sequences").fetchall()]
            texts = {name: "t::text" for name in (*SQLModel.metadata.tables, VERSION)} | {
                name: "ROW(last_value, is_called)::text" for name in sequences
            }
            self._names = tuple(texts)
            self._all = " UNION ALL ".join(f"SELECT '{name}', {text} FROM {name} t" for name, text in texts.items())  # noqa: S608
            self._first = self._held(connection)
            self._again = dict(self._emptying(connection, sequences))

    def lend(self) -> str:
        """The name of a database that nobody else uses."""
        name = self._free.pop() if self._free else self._server.create_database(template=self._template)
        CONNECTIONS.keep(name)
        return name

    def give_back(self, name: str) -> None:
        """Empty the database and keep it for the next test, if it is as it was."""
        try:
            if name not in self._kept:
                self._kept[name] = self._server.connect(name)
                # No triggers; told once, since PostgreSQL forgets its plans whenever it is told.
                self._kept[name].execute("SET session_replication_role = replica")
            whole = self._emptied(self._kept[name])
        except psycopg.Error:
            whole = False
        if whole:
            self._free.append(name)
        else:
            if name in self._kept:
                self._kept.pop(name).close()
            CONNECTIONS.forget(name)
            self._server.drop_database(name)

    def close(self) -> None:
        """Close what was kept open; the databases go with their server."""
        for connection in self._kept.values():
            connection.close()

    def _emptied(self, connection: Any) -> bool:
        """Whether everything that has changed could be put back."""
        held = self._held(connection)
        with connection.transaction():
            for name in (name for name, first in self._first.items() if held[name] != first):
                connection.execute(self._again[name])
        return self._held(connection) == self._first

    def _held(self, connection: Any) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {name: [] for name in self._names}
        for name, row in sorted(connection.execute(self._all).fetchall()):
            held[name].append(row)
        return held

    def _emptying(self, connection: Any, sequences: Sequence[str]) -> Iterator[tuple[str, str]]:
        """For each table and sequence the statement that puts it back, if rows were only added."""
        for name, table in SQLModel.metadata.tables.items():
            rows = len(self._first[name])
            key = next(iter(table.primary_key.columns)).name
            last = f"SELECT {key} FROM {name} ORDER BY {key} OFFSET {max(rows - 1, 0)} LIMIT 1"  # noqa: S608
            kept = f" WHERE {key} > ({last})" if rows else ""
            yield name, f"DELETE FROM {name}{kept}"  # noqa: S608
        ((revision,),) = connection.execute(f"SELECT * FROM {VERSION}").fetchall()  # noqa: S608
        yield VERSION, f"UPDATE {VERSION} SET version_num = '{revision}'"  # noqa: S608
        for name in sequences:
            ((last, called),) = connection.execute(f"SELECT last_value, is_called FROM {name}").fetchall()  # noqa: S608
            yield name, f"SELECT setval('{name}', {last}, {called})"


@pytest.fixture(scope="session")
def seeded_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededPostgres]:
    """PostgreSQL databases with the council set up, to be borrowed."""
    with closing(SeededPostgres(tmp_path_factory.mktemp("seeded-pg"))) as databases:
        yield databases


class Databases:
    """Makes databases for one test, empty or with the council set up, and removes them after it."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path, clock: Callable[[], datetime]) -> None:
        self._request = request
        self._folder = folder
        self._clock = clock
        self._made: list[str] = []
        self._lent: list[str] = []
        self._offices: list[Office] = []

    def url(self, kind: str, *, seeded: bool = True) -> str:
        """The address of a new database of its own."""
        if kind == "sqlite":
            path = self._folder / f"office{len(list(self._folder.glob('office*.db')))}.db"
            if seeded:
                shutil.copy(self._request.getfixturevalue("seeded_sqlite"), path)
            else:
                path.touch()
            return f"sqlite:///{path}"
        from tests.postgres import session_server

        if seeded:
            self._lent.append(self._request.getfixturevalue("seeded_postgresql").lend())
            return session_server().url(self._lent[-1])
        self._made.append(session_server().create_database())
        return session_server().url(self._made[-1])

    def open(self, url: str, *, clock: Callable[[], datetime] | None = None) -> Office:
        """An office on a database, closed after the test."""
        self._offices.append(office_at(url, self._folder, clock or self._clock))
        return self._offices[-1]

    def office(self, kind: str, *, seeded: bool = True) -> Office:
        """An office on a new database of its own."""
        return self.open(self.url(kind, seeded=seeded))

    def close(self) -> None:
        """Close every office; PostgreSQL databases go back or away, SQLite files with their folder."""
        for office in self._offices:
            office.close()
        for name in self._lent:
            self._request.getfixturevalue("seeded_postgresql").give_back(name)
        for name in self._made:
            from tests.postgres import session_server

            session_server().drop_database(name)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """The one driver of browsers: two of them in one process do not get on."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def office_clock() -> OfficeClock:
    """The office's clock: Monday 7 September 2026, ten in the morning in London, until a test sets it."""
    return OfficeClock()


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path, office_clock: OfficeClock) -> Iterator[Databases]:
    """New databases for this test alone."""
    made = Databases(request, tmp_path, office_clock)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each test that uses this runs twice."""
    return str(request.param)


@pytest.fixture
def office(databases: Databases, database_kind: str) -> Office:
    """An office of the made-up council, on SQLite and on PostgreSQL in turn."""
    return databases.office(database_kind)


@pytest.fixture
def desks(office: Office) -> Desks:
    """A desk for every role in that office."""
    return desks_of(office)


@pytest.fixture
def story(office: Office, office_clock: OfficeClock, desks: Desks) -> Story:
    """Complaints arranged through commands, on the office's clock."""
    return Story(office=office, clock=office_clock, desks=desks)
