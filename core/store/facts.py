"""From rows to the facts that rules read, and from the rules' duties back to rows."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from core.code.policy import CODE_POLICY, Policy
from core.errors import CalendarEnds, NotFound, StepNotOpen
from core.model.complaints import Complaint, Extension, Point, Stage
from core.model.organisation import PolicyVersion
from core.model.parties import Review
from core.model.remedies import Remedy
from core.model.routes import PointRoute, Route, StepTaken
from core.permissions import Actor
from core.rules.duties import Duty as OwedDuty
from core.rules.duties import counts_of
from core.rules.facts import (
    CaseFacts,
    Ending,
    ExtensionFacts,
    InformationFacts,
    RemediesFacts,
    RouteFacts,
    StageFacts,
    StageNumber,
    StandardsFacts,
    Standing,
    Taken,
)
from core.rules.information import INFORMATION
from core.rules.steps import OPEN_POSITIONS, position_of
from core.store.beside import remedy_facts, review_facts
from core.store.calendar import Calendars
from core.store.in_touch import InTouch
from core.store.outside import Outside
from core.store.scope import visible
from core.words import day_words

_ANEW = "Nothing can be added to it. If they come back to it, record a new complaint."
_POLICIES = sa.select(PolicyVersion.__table__)  # type: ignore[attr-defined]


@dataclass(slots=True, kw_only=True)
class CaseRows:
    """One complaint with the rows its facts come from.

    `points` are those answered here; `point_routes` says of any point, by its id, which other scheme it is under, and
    `gone` holds the points that went on as another complaint. `route` is the one it goes by now. `in_touch` is what the
    council's own standards look at, None where nobody asked for it. `information` is what was asked of others,
    and `outside` what an Ombudsman or an assessor asks about it.
    """

    complaint: Complaint
    stages: dict[int, Stage]
    extensions: dict[int, list[Extension]] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    gone: list[Point] = field(default_factory=list)
    point_routes: dict[int, PointRoute] = field(default_factory=dict)
    route: Route | None = None
    route_steps: list[StepTaken] = field(default_factory=list)
    in_touch: InTouch | None = None
    remedies: list[Remedy] = field(default_factory=list)
    information: tuple[InformationFacts, ...] = ()
    outside: Outside = field(default_factory=Outside)

    @property
    def id(self) -> int:
        """The complaint's row id."""
        return ident(self.complaint.id)

    @property
    def current(self) -> Stage:
        """The stage the complaint is at."""
        return self.stages[max(self.stages)]

    def facts(self) -> CaseFacts:
        """The complaint's dates as rules read them."""
        row = self.complaint
        return CaseFacts(
            one=self.stage_facts(1),
            two=self.stage_facts(2) if 2 in self.stages else None,
            ending=Ending(row.ending) if row.ending else None,
            ended_on=row.ended_on,
            reopened_on=row.reopened_on,
            answered_again_on=row.answered_again_on,
            reviews=tuple(map(review_facts, self.reviews)),
            route=self.route_facts() if row.ending == Ending.ROUTED else None,
            standards=self.standards_facts(),
            remedies=self.remedies_facts(),
            information=self.information,
            asked=tuple(self.outside.asked),
            with_ombudsman=tuple(self.outside.phases),
        )

    def owner_of(self, duty: OwedDuty) -> int | None:
        """Who sees to what is asked from outside, or else whoever has the stage."""
        return self.outside.owners.get((duty.kind, duty.number), self.stages[int(duty.stage)].handler_id)

    def standards_facts(self) -> StandardsFacts | None:
        """What the council's own standards look at; None for a complaint from an old record, which has none."""
        if self.in_touch is None or self.complaint.source is not None:
            return None
        return self.in_touch.facts(told_on=self.stages[1].told_on)

    def remedies_facts(self) -> RemediesFacts | None:
        """Its remedies as rules read them, with the days on which the individual heard from us; None without any."""
        if not self.remedies:
            return None
        heard = self.in_touch.heard_on if self.in_touch is not None else ()
        return RemediesFacts(each=tuple(map(remedy_facts, self.remedies)), heard_on=heard)

    def route_facts(self) -> RouteFacts:
        """The route it goes by as rules read it."""
        if self.route is None:
            raise RuntimeError(f"{self.complaint.reference} goes by another route, and none is recorded.")
        return RouteFacts(
            scheme=self.route.scheme,
            received_on=self.complaint.received_on,
            issue_or_awareness=self.complaint.aware_on or self.complaint.issue_on,
            steps={row.step: Taken(on=row.on_day, until=row.until_day) for row in self.route_steps},
        )

    def schemes(self) -> dict[int, str]:
        """The scheme of each point answered here, by its number."""
        return {
            point.number: kept.scheme if (kept := self.point_routes.get(point.id or 0)) else self.complaint.scheme
            for point in self.points
        }

    def stage_facts(self, number: int) -> StageFacts:
        """One stage's dates as rules read them."""
        stage = self.stages[number]
        given = self.extensions.get(stage.id or 0, [])
        return StageFacts(
            number=StageNumber(number),
            received_on=stage.received_on,
            logged_on=stage.logged_on,
            acknowledged_on=stage.acknowledged_on,
            responded_on=stage.responded_on,
            extensions=tuple(
                ExtensionFacts(new_date=e.new_date, told_on=e.told_on, good_reason=bool(e.good_reason)) for e in given
            ),
            promised_on=stage.promised_on,
            acknowledgement_possible=self.complaint.acknowledgement_possible,
            receipt_recorded=stage.receipt_recorded,
            acknowledgement_recorded=stage.acknowledgement_recorded,
            response_recorded=stage.response_recorded,
        )


