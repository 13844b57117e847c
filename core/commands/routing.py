"""Another route than the Code: RouteElsewhere, RecordRouteStep and RerouteComplaint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.code.catalogue import SCHEMES, Scheme
from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.fairness import free_or_refused
from core.commands.halving import other_half
from core.commands.people import may_go_out
from core.commands.stage_two import stage_one_hands
from core.errors import BadInput
from core.events.base import Event
from core.events.routes import ComplaintRerouted, ComplaintRouted, PointsRouted, RouteStepRecorded
from core.model.complaints import Point
from core.model.people import Colleague
from core.model.routes import PointRoute, Route, StepTaken
from core.permissions import Permission
from core.rules.facts import Ending
from core.rules.findings import Finding
from core.rules.routes import latest_put_off, steps_before
from core.rules.s6_stages import someone_new_at_stage_two
from core.store.facts import CaseRows, ident
from core.words import day_words


def asks_route() -> Any:
    """Which of the schemes."""
    return asks("The route", widget="choice", options="routes", max_length=20)


def asks_why_route() -> Any:
    """Why it belongs there."""
    return asks("Why it goes this way", widget="area", min_length=1, max_length=TEXT_LIMIT)


def asks_told() -> Any:
    """What the individual knows."""
    return asks("What they were told", widget="area", min_length=1, max_length=TEXT_LIMIT)


class RouteElsewhere(CaseCommand):
    """Send a complaint, or some of its points, down the route that the law or another body has for it."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Send by another route"
    gist = (
        "For what the Code does not replace. The day of receipt stays, and the route's own clocks count from it. "
        "Some points alone become the other half; this complaint keeps the rest and leads."
    )

    route: str = asks_route()
    points: tuple[int, ...] = asks(
        "Which points", help="None chosen: the whole complaint.", widget="several", options="case_points", default=()
    )
    why: str = asks_why_route()
    told_on: date = asks("When the individual was told", widget="date", starts="today")
    told: str = asks_told()
    taken_by: str = asks("Who takes it on", min_length=1, max_length=200)
    link: str = asks("Its reference or address there", default="", max_length=500)


@handles(RouteElsewhere)
def route_elsewhere(command: RouteElsewhere, work: Work) -> Sequence[Event]:
    """Let a complaint go by the route its own law has for it, without touching the day of receipt [lgsco:5.8]."""
    case = work.open_case(command)
    scheme = _chosen_scheme(command.route)
    chosen = _chosen_points(command.points, case)
    _may_be_told(command, case, work)
    whole = not chosen or len(chosen) == len(case.points)
    if whole and scheme.key == case.complaint.scheme:
        raise BadInput("It goes by that already. Choose another route.", {"route": "Choose another one."})
    if whole:
        return [_goes_by(scheme, command, case, work)]
    if scheme.stays:
        return [_stay_under(scheme, chosen, command, case, work)]
    return _split_off(scheme, chosen, command, case, work)


def _chosen_scheme(key: str) -> Scheme:
    scheme = SCHEMES.get(key)
    if scheme is None:
        raise BadInput("There is no such route. Choose one from the list.", {"route": "Choose one from the list."})
    return scheme


def _chosen_points(numbers: Sequence[int], case: CaseRows) -> list[Point]:
    here = {point.number: point for point in case.points}
    unknown = [number for number in numbers if number not in here]
    if unknown:
        raise BadInput(
            f"Point {unknown[0]} is not among the points answered here. Open the case again and choose.",
            {"points": "Choose again."},
        )
    return [here[number] for number in sorted(set(numbers))]


def _may_be_told(command: Any, case: CaseRows, work: Work) -> None:
    """Who decides is free to, and what was sent on that day could go to whoever is written to."""
    work.not_future(command.told_on, "told_on")
    work.not_before(command.told_on, case.complaint.received_on, "told_on", what="the complaint was received")
    free_or_refused(work.session.get(Colleague, work.actor.id), case, work)
    work.weigh(command, may_go_out(case, work, on=command.told_on), case=case)


def _goes_by(scheme: Scheme, command: Any, case: CaseRows, work: Work) -> ComplaintRouted:
    """The whole complaint goes by a route from now on, or under the other Code in the same two stages."""
    _take(scheme, command, case, work)
    return ComplaintRouted(
        complaint_id=case.id,
        scheme=scheme.key,
        route=scheme.title,
        stays=scheme.stays,
        received_on=case.complaint.received_on,
        **_said(command),
    )


