"""What lies behind the complaints of each category, and what is done so that they do not come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core.code.themes import THEME_RULE
from core.model.complaints import Complaint
from core.model.learning import Cause, Improvement, ImprovementCase, Learning
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.s9_oversight import ImprovementFacts, ImprovementState, improvement_state

_C = Complaint.__table__  # type: ignore[attr-defined]
_CA = Cause.__table__  # type: ignore[attr-defined]
_L = Learning.__table__  # type: ignore[attr-defined]
_I = Improvement.__table__  # type: ignore[attr-defined]
_IC = ImprovementCase.__table__  # type: ignore[attr-defined]

_TOP = 3  # causes that stand beside a category


@dataclass(frozen=True, slots=True, kw_only=True)
class Preventing:
    """An improvement learned from complaints of a category: its number, what is done, and how far it has come."""

    id: int
    what: str
    state: ImprovementState


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInsight:
    """One category: its complaints received in the last year, how many of them named a cause, and the commonest causes.

    `causes` are titles with the number of complaints that named each. `preventing` leaves out what was dropped.
    """

    category: str
    complaints: int
    explained: int
    causes: tuple[tuple[str, int], ...]
    preventing: tuple[Preventing, ...]


@query(needs=Permission.LEARN, kept=True)
def category_insights(asking: Asking) -> tuple[CategoryInsight, ...]:
    """Every category with complaints that whoever asks may see, the largest first [lgsco:9.2]."""
    received = _C.c.received_on >= asking.today - timedelta(days=THEME_RULE.past_days)
    within = (_C.c.category != "", received, *asking.seen(_C.c.id, service_id=_C.c.service_id))
    caused = sa.select(_L.c.complaint_id).where(_L.c.cause_id.is_not(None))
    explained = sa.func.sum(sa.case((_C.c.id.in_(caused), 1), else_=0))
    counting = sa.select(_C.c.category, sa.func.count().label("n"), explained.label("explained")).where(*within)
    rows = asking.connection.execute(counting.group_by(_C.c.category)).all()
    causes, preventing = _causes(asking, within), _preventing(asking, within)
    found = (
        CategoryInsight(
            category=row.category,
            complaints=row.n,
            explained=row.explained,
            causes=causes.get(row.category, ())[:_TOP],
            preventing=preventing.get(row.category, ()),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (-one.complaints, one.category)))


def _causes(asking: Asking, within: tuple[sa.ColumnElement[bool], ...]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The causes of each category, the commonest first; a complaint counts once for each cause it named."""
    count = sa.func.count(_C.c.id.distinct())
    statement = (
        sa.select(_C.c.category, _CA.c.title, count.label("n"))
        .select_from(_C.join(_L, _L.c.complaint_id == _C.c.id).join(_CA, _CA.c.id == _L.c.cause_id))
        .where(*within)
        .group_by(_C.c.category, _CA.c.id, _CA.c.title)
        .order_by(count.desc(), _CA.c.id)
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in asking.connection.execute(statement):
        found[row.category] = (*found.get(row.category, ()), (row.title, row.n))
    return found


def _preventing(asking: Asking, within: tuple[sa.ColumnElement[bool], ...]) -> dict[str, tuple[Preventing, ...]]:
    """The improvements that complaints of each category are linked to."""
    dates = [_I.c[name] for name in ImprovementFacts.__dataclass_fields__]
    statement = (
        sa.select(_C.c.category, _I.c.id, _I.c.what, *dates)
        .select_from(_I.join(_IC, _IC.c.improvement_id == _I.c.id).join(_C, _C.c.id == _IC.c.complaint_id))
        .where(*within, _I.c.dropped_on.is_(None))
        .distinct()
        .order_by(_I.c.id)
    )
    found: dict[str, tuple[Preventing, ...]] = {}
    for row in asking.connection.execute(statement).mappings():
        facts = ImprovementFacts(**{name: row[name] for name in ImprovementFacts.__dataclass_fields__})
        one = Preventing(id=row["id"], what=row["what"], state=improvement_state(facts))
        found[row["category"]] = (*found.get(row["category"], ()), one)
    return found
