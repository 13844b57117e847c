"""A reason for something done late, recorded afterwards: ExplainBreach."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound
from core.events.base import Event
from core.events.policies import BreachExplained
from core.model.complaints import Complaint, Departure
from core.model.duties import Duty
from core.model.policies import ExplainedBreach
from core.permissions import Permission
from core.rules.duties import TITLES, nearness
from core.store.breaches import unexplained
from core.store.facts import CaseRows, ident, load_case
from core.words import day_words


class ExplainBreach(Command):
    """Record afterwards why one duty was met late. It stays late, and the reason says on which day it was given."""

    needs = Permission.HANDLE
    clauses = ("lgsco:8.1c",)
    title = "Explain what was late"
    gist = "The reason is marked as given afterwards, with today’s date. What was late stays late."

    duty_id: int = asks("What was late", widget="choice", options="breaches")
    reason: str = asks("Why it was late", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(ExplainBreach)
def explain_breach(command: ExplainBreach, work: Work) -> Sequence[Event]:
    """Keep the reason for a standard missed beside it, and never in its place [lgsco:8.1c]."""
    duty, case = _late_duty(command.duty_id, work)
    work.touch(case)
    finding = _finding(duty, work)
    departure = Departure(
        complaint_id=case.id,
        clause=duty.clause,
        finding=finding,
        reason=command.reason,
        step="ExplainBreach",
        recorded_by=work.actor.id or None,
        recorded_on=work.today,
    )
    work.session.add(departure)
    work.session.flush()
    work.session.add(
        ExplainedBreach(
            departure_id=ident(departure.id),
            complaint_id=case.id,
            stage_number=duty.stage_number,
            kind=duty.kind,
            number=duty.number,
            due_on=duty.act_by,
            met_on=duty.met_on,
        )
    )
    return [
        BreachExplained(
            complaint_id=case.id,
            stage=duty.stage_number,
            kind=duty.kind,
            clause=duty.clause,
            due_on=duty.act_by,
            finding=finding,
            reason=command.reason,
        )
    ]


def _late_duty(duty_id: int, work: Work) -> tuple[Duty, CaseRows]:
    """A duty nobody has explained, on a complaint this person sees; the complaint comes locked with it."""
    chosen = select(Complaint.reference).join(Duty, col(Duty.complaint_id) == col(Complaint.id))
    reference = work.session.exec(chosen.where(col(Duty.id) == duty_id)).first()
    gone = "There is no such duty. Choose one of the list."
    if reference is None:
        raise BadInput(gone, {"duty_id": "Choose one of the list."})
    try:
        case = load_case(work.session, reference, actor=work.actor)
    except NotFound:
        raise BadInput(gone, {"duty_id": "Choose one of the list."}) from None
    duty = work.session.get_one(Duty, duty_id)
    open_still = sa.select(Duty.__table__.c.id).where(Duty.__table__.c.id == duty_id, *unexplained())  # type: ignore[attr-defined]
    if work.session.connection().execute(open_still).first() is None:
        raise BadInput(
            f"{TITLES[duty.kind]} of {reference} needs no explanation: it was not late, or a reason is recorded.",
            {"duty_id": "Choose one of the list."},
        )
    return duty, case


def _finding(duty: Duty, work: Work) -> str:
    calendar = work.calendars.of(False)
    done = f"done on {day_words(duty.met_on)}" if duty.met_on else "not done"
    late = f", {nearness(duty.act_by, today=duty.met_on, calendar=calendar).words}" if duty.met_on else ""
    return f"{TITLES[duty.kind]} was due by {day_words(duty.act_by)} and {done}{late}."
