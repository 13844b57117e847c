"""Row scope of service requests: by service, and through their complaints not past confidentiality."""

from __future__ import annotations

import pytest

from core.commands.requests import AnswerServiceRequest, ReviewServiceRequests
from core.desk import Desk
from core.errors import NotFound
from core.queries.audit import AuditFilter, audit
from core.queries.requests import RequestFilter, request_reviews, request_view, service_requests
from core.queries.triage import taken_in
from tests.builders import Story, day
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.requests import ASKED, UNHAPPY, ask, raise_from, take
from tests.store.test_scope import limited


def seen_by(desk: Desk, references: list[str]) -> set[str]:
    """Which requests somebody sees, found to be the same in the list and one by one."""
    by_view = set()
    for each in references:
        try:
            by_view.add(desk.ask(request_view, each).reference)
        except NotFound as refusal:
            assert str(refusal).startswith(f"There is no service request {each}.")
    page = desk.ask(service_requests, RequestFilter())
    assert {row.reference for row in page.rows} == by_view
    assert page.count == len(by_view)
    return by_view


def test_whoever_is_limited_to_services_sees_their_requests_and_those_in_hand(story: Story, desks: Desks) -> None:
    """And no request without a service, unless it is theirs to deal with [lgsco:4.1]."""
    ours, theirs, given, none = every = [ask(story, service_id=number) for number in (1, 2, 3, None)]
    narrow = limited(desks.handler, 1)
    assert seen_by(narrow, every) == {ours}
    take(story, "AssignServiceRequest", given, ASKED, colleague_id=narrow.actor.id)
    assert seen_by(narrow, every) == {ours, given}
    assert seen_by(limited(desks.quality, 2), every) == {theirs}
    assert seen_by(desks.quality, every) == {*every}
    assert none not in seen_by(limited(desks.manager, 1, 2, 3), every)


def test_a_step_on_another_services_request_finds_nothing(story: Story, desks: Desks) -> None:
    reference = ask(story, service_id=2)
    step = AnswerServiceRequest(reference=reference, answered_on=ASKED, answer="Soon.")
    with refused(story, NotFound, match=f"There is no service request {reference}"):
        limited(desks.handler, 1).do(step)
    assert limited(desks.handler, 2).do(step).sentences


def test_reviews_and_the_audit_count_only_what_is_seen(story: Story, desks: Desks) -> None:
    ask(story, service_id=1)
    ask(story, service_id=2, words=UNHAPPY)
    story.on(day("2026-10-01"))
    narrow = limited(desks.manager, 1)
    (month,) = narrow.ask(request_reviews).due
    assert (month.received, month.dissatisfied) == (1, 0)
    lead = limited(desks.senior_lead, 1)
    assert len(lead.ask(audit, AuditFilter(tag="request.recorded")).rows) == 1
    assert len(desks.senior_lead.ask(audit, AuditFilter(tag="request.recorded")).rows) == 2
    done = narrow.do(ReviewServiceRequests(month=month.month, note="Fine."))
    assert "1 request received, 0 of them" in done.sentences[0]


def test_a_confidential_complaint_raised_from_a_request_is_not_there_for_the_unnamed(
    story: Story, desks: Desks
) -> None:
    """Neither as a link nor in the history of the request, in every place that tells of it [lgsco:5.8]."""
    reference = ask(story)
    raised = str(raise_from(story, reference, ASKED, words="xylophone").reference)
    assert raised in repr(desks.manager.ask(request_view, reference))
    story.keep_confidential(raised)
    said = repr(desks.manager.ask(request_view, reference))
    for secret in (raised, "xylophone", "complaint.raised", "unhappy since"):
        assert secret not in said
    assert desks.manager.ask(taken_in, raised) is None
    assert raised in repr(desks.reviewer.ask(request_view, reference))


@pytest.mark.parametrize("who", ["recorder", "member", "administrator"])
def test_whoever_opens_no_cases_opens_no_requests(desks: Desks, who: str) -> None:
    desk = getattr(desks, who)
    for question in (service_requests, request_view, request_reviews, taken_in):
        assert not desk.may(question.needs)  # type: ignore[attr-defined]


def test_a_complaint_shows_only_requests_its_reader_sees(story: Story, desks: Desks) -> None:
    reference = ask(story, service_id=2)
    raised = str(raise_from(story, reference, ASKED).reference)
    story.on(ASKED)
    story.assign(raised)
    seen = limited(desks.handler, 1).ask(taken_in, raised)
    assert seen is not None
    assert seen.requests == ()
    whole = desks.handler.ask(taken_in, raised)
    assert whole is not None
    assert [each.reference for each in whole.requests] == [reference]
