"""Limits of authority as they lie in the tables, and who may agree to a sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.access import ColleagueService
from core.model.authority import AuthorityLimit
from core.model.people import Colleague
from core.permissions import GRANTS, Permission, Role
from core.rules.authority import Limit, covers, limit_of

_L = AuthorityLimit.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_CS = ColleagueService.__table__  # type: ignore[attr-defined]


def limits(connection: Connection) -> tuple[Limit, ...]:
    """Every decision about a limit, in the order they were made in [lgsco:4.2]."""
    columns = (_L.c.role, _L.c.colleague_id, _L.c.pence, _L.c.in_force_from)
    rows = connection.execute(sa.select(*columns).order_by(_L.c.id)).mappings()
    return tuple(Limit(**row) for row in rows)


def who_may_agree(
    connection: Connection, held: Sequence[Limit], pence: int, *, service_id: int | None, but: int, on: date
) -> tuple[str, ...]:
    """The names of the colleagues whose limit covers a sum on a complaint of this service, but for one [lgsco:4.2]."""
    rows = connection.execute(sa.select(_W.c.id, _W.c.name, _W.c.role).where(_W.c.active.is_(True)).order_by(_W.c.name))
    services: dict[int, set[int]] = {}
    for row in connection.execute(sa.select(_CS.c.colleague_id, _CS.c.service_id)):
        services.setdefault(row.colleague_id, set()).add(row.service_id)
    return tuple(
        row.name
        for row in rows
        if row.id != but
        and Permission.AGREE_SUM in GRANTS[Role(row.role)]
        and (row.id not in services or service_id in services[row.id])
        and covers(limit_of(held, colleague_id=row.id, role=row.role, on=on), pence)
    )
