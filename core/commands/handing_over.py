"""Handing over: what a leaver had in hand goes to someone who may consider it, or shows as without anyone."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlmodel import col, or_, select

from core.commands.allocating import put_in_hands
from core.commands.base import Work
from core.commands.confidence import name_as_well
from core.commands.fairness import not_free
from core.commands.remedies import given_to
from core.commands.stage_one import give_to
from core.commands.stage_two import stage_one_hands
from core.events.access import StageLeft
from core.events.base import Event
from core.events.requests import RequestAssigned
from core.model.complaints import Complaint, Stage
from core.model.people import Colleague
from core.model.remedies import Remedy
from core.model.requests import RequestStep, ServiceRequest
from core.permissions import GRANTS, SYSTEM, Permission, Role
from core.rules.facts import Ending
from core.store.facts import CaseRows, ident, load_case


@dataclass(slots=True, kw_only=True)
class HandedOver:
    """What came of handing over: stages given, stages left without anyone, and the events."""

    given: int = 0
    left: int = 0
    events: list[Event] = field(default_factory=list)


def hand_over(work: Work, leaver: Colleague, successor: Colleague | None) -> HandedOver:
    """Give each open stage of a leaver to the successor, unless the successor may not consider it [lgsco:6.14]."""
    told = HandedOver()
    statement = (
        select(Complaint.reference, Stage.number)
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .where(col(Stage.handler_id) == leaver.id, col(Stage.number) == col(Complaint.stage_number))
        .where(or_(col(Complaint.is_open).is_(True), col(Complaint.ending) == Ending.ROUTED.value))
        .order_by(col(Complaint.id))
    )
    for reference, number in list(work.session.exec(statement)):
        case = load_case(work.session, reference, actor=SYSTEM)  # handed over whoever may see it
        stage = case.stages[number]
        work.touch(case)
        if successor is not None and _may_consider(successor, case, number, work):
            told.events.append(give_to(stage, ident(successor.id), case, work))
            told.events += name_as_well(work, case, ident(successor.id))
            told.given += 1
            continue
        put_in_hands(stage, None, work)
        told.events.append(StageLeft(complaint_id=case.id, stage=number, before=leaver.name))
        told.left += 1
    return told


def _may_consider(successor: Colleague, case: CaseRows, number: int, work: Work) -> bool:
    grants = GRANTS[Role(successor.role)]
    if not_free(successor, case, work):
        return False
    if number == 1:
        return Permission.HANDLE in grants
    # Nobody is given stage 2 in passing who had stage 1: departing from 6.14 needs a step and a reason of its own.
    return Permission.REVIEW in grants and ident(successor.id) not in stage_one_hands(case, work)


def hand_over_remedies(work: Work, leaver: Colleague, successor: Colleague | None) -> list[Event]:
    """Give each remedy that a leaver still had to see to to the successor, or show that nobody has it [lgsco:7.3]."""
    takes = successor if successor is not None and Permission.READ in GRANTS[Role(successor.role)] else None
    theirs = (
        select(Complaint.reference, Remedy.id)
        .join(Remedy, col(Remedy.complaint_id) == col(Complaint.id))
        .where(col(Remedy.owner_id) == leaver.id)
        .where(col(Remedy.done_on).is_(None), col(Remedy.undeliverable_on).is_(None))
        .order_by(col(Remedy.id))
    )
    events: list[Event] = []
    cases: dict[str, CaseRows] = {}
    for reference, remedy_id in list(work.session.exec(theirs)):
        touched = (each for each in work.touched_cases if each.complaint.reference == reference)
        case = cases.get(reference) or next(touched, None) or load_case(work.session, reference, actor=SYSTEM)
        cases[reference] = case
        work.touch(case)
        events.append(given_to(next(row for row in case.remedies if row.id == remedy_id), takes, work))
        events += name_as_well(work, case, ident(takes.id)) if takes is not None else []
    return events


def hand_over_requests(
    work: Work, leaver: Colleague, successor: Colleague | None, *, command_id: str
) -> list[RequestAssigned]:
    """Give each service request of a leaver that is not closed to the successor, or show that nobody has it."""
    takes = successor if successor is not None and Permission.HANDLE in GRANTS[Role(successor.role)] else None
    theirs = (
        select(ServiceRequest)
        .where(col(ServiceRequest.owner_id) == leaver.id, col(ServiceRequest.closed_on).is_(None))
        .order_by(col(ServiceRequest.id))
    )
    events = []
    for request in work.session.exec(theirs):
        request.owner_id = takes.id if takes is not None else None
        request.version += 1
        work.session.add(RequestStep(request_id=ident(request.id), command_id=command_id))
        name = takes.name if takes is not None else ""
        events.append(
            RequestAssigned(request=request.reference, colleague=name, due_on=request.due_on, before=leaver.name)
        )
    return events
