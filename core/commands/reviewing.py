"""Reviews of adjustments and restrictions: each is set with a day, held or dropped, and owed like every other duty."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.commands.base import Work
from core.errors import BadInput
from core.model.parties import Adjustment, Restriction, Review
from core.rules.facts import ReviewKind
from core.rules.findings import Finding
from core.rules.s5_process import reviewed_in_time
from core.store.facts import CaseRows, ident

_WHAT = {
    ReviewKind.ADJUSTMENT: ("The adjustment", "lgsco:5.6"),
    ReviewKind.RESTRICTION: ("The restriction", "lgsco:5.10"),
}


def _kind_of(thing: Adjustment | Restriction) -> ReviewKind:
    return ReviewKind.ADJUSTMENT if isinstance(thing, Adjustment) else ReviewKind.RESTRICTION


def set_review(thing: Adjustment | Restriction, case: CaseRows, work: Work, *, set_on: date, due_on: date) -> None:
    """Owe the next review of a thing by a day.

    Raises BadInput for a day that does not come after the one it is set on, CalendarEnds for one past the last
    published bank holidays: no list could say how near it is.
    """
    if due_on <= set_on:
        raise BadInput("The review must come after it. Choose a later day.", {"review_on": "Choose a later day."})
    work.calendar_of(work.policy_of(case)).between(set_on, due_on)
    kind = _kind_of(thing)
    number = max((row.number for row in case.reviews if row.kind == kind.value), default=0) + 1
    column = "adjustment_id" if kind is ReviewKind.ADJUSTMENT else "restriction_id"
    about: dict[str, Any] = {column: ident(thing.id)}
    review = Review(complaint_id=case.id, kind=kind.value, number=number, set_on=set_on, due_on=due_on, **about)
    work.session.add(review)
    case.reviews.append(review)


def owed_review(thing: Adjustment | Restriction, case: CaseRows) -> Review:
    """The review that a thing in force is owed; BadInput when it has ended."""
    for row in case.reviews:
        subject = row.adjustment_id if isinstance(thing, Adjustment) else row.restriction_id
        if subject == thing.id and row.reviewed_on is None and row.dropped_on is None:
            return row
    raise BadInput("That has ended already. Choose another, or agree a new one.")


def held(review: Review, on: date) -> tuple[Finding, ...]:
    """What a review held late asks for."""
    what, clause = _WHAT[ReviewKind(review.kind)]
    return reviewed_in_time(on, due_on=review.due_on, what=what, clause=clause)
