"""Service requests as their page shows them: the ageing list, one with its history, and the months to review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.events.base import restore
from core.model.complaints import Complaint
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.model.people import Colleague, Person, Service
from core.model.requests import (
    LinkKind,
    RequestLink,
    RequestReview,
    RequestStep,
    ServiceRequest,
)
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.cases import HistoryLine
from core.rules.duties import Nearness, nearness
from core.rules.request_steps import REQUEST_STEPS, RequestPosition, request_position
from core.rules.s1_definition import dissatisfaction_in, month_after, months_to_review, review_overdue
from core.store.scope import visible_requests

_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_QS = RequestStep.__table__  # type: ignore[attr-defined]
_QL = RequestLink.__table__  # type: ignore[attr-defined]
_R = RequestReview.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
_LP = LedgerPersonal.__table__  # type: ignore[attr-defined]
PAGE = 25
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """Which service requests: open or closed, overdue, whose, of which service, with dissatisfaction."""

    closed: bool = False
    overdue: bool = False
    dissatisfied: bool = False
    owner_id: int | None = None
    unassigned: bool = False
    service_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One service request in the list. `days` is its age: since receipt, or until it was closed."""

    reference: str
    individual: str
    matter: str
    position: RequestPosition
    days: int
    due_on: date | None
    soon: Nearness | None
    owner: str
    service: str
    dissatisfied: bool
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """One page of the list, and how many requests there are in all."""

    rows: tuple[RequestRow, ...]
    count: int
    more: bool


@query(needs=Permission.READ, kept=True)
def service_requests(asking: Asking, chosen: RequestFilter, *, page: int = 1) -> RequestPage:
    """Requests that sound unhappy first, then by the day they are due, then the oldest [lgsco:1.8]."""
    where = _conditions(asking, chosen)
    count = asking.connection.execute(sa.select(sa.func.count()).select_from(_Q).where(*where)).scalar_one()
    start = (min(max(page, 1), _MOST_PAGES) - 1) * PAGE
    order = (_Q.c.contains_dissatisfaction.desc(), _Q.c.due_on.is_(None), _Q.c.due_on, _Q.c.received_on, _Q.c.id)
    found = asking.connection.execute(_rows().where(*where).order_by(*order).offset(start).limit(PAGE))
    rows = tuple(_row(asking, row) for row in found)
    return RequestPage(rows=rows, count=count, more=start + len(rows) < count)


def _conditions(asking: Asking, chosen: RequestFilter) -> list[Any]:
    where: list[Any] = [_Q.c.closed_on.is_not(None) if chosen.closed else _Q.c.closed_on.is_(None)]
    where += visible_requests(asking.actor)
    if chosen.overdue:
        where.append(_Q.c.due_on < asking.today)
    if chosen.dissatisfied:
        where.append(_Q.c.contains_dissatisfaction.is_(True))
    if chosen.owner_id is not None:
        where.append(_Q.c.owner_id == chosen.owner_id)
    if chosen.unassigned:
        where.append(_Q.c.owner_id.is_(None))
    if chosen.service_id is not None:
        where.append(_Q.c.service_id == chosen.service_id)
    return where


def _rows() -> sa.Select[Any]:
    joined = (
        _Q.join(_P, _P.c.id == _Q.c.person_id)
        .outerjoin(_S, _S.c.id == _Q.c.service_id)
        .outerjoin(_W, _W.c.id == _Q.c.owner_id)
    )
    named = (_P.c.name.label("individual"), _S.c.name.label("service"), _W.c.name.label("owner"))
    return sa.select(_Q, *named).select_from(joined)


def _row(asking: Asking, row: Any) -> RequestRow:
    return RequestRow(
        reference=row.reference,
        individual=row.individual,
        matter=row.matter,
        position=_position(row),
        days=_age(asking, row),
        due_on=row.due_on,
        soon=_soon(asking, row),
        owner=row.owner or "",
        service=row.service or "",
        dissatisfied=row.contains_dissatisfaction,
        offered=row.offered_on is not None,
    )


def _position(row: Any) -> RequestPosition:
    return request_position(answered_on=row.answered_on, closed_on=row.closed_on, anonymised_on=row.anonymised_on)


def _age(asking: Asking, row: Any) -> int:
    days: int = ((row.closed_on or asking.today) - row.received_on).days
    return days


