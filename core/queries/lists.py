"""Short lists that forms and filters choose from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.model.duties import Duty
from core.model.learning import Cause
from core.model.people import Colleague, Service
from core.model.refusals import RefusalReason
from core.permissions import GRANTS, Permission, Role
from core.queries.base import Asking, query
from core.queries.conduct import training_due
from core.queries.queue import next_duty
from core.store.scope import not_confidential

_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_CA = Cause.__table__  # type: ignore[attr-defined]
_RR = RefusalReason.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list: its id and how it reads."""

    id: int
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Every short list a form may need: services, and colleagues by what they may do."""

    services: tuple[Choice, ...]
    colleagues: tuple[Choice, ...]
    handlers: tuple[Choice, ...]
    reviewers: tuple[Choice, ...]
    readers: tuple[Choice, ...]
    everyone: tuple[Choice, ...]
    leavers: tuple[Choice, ...]
    refusal_reasons: tuple[Choice, ...]
    causes: tuple[Choice, ...]
    assessors: tuple[Choice, ...]


@query(needs=Permission.CODE, kept=True)
def lists(asking: Asking) -> Lists:
    """Services and colleagues in use, with how much each has open; confidential cases count for nobody here."""
    services = asking.connection.execute(sa.select(_S.c.id, _S.c.name).where(_S.c.active.is_(True)).order_by(_S.c.name))
    owned = (
        sa.select(_D.c.owner_id, sa.func.count().label("open"))
        .where(next_duty(asking), _D.c.ours.is_(False), not_confidential(_D.c.complaint_id))
        .group_by(_D.c.owner_id)
        .subquery()
    )
    listed = asking.connection.execute(
        sa.select(_W.c.id, _W.c.name, _W.c.role, _W.c.active, sa.func.coalesce(owned.c.open, 0).label("open"))
        .select_from(_W.outerjoin(owned, owned.c.owner_id == _W.c.id))
        .order_by(_W.c.name)
    ).all()
    gone = tuple(Choice(id=row.id, name=row.name, note=row.role) for row in listed if not row.active)
    people = [row for row in listed if row.active]
    due = training_due(asking, {row.id: Role(row.role) for row in people})

    def who(permission: Permission) -> tuple[Choice, ...]:
        return tuple(
            Choice(id=row.id, name=row.name, note=_note(row, due))
            for row in people
            if permission in GRANTS[Role(row.role)]
        )

    return Lists(
        services=tuple(Choice(id=row.id, name=row.name) for row in services),
        colleagues=tuple(Choice(id=row.id, name=row.name, note=row.role) for row in people),
        handlers=who(Permission.HANDLE),
        reviewers=who(Permission.REVIEW),
        assessors=who(Permission.ASSESS),
        readers=who(Permission.READ),
        everyone=tuple(Choice(id=row.id, name=row.name, note=row.role) for row in people),
        leavers=gone,
        refusal_reasons=_in_force(asking, _RR),
        causes=_in_force(asking, _CA),
    )


def _note(row: Any, due: Collection[int]) -> str:
    """Role and work in hand, and whether training is missing: said where work is given out [lgsco:4.3]."""
    return f"{row.role}, {row.open} open{', training due' if row.id in due else ''}"


def _in_force(asking: Asking, table: sa.Table) -> tuple[Choice, ...]:
    """The entries of one of the council's own lists that are in force today."""
    until = table.c.in_force_until
    in_force = sa.and_(table.c.in_force_from <= asking.today, sa.or_(until.is_(None), until >= asking.today))
    found = asking.connection.execute(sa.select(table.c.id, table.c.title).where(in_force).order_by(table.c.id))
    return tuple(Choice(id=row.id, name=row.title) for row in found)
