"""Which web form a key belongs to: asked before anything else is known of a request."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.intake import IntakeClient
from core.store.engine import Database

_C = IntakeClient.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A web form that may send complaints in."""

    id: int
    name: str
    used_at: datetime | None


def client_of(connection: Connection, key_hash: str) -> Client | None:
    """The form whose key has this hash; None when there is none, or its key was taken back."""
    statement = sa.select(_C).where(_C.c.key_hash == key_hash, _C.c.revoked_at.is_(None))
    row = connection.execute(statement).first()
    if row is None or not hmac.compare_digest(row.key_hash, key_hash):
        return None
    return Client(id=row.id, name=row.name, used_at=row.used_at)


def touch(database: Database, client_id: int, *, at: datetime) -> None:
    """Note that a key is in use: no part of any record, so it needs no event."""
    with database.writing() as session:
        session.connection().execute(sa.update(_C).where(_C.c.id == client_id).values(used_at=at))
