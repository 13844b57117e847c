"""What the organisation decides and keeps: SetUpCouncil, ChangeCalendar and RebuildDuties."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import sqlalchemy as sa
from pydantic import StringConstraints
from sqlmodel import col, select

from core.code.policy import CODE_POLICY
from core.commands.base import Command, Work, asks, handles
from core.commands.causes import adopt_default_causes
from core.commands.refusal_reasons import adopt_default_reasons
from core.errors import BadInput
from core.events.base import Event
from core.events.cases import CouncilSetUp, DutiesRebuilt, DutyMoved, HolidaysChanged, PolicyAdopted
from core.model.complaints import Complaint, Stage
from core.model.duties import Duty
from core.model.organisation import Layer, PolicyVersion
from core.model.people import Colleague, Service
from core.permissions import SYSTEM, Permission, Role
from core.rules.facts import Standing
from core.store.calendar import add_rows
from core.store.facts import duty_key, ident, load_case, mark_changed
from core.store.settling import settle

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
CalendarRow = tuple[date, Name, Layer, bool]


class SetUpCouncil(Command):
    """Enter a new installation's services, colleagues and policy. The calendar is loaded first."""

    needs = Permission.CALENDAR
    clauses = ("lgsco:4.1", "lgsco:5.1")
    title = "Set up the council"
    gist = "Services, colleagues and the Code's own periods as the first policy."

    council: str = asks("Council", max_length=120)
    services: tuple[Name, ...] = asks("Services", default=())
    colleagues: tuple[tuple[Name, Role], ...] = asks("Colleagues and roles", default=())


@handles(SetUpCouncil)
def set_up_council(command: SetUpCouncil, work: Work) -> Sequence[Event]:
    """Give the Code's periods as the first policy, and the people who apply it [lgsco:5.1]."""
    if work.session.exec(select(Service)).first() is not None:
        raise BadInput("This installation is set up already. Change it on its own pages.")
    for names in (command.services, tuple(name for name, _role in command.colleagues)):
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise BadInput(f"“{twice[0]}” is named twice. Name each service and each colleague once.")
    work.session.add_all(Service(name=name) for name in command.services)
    work.session.add_all(Colleague(name=name, role=role.value) for name, role in command.colleagues)
    return [
        CouncilSetUp(
            council=command.council,
            services=command.services,
            colleagues=tuple(name for name, _role in command.colleagues),
        )
    ]


def adopt_code_policy(work: Work) -> list[Event]:
    """Make the Code itself the first policy version, with lists of reasons and causes to begin with [lgsco:5.1]."""
    since = CODE_POLICY.in_force_from
    policy = PolicyVersion(
        name=CODE_POLICY.name, in_force_from=since, resolution=CODE_POLICY.resolution, chosen=json.dumps({})
    )
    work.session.add(policy)
    work.session.flush()
    adopted = PolicyAdopted(name=CODE_POLICY.name, in_force_from=since, resolution=CODE_POLICY.resolution)
    reasons = adopt_default_reasons(work, policy_id=ident(policy.id), in_force_from=since)
    return [adopted, reasons, adopt_default_causes(work, in_force_from=since)]


class ChangeCalendar(Command):
    """Add or withdraw bank holidays or closure days. Open duties that move are named one by one; settled ones stay."""

    needs = Permission.CALENDAR
    clauses = ("lgsco:6.2", "lgsco:6.3")
    title = "Change the calendar"
    moves_dates = True
    gist = "Nothing is replaced. A date already promised to an individual is kept."

    source: str = asks("Where this comes from", max_length=300)
    rows: tuple[CalendarRow, ...] = asks("Days", default=())


