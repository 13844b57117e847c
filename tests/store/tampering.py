"""Hands in the database that no product code has: to see what the triggers refuse and what the ledger notices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from core.desk import Office


@contextmanager
def hands_in(office: Office) -> Iterator[Connection]:
    """A connection past every lock: no triggers, no foreign keys, as an owner of the database could have."""
    with office.database.engine.connect() as connection:
        if office.database.is_sqlite:
            _foreign_keys(connection, on=False)
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in names:
                if "search" not in name:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.commit()
        if office.database.is_sqlite:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # Past SQLAlchemy, which would begin a transaction first; inside one this setting is passed over.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def refused_by_the_database(office: Office, statement: str, *, saying: str = ".") -> None:
    """The statement fails in the database itself, and nothing of it stays."""
    with office.database.engine.connect() as connection, pytest.raises(DBAPIError, match=saying):
        connection.execute(sa.text(statement))
        connection.commit()
