"""What somebody needs: AgreeAdjustment, ReviewAdjustment, EndAdjustment, KeepPreference, FlagRisk and LiftRisk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.reviewing import held, owed_review, set_review
from core.errors import BadInput
from core.events.base import Event
from core.events.people import (
    AdjustmentAgreed,
    AdjustmentEnded,
    AdjustmentReviewed,
    PreferenceKept,
    RiskFlagged,
    RiskLifted,
)
from core.model.parties import Adjustment, Care
from core.permissions import Permission
from core.store.facts import CaseRows


def _adjustment(adjustment_id: int, case: CaseRows, work: Work) -> Adjustment:
    """An adjustment on this very complaint; BadInput for any other."""
    found = work.session.get(Adjustment, adjustment_id)
    if found is None or found.complaint_id != case.id:
        raise BadInput(
            f"That adjustment is not on {case.complaint.reference}. Choose one from the list.",
            {"adjustment_id": "Choose an adjustment."},
        )
    return found


class AgreeAdjustment(CaseCommand):
    """Record a reasonable adjustment that was agreed, with the day it is looked at again."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.6",)
    title = "Agree an adjustment"
    gist = "What was agreed stands at the head of the case, and its review is owed like every other date."

    what: str = asks("What was agreed", widget="area", min_length=1, max_length=TEXT_LIMIT)
    agreed_format: str = asks("Agreed format, such as large print", default="", max_length=200)
    starts_on: date = asks("From when", widget="date", starts="today")
    review_on: date = asks("To be reviewed by", widget="date")


@handles(AgreeAdjustment)
def agree_adjustment(command: AgreeAdjustment, work: Work) -> Sequence[Event]:
    """Record the adjustments that are agreed, and keep them under review [lgsco:5.6]."""
    case = work.open_case(command)
    work.not_future(command.starts_on, "starts_on")
    row = Adjustment(
        complaint_id=case.id,
        what=command.what,
        agreed_format=command.agreed_format,
        starts_on=command.starts_on,
    )
    work.session.add(row)
    work.session.flush()
    set_review(row, case, work, set_on=command.starts_on, due_on=command.review_on)
    return [
        AdjustmentAgreed(
            complaint_id=case.id,
            starts_on=command.starts_on,
            review_on=command.review_on,
            what=command.what,
            agreed_format=command.agreed_format,
        )
    ]


class ReviewAdjustment(CaseCommand):
    """Look at an adjustment again: does it still fit, and when is the next look."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.6",)
    title = "Review an adjustment"
    gist = "Ask the individual whether it still fits. What no longer does is ended, and a new one agreed."

    adjustment_id: int = asks("Which adjustment", widget="choice", options="adjustments")
    reviewed_on: date = asks("When it was reviewed", widget="date", starts="today")
    found: str = asks("What the review found", widget="area", min_length=1, max_length=TEXT_LIMIT)
    review_on: date = asks("To be reviewed again by", widget="date")


@handles(ReviewAdjustment)
def review_adjustment(command: ReviewAdjustment, work: Work) -> Sequence[Event]:
    """Keep an adjustment under active review, each by its day [lgsco:5.6]."""
    case = work.open_case(command)
    row = _adjustment(command.adjustment_id, case, work)
    review = owed_review(row, case)
    work.not_future(command.reviewed_on, "reviewed_on")
    work.not_before(command.reviewed_on, review.set_on, "reviewed_on", what="it was agreed or last reviewed")
    work.weigh(command, held(review, command.reviewed_on), case=case)
    review.reviewed_on, review.found = command.reviewed_on, command.found
    set_review(row, case, work, set_on=command.reviewed_on, due_on=command.review_on)
    return [
        AdjustmentReviewed(
            complaint_id=case.id,
            due_on=review.due_on,
            reviewed_on=command.reviewed_on,
            review_on=command.review_on,
            what=row.what,
            found=command.found,
        )
    ]


class EndAdjustment(CaseCommand):
    """End an adjustment that is needed no longer."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.6",)
    title = "End an adjustment"
    gist = "Only when the individual agrees that it is needed no longer, or something better takes its place."

    adjustment_id: int = asks("Which adjustment", widget="choice", options="adjustments")
    ended_on: date = asks("When it ended", widget="date", starts="today")
    why: str = asks("Why, and what the individual says", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(EndAdjustment)
def end_adjustment(command: EndAdjustment, work: Work) -> Sequence[Event]:
    """End an adjustment with the reason; no review of it is owed any more [lgsco:5.6]."""
    case = work.open_case(command)
    row = _adjustment(command.adjustment_id, case, work)
    review = owed_review(row, case)
    work.not_future(command.ended_on, "ended_on")
    work.not_before(command.ended_on, review.set_on, "ended_on", what="it was agreed or last reviewed")
    work.weigh(command, held(review, command.ended_on), case=case)
    row.ended_on = review.dropped_on = command.ended_on
    return [AdjustmentEnded(complaint_id=case.id, ended_on=command.ended_on, what=row.what, why=command.why)]


def care_of(case: CaseRows, work: Work) -> Care:
    """What is noted about how to treat the individual; a new row where there is none."""
    row = work.session.get(Care, case.id) or Care(complaint_id=case.id)
    work.session.add(row)
    return row


class KeepPreference(CaseCommand):
    """Note how somebody wants to be reached."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.1",)
    title = "Note how to reach them"
    gist = "A time of day, by text only, through a friend: whatever makes it easy for them."

    preference: str = asks("How they want to be reached", widget="area", default="", max_length=TEXT_LIMIT)


@handles(KeepPreference)
def keep_preference(command: KeepPreference, work: Work) -> Sequence[Event]:
    """Reach people in the way that suits them [lgsco:3.1]."""
    case = work.open_case(command)
    care_of(case, work).preference = command.preference
    return [PreferenceKept(complaint_id=case.id, preference=command.preference)]


class FlagRisk(CaseCommand):
    """Say that somebody vulnerable or at risk is behind the complaint, so that it comes first."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.1",)
    title = "Flag as vulnerable or at risk"
    gist = "It then stands first in every queue, before what is due sooner, and its row says why it does."

    reason: str = asks("Why it comes first", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(FlagRisk)
def flag_risk(command: FlagRisk, work: Work) -> Sequence[Event]:
    """Put a complaint first where somebody vulnerable or at risk is behind it, and say why [lgsco:6.1]."""
    case = work.open_case(command)
    care_of(case, work).risk = command.reason
    return [RiskFlagged(complaint_id=case.id, reason=command.reason)]


class LiftRisk(CaseCommand):
    """Take the flag away when the risk has passed."""

    needs = Permission.HANDLE
    clauses = ("lgsco:6.1",)
    title = "Lift the risk flag"
    gist = "The history keeps that it stood there, and why."

    reason: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(LiftRisk)
def lift_risk(command: LiftRisk, work: Work) -> Sequence[Event]:
    """End the flag with the reason [lgsco:6.1]."""
    case = work.open_case(command)
    care = care_of(case, work)
    if not care.risk:
        raise BadInput(f"{case.complaint.reference} is not marked as vulnerable or at risk.")
    care.risk = ""
    return [RiskLifted(complaint_id=case.id, reason=command.reason)]
