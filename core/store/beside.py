"""What stands beside a complaint's stages, from its rows to what rules read: reviews and remedies."""

from __future__ import annotations

from core.model.parties import Review
from core.model.remedies import Remedy
from core.rules.facts import RemedyFacts, ReviewFacts, ReviewKind


def review_facts(row: Review) -> ReviewFacts:
    """One review's dates as rules read them."""
    return ReviewFacts(
        kind=ReviewKind(row.kind),
        number=row.number,
        set_on=row.set_on,
        due_on=row.due_on,
        reviewed_on=row.reviewed_on,
        dropped_on=row.dropped_on,
    )


def remedy_facts(row: Remedy) -> RemedyFacts:
    """One remedy's dates as rules read them."""
    return RemedyFacts(
        number=row.number,
        offered_on=row.offered_on,
        due_on=row.due_on,
        done_on=row.done_on,
        dropped_on=row.undeliverable_on,
        owner_id=row.owner_id,
    )
