"""What the database itself refuses: rewriting, nonsense, and rows that belong to nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.desk import Office
from core.store.engine import Limits
from tests.builders import Story, dump
from tests.conftest import Databases
from tests.engines import product_engine
from tests.store.tampering import refused_by_the_database

FIXED = ("ledger_entry", "holiday")


@pytest.fixture
def told(story: Story) -> Story:
    """A council with one complaint in its history."""
    story.acknowledged()
    return story


@pytest.mark.parametrize("table", FIXED)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"], ids=["update", "delete"])
def test_history_and_calendar_cannot_be_rewritten(told: Story, table: str, statement: str) -> None:
    """The third lock: the database refuses, whoever asks."""
    before = dump(told.office)
    column = "tag" if table == "ledger_entry" else "name"
    refused_by_the_database(told.office, statement.format(table, column, "'x'"), saying="append-only")
    assert dump(told.office) == before


@pytest.mark.parametrize("table", FIXED)
def test_nor_can_they_be_emptied_at_once(told: Story, table: str) -> None:
    """TRUNCATE goes past row triggers on PostgreSQL and is refused by its own."""
    if told.office.database.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    refused_by_the_database(told.office, f"TRUNCATE {table} CASCADE", saying="append-only")


def test_personal_fields_can_be_erased_but_not_edited(told: Story) -> None:
    """Retention may erase; nobody may rewrite."""
    refused_by_the_database(told.office, "UPDATE ledger_personal SET payload = '{}'", saying="append-only")
    with told.office.database.engine.connect() as connection:
        connection.execute(sa.text("DELETE FROM ledger_personal"))
        connection.commit()
    assert told.verified() == len(told.tags())


UPSERTS = {
    "on conflict": (
        "INSERT INTO ledger_entry (n, at, actor_id, actor, tag, command_id, step, data, digest, mac) "
        "SELECT n, at, actor_id, 'x', tag, command_id, step, data, digest, mac FROM ledger_entry WHERE n = 1 "
        "ON CONFLICT (n) DO UPDATE SET actor = 'x'"
    ),
    "or replace": (
        "INSERT OR REPLACE INTO ledger_entry (n, at, actor_id, actor, tag, command_id, step, data, digest, mac) "
        "SELECT n, at, actor_id, 'x', tag, command_id, step, data, digest, mac FROM ledger_entry WHERE n = 1"
    ),
    "or replace a day": (
        "INSERT OR REPLACE INTO holiday (id, day, name, layer, source, first_seen_at, withdrawn) "
        "SELECT id, day, 'x', layer, source, first_seen_at, withdrawn FROM holiday WHERE id = 1"
    ),
}


@pytest.mark.parametrize("statement", UPSERTS.values(), ids=UPSERTS.keys())
def test_writing_over_a_row_is_rewriting_too(told: Story, statement: str) -> None:
    """SQLite's REPLACE deletes without asking the triggers, unless it is told to."""
    if " OR REPLACE " in statement and not told.office.database.is_sqlite:
        pytest.skip("PostgreSQL knows no OR REPLACE")
    before = dump(told.office)
    refused_by_the_database(told.office, statement, saying="append-only")
    assert dump(told.office) == before


