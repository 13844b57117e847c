"""What every table shares: strict typing on SQLite, named constraints, and columns of a closed list."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT: dict[str, Any] = {"sqlite_strict": True}
"""Table options: SQLite then refuses a value of the wrong kind, as PostgreSQL does."""


@compiles(sa.String, "sqlite")
@compiles(sa.Text, "sqlite")
@compiles(sa.Date, "sqlite")
@compiles(sa.DateTime, "sqlite")
def _text_on_sqlite(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "TEXT"


@compiles(sa.Boolean, "sqlite")
@compiles(sa.Integer, "sqlite")
@compiles(sa.BigInteger, "sqlite")
def _integer_on_sqlite(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "INTEGER"


@compiles(sa.Double, "sqlite")
def _real_on_sqlite(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "REAL"


@compiles(sa.LargeBinary, "sqlite")
def _blob_on_sqlite(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "BLOB"


def one_of(column: str, kinds: type[StrEnum], *, name: str | None = None) -> sa.CheckConstraint:
    """A constraint that a column holds one of the members' values; both databases refuse anything else."""
    values = ", ".join("'" + member.value.replace("'", "''") + "'" for member in kinds)
    return sa.CheckConstraint(f"{column} IN ({values})", name=name or column)


def only_where(condition: str) -> dict[str, Any]:
    """What makes an index hold the few rows of a condition alone, on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