def duty_key(row: Any) -> tuple[int, str, int]:
    """What a stored duty is known by among the duties of its complaint."""
    return row.stage_number, row.kind, row.number


def ident(row_id: int | None) -> int:
    """A row's id once it has been flushed."""
    if row_id is None:
        raise RuntimeError("This row has not been flushed yet.")
    return row_id


def load_case(session: Session, reference: str, *, actor: Actor) -> CaseRows:
    """One complaint for changing, locked against others where the database can.

    Raises NotFound when there is none, or none that this person may see: the two sound alike. Raises StepNotOpen for
    one whose record was anonymised; only the console still counts its dates.
    """
    return rows_of(session, complaint_named(session, reference, actor=actor))


def complaint_named(session: Session, reference: str, *, actor: Actor) -> Complaint:
    """The complaint itself, locked as `load_case` does and refused as it does, before what belongs to it is read."""
    complaint: Complaint | None = session.exec(_named(actor), params={"reference": reference.strip().upper()}).first()
    if complaint is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    if complaint.anonymised_on is not None and not actor.whole:
        raise StepNotOpen(f"{complaint.reference} was anonymised on {day_words(complaint.anonymised_on)}. {_ANEW}")
    return complaint


@lru_cache(maxsize=512)
def _named(actor: Actor) -> Any:
    """The complaint of a reference, if this person sees it. Put together once a person: each step asks it."""
    seen = visible(actor, col(Complaint.id), service_id=col(Complaint.service_id))
    return select(Complaint).where(col(Complaint.reference) == sa.bindparam("reference"), *seen).with_for_update()


def rows_of(session: Session, complaint: Complaint) -> CaseRows:
    """A complaint with what belongs to it, read inside the transaction that holds it."""
    of_it = {"complaint": complaint.id}
    stages: dict[int, Stage] = {}
    extensions: dict[int, list[Extension]] = {}
    for stage, extension in session.exec(_STAGES, params=of_it):
        stages[stage.number] = stage
        if extension is not None:
            extensions.setdefault(extension.stage_id, []).append(extension)
    points, gone, point_routes = _points(session, of_it)
    route, route_steps = _route(session, complaint)
    return CaseRows(
        complaint=complaint,
        stages=stages,
        extensions=extensions,
        points=points,
        reviews=list(session.exec(_REVIEWS, params=of_it)),
        gone=gone,
        point_routes=point_routes,
        route=route,
        route_steps=route_steps,
        remedies=list(session.exec(_REMEDIES, params=of_it)) if complaint.has_remedies else [],
    )


# Put together once: each step asks them of its complaint.
_OF: Any = sa.bindparam("complaint")
_STAGES = (
    select(Stage, Extension)
    .join(Extension, col(Extension.stage_id) == col(Stage.id), isouter=True)
    .where(col(Stage.complaint_id) == _OF)
    .order_by(col(Stage.number), col(Extension.id))
)
_REVIEWS = select(Review).where(col(Review.complaint_id) == _OF).order_by(col(Review.id))
_REMEDIES = select(Remedy).where(col(Remedy.complaint_id) == _OF).order_by(col(Remedy.number))
_POINTS = (
    select(Point, PointRoute)
    .join(PointRoute, col(PointRoute.point_id) == col(Point.id), isouter=True)
    .where(col(Point.complaint_id) == _OF)
    .order_by(col(Point.number))
)


def _points(session: Session, of_it: Mapping[str, Any]) -> tuple[list[Point], list[Point], dict[int, PointRoute]]:
    """The points answered here, those that went on elsewhere, and which are under another scheme."""
    here: list[Point] = []
    gone: list[Point] = []
    routes: dict[int, PointRoute] = {}
    for point, kept in session.exec(_POINTS, params=of_it):
        if kept is not None:
            routes[ident(point.id)] = kept
        (gone if kept is not None and kept.became_id is not None else here).append(point)
    return here, gone, routes


