"""The schema is made by migrations alone: up, down, up again with data, and always what the models say."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables
from core.code.causes import DEFAULT_CAUSES
from core.code.refusals import DEFAULT_REASONS
from core.commands.importing import ImportBatch
from core.desk import Office
from core.errors import NotReady
from core.installing import install
from core.queries.searching import search_requests
from core.settings import ROOT
from core.store.schema import _config, at_head, downgrade, migrate
from tests.builders import Story, dump
from tests.conftest import Databases, OfficeClock, desks_of, set_up
from tests.people import file_on
from tests.requests import ask
from tests.store.asked import old, references

INDEXES_BY_HAND = {f"ix_{name}_doc_{what}" for name in ("search", "case", "request") for what in ("tsv", "pairs")}

REVISIONS = [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


@pytest.fixture
def empty(databases: Databases, database_kind: str) -> Office:
    """An office on a database in which nothing has been made yet."""
    return databases.office(database_kind, seeded=False)


def objects(office: Office) -> set[str]:
    """Every table, index, trigger and function of ours."""
    if office.database.is_sqlite:
        statement = "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    else:
        statement = (
            "SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'public' "
            "UNION SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public' "
            "UNION SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal "
            "UNION SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
    with office.database.engine.connect() as connection:
        return set(connection.execute(sa.text(statement)).scalars())


def ours(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """What the models know of: the search index is made by hand, differently on each database."""
    if kind == "table":
        return not (name or "").startswith(("search_fts", "case_fts", "request_fts", "alembic_version"))
    return not (kind == "column" and name == "tsv") and name not in INDEXES_BY_HAND


def differences(office: Office) -> list[Any]:
    """What alembic would change to bring the database to the models; SQLite’s indexes of expressions it cannot read."""
    with office.database.engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(Skipped unsupported|autogenerate skipping).* expression-based index")
        options = {"include_object": ours, "compare_type": True, "compare_server_default": False}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


def test_migrations_and_models_say_the_same(empty: Office) -> None:
    """Nobody changes a model without its migration, or the other way round."""
    migrate(empty.database)
    assert differences(empty) == []
    assert at_head(empty.database)


def test_a_difference_would_be_seen(empty: Office) -> None:
    """The comparison above can fail: a column too many, one too few, an index gone."""
    migrate(empty.database)
    for statement in (
        "ALTER TABLE service ADD COLUMN colour TEXT",
        "ALTER TABLE note DROP COLUMN written_at",
        "DROP INDEX ix_departure_clause",
        "DROP TABLE draft",
    ):
        with empty.database.engine.connect() as connection:
            connection.execute(sa.text(statement))
            connection.commit()
    seen = {change[0] if isinstance(change, tuple) else change[0][0] for change in differences(empty)}
    assert {"remove_column", "add_column", "add_index", "add_table"} <= seen


def test_up_and_down_leaves_nothing_and_up_again_makes_the_same(empty: Office) -> None:
    migrate(empty.database)
    made = objects(empty)
    assert len(made) > 50
    downgrade(empty.database)
    left = {name for name in objects(empty) if "alembic" not in name}
    assert left == set()
    assert not at_head(empty.database)
    migrate(empty.database)
    assert objects(empty) == made


def test_down_and_up_work_with_data(empty: Office, office_clock: OfficeClock) -> None:
    """Rows, ledger and triggers do not stand in the way, and a new start works."""
    set_up(empty)
    story = Story(office=empty, clock=office_clock, desks=desks_of(empty))
    story.finished()
    downgrade(empty.database)
    again = Office(empty.settings, clock=office_clock)
    try:
        set_up(again)
        told = Story(office=again, clock=office_clock, desks=desks_of(again))
        assert told.finished() == "C-2026-000001"
        assert told.verified() == len(told.tags())
    finally:
        again.close()


def test_migrating_again_changes_nothing(story: Story) -> None:
    """Every start migrates; a database that is at its head is left alone, data and all."""
    story.acknowledged()
    before, made = dump(story.office), objects(story.office)
    migrate(story.office.database)
    assert (dump(story.office), objects(story.office)) == (before, made)


def test_each_revision_goes_up_and_down(empty: Office) -> None:
    """One step at a time, all the way."""
    for revision in reversed(REVISIONS):
        migrate(empty.database, to=revision)
    assert at_head(empty.database)
    for _revision in REVISIONS:
        downgrade(empty.database, to="-1")
    assert {name for name in objects(empty) if "alembic" not in name} == set()


@pytest.mark.parametrize("step", [migrate, lambda database: downgrade(database)], ids=["up", "down"])
def test_a_database_from_a_newer_console_is_refused_plainly(story: Story, step: Callable[[Any], None]) -> None:
    """Nothing is changed, and the sentence says what to do."""
    with story.office.database.engine.connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    before = objects(story.office)
    with pytest.raises(NotReady, match="made by a newer version of the console"):
        step(story.office.database)
    assert objects(story.office) == before
    assert not at_head(story.office.database)


def test_a_migration_that_fails_leaves_nothing_behind(empty: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """DDL is part of the transaction on both databases: half a schema is never left."""

    def fail_late(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "CREATE TABLE response" in statement:
            raise RuntimeError("the power went")

    sa.event.listen(empty.database.engine, "before_cursor_execute", fail_late)
    with pytest.raises(RuntimeError, match="the power went"):
        migrate(empty.database)
    sa.event.remove(empty.database.engine, "before_cursor_execute", fail_late)
    assert {name for name in objects(empty) if "alembic" not in name} == set()
    migrate(empty.database)
    assert differences(empty) == []


def test_the_schema_is_made_nowhere_else() -> None:
    """No create_all in the product: what is not in a migration does not exist."""
    for path in (*ROOT.glob("core/**/*.py"), *ROOT.glob("app/**/*.py")):
        assert "create_all" not in path.read_text(encoding="utf-8"), path


@pytest.mark.slow
def test_two_processes_that_start_at_once_migrate_once(empty: Office) -> None:
    """Whoever comes second waits and finds it done."""
    starting = "import sys; from core.store.engine import Database; from core.store.schema import migrate; "
    starting += "migrate(Database(sys.argv[1]))"
    command = [sys.executable, "-c", starting, str(empty.settings.database_url)]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _process in range(2)]
    for each in both:
        _out, said = each.communicate(timeout=60)
        assert each.returncode == 0, said
    assert differences(empty) == []


def told_in(empty: Office, clock: OfficeClock) -> Story:
    """Stories of the made-up council in a database of its own, whose schema may change under them."""
    set_up(empty)
    return Story(office=empty, clock=clock, desks=desks_of(empty))


def test_a_refusal_is_the_nearest_thing_there_was_before(empty: Office, office_clock: OfficeClock) -> None:
    """Down before the list of reasons and up again: what was refused reads as withdrawn, and everything else stays."""
    story = told_in(empty, office_clock)
    reference, other = story.record(), story.answered()
    story.turn_away(reference)
    story.refuse(other)
    downgrade(story.office.database, to="0003")
    migrate(story.office.database)
    assert [story.case(each)["position"] for each in (reference, other)] == ["Withdrawn", "Stage 2 refused"]
    assert [(row["stage_number"], row["reason_id"]) for row in story.rows("refusal")] == [(2, None)]
    assert differences(story.office) == []
    with pytest.raises(sa.exc.IntegrityError), story.office.database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE complaint SET position = 'Stage 3'"))


def test_an_older_installation_is_given_the_lists_by_setting_up(empty: Office, office_clock: OfficeClock) -> None:
    """Setting up again adds what a new installation begins with, once [lgsco:2.3]."""
    story = told_in(empty, office_clock)
    story.record()
    downgrade(story.office.database, to="0003")
    said = install(story.office, council="Sample Borough Council")
    assert len(story.rows("refusal_reason")) == len(DEFAULT_REASONS)
    assert len(story.rows("cause")) == len(DEFAULT_CAUSES)
    assert len(said) == len(DEFAULT_REASONS) + len(DEFAULT_CAUSES)
    assert said[0].startswith("Added “It came after the time limit” to the reasons to refuse")
    story.turn_away(story.record(), reason="court_proceedings_about_it_have_begun")
    assert install(story.office, council="Sample Borough Council") == ()
    assert story.verified() == len(story.tags())


@pytest.mark.slow
def test_phrases_are_found_in_what_was_there_before_pairs_were_kept(empty: Office, office_clock: OfficeClock) -> None:
    """More texts than are filled in at once; what is stored is what is stored today."""
    story = told_in(empty, office_clock)
    texts = [f"The lamp {chr(97 + number % 7) * 3} was broken" for number in range(1_400)]
    past = tuple(old(number, text) for number, text in enumerate(texts))
    story.desks.manager.do(ImportBatch(source="old", complaints=past))
    before = story.rows("search_doc")
    downgrade(story.office.database, to="0006")
    with story.office.database.reading() as connection:
        kept = connection.execute(sa.text("SELECT complaint_id, words FROM search_doc ORDER BY 1")).all()
    assert kept == [(row["complaint_id"], row["words"]) for row in before]
    assert len(references(story.office, "lamp")) == 1_400
    migrate(story.office.database)
    assert story.rows("search_doc") == before
    assert differences(story.office) == []
    assert len(references(story.office, '"lamp ccc was"')) == 200
    assert references(story.office, '"lamp was"') == set()
    added = story.record(words="Then the lamp was out.")
    assert references(story.office, '"lamp was"') == {added}


def test_files_from_before_they_were_weighed_are_evidence_nobody_has_weighed(
    empty: Office, office_clock: OfficeClock
) -> None:
    """Up from the schema before: each file is listed, so that no answer passes one over [lgsco:5.4]."""
    story = told_in(empty, office_clock)
    reference = story.acknowledged()
    file_on(story, reference, name="Photograph.jpg")
    story.note_evidence(reference)
    downgrade(story.office.database, to="0006")
    migrate(story.office.database)
    (item,) = story.rows("evidence_item")
    (file,) = story.rows("case_file")
    assert (item["file_id"], item["what"], item["considered"]) == (file["id"], "Photograph.jpg", "not weighed yet")
    assert differences(story.office) == []


def test_requests_taken_in_before_are_found_by_their_words(empty: Office, office_clock: OfficeClock) -> None:
    """The index is made for what is there already, and is the one a new request would have [lgsco:1.8]."""
    story = told_in(empty, office_clock)
    reference = ask(story, words="Please cut the hawthorn hedge.", individual="Zoë Sample")
    kept = story.rows("request_doc")
    downgrade(story.office.database, to="0012")
    migrate(story.office.database)
    assert story.rows("request_doc") == kept
    for typed in ("hawthorn", "zoe", reference):
        assert [row.reference for row in story.desks.handler.ask(search_requests, typed).rows] == [reference]
    assert differences(story.office) == []