def _said(command: Any) -> dict[str, Any]:
    """What was decided and told, as route and event keep it alike."""
    return {name: getattr(command, name) for name in ("told_on", "why", "told", "taken_by", "link")}


def _take(scheme: Scheme, command: Any, case: CaseRows, work: Work) -> None:
    """Leave the route it goes by, if it does, and take another one; a Code takes the complaint up where it was."""
    complaint, before = case.complaint, case.complaint.scheme
    if case.route is not None:
        case.route.ended_on = command.told_on
        work.session.flush()
    case.route, case.route_steps = None, []
    if scheme.key != "lgsco":
        case.route = Route(
            complaint_id=case.id,
            scheme=scheme.key,
            before=before,
            decided_by=work.actor.id or None,
            decided_on=work.today,
            **_said(command),
        )
        work.session.add(case.route)
    complaint.scheme = scheme.key
    if scheme.stays:
        if complaint.ending == Ending.ROUTED:
            complaint.ending = complaint.ended_on = None
    else:
        complaint.ending, complaint.ended_on = Ending.ROUTED.value, command.told_on


def _stay_under(
    scheme: Scheme, points: Sequence[Point], command: RouteElsewhere, case: CaseRows, work: Work
) -> PointsRouted:
    """Some points are under the other Code: its clocks are the same, so they are answered here with the rest."""
    for point in points:
        number = ident(point.id)
        kept = case.point_routes.get(number)
        if scheme.key == case.complaint.scheme:
            if kept is None:
                raise BadInput(
                    f"Point {point.number} is under that Code already. Leave it out.", {"points": "Choose again."}
                )
            work.session.delete(kept)
            continue
        if kept is not None:
            raise BadInput(
                f"Point {point.number} is under that Code already. Leave it out.", {"points": "Choose again."}
            )
        _mark(scheme, point, None, command, work)
    return _points_routed(scheme, points, command, case)


def _mark(scheme: Scheme, point: Point, became_id: int | None, command: RouteElsewhere, work: Work) -> None:
    row = PointRoute(point_id=ident(point.id), scheme=scheme.key, became_id=became_id, on_day=command.told_on)
    work.session.merge(row)


def _points_routed(
    scheme: Scheme, points: Sequence[Point], command: RouteElsewhere, case: CaseRows, *, becomes: str = ""
) -> PointsRouted:
    return PointsRouted(
        complaint_id=case.id,
        numbers=tuple(point.number for point in points),
        scheme=scheme.key,
        route=scheme.title,
        told_on=command.told_on,
        why=command.why,
        told=command.told,
        becomes=becomes,
    )


def _split_off(
    scheme: Scheme, points: Sequence[Point], command: RouteElsewhere, case: CaseRows, work: Work
) -> list[Event]:
    """Some points go by a route as the other half of this complaint, which keeps the rest and leads [lgsco:using.5]."""
    half, recorded = other_half(case, points, work)
    routed = _goes_by(scheme, command, half, work)
    for point in points:
        _mark(scheme, point, half.id, command, work)
    case.gone += points
    case.points = [point for point in case.points if point not in points]
    return [_points_routed(scheme, points, command, case, becomes=half.complaint.reference), *recorded, routed]


class RecordRouteStep(CaseCommand):
    """Record what happened on the route a complaint goes by; its clocks follow from it."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Record a step on its route"
    gist = "Each step has its own day. Recording one again puts its day right; the history keeps what stood before."

    step: str = asks("What happened", widget="choice", options="route_steps", max_length=40)
    on: date = asks("When", widget="date", starts="today")
    until: date | None = asks(
        "The later day agreed", help="Only where longer was agreed or told.", widget="date", default=None
    )
    note: str = asks("Anything to keep with it", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordRouteStep)
def record_route_step(command: RecordRouteStep, work: Work) -> Sequence[Event]:
    """Keep what happened on a route with its day, and count the route's clocks from it [lgsco:5.8]."""
    case = work.open_case(command)
    route = case.route
    if route is None:
        raise RuntimeError(f"{case.complaint.reference} goes by another route, and none is recorded.")
    scheme = SCHEMES[route.scheme]
    step = scheme.step(command.step)
    if step is None:
        raise BadInput("That is no step of this route. Choose one from the list.", {"step": "Choose from the list."})
    work.not_future(command.on, "on")
    _in_order(command, scheme, case, work)
    _until_fits(command, scheme, case, work)
    row = next((each for each in case.route_steps if each.step == step.key), None)
    was = row.on_day if row is not None else None
    if row is None:
        row = StepTaken(route_id=ident(route.id), step=step.key, on_day=command.on)
        case.route_steps.append(row)
    row.on_day, row.until_day, row.note = command.on, command.until, command.note
    row.recorded_by = work.actor.id or None
    work.session.add(row)
    return [
        RouteStepRecorded(
            complaint_id=case.id,
            scheme=scheme.key,
            step=step.key,
            title=step.title,
            on=command.on,
            until=command.until,
            was=was,
            note=command.note,
        )
    ]