def _route(session: Session, complaint: Complaint) -> tuple[Route | None, list[StepTaken]]:
    """The route it goes by now, with the steps taken there; a complaint under the Code alone has none to look for."""
    if complaint.scheme == "lgsco":
        return None, []
    current = select(Route).where(col(Route.complaint_id) == complaint.id, col(Route.ended_on).is_(None))
    route = session.exec(current).first()
    steps = select(StepTaken).where(col(StepTaken.route_id) == (route.id if route else None))
    return route, list(session.exec(steps.order_by(col(StepTaken.id)))) if route else []


def policy_from(row: PolicyVersion) -> Policy:
    """A policy as rules read it; the Code's own values where the council chose none."""
    chosen = json.loads(row.chosen)
    if not chosen and row.name == CODE_POLICY.name:
        return CODE_POLICY
    return Policy(name=row.name, resolution=row.resolution, in_force_from=row.in_force_from, **chosen)


def load_policies(connection: Connection) -> dict[int, Policy]:
    """Every version of the council's policy by its id."""
    return {row.id: _policy(*row) for row in connection.execute(_POLICIES)}


@lru_cache(maxsize=256)
def _policy(*row: Any) -> Policy:
    """A policy from what its row holds. Every question reads them all; a version once recorded stays as it is."""
    return policy_from(PolicyVersion(**dict(zip(_POLICIES.selected_columns.keys(), row, strict=True))))


def mark_changed(complaint: Complaint, *, at: datetime) -> None:
    """Note that a complaint changes, so that its version goes up even when the clock has not moved since."""
    complaint.changed_at = at
    flag_modified(complaint, "changed_at")


def count_duties(
    facts: CaseFacts, *, policy: Policy, calendars: Calendars, kept: Mapping[tuple[int, str, int], int]
) -> list[tuple[OwedDuty, int]]:
    """The duties of a case, each with the version of the calendar it is counted by.

    `kept` holds the version of each duty already settled; one that is open again is counted by the newest.
    """
    skip = policy.closure_days_skip
    chosen: list[tuple[OwedDuty, int]] = []
    for count in counts_of(facts, policy=policy):
        duty, version = count(policy=policy, calendar=calendars.of(skip)), calendars.current
        earlier = kept.get(duty.key, version)
        if earlier != version and duty.standing is not Standing.OPEN:
            # A corrected fact may lie past the end of the earlier calendar: then the newest is all there is.
            with contextlib.suppress(CalendarEnds):
                duty, version = count(policy=policy, calendar=calendars.of(skip, as_at=earlier)), earlier
        chosen.append((duty, version))
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The open duties that come first: of what the Code or a law asks, and of the council's own standards.

    Two, so that a standard of our own never hides what the Code asks for. What was asked of others stands beside them:
    each is another person's to do.
    """

    asked: OwedDuty | None
    ours: OwedDuty | None
    others: tuple[OwedDuty, ...] = ()

    def holds(self, duty: OwedDuty) -> bool:
        """Whether a duty is one of the two, or somebody else's."""
        return duty is self.asked or duty is self.ours or any(duty is each for each in self.others)

    @property
    def act_by(self) -> date | None:
        """The day to act by: the Code's, or our own where the Code asks for nothing any more."""
        first = self.asked or self.ours
        return first.act_by if first is not None else None


def next_of(owed: Iterable[OwedDuty]) -> Next:
    """The open duties that come first."""
    still = sorted((duty for duty in owed if duty.standing is Standing.OPEN), key=lambda duty: (duty.act_by, *duty.key))
    asked = next((duty for duty in still if not duty.ours), None)
    others = tuple(duty for duty in still if duty.kind == INFORMATION)
    ours = next((duty for duty in still if duty.ours and duty not in others), None)
    return Next(asked=asked, ours=ours, others=others)


def placed(facts: CaseFacts, first: Next) -> dict[str, Any]:
    """The columns of a complaint that follow from its facts."""
    position = position_of(facts)
    return {
        "position": position.value,
        "stage_number": 2 if facts.two is not None else 1,
        "is_open": position in OPEN_POSITIONS,
        "act_by": first.act_by,
    }


def duty_values(duty: OwedDuty, case: CaseRows, *, is_next: bool) -> dict[str, Any]:
    """A duty's columns."""
    return {
        "stage_number": int(duty.stage),
        "kind": duty.kind,
        "number": duty.number,
        "clause": duty.clause,
        "owner_id": duty.owner_id or case.owner_of(duty),
        "service_id": case.complaint.service_id,
        "start_on": duty.start_on,
        "days": duty.days,
        "due_on": duty.due_on,
        "act_by": duty.act_by,
        "literal_due_on": duty.literal_due_on,
        "promised_on": duty.promised_on,
        "met_on": duty.met_on,
        "standing": duty.standing.value,
        "is_next": is_next,
        "ours": duty.ours,
    }
