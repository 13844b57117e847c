"""Figures of remedies in a period: by kind, service and stage, what was offered and paid, and what was kept in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.remedies import APOLOGY, REMEDIES
from core.model.complaints import Complaint
from core.model.people import Service
from core.model.remedies import Payment, Remedy
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.s7_remedies import Moment
from core.words import pounds, share

_C = Complaint.__table__  # type: ignore[attr-defined]
_PM = Payment.__table__  # type: ignore[attr-defined]
_R = Remedy.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
NO_SERVICE = "No service chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Sums in pence, and over how many remedies they go."""

    pence: int = 0
    remedies: int = 0

    @property
    def words(self) -> str:
        """The sum, and its mean to the nearest penny: "£300.00 for 2 remedies, £150.00 each"."""
        if not self.remedies:
            return f"{pounds(0)}"
        mean = (2 * self.pence + self.remedies) // (2 * self.remedies)
        return f"{pounds(self.pence)} over {self.remedies:,}, {pounds(mean)} on average"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyPart:
    """One kind, service or stage: how many remedies were offered, the money offered with them, and the money paid."""

    key: str
    title: str
    count: int
    offered: Money
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFigures:
    """Remedies of one scheme in a period, by the day each thing happened: offered, paid, or due.

    `due` is how many were due in the period, `in_time` those of them done by their day and `undeliverable` those that
    were given up; `cases` is how many complaints had their first remedy in it, `later_first` those of them that had it
    only at stage 2 or after the Ombudsman.
    """

    kinds: tuple[RemedyPart, ...]
    services: tuple[RemedyPart, ...]
    moments: tuple[RemedyPart, ...]
    offered: Money
    paid: Money
    due: int
    in_time: int
    undeliverable: int
    cases: int
    later_first: int

    @property
    def count(self) -> int:
        """How many were offered in all."""
        return sum(part.count for part in self.kinds)

    @property
    def apologies(self) -> int:
        """How many of them were apologies."""
        return next(part.count for part in self.kinds if part.key == APOLOGY)

    @property
    def in_time_words(self) -> str:
        """How many were done by their day, of those that were due."""
        return share(self.in_time, self.due)

    @property
    def later_words(self) -> str:
        """How many complaints had their first remedy only at stage 2 or after the Ombudsman."""
        return share(self.later_first, self.cases)


@query(needs=Permission.FIGURES)
def remedy_figures(asking: Asking, *, since: date, until: date, scheme: str = "lgsco") -> RemedyFigures:
    """Remedies offered, paid and due from one day to another, both included, and when the first came [lgsco:7.1].

    An offer counts on its day whatever became of it, so what took the place of another counts as well.
    """
    own = [_C.c.scheme == scheme]
    offered = _offered(asking, own, since, until)
    paid = _paid(asking, own, since, until)
    kinds = {key: each.title for key, each in REMEDIES.kinds.items()}
    names = {name: name for name in sorted({row.service for row in (*offered, *paid)})}
    moments = {each.value: each.value for each in Moment}
    due, in_time, undeliverable = _due(asking, own, since, until)
    cases, later = _first(asking, own, since, until)
    return RemedyFigures(
        kinds=_parts("kind", kinds, offered, paid),
        services=_parts("service", names, offered, paid),
        moments=_parts("moment", moments, offered, paid),
        offered=_money(offered),
        paid=_money(paid),
        due=due,
        in_time=in_time,
        undeliverable=undeliverable,
        cases=cases,
        later_first=later,
    )


def _offered(asking: Asking, own: list[Any], since: date, until: date) -> list[Any]:
    """Each remedy offered in the period, with its sum where it is money."""
    named = sa.func.coalesce(_S.c.name, NO_SERVICE).label("service")
    statement = (
        sa.select(_R.c.id, _R.c.kind, _R.c.moment, named, _R.c.offered_pence.label("pence"))
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id).outerjoin(_S, _S.c.id == _C.c.service_id))
        .where(_R.c.offered_on >= since, _R.c.offered_on <= until, *own)
    )
    return list(asking.connection.execute(statement))


def _paid(asking: Asking, own: list[Any], since: date, until: date) -> list[Any]:
    """Each remedy that something was paid for in the period, whenever it was offered, with the sum of it."""
    named = sa.func.coalesce(_S.c.name, NO_SERVICE).label("service")
    joined = _PM.join(_R, _R.c.id == _PM.c.remedy_id).join(_C, _C.c.id == _R.c.complaint_id)
    statement = (
        sa.select(_R.c.id, _R.c.kind, _R.c.moment, named, sa.func.sum(_PM.c.pence).label("pence"))
        .select_from(joined.outerjoin(_S, _S.c.id == _C.c.service_id))
        .where(_PM.c.paid_on >= since, _PM.c.paid_on <= until, *own)
        .group_by(_R.c.id, _R.c.kind, _R.c.moment, named)
    )
    return list(asking.connection.execute(statement))


def _parts(column: str, titles: dict[str, str], offered: list[Any], paid: list[Any]) -> tuple[RemedyPart, ...]:
    parts = []
    for key, title in titles.items():
        here = [row for row in offered if getattr(row, column) == key]
        money = _money([row for row in paid if getattr(row, column) == key])
        parts.append(RemedyPart(key=key, title=title, count=len(here), offered=_money(here), paid=money))
    return tuple(parts)


def _money(rows: list[Any]) -> Money:
    sums = [int(row.pence) for row in rows if row.pence is not None]
    return Money(pence=sum(sums), remedies=len(sums))


def _due(asking: Asking, own: list[Any], since: date, until: date) -> tuple[int, int, int]:
    """Of the remedies due in the period: how many, those done by their day, and those that were given up."""
    in_time = sa.case((_R.c.done_on <= _R.c.due_on, 1), else_=0)
    given_up = sa.case((_R.c.undeliverable_on.is_not(None), 1), else_=0)
    counted = (sa.func.count(), sa.func.coalesce(sa.func.sum(in_time), 0), sa.func.coalesce(sa.func.sum(given_up), 0))
    statement = (
        sa.select(*counted)
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(_R.c.due_on >= since, _R.c.due_on <= until, *own)
    )
    due, kept, gone = asking.connection.execute(statement).one()
    return int(due), int(kept), int(gone)


def _first(asking: Asking, own: list[Any], since: date, until: date) -> tuple[int, int]:
    """The complaints whose first remedy was offered in the period, and those that had it after stage 1 only."""
    later = sa.case((_R.c.moment != Moment.ONE.value, 1), else_=0)
    other = _R.alias("other")
    before = sa.tuple_(other.c.offered_on, other.c.number) < sa.tuple_(_R.c.offered_on, _R.c.number)
    earlier = sa.exists().where(other.c.complaint_id == _R.c.complaint_id, before)
    statement = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(later), 0))
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(~earlier, _R.c.offered_on >= since, _R.c.offered_on <= until, *own)
    )
    cases, found = asking.connection.execute(statement).one()
    return int(cases), int(found)
