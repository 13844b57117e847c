"""Contact restrictions: on evidence, proportionate, reviewed, and never in the way of a new complaint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.commands.restricting import LiftRestriction, RestrictContact, ReviewRestriction
from core.errors import BadInput, NotPermitted, StepNotOpen
from core.queries.people import case_people
from core.queries.queue import QueueFilter, queue
from tests.builders import RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks

REVIEW = day("2026-09-21")


def reviewed(story: Story, reference: str, number: int, **given: Any) -> None:
    today = story.clock.now.date()
    values = {"reviewed_on": today, "found": "Still needed.", "review_on": today + timedelta(weeks=4)}
    story.desks.manager.do(ReviewRestriction(reference=reference, restriction_id=number, **(values | given)))


def test_a_restriction_is_kept_with_all_that_was_weighed(story: Story, desks: Desks) -> None:
    """5.10: its evidence, who decided, the review and the right to challenge [lgsco:5.10]."""
    reference = story.record()
    story.restrict(reference)
    (row,) = story.rows("restriction")
    assert row["decided_by"] == desks.manager.actor.id
    (view,) = desks.handler.ask(case_people, reference).restrictions_now
    assert (view.challenge_told, view.review_on) == (True, REVIEW)
    assert view.evidence.startswith("Forty calls")
    duty = story.duties(reference)["review_restriction"]
    assert (duty["clause"], duty["act_by"], duty["standing"]) == ("lgsco:5.10", REVIEW, "open")
    assert story.departures(reference) == []


def test_5_10_no_review_date_cannot_be_saved(desks: Desks) -> None:
    """5.10: every restriction has the day of its review [lgsco:5.10]."""
    told = {"reference": "C-2026-000001", "what": "Letters only", "starts_on": RECEIVED}
    with pytest.raises(BadInput, match="“To be reviewed by” is not filled in yet"):
        desks.manager.form(RestrictContact, told)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("evidence", "what behaviour the restriction rests on"),
        ("equality", "under the Equality Act 2010"),
        ("way_to_complain", "how this person can still make a new complaint"),
    ],
)
def test_5_11_without_evidence_equality_text_or_a_way_to_complain_it_is_refused(
    story: Story, field: str, said: str
) -> None:
    """5.11: no reason goes round these [lgsco:5.10, 5.11]."""
    reference = story.record()
    with refused(story, StepNotOpen, match=said):
        story.restrict(reference, **{field: "  "}, good_reason="It is urgent.")


@pytest.mark.parametrize(
    ("given", "clause"), [({"lesser_measures": ""}, "lgsco:5.11"), ({"challenge_told": False}, "lgsco:5.10")]
)
def test_lesser_measures_and_the_right_to_challenge_ask_for_a_reason(
    story: Story, given: dict[str, Any], clause: str
) -> None:
    """5.10 and 5.11: it can be urgent, and then the reason is on the record [lgsco:5.11]."""
    reference = story.record()
    with reason_asked(story, clause):
        story.restrict(reference, **given)
    story.restrict(reference, **given, good_reason="A colleague was threatened today.")
    assert story.departures(reference) == [(clause, "A colleague was threatened today.")]


def test_5_10_an_overdue_review_stands_in_the_queue_and_late_says_why(story: Story, desks: Desks) -> None:
    """5.10: a review that waits is a fault, so it is owed like any date, and after the last answer [lgsco:5.10]."""
    reference = story.acknowledged()
    number = story.restrict(reference, review_on=day("2026-09-18"))
    story.withdraw(reference, on=day("2026-09-15"))
    story.on(REVIEW)
    (row,) = desks.manager.ask(queue, QueueFilter(overdue=True)).rows
    assert (row.title, row.clause) == ("Review a contact restriction", "lgsco:5.10")
    with reason_asked(story, "lgsco:5.10"):
        reviewed(story, reference, number)
    reviewed(story, reference, number, good_reason="The manager was away.")
    assert desks.manager.ask(queue, QueueFilter(overdue=True)).rows == ()


def test_5_11_somebody_restricted_can_still_make_a_new_complaint(story: Story, desks: Desks) -> None:
    """5.11: the same person, the same ways, the same clock [lgsco:5.11]."""
    story.restrict(story.record())
    reference = story.record()
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == "open"
    assert desks.handler.ask(case_people, reference).restrictions == ()


def test_a_restriction_that_was_lifted_holds_no_longer(story: Story, desks: Desks) -> None:
    reference = story.record()
    number = story.restrict(reference)
    lifting = LiftRestriction(
        reference=reference, restriction_id=number, ended_on=RECEIVED, why="The calls have stopped."
    )
    done = desks.manager.do(lifting)
    assert done.sentences[0].startswith("Lifted the restriction “Letters only, no calls.” on Mon 7 September 2026.")
    assert desks.handler.ask(case_people, reference).restrictions_now == ()
    assert story.duties(reference)["review_restriction"]["standing"] == "void"
    with refused(story, BadInput, match="has ended already"):
        reviewed(story, reference, number)


def test_only_the_manager_restricts(story: Story, desks: Desks) -> None:
    """Those who deal with the behaviour every day do not decide on it [lgsco:5.10]."""
    reference = story.record()
    number = story.restrict(reference)
    lifting = LiftRestriction(reference=reference, restriction_id=number, ended_on=RECEIVED, why="Enough.")
    for desk in (desks.handler, desks.reviewer, desks.senior_lead):
        with refused(story, NotPermitted, match="Only the complaints manager restricts contact"):
            desk.do(lifting)


def test_a_restriction_of_another_complaint_is_not_reached_from_this_one(story: Story) -> None:
    number = story.restrict(story.record())
    other = story.record()
    for wrong in (number, 99_999):
        with refused(story, BadInput, match=f"That restriction is not on {other}"):
            reviewed(story, other, wrong)
