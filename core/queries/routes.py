"""Complaints that go by another route: one with its clocks, all of them as a list, and a look ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import ROUTES, SCHEMES, RouteStep
from core.errors import BadInput
from core.model.complaints import Complaint, Point
from core.model.duties import Duty
from core.model.people import Colleague, Person
from core.model.routes import PointRoute, Route, StepTaken
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import TITLES, Nearness, nearness
from core.rules.facts import RouteFacts, Standing, Taken
from core.rules.ombudsmen import signpost
from core.rules.routes import Reached, clocks_of

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_PT = Point.__table__  # type: ignore[attr-defined]
_PR = PointRoute.__table__  # type: ignore[attr-defined]
_R = Route.__table__  # type: ignore[attr-defined]
_RS = StepTaken.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PointElsewhere:
    """One point under another scheme than its complaint; `reference` is the complaint it went on as, if it did."""

    number: int
    text: str
    scheme: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step taken on a route."""

    title: str
    on: date
    until: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """One route of a complaint: who was told what and when, who has it, what happened there, and its clocks."""

    scheme: str
    why: str
    told_on: date
    told: str
    taken_by: str
    link: str
    decided_by: str
    ended_on: date | None
    steps: tuple[StepShown, ...]
    clocks: tuple[Reached, ...]
    soon: Mapping[str, Nearness]
    """How near each open clock is, by the clock's key."""
    still: tuple[RouteStep, ...]
    """The steps not recorded yet, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRoute:
    """How a complaint stands to the two Codes and the routes: the one it goes by, earlier ones, points elsewhere.

    `came_from` is the reference of the complaint whose other half this is. `signpost` is how to go to the Ombudsman,
    ready to send, and empty while it goes by a route that leads to none of the two.
    """

    scheme: str
    current: RouteView | None
    earlier: tuple[RouteView, ...]
    points: tuple[PointElsewhere, ...]
    came_from: str
    signpost: str


@query(needs=Permission.READ, kept=True)
def case_route(asking: Asking, reference: str) -> CaseRoute | None:
    """What a complaint's page says of its route; None when there is no such complaint, or nothing to see."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    columns = (_C.c.id, _C.c.scheme, _C.c.received_on, _C.c.issue_on, _C.c.aware_on, _C.c.ending)
    found = sa.select(*columns).where(_C.c.reference == reference.strip().upper(), *seen)
    case = asking.connection.execute(found).first()
    if case is None:
        return None
    points, schemes = _points(asking, case)
    routes = _routes(asking, case)
    return CaseRoute(
        scheme=case.scheme,
        current=next((each for each in routes if each.ended_on is None), None),
        earlier=tuple(each for each in routes if each.ended_on is not None),
        points=points,
        came_from=_came_from(asking, case.id),
        signpost=signpost(schemes, whole=case.scheme) if SCHEMES[case.scheme].stays else "",
    )


def points_here(asking: Asking, complaint_id: int) -> list[Mapping[str, Any]]:
    """The points answered in a complaint: all but those that went on by another route."""
    gone = sa.exists().where(_PR.c.point_id == _PT.c.id, _PR.c.became_id.is_not(None))
    statement = sa.select(_PT).where(_PT.c.complaint_id == complaint_id, ~gone).order_by(_PT.c.id)
    return [dict(row) for row in asking.connection.execute(statement).mappings()]


def code_duties(complaint_id: int) -> sa.Select[Any]:
    """The Code's own duties of a complaint; those of its route have the route's law for their clause."""
    own = sa.select(_D).where(_D.c.complaint_id == complaint_id, _D.c.clause.like("lgsco:%"))
    return own.order_by(_D.c.stage_number, _D.c.id)


def _points(asking: Asking, case: Any) -> tuple[tuple[PointElsewhere, ...], dict[int, str]]:
    """The points under another scheme, and the scheme of each that is answered here.

    The complaint a point went on as is named to those alone who may see that one too.
    """
    became = _C.alias("became")
    joined = _PT.outerjoin(_PR, _PR.c.point_id == _PT.c.id).outerjoin(
        became,
        sa.and_(became.c.id == _PR.c.became_id, *asking.seen(became.c.id, service_id=became.c.service_id)),
    )
    statement = (
        sa.select(_PT.c.number, _PT.c.text, _PR.c.scheme, _PR.c.became_id, became.c.reference)
        .select_from(joined)
        .where(_PT.c.complaint_id == case.id)
        .order_by(_PT.c.number)
    )
    rows = asking.connection.execute(statement).all()
    elsewhere = tuple(
        PointElsewhere(number=row.number, text=row.text, scheme=row.scheme, reference=_named(row))
        for row in rows
        if row.scheme is not None
    )
    return elsewhere, {row.number: row.scheme or case.scheme for row in rows if row.became_id is None}


def _named(row: Any) -> str:
    return row.reference or ("another complaint" if row.became_id is not None else "")


def _came_from(asking: Asking, complaint_id: int) -> str:
    """The reference of the complaint this one is the other half of, for those who may see it."""
    joined = _PR.join(_PT, _PT.c.id == _PR.c.point_id).join(_C, _C.c.id == _PT.c.complaint_id)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    statement = sa.select(_C.c.reference).select_from(joined).where(_PR.c.became_id == complaint_id, *seen).limit(1)
    return asking.connection.execute(statement).scalar() or ""


