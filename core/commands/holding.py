"""What keeps a record past its date: PlaceHold, ReviewHold, LiftHold and RetainLonger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.retention import HoldLifted, HoldPlaced, HoldReviewed, RecordKeptLonger
from core.model.retention import KeptLonger, LegalHold
from core.permissions import Permission
from core.store.facts import CaseRows
from core.words import day_words


def _hold(case: CaseRows, work: Work) -> LegalHold | None:
    """The hold that stands on a complaint."""
    stands = (col(LegalHold.reviewed_on).is_(None), col(LegalHold.lifted_on).is_(None))
    return work.session.exec(select(LegalHold).where(col(LegalHold.complaint_id) == case.id, *stands)).first()


def _standing(case: CaseRows, work: Work) -> LegalHold:
    """The hold that stands; BadInput where none does."""
    found = _hold(case, work)
    if found is None:
        raise BadInput(f"{case.complaint.reference} is not on hold. Put it on hold first, or close this form.")
    return found


def _begin(case: CaseRows, work: Work, *, reason: str, review_on: date, placed_by: int | None) -> None:
    """A hold until its next review.

    Raises BadInput for a review that does not come later, CalendarEnds for one past the last published bank holidays.
    """
    if review_on <= work.today:
        raise BadInput("The review must come later than today. Choose a later day.", {"review_on": "Choose later."})
    work.calendar_of(work.policy_of(case)).between(work.today, review_on)
    work.session.add(
        LegalHold(complaint_id=case.id, reason=reason, placed_on=work.today, placed_by=placed_by, review_on=review_on)
    )
    work.session.flush()


class PlaceHold(CaseCommand):
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
    case = work.open_case(command)
    held = _hold(case, work)
    if held is not None:
        raise BadInput(
            f"{case.complaint.reference} is on hold already, to be reviewed by {day_words(held.review_on)}. "
            "Review that hold and add the new reason there."
        )
    _begin(case, work, reason=command.reason, review_on=command.review_on, placed_by=work.actor.id or None)
    return [HoldPlaced(complaint_id=case.id, review_on=command.review_on, reason=command.reason)]


class ReviewHold(CaseCommand):
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
    case = work.open_case(command)
    row = _standing(case, work)
    row.reviewed_on, row.found = work.today, command.found
    work.session.flush()
    _begin(case, work, reason=row.reason, review_on=command.review_on, placed_by=work.actor.id or row.placed_by)
    return [HoldReviewed(complaint_id=case.id, due_on=row.review_on, review_on=command.review_on, found=command.found)]


class LiftHold(CaseCommand):
    """Lift a hold that nobody needs any more; the record goes by its date again."""

    needs = Permission.RETAIN
    clauses = ("lgsco:5.8",)
    title = "Lift the hold"
    gist = "The record then goes by its planned date again, which may have passed: it comes up for review at once."

    reason: str = asks("Why it is needed no longer", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(LiftHold)
def lift_hold(command: LiftHold, work: Work) -> Sequence[Event]:
    """End a hold with the reason; no review of it is owed any more [lgsco:5.8]."""
    case = work.open_case(command)
    row = _standing(case, work)
    row.lifted_on, row.why_lifted = work.today, command.reason
    return [HoldLifted(complaint_id=case.id, reason=command.reason)]


class RetainLonger(CaseCommand):
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
    case = work.open_case(command)
    if command.until <= work.today:
        raise BadInput(
            f"{day_words(command.until)} has come already. Choose a later day.", {"until": "Choose a later day."}
        )
    work.session.add(
        KeptLonger(
            complaint_id=case.id,
            until=command.until,
            reason=command.reason,
            decided_by=work.actor.id or None,
            decided_on=work.today,
        )
    )
    return [RecordKeptLonger(complaint_id=case.id, until=command.until, reason=command.reason)]
