"""What keeps a record past its date: PlaceHold, ReviewHold, LiftHold and RetainLonger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.requests import open_request
from core.errors import BadInput
from core.events.base import Event
from core.events.retention import HoldLifted, HoldPlaced, HoldReviewed, RecordKeptLonger
from core.model.retention import KeptLonger, LegalHold
from core.permissions import Permission
from core.rules.request_steps import names_request
from core.rules.working_days import WorkingDays
from core.store.facts import ident
from core.store.records import Record, about
from core.words import day_words


class RecordStep(CaseCommand):
    """A step on how long a record is kept: a complaint's, or a service request's."""

    @property
    def names_complaint(self) -> bool:
        """Whether the record is a complaint; a service request compares its own version."""
        return not names_request(self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The record a step is about: a complaint with its duties, or a service request."""

    record: Record
    reference: str
    calendar: WorkingDays

    @property
    def told(self) -> dict[str, Any]:
        """What an event says of it."""
        record = self.record
        return {"complaint_id": record.complaint_id, "request": self.reference if record.request_id else ""}


def _open(command: RecordStep, work: Work) -> _Step:
    """The record, checked to permit this step."""
    if names_request(command.reference):
        request = open_request(command, work)
        record = Record(request_id=ident(request.id))
        return _Step(record=record, reference=request.reference, calendar=work.calendar_of(work.policy))
    case = work.open_case(command)
    calendar = work.calendar_of(work.policy_of(case))
    return _Step(record=Record(complaint_id=case.id), reference=case.complaint.reference, calendar=calendar)


def _hold(step: _Step, work: Work) -> LegalHold | None:
    """The hold that stands on a record."""
    stands = (col(LegalHold.reviewed_on).is_(None), col(LegalHold.lifted_on).is_(None))
    mine = about(LegalHold.__table__, step.record)  # type: ignore[attr-defined]
    return work.session.exec(select(LegalHold).where(mine, *stands)).first()


def _standing(step: _Step, work: Work) -> LegalHold:
    """The hold that stands; BadInput where none does."""
    found = _hold(step, work)
    if found is None:
        raise BadInput(f"{step.reference} is not on hold. Put it on hold first, or close this form.")
    return found


def _begin(step: _Step, work: Work, *, reason: str, review_on: date, placed_by: int | None) -> None:
    """A hold until its next review.

    Raises BadInput for a review that does not come later, CalendarEnds for one past the last published bank holidays.
    """
    if review_on <= work.today:
        raise BadInput("The review must come later than today. Choose a later day.", {"review_on": "Choose later."})
    step.calendar.between(work.today, review_on)
    row: dict[str, Any] = {"reason": reason, "placed_on": work.today, "placed_by": placed_by, "review_on": review_on}
    work.session.add(LegalHold(**step.record._asdict(), **row))
    work.session.flush()


class PlaceHold(RecordStep):
    """Keep a record whatever its date says: a court case, an inquiry, an audit or an investigation needs it."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Put the record on hold"
    gist = "Nothing of it is erased until the hold is lifted, and its review is owed like every other date."

    reason: str = asks("Who needs the record, and for what", widget="area", min_length=1, max_length=TEXT_LIMIT)
    review_on: date = asks("To be reviewed by", widget="date")


@handles(PlaceHold)
def place_hold(command: PlaceHold, work: Work) -> Sequence[Event]:
    """Keep the record while somebody else needs it, with a reason and a day to look again [lgsco:5.8]."""
    step = _open(command, work)
    held = _hold(step, work)
    if held is not None:
        raise BadInput(
            f"{step.reference} is on hold already, to be reviewed by {day_words(held.review_on)}. "
            "Review that hold and add the new reason there."
        )
    _begin(step, work, reason=command.reason, review_on=command.review_on, placed_by=work.actor.id or None)
    return [HoldPlaced(**step.told, review_on=command.review_on, reason=command.reason)]


class ReviewHold(RecordStep):
    """Look at a hold again: is the record still needed, and when is the next look."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Review the hold"
    gist = "Ask whoever needed the record. A hold that nobody needs any more is lifted."

    found: str = asks("Who still needs it, and for what", widget="area", min_length=1, max_length=TEXT_LIMIT)
    review_on: date = asks("To be reviewed again by", widget="date")


@handles(ReviewHold)
def review_hold(command: ReviewHold, work: Work) -> Sequence[Event]:
    """Keep a hold only while it is needed, each time until a day [lgsco:5.8]."""
    step = _open(command, work)
    row = _standing(step, work)
    row.reviewed_on, row.found = work.today, command.found
    work.session.flush()
    _begin(step, work, reason=row.reason, review_on=command.review_on, placed_by=work.actor.id or row.placed_by)
    return [HoldReviewed(**step.told, due_on=row.review_on, review_on=command.review_on, found=command.found)]


class LiftHold(RecordStep):
    """Lift a hold that nobody needs any more; the record goes by its date again."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Lift the hold"
    gist = "The record then goes by its planned date again, which may have passed: it comes up for review at once."

    reason: str = asks("Why it is needed no longer", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(LiftHold)
def lift_hold(command: LiftHold, work: Work) -> Sequence[Event]:
    """End a hold with the reason; no review of it is owed any more [lgsco:5.8]."""
    step = _open(command, work)
    row = _standing(step, work)
    row.lifted_on, row.why_lifted = work.today, command.reason
    return [HoldLifted(**step.told, reason=command.reason)]


class RetainLonger(RecordStep):
    """Keep a record past its date, with the reason and a day."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Keep the record longer"
    gist = "It comes up for review again on the day given. Something that has no day yet calls for a hold."

    reason: str = asks("Why it is still needed", widget="area", min_length=1, max_length=TEXT_LIMIT)
    until: date = asks("Until when", widget="date")


@handles(RetainLonger)
def retain_longer(command: RetainLonger, work: Work) -> Sequence[Event]:
    """Keep a record beyond the schedule only with a reason [lgsco:5.8]."""
    step = _open(command, work)
    if command.until <= work.today:
        raise BadInput(
            f"{day_words(command.until)} has come already. Choose a later day.", {"until": "Choose a later day."}
        )
    work.session.add(
        KeptLonger(
            **step.record._asdict(),
            until=command.until,
            reason=command.reason,
            decided_by=work.actor.id or None,
            decided_on=work.today,
        )
    )
    return [RecordKeptLonger(**step.told, until=command.until, reason=command.reason)]
