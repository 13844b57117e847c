"""One unit of work: recorded or not at all, whole or not at all, and the next one starts clean."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, delete, insert, select, update

from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.errors import NotReady
from core.model.complaints import Complaint, Note
from core.model.organisation import Counter
from core.model.people import Person, Service
from core.model.working import Draft
from core.permissions import SYSTEM
from core.store.bulk import insert_rows, next_ids, take_numbers
from core.store.engine import UNRECORDED, UnrecordedChange
from core.store.schema import migrate
from tests.builders import Story, day, dump
from tests.conftest import Databases

PERSON = ("name", "email", "phone", "address", "postcode")


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.add(Service(name="Parks")),
        lambda session: session.delete(session.exec(select(Service)).first()),
        lambda session: setattr(session.exec(select(Service)).first(), "active", False),
        lambda session: insert_rows(session, Person, [dict.fromkeys(PERSON, "x")]),
    ],
    ids=["added", "deleted", "changed", "in bulk"],
)  # fmt: skip
def test_a_change_without_an_event_is_refused(office: Office, change: Callable[[Session], None]) -> None:
    """The second lock of the audit trail: silence does not commit."""
    before = dump(office)
    with (
        pytest.raises(UnrecordedChange, match="Changed without an event: (person|service)"),
        office.database.writing() as session,
    ):
        change(session)
    assert dump(office) == before


@pytest.mark.parametrize(
    "verb", [insert(Service).values(name="x", active=True), update(Complaint).values(matter="x"), delete(Note)]
)
def test_bulk_changes_through_the_session_are_refused(office: Office, verb: Any) -> None:
    """They would pass by the listener, so they are refused before they run."""
    with pytest.raises(UnrecordedChange, match="Bulk changes"), office.database.writing() as session:
        session.exec(verb)


def test_what_belongs_to_no_record_may_change_unrecorded(office: Office) -> None:
    """Drafts and counters are working papers."""
    assert {"draft", "counter", "search_doc", "case_doc", "request_doc"} <= UNRECORDED
    assert not {"complaint", "stage", "duty", "person", "ledger_entry", "holiday"} & UNRECORDED
    desk = Desk(office, SYSTEM)
    desk.keep("intake", {"words": "half a sentence"})
    assert desk.kept("intake") == {"words": "half a sentence"}
    with office.database.writing() as session:
        take_numbers(session, "complaint-2026")
    with office.database.reading() as connection:
        assert connection.execute(sa.select(Draft.__table__)).first() is not None  # type: ignore[attr-defined]


def test_an_error_undoes_everything_and_the_next_unit_starts_clean(story: Story) -> None:
    before = dump(story.office)
    with pytest.raises(KeyError), story.office.database.writing() as session:
        session.add(Service(name="Parks"))
        session.flush()
        raise KeyError("anything")
    assert dump(story.office) == before
    assert story.record() == "C-2026-000001"


def test_a_failed_commit_does_not_poison_the_pool(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes back clean: whoever gets it next can begin."""
    reference = story.record()
    dialect = story.office.database.engine.dialect
    failure = type("Failure", (dialect.loaded_dbapi.OperationalError,), {})

    def no_commit(_connection: Any) -> None:
        raise failure("database or disk is full")

    before = dump(story.office)
    for _time in range(3):
        with monkeypatch.context() as broken, pytest.raises(NotReady, match="disk that holds the records is full"):
            broken.setattr(dialect, "do_commit", no_commit)
            story.acknowledge(reference)
        assert dump(story.office) == before
    story.acknowledge(reference)
    assert story.verified() == len(story.tags())


def test_the_guard_on_the_pool_is_what_keeps_it_clean(office: Office) -> None:
    """A connection handed back inside a transaction is rolled back before anybody else gets it."""
    engine = office.database.engine
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("BEGIN")
    cursor.execute("INSERT INTO counter (name, value) VALUES ('left behind', 1)")
    raw.close()
    with office.database.reading() as connection:
        table = Counter.__table__  # type: ignore[attr-defined]
        assert connection.execute(sa.select(table).where(table.c.name == "left behind")).first() is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("database or disk is full", "disk that holds the records is full"),
        ("attempt to write a readonly database", "read-only at the moment"),
        ("database is locked", "records are busy"),
        ("could not connect to server", "cannot be reached"),
    ],
)
def test_a_database_in_trouble_is_said_in_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    """No stack trace, and what to do next."""
    with pytest.raises(NotReady, match=sentence), office.database.reading():
        raise OperationalError("SELECT 1", {}, Exception(text))


