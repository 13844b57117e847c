"""Themes: candidates to decide on, what was accepted with its risk and owner, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.learning import Improvement, Theme, ThemeCase
from core.model.people import Colleague, Service
from core.permissions import Permission
from core.queries.base import Asking, query

_C = Complaint.__table__  # type: ignore[attr-defined]
_I = Improvement.__table__  # type: ignore[attr-defined]
_T = Theme.__table__  # type: ignore[attr-defined]
_TC = ThemeCase.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_CASES = 5  # references that stand beside a theme


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """One theme. `cases` are some of its complaints that whoever asks may see; `improvements` what was planned for it.

    `expected` is how many would have been usual, `chance` how often so many come by chance alone.
    """

    id: int
    kind: str
    title: str
    service: str
    found_on: date
    first_on: date
    last_on: date
    count: int
    expected: float
    chance: float
    decision: str
    decided_on: date | None
    why: str
    risk: str
    owner: str
    closed_on: date | None
    outcome: str
    cases: tuple[str, ...]
    improvements: tuple[int, ...]


@query(needs=Permission.LEARN)
def themes_board(asking: Asking) -> tuple[ThemeView, ...]:
    """Every theme, the surest candidate first; of whoever is limited to services, theirs alone [lgsco:9.4]."""
    names = {"service": _S.c.name, "risk": _T.c.risk, "owner": _W.c.name}
    others = {*names, "cases", "improvements"}
    columns = [_T.c[name] for name in ThemeView.__dataclass_fields__ if name not in others]
    statement = (
        sa.select(*columns, *(sa.func.coalesce(column, "").label(name) for name, column in names.items()))
        .select_from(_T.outerjoin(_S, _S.c.id == _T.c.service_id).outerjoin(_W, _W.c.id == _T.c.owner_id))
        .order_by(_T.c.chance, _T.c.id)
    )
    actor = asking.actor
    if actor.services and not actor.whole:
        statement = statement.where(_T.c.service_id.in_(sorted(actor.services)))
    rows = asking.connection.execute(statement).mappings().all()
    cases, planned = _cases(asking), _planned(asking)
    return tuple(
        ThemeView(**row, cases=cases.get(row["id"], ()), improvements=planned.get(row["id"], ())) for row in rows
    )


def _cases(asking: Asking) -> dict[int, tuple[str, ...]]:
    """The newest complaints of each theme that may be seen."""
    place = sa.func.row_number().over(partition_by=_TC.c.theme_id, order_by=_C.c.id.desc()).label("place")
    ranked = (
        sa.select(_TC.c.theme_id, _C.c.reference, place)
        .select_from(_TC.join(_C, _C.c.id == _TC.c.complaint_id))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .subquery()
    )
    shown = sa.select(ranked.c.theme_id, ranked.c.reference).where(ranked.c.place <= _CASES)
    found: dict[int, tuple[str, ...]] = {}
    for row in asking.connection.execute(shown.order_by(ranked.c.theme_id, ranked.c.place)):
        found[row.theme_id] = (*found.get(row.theme_id, ()), row.reference)
    return found


def _planned(asking: Asking) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    planned = sa.select(_I.c.theme_id, _I.c.id).where(_I.c.theme_id.is_not(None)).order_by(_I.c.id)
    for row in asking.connection.execute(planned):
        found[row.theme_id] = (*found.get(row.theme_id, ()), row.id)
    return found