def _soon(asking: Asking, row: Any) -> Nearness | None:
    if row.due_on is None or row.closed_on is not None:
        return None
    return nearness(row.due_on, today=asking.today, calendar=asking.calendars.of(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedComplaint:
    """A complaint that belongs to a request: raised from it on that day, or what the request was first taken for."""

    reference: str
    matter: str
    position: str
    raised: bool
    on_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One service request, frozen as it stands."""

    reference: str
    version: int
    matter: str
    words: str
    channel: str
    received_on: date
    received_by: str
    logged_on: date
    position: RequestPosition
    days: int
    due_on: date | None
    soon: Nearness | None
    service: str
    owner: str
    individual: Mapping[str, str]
    dissatisfied: bool
    phrases: tuple[str, ...]
    decided_by: str
    why: str
    answered_on: date | None
    answer: str
    offered_on: date | None
    offer_reply: str
    outcome: str
    closed_on: date | None
    complaints: tuple[LinkedComplaint, ...]
    history: tuple[HistoryLine, ...]
    next_steps: tuple[str, ...]

    @property
    def offer_owed(self) -> bool:
        """Whether a complaint is still to be offered: it sounds unhappy, and nobody has offered one or raised one."""
        return self.dissatisfied and self.offered_on is None and not self.complaints


@query(needs=Permission.READ)
def request_view(asking: Asking, reference: str) -> RequestView:
    """One service request by its reference; NotFound when there is none that this person sees."""
    named = _Q.c.reference == reference.strip().upper()
    row = asking.connection.execute(_rows().where(named, *visible_requests(asking.actor))).first()
    if row is None:
        raise NotFound(f"There is no service request {reference}. Check the reference, or look through the list.")
    position = _position(row)
    kept = ("reference", "version", "matter", "words", "channel", "received_on", "received_by", "logged_on", "due_on")
    plain = {name: getattr(row, name) for name in (*kept, "why", "answered_on", "answer", "offered_on", "closed_on")}
    return RequestView(
        **plain,
        position=position,
        days=_age(asking, row),
        soon=_soon(asking, row),
        service=row.service or "",
        owner=row.owner or "",
        individual=_person(asking, row.person_id),
        dissatisfied=row.contains_dissatisfaction,
        phrases=tuple(phrase.say for phrase in dissatisfaction_in(row.words)),
        decided_by=_name(asking, row.decided_by),
        offer_reply=row.offer_reply or "",
        outcome=row.outcome or "",
        complaints=_complaints(asking, row.id),
        history=_history(asking, row),
        next_steps=REQUEST_STEPS[position],
    )


def _person(asking: Asking, person_id: int) -> Mapping[str, str]:
    found = asking.connection.execute(sa.select(_P).where(_P.c.id == person_id)).mappings().one()
    return {name: value for name, value in found.items() if name != "id"}


def _name(asking: Asking, colleague_id: int | None) -> str:
    return asking.connection.execute(sa.select(_W.c.name).where(_W.c.id == colleague_id)).scalar() or "The console"


def _complaints(asking: Asking, request_id: int) -> tuple[LinkedComplaint, ...]:
    statement = (
        sa.select(_C.c.reference, _C.c.matter, _C.c.position, _QL.c.kind, _QL.c.on_day)
        .select_from(_QL.join(_C, _C.c.id == _QL.c.complaint_id))
        .where(_QL.c.request_id == request_id, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_C.c.id)
    )
    return tuple(
        LinkedComplaint(
            reference=row.reference,
            matter=row.matter,
            position=row.position,
            raised=row.kind == LinkKind.RAISED,
            on_day=row.on_day,
        )
        for row in asking.connection.execute(statement)
    )


def _history(asking: Asking, request: Any) -> tuple[HistoryLine, ...]:
    """What the steps on a request wrote, newest first; an entry on a complaint shows to whoever sees the complaint."""
    steps = sa.select(_QS.c.command_id).where(_QS.c.request_id == request.id)
    seen = asking.seen(_L.c.complaint_id)
    statement = (
        sa.select(_L.c.n, _L.c.at, _L.c.actor, _L.c.tag, _L.c.data, _LP.c.payload)
        .select_from(_L.outerjoin(_LP, _LP.c.n == _L.c.n))
        .where(_L.c.command_id.in_(steps), *([sa.or_(_L.c.complaint_id.is_(None), sa.and_(*seen))] if seen else []))
        .order_by(_L.c.n.desc())
    )
    lines = []
    for row in asking.connection.execute(statement):
        event = restore(row.tag, row.data, row.payload)
        if getattr(event, "request", "") == request.reference:
            entry = {"n": row.n, "at": row.at, "actor": row.actor, "tag": row.tag}
            lines.append(HistoryLine(**entry, sentence=event.sentence(), clauses=event.clauses))
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthToReview:
    """One month that is over and not signed off: what came in it, and whether its review is overdue."""

    month: date
    review_before: date
    overdue: bool
    received: int
    dissatisfied: int
    not_closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One month that was signed off."""

    month: date
    reviewed_on: date
    reviewed_by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReviews:
    """The months still to be reviewed, the oldest first, and those signed off, the newest first."""

    due: tuple[MonthToReview, ...]
    done: tuple[Reviewed, ...]


@query(needs=Permission.READ)
def request_reviews(asking: Asking) -> RequestReviews:
    """Which months of service requests are to be looked back over, and which were [lgsco:1.8]."""
    read, seen = asking.connection.execute, visible_requests(asking.actor)
    first: date | None = read(sa.select(sa.func.min(_Q.c.received_on)).where(*seen)).scalar()
    signed = sa.select(_R, _W.c.name).select_from(_R.outerjoin(_W, _W.c.id == _R.c.reviewed_by))
    done = tuple(
        Reviewed(month=row.month, reviewed_on=row.reviewed_on, reviewed_by=row.name or "The console", note=row.note)
        for row in read(signed.order_by(_R.c.month.desc()))
    )
    months = months_to_review(first, today=asking.today, reviewed={each.month for each in done})
    return RequestReviews(due=tuple(_to_review(asking, month) for month in months), done=done)


def _to_review(asking: Asking, month: date) -> MonthToReview:
    following = month_after(month)
    in_it = (_Q.c.received_on >= month, _Q.c.received_on < following, *visible_requests(asking.actor))
    unhappy = sa.func.sum(sa.case((_Q.c.contains_dissatisfaction.is_(True), 1), else_=0))
    not_closed = sa.func.sum(sa.case((_Q.c.closed_on.is_(None), 1), else_=0))
    row = asking.connection.execute(sa.select(sa.func.count(), unhappy, not_closed).where(*in_it)).one()
    return MonthToReview(
        month=month,
        review_before=month_after(following),
        overdue=review_overdue(month, today=asking.today),
        received=row[0],
        dissatisfied=row[1] or 0,
        not_closed=row[2] or 0,
    )
