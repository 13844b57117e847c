"""Writers of one process to SQLite share a COMMIT: each step whole by itself, none answered before the disk has it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from core.commands.recording import AddNote
from core.desk import Done, Office
from core.errors import NotReady
from core.store import together
from core.store.bulk import take_numbers
from core.store.engine import Database
from tests.builders import Story

Step = Callable[[Session], Any]

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other things splits no transaction of a test."""
    monkeypatch.setattr(together, "LONGEST", 60.0)


@pytest.fixture
def commits(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each COMMIT was done."""
    done: list[float] = []
    dialect = office.database.engine.dialect
    commit = dialect.do_commit

    def counted(connection: Any) -> None:
        commit(connection)
        done.append(time.monotonic())

    monkeypatch.setattr(dialect, "do_commit", counted)
    return done


def taking(name: str) -> Step:
    """A step that takes the next number of a counter."""
    return lambda session: take_numbers(session, name)


def failing(name: str) -> Step:
    """A step that takes a number and fails then."""

    def step(session: Session) -> None:
        take_numbers(session, name)
        raise KeyError(name)

    return step


def at_once(database: Database, *steps: Step, alone: int | None = None) -> list[Future[float]]:
    """Let each step have a thread, all of them in the queue before the first is through; when each came back."""
    queued = threading.Event()

    def write(at: int, step: Step) -> float:
        with database.writing(alone=at == alone) as session:
            if at == 0:
                queued.wait()
            step(session)
        return time.monotonic()

    with ThreadPoolExecutor(len(steps)) as pool:
        found = []
        for at, step in enumerate(steps):
            found.append(pool.submit(write, at, step))
            until = time.monotonic() + 30
            while waiting(database) < at and time.monotonic() < until:
                time.sleep(0.001)
        queued.set()
    return found


def waiting(database: Database) -> int:
    """How many writers stand in the queue, or the first one that has its turn as minus one until then."""
    gate = database._gate  # noqa: SLF001 - what is waited for is what is tested
    assert gate is not None
    return len(gate._waiting) if gate._held else -1  # noqa: SLF001


def numbers(office: Office) -> dict[str, int]:
    """The counters as they stand."""
    with office.database.reading() as connection:
        rows = connection.execute(sa.text("SELECT name, value FROM counter")).all()
    return {row.name: row.value for row in rows}


def test_writers_at_once_share_one_commit_and_none_is_told_before_it(office: Office, commits: list[float]) -> None:
    found = at_once(office.database, *(taking("shared") for _ in range(6)))
    assert len(commits) == 1
    assert all(each.result() >= commits[0] for each in found)
    assert numbers(office) == {"shared": 6}


def test_more_than_the_most_take_another_commit(
    office: Office, commits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    at_once(office.database, *(taking("shared") for _ in range(6)))
    assert len(commits) == 3


@pytest.mark.parametrize("at", [0, 1, 2])
def test_whoever_fails_undoes_their_own_step_alone(office: Office, at: int) -> None:
    """First, between two others, or last."""
    steps = [taking("kept"), taking("kept")]
    steps.insert(at, failing("undone"))
    found = at_once(office.database, *steps)
    assert [type(each.exception()) for each in found] == [KeyError if n == at else type(None) for n in range(3)]
    assert numbers(office) == {"kept": 2}


def test_a_commit_that_fails_is_told_to_everybody_in_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of theirs was saved, and the next one begins clean."""
    dialect = office.database.engine.dialect
    failure = type("Failure", (dialect.loaded_dbapi.OperationalError,), {})

    def no_commit(_connection: Any) -> None:
        raise failure("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(dialect, "do_commit", no_commit)
        found = at_once(office.database, *(taking("lost") for _ in range(3)))
    assert ["disk that holds the records is full" in str(each.exception()) for each in found] == [True] * 3
    assert numbers(office) == {}
    at_once(office.database, taking("kept"))
    assert numbers(office) == {"kept": 1}


def test_what_the_database_undoes_by_itself_is_told_to_those_before(office: Office) -> None:
    """On a full disk SQLite ends the whole transaction, not the one step."""

    def fills_the_disk(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    found = at_once(office.database, taking("lost"), fills_the_disk, taking("kept"))
    assert isinstance(found[0].exception(), NotReady)
    assert isinstance(found[1].exception(), NotReady)
    assert found[2].exception() is None
    assert numbers(office) == {"kept": 1}


def test_whoever_writes_alone_shares_no_commit(office: Office, commits: list[float]) -> None:
    """Neither with those before nor with those behind."""
    at_once(office.database, *(taking("each") for _ in range(4)), alone=1)
    assert len(commits) == 3
    assert numbers(office) == {"each": 4}


def test_whoever_takes_the_whole_gate_finds_nothing_begun(office: Office) -> None:
    """A backup, a migration or a check of the file sees what was acknowledged, and no transaction is open."""

    def step(session: Session) -> None:
        take_numbers(session, "there")
        pool.submit(look)
        while waiting(office.database) < 1:
            time.sleep(0.001)

    seen: list[dict[str, int]] = []

    def look() -> None:
        with office.database.gate():
            seen.append(numbers(office))

    with ThreadPoolExecutor(1) as pool:
        at_once(office.database, step)
    assert seen == [{"there": 1}]


def test_steps_of_many_desks_at_once_are_each_recorded_once(story: Story, commits: list[float]) -> None:
    """The same complaint, one after another in one transaction: versions add up and the chain holds."""
    reference = story.record()
    before, versions = len(commits), story.case(reference)["version"]
    notes = [AddNote(reference=reference, text=f"Note {number}") for number in range(6)]
    with ThreadPoolExecutor(len(notes) + 1) as pool, story.office.database.gate():
        same = [pool.submit(story.desks.handler.do, note) for note in (*notes, notes[0])]
        until = time.monotonic() + 30
        while waiting(story.office.database) < len(same) and time.monotonic() < until:
            time.sleep(0.001)
    assert sorted(each.result().again for each in same) == [False] * 6 + [True]
    assert all(isinstance(each.result(), Done) for each in same)
    assert len(commits) - before < len(same)
    assert story.case(reference)["version"] == versions + 6
    assert story.verified() == len(story.tags())
