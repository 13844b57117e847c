"""The ageing list of service requests, one request with its history, and the months to review."""

from __future__ import annotations

from typing import Any

from core.commands.requests import ReviewServiceRequests
from core.model.requests import OfferReply, RequestOutcome
from core.queries.audit import AuditFilter, audit
from core.queries.requests import PAGE, RequestFilter, request_reviews, request_view, service_requests
from core.rules.request_steps import RequestPosition
from tests.builders import Story, day
from tests.requests import ASKED, UNHAPPY, ask, raise_from, take

TODAY = day("2026-09-21")


def listed(story: Story, **chosen: Any) -> list[str]:
    """The references of the list, in its order."""
    return [row.reference for row in story.desks.handler.ask(service_requests, RequestFilter(**chosen)).rows]


def test_1_8_requests_that_sound_unhappy_come_first_then_those_due_first(story: Story) -> None:
    """So that nothing that should be a complaint waits at the end of a list [lgsco:1.8]."""
    no_day = ask(story, day("2026-09-01"))
    later = ask(story, due_on=day("2026-09-30"))
    sooner = ask(story, due_on=day("2026-09-15"))
    unhappy = ask(story, words=UNHAPPY)
    story.on(TODAY)
    assert listed(story) == [unhappy, sooner, later, no_day]
    assert listed(story, overdue=True) == [sooner]
    assert listed(story, dissatisfied=True) == [unhappy]
    assert listed(story, unassigned=True) == [unhappy, sooner, later, no_day]
    assert listed(story, service_id=2) == listed(story, closed=True) == []


def test_a_row_says_how_old_it_is_and_how_late_in_words(story: Story) -> None:
    reference = ask(story, due_on=day("2026-09-15"))
    take(story, "AssignServiceRequest", reference, ASKED, colleague_id=story.desks.handler.actor.id)
    story.on(TODAY)
    (row,) = story.desks.handler.ask(service_requests, RequestFilter()).rows
    assert (row.days, row.owner, row.position) == (14, "Hana Handler", RequestPosition.OPEN)
    assert row.soon is not None
    assert row.soon.words == "late by 4 working days"
    assert listed(story, owner_id=story.desks.handler.actor.id) == [reference]
    closing = {"closed_on": day("2026-09-10"), "outcome": RequestOutcome.EXPLAINED}
    take(story, "CloseServiceRequest", reference, TODAY, **closing)
    (row,) = story.desks.handler.ask(service_requests, RequestFilter(closed=True)).rows
    assert (row.days, row.soon) == (3, None)


def test_every_request_is_on_one_page(story: Story) -> None:
    """Pages follow one another without a gap; before the first there is the first."""
    references = {ask(story) for _number in range(PAGE + 3)}
    pages = [story.desks.handler.ask(service_requests, RequestFilter(), page=page) for page in (1, 2)]
    assert [page.count for page in pages] == [PAGE + 3] * 2
    assert [page.more for page in pages] == [True, False]
    assert {row.reference for page in pages for row in page.rows} == references
    assert story.desks.handler.ask(service_requests, RequestFilter(), page=0) == pages[0]


def test_the_history_holds_every_step_on_this_request_and_no_other(story: Story) -> None:
    """Newest first, each as a sentence, proved by the chain [lgsco:5.8]."""
    reference, other = ask(story, words=UNHAPPY), ask(story)
    take(story, "OfferComplaint", reference, ASKED, offered_on=ASKED, reply=OfferReply.ACCEPTED)
    raise_from(story, reference, ASKED)
    take(story, "AnswerServiceRequest", other, ASKED, answered_on=ASKED, answer="Soon.")
    view = story.desks.handler.ask(request_view, reference)
    assert [line.tag for line in view.history] == ["complaint.raised", "complaint.offered", "request.recorded"]
    assert view.history[-1].actor == "Robin Recorder"
    assert (view.decided_by, view.phrases, view.offer_owed) == ("Robin Recorder", ("fed up", "nobody rang back"), False)
    assert story.verified() == len(story.tags())


def test_an_offer_is_owed_until_it_is_made_or_a_complaint_is_raised(story: Story) -> None:
    """The page prompts for it [lgsco:5.3]."""
    view = story.desks.handler.ask(request_view, ask(story))
    assert not view.offer_owed
    reference = ask(story, words=UNHAPPY)
    assert story.desks.handler.ask(request_view, reference.lower()).offer_owed
    raise_from(story, reference, ASKED)
    assert not story.desks.handler.ask(request_view, reference).offer_owed


def test_the_months_to_review_say_what_came_and_which_are_overdue(story: Story) -> None:
    """Each month that is over, until it is signed off [lgsco:1.8]."""
    assert story.desks.handler.ask(request_reviews).due == ()
    ask(story, day("2026-07-31"))
    ask(story, day("2026-08-03"), words=UNHAPPY)
    story.on(TODAY)
    due = story.desks.handler.ask(request_reviews).due
    assert [(each.month, each.overdue, each.received, each.dissatisfied, each.not_closed) for each in due] == [
        (day("2026-07-01"), True, 1, 0, 1),
        (day("2026-08-01"), False, 1, 1, 1),
    ]
    assert due[1].review_before == day("2026-10-01")
    story.desks.manager.do(ReviewServiceRequests(month=day("2026-07-31"), note="One hedge."))
    found = story.desks.handler.ask(request_reviews)
    assert [each.month for each in found.due] == [day("2026-08-01")]
    assert [(each.month, each.reviewed_by, each.note) for each in found.done] == [
        (day("2026-07-01"), "Mona Manager", "One hedge.")
    ]


def test_the_audit_shows_the_steps_on_requests(story: Story) -> None:
    ask(story)
    rows = story.desks.senior_lead.ask(audit, AuditFilter(tag="request.recorded")).rows
    assert [row.sentence.startswith("Recorded service request SR-2026-000001") for row in rows] == [True]
