"""PostgreSQL as a council runs it: the console's own role works with the records and cannot rewrite their history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.commands.recording import AddNote
from core.errors import BadInput, NotReady
from core.moving import export_installation
from core.store.engine import Database, Limits
from core.store.roles import ERASED_ONLY, FIXED, give_rights, role_statements
from core.store.schema import at_head
from tests.builders import Story
from tests.conftest import Databases, OfficeClock, desks_of
from tests.postgres import OWNER

pytestmark = pytest.mark.postgres
ROLE = "complaints_app"


@contextmanager
def working(databases: Databases) -> Iterator[str]:
    """The address of a set-up database for the console's own role."""
    owner = databases.office("postgresql")
    with owner.database.taking_in() as connection:
        if connection.execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": ROLE}).first() is None:
            connection.exec_driver_sql(f"CREATE ROLE {ROLE} LOGIN")
    give_rights(owner.database, ROLE)
    yield owner.settings.url.replace(f"//{OWNER}@", f"//{ROLE}@")
    with owner.database.taking_in() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {ROLE}")


def test_a_case_goes_its_whole_way_under_the_consoles_own_role(
    databases: Databases, office_clock: OfficeClock, tmp_path: Path
) -> None:
    """From receipt to the final response, a file, drafts and duties; the history verifies and the whole can leave."""
    with working(databases) as url:
        office = databases.open(url)
        story = Story(office=office, clock=office_clock, desks=desks_of(office))
        reference = story.finished()
        draft = story.draft(story.acknowledged())
        story.desks.handler.do(AddNote(reference=reference, text="A note."))
        assert draft and story.verified() == len(story.tags())
        assert at_head(office.database)
        export_installation(office, tmp_path / "export")


@pytest.fixture(scope="module")
def worker_at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database under the console's own role, for all that it is refused."""
    made = Databases(request, tmp_path_factory.mktemp("roles"), OfficeClock())
    with working(made) as url:
        database = Database(url)
        yield database
        database.close()
    made.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET actor = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_personal SET payload = 'x'",
        "UPDATE report_snapshot SET made_at = now()",
        "DELETE FROM holiday",
        "TRUNCATE complaint CASCADE",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_entry_fixed ON ledger_entry",
        "CREATE TABLE more (n integer)",
        "DROP TABLE note",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_consoles_own_role_has_no_right_to(worker_at: Database, statement: str) -> None:
    """By privilege, before any trigger is asked."""
    with pytest.raises(sa.exc.DBAPIError) as refused, worker_at.taking_in() as connection:
        connection.exec_driver_sql(statement)
    assert getattr(refused.value.orig, "sqlstate", "") == "42501"


def test_what_triggers_refuse_is_refused_by_privilege_as_well(databases: Databases) -> None:
    """A table that a migration fixes has to be among those whose rights are kept back."""
    office = databases.office("postgresql")
    asked = sa.text(
        "SELECT c.relname, bool_or((t.tgtype & 8) > 0) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_rewriting' GROUP BY c.relname"
    )
    with office.database.reading() as connection:
        fixed = {name: removing for name, removing in connection.execute(asked)}
    assert {name for name, removing in fixed.items() if removing} == FIXED
    assert set(fixed) - FIXED == ERASED_ONLY


def test_a_statement_or_a_wait_without_end_is_cut_short_and_says_so(databases: Databases) -> None:
    office = databases.office("postgresql")
    quick = Database(office.settings.url, limits=Limits(connections=2, statement=1, lock=1, idle=1))
    with pytest.raises(NotReady, match="busy"), quick.reading() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(5)")
    quick.close()


def test_roles_need_a_plain_name_a_role_and_postgresql(databases: Databases) -> None:
    with pytest.raises(BadInput, match="small letters"):
        tuple(role_statements('x"; DROP TABLE note; --', database="complaints"))
    with pytest.raises(BadInput, match="no roles"):
        give_rights(databases.office("sqlite").database, ROLE)
    with pytest.raises(BadInput, match="CREATE ROLE nobody_yet"):
        give_rights(databases.office("postgresql").database, "nobody_yet")