def _routes(asking: Asking, case: Any) -> list[RouteView]:
    """Every route it was sent down, the newest first."""
    statement = (
        sa.select(_R, _W.c.name.label("who"))
        .select_from(_R.outerjoin(_W, _W.c.id == _R.c.decided_by))
        .where(_R.c.complaint_id == case.id)
        .order_by(_R.c.id.desc())
    )
    return [_view(asking, row, case) for row in asking.connection.execute(statement)]


def _view(asking: Asking, row: Any, case: Any) -> RouteView:
    scheme = SCHEMES[row.scheme]
    found = sa.select(_RS).where(_RS.c.route_id == row.id).order_by(_RS.c.on_day, _RS.c.id)
    taken = asking.connection.execute(found).all()
    facts = RouteFacts(
        scheme=row.scheme,
        received_on=case.received_on,
        issue_or_awareness=case.aware_on or case.issue_on,
        steps={step.step: Taken(on=step.on_day, until=step.until_day) for step in taken},
    )
    calendar = asking.calendars.of(False)
    clocks = clocks_of(facts, calendar=calendar)
    is_open = {each.clock.key: each.act_by for each in clocks if each.standing is Standing.OPEN and each.act_by}
    titles = {step.key: step.title for step in scheme.steps}
    current = row.ended_on is None
    return RouteView(
        scheme=row.scheme,
        why=row.why,
        told_on=row.told_on,
        told=row.told,
        taken_by=row.taken_by,
        link=row.link,
        decided_by=row.who or "the console",
        ended_on=row.ended_on,
        steps=tuple(
            StepShown(title=titles.get(each.step, each.step), on=each.on_day, until=each.until_day, note=each.note)
            for each in taken
        ),
        clocks=clocks if current else (),
        soon={key: nearness(day, today=asking.today, calendar=calendar) for key, day in is_open.items() if current},
        still=tuple(step for step in scheme.steps if step.key not in facts.steps) if current else (),
    )


@query(needs=Permission.RECORD)
def route_clocks(
    asking: Asking, scheme: str, received_on: date, *, issue_on: date | None = None, aware_on: date | None = None
) -> tuple[Reached, ...]:
    """What a route's clocks would come to for a complaint received on a day, before it is sent down it.

    Raises BadInput for a route that is not listed, and CalendarEnds past the last published bank holidays.
    """
    if scheme not in ROUTES:
        raise BadInput("There is no such route. Choose one from the list.")
    facts = RouteFacts(scheme=scheme, received_on=received_on, issue_or_awareness=aware_on or issue_on, steps={})
    return clocks_of(facts, calendar=asking.calendars.of(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedCase:
    """One complaint by another route, or under the other Code, with what is owed there next."""

    reference: str
    matter: str
    individual: str
    scheme: str
    received_on: date
    told_on: date
    taken_by: str
    next_title: str
    act_by: date | None
    soon: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The complaints counted apart from the Code's: how many by each scheme, and those that were asked for.

    The nearest date comes first, then the newest without one; `shown` says of how many at most.
    """

    counts: Mapping[str, int]
    rows: tuple[RoutedCase, ...]
    shown: int = _SHOWN

    @property
    def total(self) -> int:
        """All of them, whichever way they go."""
        return sum(self.counts.values())


@query(needs=Permission.READ)
def routed_cases(asking: Asking, *, scheme: str = "") -> Routed:
    """What goes by another route than the Ombudsman's Code, kept apart from its figures [lgsco:using.5]."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    # Asked of the routes, which are few, and not of all complaints: each that goes by one has it here.
    going = _R.join(_C, _C.c.id == _R.c.complaint_id)
    apart = [_R.c.ended_on.is_(None), *seen]
    counting = sa.select(_R.c.scheme, sa.func.count()).select_from(going).where(*apart).group_by(_R.c.scheme)
    found = {row[0]: row[1] for row in asking.connection.execute(counting)}
    chosen = [_R.c.scheme == scheme] if scheme else []
    owed = sa.and_(_D.c.complaint_id == _C.c.id, _D.c.is_next.is_(True), _D.c.ours.is_(False))
    statement = (
        sa.select(
            _C.c.reference, _C.c.matter, _C.c.scheme, _C.c.received_on, _R.c.told_on, _R.c.taken_by,
            _P.c.name.label("individual"), _D.c.kind, _D.c.act_by,
        )
        .select_from(
            going.outerjoin(_D, owed).outerjoin(_P, _P.c.id == _C.c.person_id)
        )
        .where(*apart, *chosen)
        .order_by(_D.c.act_by.is_(None), _D.c.act_by, _C.c.id.desc())
        .limit(_SHOWN)
    )  # fmt: skip
    rows = tuple(_row(asking, row) for row in asking.connection.execute(statement))
    return Routed(counts={key: found[key] for key in SCHEMES if key in found}, rows=rows)


def _row(asking: Asking, row: Any) -> RoutedCase:
    near = row.act_by is not None
    return RoutedCase(
        reference=row.reference,
        matter=row.matter,
        individual=row.individual or "",
        scheme=row.scheme,
        received_on=row.received_on,
        told_on=row.told_on,
        taken_by=row.taken_by,
        next_title=TITLES[row.kind] if near else "",
        act_by=row.act_by,
        soon=nearness(row.act_by, today=asking.today, calendar=asking.calendars.of(False)) if near else None,
    )