def _in_order(command: RecordRouteStep, scheme: Scheme, case: CaseRows, work: Work) -> None:
    """A step comes after receipt, and after whatever its clock runs from."""
    work.not_before(command.on, case.complaint.received_on, "on", what="the complaint was received")
    taken = {row.step: row.on_day for row in case.route_steps}
    for needed in steps_before(scheme, command.step):
        if needed.key not in taken:
            raise BadInput(
                f"Record “{needed.title}” first: this step follows from it.", {"step": f"“{needed.title}” is missing."}
            )
        work.not_before(command.on, taken[needed.key], "on", what=f"“{needed.title}”")


def _until_fits(command: RecordRouteStep, scheme: Scheme, case: CaseRows, work: Work) -> None:
    """A later day is given where one was agreed, within what the route's law allows, and nowhere else."""
    clock = next((each for each in scheme.clocks if each.put_off_by == command.step), None)
    if clock is None:
        if command.until is not None:
            raise BadInput("This step moves no date. Leave the later day empty.", {"until": "Leave this empty."})
        return
    calendar = work.calendar_of(work.policy_of(case))
    latest = latest_put_off(clock, case.route_facts(), calendar=calendar)
    if command.until is None:
        if latest is None:
            raise BadInput("Give the later day that was agreed.", {"until": "Give the day."})
        return
    work.not_before(command.until, command.on, "until", what="it was agreed")
    if latest is not None and command.until > latest:
        raise BadInput(
            f"Its law allows no later day than {day_words(latest)}. Give that day or an earlier one.",
            {"until": f"At most {day_words(latest)}."},
        )
    # Refused here rather than at the count: a day past the last published bank holidays.
    calendar.is_working(command.until)


class RerouteComplaint(CaseCommand):
    """Move a complaint to another route, or bring it back into the two stages, with the day it was received."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:6.14")
    title = "Change its route or bring it back"
    gist = (
        "The day of receipt stays, and the clocks of where it goes count from it: "
        "back in the Code it may be late at once."
    )

    route: str = asks_route()
    why: str = asks_why_route()
    told_on: date = asks("When the individual was told", widget="date", starts="today")
    told: str = asks_told()
    taken_by: str = asks("Who takes it on", default="", max_length=200)
    link: str = asks("Its reference or address there", default="", max_length=500)


@handles(RerouteComplaint)
def reroute_complaint(command: RerouteComplaint, work: Work) -> Sequence[Event]:
    """Let a complaint leave its route; every clock of where it goes counts from its day of receipt [lgsco:5.8]."""
    case = work.open_case(command)
    scheme, was = _chosen_scheme(command.route), SCHEMES[case.complaint.scheme]
    if scheme.key == was.key:
        raise BadInput("It goes by that already. Choose another route.", {"route": "Choose another one."})
    _may_be_told(command, case, work)
    if scheme.stays:
        work.weigh(command, _someone_new(case, work), case=case)
    _take(scheme, command, case, work)
    return [
        ComplaintRerouted(
            complaint_id=case.id,
            was=was.title,
            becomes=scheme.key,
            route=scheme.title,
            stays=scheme.stays,
            received_on=case.complaint.received_on,
            **_said(command),
        )
    ]


def _someone_new(case: CaseRows, work: Work) -> tuple[Finding, ...]:
    """Another law lets anybody take it on; back in the two stages, stage 2 is for someone new [lgsco:6.14]."""
    two = case.stages.get(2)
    if two is None or two.handler_id is None:
        return ()
    return someone_new_at_stage_two(two.handler_id, stage_one_hands(case, work))
