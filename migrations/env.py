"""Alembic's entry: runs the migrations on the connection it is given."""

from alembic import context
from sqlalchemy import text
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "lock_timeout"):  # a migration takes the time it needs
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(20240402)"))
    context.run_migrations()
connection.commit()