@handles(ChangeCalendar)
def change_calendar(command: ChangeCalendar, work: Work) -> Sequence[Event]:
    """Add published days and move only the open duties they touch, one event each [lgsco:6.2]."""
    first = work.calendars.current == 0
    before = {} if first else work.calendars.holidays()
    closed = {} if first else work.calendars.holidays(Layer.CLOSURE)
    fresh = [row for row in command.rows if _is_news(row, before if row[2] is Layer.BANK_HOLIDAY else closed)]
    if not fresh:
        raise BadInput("Every day in this list is known already. Nothing was changed.")
    add_rows(work.session, fresh, source=command.source, seen_at=work.now)
    events: list[Event] = [
        HolidaysChanged(
            source=command.source,
            added=tuple(day for day, _name, _layer, withdrawn in fresh if not withdrawn),
            withdrawn=tuple(day for day, _name, _layer, withdrawn in fresh if withdrawn),
        )
    ]
    if first:
        return [*events, *adopt_code_policy(work)]
    work.calendars = work.calendars.changed(fresh)
    names = ", ".join(sorted({name for _day, name, _layer, _withdrawn in fresh}))
    for reference in touched_references(work, [row[0] for row in fresh]):
        events += _move(reference, names, work)
    return events


def _is_news(row: CalendarRow, known: dict[date, str]) -> bool:
    day, _name, _layer, withdrawn = row
    return (day in known) if withdrawn else (day not in known)


def touched_references(work: Work, days: Sequence[date]) -> list[str]:
    """Complaints with an open duty any of whose dates is counted over one of these days.

    The count begins where the stage began: even a late acknowledgement leaves the answer's date hanging on it.
    """
    found: set[str] = set()
    same_stage = sa.and_(col(Stage.complaint_id) == col(Duty.complaint_id), col(Stage.number) == col(Duty.stage_number))
    for day in days:
        reach = sa.or_(col(Duty.due_on) >= day, col(Duty.act_by) >= day, col(Duty.literal_due_on) >= day)
        statement = (
            select(Complaint.reference)
            .join(Duty, col(Duty.complaint_id) == col(Complaint.id))
            .join(Stage, same_stage)
            .where(
                col(Duty.standing) == Standing.OPEN,
                sa.or_(col(Stage.received_on) < day, col(Duty.start_on) < day),
                reach,
            )
        )
        found.update(work.session.exec(statement))
    return sorted(found)


def _move(reference: str, because: str, work: Work) -> list[Event]:
    case = load_case(work.session, reference, actor=SYSTEM)  # a holiday moves every clock, seen or not
    statement = select(Duty).where(col(Duty.complaint_id) == case.complaint.id, col(Duty.standing) == Standing.OPEN)
    was = {duty_key(row): (row.due_on, row.act_by) for row in work.session.exec(statement)}
    owed = settle(work.session, case, policy=work.policy_of(case), calendars=work.calendars)
    events: list[Event] = []
    for duty in owed:
        before = was.get(duty.key)
        if before is not None and before != (duty.due_on, duty.act_by):
            events.append(
                DutyMoved(
                    complaint_id=case.id,
                    stage=int(duty.stage),
                    kind=duty.kind,
                    was=before[0],
                    becomes=duty.due_on,
                    act_by=duty.act_by,
                    because=because,
                )
            )
    if events:
        mark_changed(case.complaint, at=work.now)
    return events


class RebuildDuties(Command):
    """Count the duties of the named complaints again from their facts. Needed only after damage."""

    needs = Permission.LEDGER
    clauses = ("lgsco:5.8",)
    title = "Rebuild duties"
    gist = "On a healthy database there is nothing to rebuild."
    alone = True

    references: tuple[str, ...] = asks("Complaints", default=())


@handles(RebuildDuties)
def rebuild_duties(command: RebuildDuties, work: Work) -> Sequence[Event]:
    """Bring stored duties in line with the facts they come from [lgsco:5.8]."""
    for reference in command.references:
        case = load_case(work.session, reference, actor=work.actor)
        mark_changed(case.complaint, at=work.now)
        settle(work.session, case, policy=work.policy_of(case), calendars=work.calendars)
    return [DutiesRebuilt(changed=len(command.references))]
