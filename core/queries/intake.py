"""What comes in from outside: the web forms that may send complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.model.intake import IntakeClient
from core.permissions import Permission
from core.queries.base import Asking, query

_C = IntakeClient.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """One web form: since when it has its key, when it last used it, and when the key was taken back."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@query(needs=Permission.ACCOUNTS)
def intake_clients(asking: Asking) -> tuple[ClientLine, ...]:
    """Every web form that ever had a key, those that have one first, by name."""
    columns = (_C.c.id, _C.c.name, _C.c.added_at, _C.c.used_at, _C.c.revoked_at)
    statement = sa.select(*columns).order_by(_C.c.revoked_at.is_not(None), _C.c.name)
    return tuple(ClientLine(**row) for row in asking.connection.execute(statement).mappings())