NONSENSE = {
    "a position nobody knows": "UPDATE complaint SET position = 'Stage 3'",
    "a third stage": "UPDATE complaint SET stage_number = 3",
    "a way nobody complains": "UPDATE complaint SET channel = 'carrier pigeon'",
    "an end without a day": "UPDATE complaint SET ending = 'withdrawn'",
    "a day without an end": "UPDATE complaint SET ended_on = '2026-09-07'",
    "an end nobody knows": "UPDATE complaint SET ending = 'lost', ended_on = '2026-09-07'",
    "no version": "UPDATE complaint SET version = NULL",
    "no policy": "UPDATE complaint SET policy_id = NULL",
    "a policy that is not there": "UPDATE complaint SET policy_id = 99",
    "a service that is not there": "UPDATE complaint SET service_id = 99",
    "a stage three": "UPDATE stage SET number = 3",
    "an outcome nobody knows": "UPDATE stage SET outcome = 'maybe'",
    "a stage of no complaint": "UPDATE stage SET complaint_id = 99",
    "a handler who is not there": "UPDATE stage SET handler_id = 99",
    "a standing nobody knows": "UPDATE duty SET standing = 'fine'",
    "a duty of no complaint": "UPDATE duty SET complaint_id = 99",
    "a duty at stage 0": "UPDATE duty SET stage_number = 0",
    "a role nobody has": "UPDATE colleague SET role = 'king' WHERE id = 1",
    "two of a name": "UPDATE service SET name = 'Parking'",
    "a layer nobody publishes": (
        "INSERT INTO holiday (day, name, layer, source, first_seen_at, withdrawn) "
        "VALUES ('2026-09-07', 'x', 'whim', 'x', '2026-09-07 09:00:00+00:00', false)"
    ),
    "a point of no complaint": (
        "INSERT INTO point (complaint_id, number, text, raised_on) VALUES (99, 1, 'x', '2026-09-07')"
    ),
    "the same point twice": (
        "INSERT INTO point (complaint_id, number, text, raised_on) "
        "SELECT complaint_id, number, text, raised_on FROM point"
    ),
    "the same duty twice": (
        "INSERT INTO duty (complaint_id, stage_number, kind, number, clause, start_on, days, due_on, act_by, standing, "
        "is_next, calendar_id) SELECT complaint_id, stage_number, kind, number, clause, start_on, days, due_on, "
        "act_by, standing, is_next, calendar_id FROM duty"
    ),
    "a review of nothing": (
        "INSERT INTO review (complaint_id, kind, number, set_on, due_on, found) "
        "SELECT id, 'review_adjustment', 1, '2026-09-07', '2026-09-21', '' FROM complaint"
    ),
    "an answer at stage 4": (
        "INSERT INTO answer (point_id, stage_number, outcome, reasons) SELECT id, 4, 'upheld', '' FROM point"
    ),
    "a complaint nobody can lose": "DELETE FROM complaint",
    "a number that is a word": "UPDATE duty SET days = 'ten'",
    "a word where an id belongs": "UPDATE complaint SET person_id = 'Sam'",
    "two counters of a name": "INSERT INTO counter (name, value) VALUES ('x', 1), ('x', 2)",
}  # fmt: skip


@pytest.mark.parametrize("statement", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_refused_on_both_databases(told: Story, statement: str) -> None:
    """CHECKs, strict types, foreign keys and unique keys say the same on SQLite and on PostgreSQL."""
    before = dump(told.office)
    refused_by_the_database(told.office, statement)
    assert dump(told.office) == before


@pytest.fixture
def sqlite(databases: Databases) -> Office:
    return databases.office("sqlite")


def test_every_table_is_strict(sqlite: Office) -> None:
    """Without STRICT, SQLite would keep “ten” where a number belongs."""
    with sqlite.database.engine.connect() as connection:
        listed = "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type <> 'view'"
        tables = connection.exec_driver_sql(listed).all()
    loose = {
        name
        for name, strict in tables
        if not strict and not name.startswith(("sqlite_", "search_fts", "case_fts", "request_fts"))
    }
    assert loose == {"alembic_version"}
    assert len(tables) > 20


def test_sqlite_is_set_up_for_a_record(sqlite: Office) -> None:
    """Foreign keys on, every commit on the disk, readers beside a writer."""
    engine = product_engine(sqlite.settings.url, Limits())  # the other engines of the tests do not wait for the disk
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    engine.dispose()
    assert settings == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}


def test_foreign_keys_hold_on_every_connection_of_the_pool(sqlite: Office) -> None:
    connections = [sqlite.database.engine.connect() for _ in range(4)]
    try:
        assert [each.exec_driver_sql("PRAGMA foreign_keys").scalar() for each in connections] == [1] * 4
    finally:
        for each in connections:
            each.close()
