"""Contact restrictions: RestrictContact, ReviewRestriction and LiftRestriction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.reviewing import held, owed_review, set_review
from core.errors import BadInput
from core.events.base import Event
from core.events.people import ContactRestricted, RestrictionLifted, RestrictionReviewed
from core.model.parties import Restriction
from core.permissions import Permission
from core.rules.s5_process import restriction_justified
from core.store.facts import CaseRows


def _restriction(restriction_id: int, case: CaseRows, work: Work) -> Restriction:
    """A restriction on this very complaint; BadInput for any other."""
    found = work.session.get(Restriction, restriction_id)
    if found is None or found.complaint_id != case.id:
        raise BadInput(
            f"That restriction is not on {case.complaint.reference}. Choose one from the list.",
            {"restriction_id": "Choose a restriction."},
        )
    return found


class RestrictContact(CaseCommand):
    """Restrict how somebody may contact the council, no further than their behaviour calls for."""

    needs = Permission.RESTRICT
    clauses = ("lgsco:5.10", "lgsco:5.11")
    title = "Restrict contact"
    gist = "Evidence first, lesser measures before it, the Equality Act considered, and always a way to complain."

    what: str = asks("What is restricted", widget="area", min_length=1, max_length=TEXT_LIMIT)
    evidence: str = asks(
        "The behaviour it rests on, and where the evidence is", widget="area", default="", max_length=TEXT_LIMIT
    )
    lesser_measures: str = asks(
        "Lesser measures considered, and why they are not enough", widget="area", default="", max_length=TEXT_LIMIT
    )
    equality: str = asks(
        "What was considered under the Equality Act 2010",
        help="Disability, adjustments, and how this could bear on them.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    way_to_complain: str = asks(
        "How they can still make a new complaint", widget="area", default="", max_length=TEXT_LIMIT
    )
    challenge_told: bool = asks("They were told how to challenge it", widget="tick", default=False)
    starts_on: date = asks("From when", widget="date", starts="today")
    review_on: date = asks("To be reviewed by", widget="date")


@handles(RestrictContact)
def restrict_contact(command: RestrictContact, work: Work) -> Sequence[Event]:
    """Restrict contact only with evidence, proportionately, and with regard to the Equality Act [lgsco:5.11]."""
    case = work.open_case(command)
    work.not_future(command.starts_on, "starts_on")
    weighed: dict[str, Any] = {
        "evidence": command.evidence,
        "lesser_measures": command.lesser_measures,
        "equality": command.equality,
        "way_to_complain": command.way_to_complain,
        "challenge_told": command.challenge_told,
    }
    work.weigh(command, restriction_justified(**weighed), case=case)
    told = {**weighed, "what": command.what, "starts_on": command.starts_on}
    row = Restriction(complaint_id=case.id, decided_by=work.actor.id or None, **told)
    work.session.add(row)
    work.session.flush()
    set_review(row, case, work, set_on=command.starts_on, due_on=command.review_on)
    return [ContactRestricted(complaint_id=case.id, review_on=command.review_on, **told)]


class ReviewRestriction(CaseCommand):
    """Look at a restriction again: is it still needed, and when is the next look."""

    needs = Permission.RESTRICT
    clauses = ("lgsco:5.10", "lgsco:5.11")
    title = "Review a contact restriction"
    gist = "Keep it only while the behaviour calls for it. One that no longer does is lifted."

    restriction_id: int = asks("Which restriction", widget="choice", options="restrictions")
    reviewed_on: date = asks("When it was reviewed", widget="date", starts="today")
    found: str = asks("What the review found", widget="area", min_length=1, max_length=TEXT_LIMIT)
    review_on: date = asks("To be reviewed again by", widget="date")


@handles(ReviewRestriction)
def review_restriction(command: ReviewRestriction, work: Work) -> Sequence[Event]:
    """Review each restriction regularly, each time by its day [lgsco:5.10]."""
    case = work.open_case(command)
    row = _restriction(command.restriction_id, case, work)
    review = owed_review(row, case)
    work.not_future(command.reviewed_on, "reviewed_on")
    work.not_before(command.reviewed_on, review.set_on, "reviewed_on", what="it was set or last reviewed")
    work.weigh(command, held(review, command.reviewed_on), case=case)
    review.reviewed_on, review.found = command.reviewed_on, command.found
    set_review(row, case, work, set_on=command.reviewed_on, due_on=command.review_on)
    return [
        RestrictionReviewed(
            complaint_id=case.id,
            due_on=review.due_on,
            reviewed_on=command.reviewed_on,
            review_on=command.review_on,
            what=row.what,
            found=command.found,
        )
    ]


class LiftRestriction(CaseCommand):
    """Lift a restriction that is needed no longer."""

    needs = Permission.RESTRICT
    clauses = ("lgsco:5.10", "lgsco:5.11")
    title = "Lift a contact restriction"
    gist = "Tell them that it is lifted. The history keeps why it stood."

    restriction_id: int = asks("Which restriction", widget="choice", options="restrictions")
    ended_on: date = asks("When it was lifted", widget="date", starts="today")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(LiftRestriction)
def lift_restriction(command: LiftRestriction, work: Work) -> Sequence[Event]:
    """Lift a restriction that goes further than the behaviour calls for; no review is owed any more [lgsco:5.11]."""
    case = work.open_case(command)
    row = _restriction(command.restriction_id, case, work)
    review = owed_review(row, case)
    work.not_future(command.ended_on, "ended_on")
    work.not_before(command.ended_on, review.set_on, "ended_on", what="it was set or last reviewed")
    work.weigh(command, held(review, command.ended_on), case=case)
    row.ended_on = review.dropped_on = command.ended_on
    return [RestrictionLifted(complaint_id=case.id, ended_on=command.ended_on, what=row.what, why=command.why)]