def test_more_people_at_once_than_there_are_connections_are_told_to_try_again(office: Office) -> None:
    """Whoever waits too long for one reads a sentence, and goes on as soon as one is free."""
    pool: Any = office.database.engine.pool
    pool._timeout = 0.05  # noqa: SLF001 - seconds; as it is in use, a test would wait for half a minute
    with contextlib.ExitStack() as others:
        with pytest.raises(NotReady, match="records are busy"):
            while True:
                others.enter_context(office.database.reading())
        assert pool.checkedout() > 1
    with office.database.reading() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1


def test_a_database_that_was_never_set_up_says_what_to_run(databases: Databases, database_kind: str) -> None:
    from core.permissions import SYSTEM

    office = databases.office(database_kind, seeded=False)
    with pytest.raises(NotReady, match="complaints setup"):
        Desk(office, SYSTEM).do(AddNote(reference="C-2026-000001", text="x"))
    migrate(office.database)


def test_a_number_is_given_back_with_the_transaction_that_took_it(office: Office) -> None:
    """References have no gaps, however many steps fail."""
    for _time in range(3):
        with pytest.raises(KeyError), office.database.writing() as session:
            assert list(take_numbers(session, "complaint-2026", 3)) == [1, 2, 3]
            raise KeyError("anything")
    with office.database.writing() as session:
        assert list(take_numbers(session, "complaint-2026")) == [1]
        assert list(take_numbers(session, "complaint-2026", 2)) == [2, 3]
        assert list(take_numbers(session, "complaint-2027")) == [1]


def test_reserved_ids_are_free_and_follow_one_another(story: Story) -> None:
    story.record()
    with story.office.database.writing() as session:
        ids = list(next_ids(session, Complaint, 3))
    assert ids == [2, 3, 4]


def test_a_reader_sees_one_moment(story: Story) -> None:
    """What is written meanwhile does not show up half-way through a page, and no reader waits for a writer."""
    reference = story.record()
    with story.office.database.reading() as connection:
        table = Complaint.__table__  # type: ignore[attr-defined]
        seen = connection.execute(sa.select(table.c.version)).scalar_one()
        writer = threading.Thread(target=story.acknowledge, args=(reference,))
        writer.start()
        writer.join(timeout=20)
        assert not writer.is_alive()
        assert connection.execute(sa.select(table.c.version)).scalar_one() == seen
    assert story.case(reference)["version"] > seen


def test_a_reader_cannot_write(office: Office) -> None:
    """A question changes nothing, even by mistake: its transaction is never committed."""
    table = Service.__table__  # type: ignore[attr-defined]
    before = dump(office)
    with contextlib.suppress(DBAPIError), office.database.reading() as connection:
        connection.execute(sa.insert(table).values(name="Parks", active=True))
    assert dump(office) == before


@pytest.mark.postgres
def test_a_connection_that_died_while_nobody_used_it_is_replaced_before_it_is_used(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restart of the server. One used a moment ago is not asked for again."""
    database = databases.office("postgresql").database
    pings: list[object] = []
    ping = type(database.engine.dialect).do_ping
    told = lambda dialect, connection: (pings.append(connection), ping(dialect, connection))[1]  # noqa: E731
    monkeypatch.setattr(type(database.engine.dialect), "do_ping", told)
    with database.reading() as connection:
        mine = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one() == mine
    assert not pings, "used a moment ago"
    other = databases.office("postgresql", seeded=False).database
    with other.engine.connect() as killer:
        killer.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": mine})
    monkeypatch.setattr("core.store.engine._IDLE", 0.0)
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one() != mine
    assert pings


def test_what_is_noted_in_place_of_a_draft_lasts_no_longer_than_it_is_needed(story: Story) -> None:
    """Otherwise every step that anybody ever took would leave a row; drafts themselves stay until they are sent."""
    handler = story.desks.handler
    story.on(day("2026-09-07"))
    handler.keep("AddNote:C-2026-000001", {"text": "Half a sen"})
    for step in ("Acknowledge", "Extend"):
        handler.drop(f"{step}:C-2026-000001", noting=(f"taken:{step}:C-2026-000001", {"step": step}))
    assert handler.kept("taken:Acknowledge:C-2026-000001") == {"step": "Acknowledge"}
    story.on(day("2026-09-09"))
    handler.drop("Assign:C-2026-000001", noting=("taken:Assign:C-2026-000001", {"step": "Assign"}))
    left = {row["form"] for row in story.rows("draft")}
    assert left == {"AddNote:C-2026-000001", "taken:Assign:C-2026-000001"}
