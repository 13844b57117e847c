"""Remedies: those of one case, and the list of what was promised, whose it is and how near its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.remedies import REMEDIES
from core.model.complaints import Complaint, Point
from core.model.people import Colleague, Service
from core.model.remedies import Payment, Remedy
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness
from core.rules.s7_remedies import RemedyState, state_of

_C = Complaint.__table__  # type: ignore[attr-defined]
_PM = Payment.__table__  # type: ignore[attr-defined]
_PT = Point.__table__  # type: ignore[attr-defined]
_R = Remedy.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyLine:
    """One remedy. Sums are in pence, `offered_pence` None where it is no money; `soon` is None once it is over.

    `point` is the number of the point it is for, None for the whole complaint. `case_open` says that an answer is owed
    on its complaint.
    """

    id: int
    reference: str
    case_open: bool
    matter: str
    service: str
    number: int
    moment: str
    kind: str
    sub_kind: str
    signatory: str
    what: str
    impact: str
    circumstances: str
    point: int | None
    offered_on: date
    due_on: date | None
    owner: str
    offered_pence: int | None
    paid_pence: int
    agreed: bool | None
    agreed_on: date | None
    guidance: bool
    guidance_note: str
    state: RemedyState
    over_on: date | None
    evidence: str
    file_id: int | None
    why_not: str
    alternative: str
    soon: Nearness | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.over_on is None

    @property
    def of_money(self) -> bool:
        """Whether money is offered."""
        return self.offered_pence is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRemedies:
    """The remedies of one case in the order they were offered in."""

    lines: tuple[RemedyLine, ...]

    @property
    def still_open(self) -> tuple[RemedyLine, ...]:
        """Those that are still to be done."""
        return tuple(line for line in self.lines if line.is_open)


@query(needs=Permission.READ)
def case_remedies(asking: Asking, reference: str) -> CaseRemedies:
    """What was offered on one case and how each stands [lgsco:7.3]; none where this person sees no such case."""
    return CaseRemedies(lines=_lines(asking, [_C.c.reference == reference.strip().upper()], order=[_R.c.number]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFilter:
    """Which remedies: whose, past their day, of which service; those that are over too with `over`."""

    owner_id: int | None = None
    overdue: bool = False
    service_id: int | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediesPage:
    """The remedies that a filter leaves, the nearest day first, and what all of them come to in pence.

    `lines` may be the first of more: `count` is how many there are.
    """

    lines: tuple[RemedyLine, ...]
    count: int
    offered_pence: int
    paid_pence: int


@query(needs=Permission.READ)
def remedies_list(asking: Asking, chosen: RemedyFilter, *, limit: int | None = PAGE) -> RemediesPage:
    """What was promised: by day, those without one last; all of them without a limit [lgsco:7.3]."""
    where = _where(asking, chosen)
    day = sa.case((_R.c.due_on.is_(None), 1), else_=0)
    joined = _R.join(_C, _C.c.id == _R.c.complaint_id)
    totals = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(_R.c.offered_pence), 0), sa.func.coalesce(sa.func.sum(_paid()), 0)
    )
    seen = _seen(asking)
    count, offered, paid = asking.connection.execute(totals.select_from(joined).where(*where, *seen)).one()
    lines = _lines(asking, where, order=[day, _R.c.due_on, _R.c.id], limit=limit)
    return RemediesPage(lines=lines, count=int(count), offered_pence=int(offered), paid_pence=int(paid))


def _where(asking: Asking, chosen: RemedyFilter) -> list[Any]:
    where: list[Any] = []
    if chosen.owner_id is not None:
        where.append(_R.c.owner_id == chosen.owner_id)
    if chosen.service_id is not None:
        where.append(_C.c.service_id == chosen.service_id)
    if chosen.overdue or not chosen.over:
        where += [_R.c.done_on.is_(None), _R.c.undeliverable_on.is_(None)]
    if chosen.overdue:
        where.append(_R.c.due_on < asking.today)
    return where


def _seen(asking: Asking) -> list[Any]:
    return asking.seen(_C.c.id, service_id=_C.c.service_id)


def _paid() -> Any:
    """What was paid for a remedy, in pence."""
    own = sa.select(sa.func.sum(_PM.c.pence)).where(_PM.c.remedy_id == _R.c.id)
    return sa.func.coalesce(own.scalar_subquery(), 0)


def _lines(asking: Asking, where: list[Any], *, order: list[Any], limit: int | None = None) -> tuple[RemedyLine, ...]:
    joined = (
        _R.join(_C, _C.c.id == _R.c.complaint_id)
        .outerjoin(_S, _S.c.id == _C.c.service_id)
        .outerjoin(_W, _W.c.id == _R.c.owner_id)
        .outerjoin(_PT, _PT.c.id == _R.c.point_id)
    )
    columns = (
        _C.c.reference,
        _C.c.is_open.label("case_open"),
        _C.c.matter,
        _S.c.name.label("service"),
        _W.c.name.label("owner"),
        _PT.c.number.label("point"),
        _paid().label("paid_pence"),
    )
    statement = sa.select(_R, *columns).select_from(joined).where(*where, *_seen(asking)).order_by(*order).limit(limit)
    return tuple(_line(asking, row) for row in asking.connection.execute(statement).mappings())


_SAME = (
    "id", "reference", "case_open", "matter", "number", "moment", "what", "impact", "circumstances", "point",
    "offered_on", "due_on", "offered_pence", "paid_pence", "agreed", "agreed_on", "guidance", "guidance_note",
    "evidence", "why_not", "alternative",
)  # fmt: skip


def _line(asking: Asking, row: Mapping[Any, Any]) -> RemedyLine:
    over_on = row["done_on"] or row["undeliverable_on"]
    near = over_on is None and row["due_on"] is not None
    calendar = asking.calendars.of(False)
    return RemedyLine(
        **{name: row[name] for name in _SAME},
        service=row["service"] or "",
        owner=row["owner"] or "",
        kind=REMEDIES.kinds[row["kind"]].title,
        sub_kind=REMEDIES.money[row["sub_kind"]].title if row["sub_kind"] else "",
        signatory=REMEDIES.signatories[row["signatory"]].title if row["signatory"] else "",
        state=state_of(
            agreed=row["agreed"],
            done_on=row["done_on"],
            undeliverable_on=row["undeliverable_on"],
            replaced=row["replaced_by_id"] is not None,
        ),
        over_on=over_on,
        file_id=row["evidence_file_id"],
        soon=nearness(row["due_on"], today=asking.today, calendar=calendar) if near else None,
    )
