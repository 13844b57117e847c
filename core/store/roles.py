"""The two roles of a PostgreSQL installation: one owns the schema, the other works with the records and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables
from core.errors import BadInput
from core.store.engine import Database

FIXED = frozenset({"ledger_entry", "holiday", "report_snapshot"})
"""Tables to which rows are added and nothing else; triggers say the same."""

ERASED_ONLY = frozenset({"ledger_personal"})
"""Tables whose rows may go and never change: personal fields are erased, not edited."""

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def role_statements(application: str, *, database: str) -> Iterator[str]:
    """What the owner runs, after each new migration, so that a role can do the console's work and nothing beside it.

    No schema, no TRUNCATE, no change of the ledger: a console that somebody has taken over cannot rewrite the history.
    Raises BadInput for a name that is not plain.
    """
    if not _NAME.fullmatch(application):
        raise BadInput("Name the role in small letters, digits and _, beginning with a letter, such as complaints_app.")
    role, named = f'"{application}"', '"' + database.replace('"', '""') + '"'
    yield f"REVOKE ALL ON DATABASE {named} FROM PUBLIC, {role}"
    yield f"GRANT CONNECT ON DATABASE {named} TO {role}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    for rights, tables in _rights():
        yield f"GRANT {rights} ON {', '.join(tables)} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"


def _rights() -> Iterator[tuple[str, list[str]]]:
    names = sorted(SQLModel.metadata.tables)
    yield "INSERT", [f'"{name}"' for name in names]
    yield "UPDATE", [f'"{name}"' for name in names if name not in FIXED | ERASED_ONLY]
    yield "DELETE", [f'"{name}"' for name in names if name not in FIXED]


def statements_for(database: Database, application: str) -> tuple[str, ...]:
    """The statements for a database; BadInput for an SQLite file or a name that is not plain."""
    if database.is_sqlite:
        raise BadInput("The records are in an SQLite file, which has no roles. Its folder's permissions guard it.")
    return tuple(role_statements(application, database=str(database.url.database)))


def give_rights(database: Database, application: str) -> None:
    """Run the statements as the owner. BadInput for another database, or a role that is not there."""
    statements = statements_for(database, application)
    with database.taking_in() as connection:
        there = connection.execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": application})
        if there.first() is None:
            raise BadInput(
                f"There is no role “{application}”. Make it first: CREATE ROLE {application} LOGIN PASSWORD '…';"
            )
        for statement in statements:
            connection.exec_driver_sql(statement)
