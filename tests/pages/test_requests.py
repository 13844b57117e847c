"""The page of service requests: the list, one request with its steps, and the monthly review."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from core.commands.base import COMMANDS
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.requests import request_reviews, request_view
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, words

FIRST = "SR-2026-000001"
UNHAPPY = "The hedge is high. I am fed up."


def ask(council: Council, *, days_ago: int = 0, **values: Any) -> str:
    """A service request of some days ago."""

    def taken() -> str:
        told = {
            "individual": "Ruth Request",
            "words": "Please cut back the hedge.",
            "received_on": council.today,
            "channel": Channel.PHONE,
            "service_id": 4,
            "why": "A first report.",
            **values,
        }
        done = council.desk(Role.RECORDER).do(COMMANDS["RecordServiceRequest"](**told))
        return str(done.events[0].request)  # type: ignore[attr-defined]

    return council.at(days_ago, taken)


def send(at: AppTest, label: str) -> None:
    """Press the button of the open form: a next step's button has the same words."""
    (found,) = [each for each in at.button if each.label == label and str(each.key).startswith("form/")]
    found.click().run()


def test_without_requests_the_page_says_what_to_do(council: Council, open_page: Open) -> None:
    said = words(open_page("service_requests"))
    assert "No service request is here. Take one in on Intake with “A service request”" in said
    assert "Take in a service request" in said
    assert "Every month that is over is signed off" in said


def test_the_list_says_age_and_due_in_words_and_unhappy_ones_first(council: Council, open_page: Open) -> None:
    """Each row is one link [lgsco:1.8]."""
    ask(council, days_ago=10, due_on=council.day(4), matter="Late hedge")
    ask(council, days_ago=2, words=UNHAPPY, matter="Unhappy hedge")
    at = open_page("service_requests")
    rows = [each.proto.label for each in at.get("page_link") if each.proto.label.startswith("**SR-")]
    assert [row.split("**")[1] for row in rows] == ["SR-2026-000002", FIRST]
    assert "sounds unhappy, no complaint offered" in rows[0]
    assert "no day set" in rows[0]
    assert "10 days" in rows[1]
    assert "late by 2 working days" in rows[1]
    assert "**2 service requests**" in words(at)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, "**2 service requests**"),
        ({"show": "overdue"}, "**1 service request**"),
        ({"words": "unhappy"}, "**1 service request**"),
        ({"whose": "nobody"}, "**2 service requests**"),
        ({"whose": "me"}, "No service request is here"),
        ({"show": "closed"}, "No service request is here"),
        ({"service": "1"}, "No service request is here"),
    ],
)
def test_filters_stand_in_the_address(council: Council, open_page: Open, query: dict[str, str], count: str) -> None:
    ask(council, days_ago=10, due_on=council.day(4))
    ask(council, words=UNHAPPY)
    assert count in words(open_page("service_requests", **query))


def test_choosing_a_filter_changes_the_address(council: Council, open_page: Open) -> None:
    ask(council)
    at = open_page("service_requests")
    at.selectbox(key="filter/requests/words").set_value("unhappy").run()
    assert "No service request is here" in words(at)
    at.selectbox(key="filter/requests/words").set_value("").run()
    assert "**1 service request**" in words(at)


@pytest.mark.parametrize(
    "query", [{"show": "x"}, {"whose": "x"}, {"service": "²"}, {"service": "99"}, {"words": "x"}, {"part": "²"}]
)
def test_a_broken_address_is_a_sentence(council: Council, open_page: Open, query: dict[str, str]) -> None:
    at = open_page("service_requests", **query)
    assert len(at.error) == 1


def test_a_request_nobody_has_is_a_sentence(council: Council, open_page: Open) -> None:
    assert "There is no service request SR-2026-000009" in words(open_page("service_requests", ref="SR-2026-000009"))


def test_the_list_has_pages(council: Council, open_page: Open) -> None:
    for number in range(27):
        ask(council, matter=f"Hedge {number}")
    assert "Next page" in words(open_page("service_requests"))
    second = words(open_page("service_requests", part="2"))
    assert "Previous page" in second
    assert "Next page" not in second


def test_a_request_is_given_to_a_colleague_and_answered(council: Council, open_page: Open) -> None:
    """A step opens in place, and the page then says what was done."""
    ask(council)
    at = open_page("service_requests", ref=FIRST)
    assert "Please cut back the hedge" in at.title[0].value
    button(at, "Give it to a colleague").click().run()
    field(at, "selectbox", "Who deals with it").set_value(WHO[Role.HANDLER])
    field(at, "date_input", "To be dealt with by").set_value(council.today).run()
    send(at, "Give it to a colleague")
    assert not at.exception
    assert f"Gave {FIRST} to Dee Handler, to be dealt with by Tue 24 November 2026." in words(at)
    assert "due today" in words(at)
    at = open_page("service_requests", ref=FIRST, step="AnswerServiceRequest")
    field(at, "text_area", "What they were told").set_value("It is cut on Friday.").run()
    send(at, "Answer")
    assert "answered, not closed" in words(at)
    assert "History: 3 entries" in words(at)


def test_an_unhappy_request_prompts_the_offer_until_it_is_made(council: Council, open_page: Open) -> None:
    """Offered a complaint? And what they said [lgsco:5.3]."""
    ask(council, words=UNHAPPY)
    at = open_page("service_requests", ref=FIRST)
    assert "They sound unhappy. Were they offered a complaint?" in words(at)
    assert "“fed up”" in words(at)
    button(at, "Offer a complaint").click().run()
    field(at, "selectbox", "What they said").set_value("no, they do not").run()
    send(at, "Offer a complaint")
    said = words(at)
    assert "Were they offered a complaint?" not in said
    assert "Offered a complaint on Tue 24 November 2026: no, they do not." in said


def test_closing_an_unhappy_request_asks_why_no_complaint_was_offered(council: Council, open_page: Open) -> None:
    """The finding with its clause and the box for the reason, as on a case [lgsco:5.3]."""
    ask(council, words=UNHAPPY)
    at = open_page("service_requests", ref=FIRST, step="CloseServiceRequest")
    field(at, "selectbox", "How it ended").set_value("done").run()
    send(at, "Close")
    assert "This departs from the Code" in words(at)
    assert "[5.3]" in words(at)
    field(at, "text_area", "Good reason for departing").set_value("They moved away.").run()
    button(at, "Go on with this reason").click().run()
    assert council.desk(Role.HANDLER).ask(request_view, FIRST).outcome == "done"
    assert "Closed on Tue 24 November 2026: done" in words(at)


def test_a_complaint_raised_from_a_request_opens_as_its_case(council: Council, open_page: Open) -> None:
    """Both are linked, and the request goes on [lgsco:1.7]."""
    ask(council, days_ago=3)
    at = open_page("service_requests", ref=FIRST, step="RaiseComplaint")
    field(at, "date_input", "When they first said they were unhappy").set_value(council.day(1))
    field(at, "text_area", "What they said, in their own words").set_value("Not good enough.")
    field(at, "selectbox", "How it came").set_value("phone").run()
    send(at, "Raise a complaint")
    assert not at.exception
    assert f"Raised a complaint from service request {FIRST}" in words(at)
    reference = council.desk(Role.HANDLER).ask(request_view, FIRST).complaints[0].reference
    assert council.desk(Role.HANDLER).ask(case_view, reference).received_on == council.day(1)
    said = words(open_page("service_requests", ref=FIRST))
    assert f"**{reference}** Please cut back the hedge" in said
    assert "**open**" in said


def test_a_step_that_is_not_open_is_refused_in_words(council: Council, open_page: Open) -> None:
    ask(council)
    at = open_page("service_requests", ref=FIRST, step="RespondFinal")
    assert "so this step is not open" in words(at)


def test_a_stale_page_is_told_and_keeps_the_words(council: Council, open_page: Open) -> None:
    ask(council)
    at = open_page("service_requests", ref=FIRST, step="AnswerServiceRequest")
    field(at, "text_area", "What they were told").set_value("On Friday.").run()
    council.take(Role.MANAGER, "AssignServiceRequest", reference=FIRST, colleague_id=WHO[Role.MANAGER])
    send(at, "Answer")
    assert "has changed since this page was opened" in words(at)
    assert field(at, "text_area", "What they were told").value == "On Friday."


@pytest.mark.parametrize("role", [Role.SENIOR_LEAD, Role.QUALITY, Role.LINK_OFFICER])
def test_whoever_only_reads_takes_no_step(council: Council, open_page: Open, role: Role) -> None:
    ask(council)
    at = open_page("service_requests", role, ref=FIRST)
    assert "Your role reads this request and takes no step on it." in words(at)
    assert not [each for each in at.button if each.key and each.key.startswith("request/")]


def test_the_manager_signs_a_month_off(council: Council, open_page: Open) -> None:
    """The oldest first, with what came in it; overdue in words [lgsco:1.8]."""
    ask(council, days_ago=60)
    at = open_page("service_requests", Role.MANAGER)
    said = words(at)
    assert "**September 2026**" in said
    assert "overdue for review" in said
    assert "**October 2026**" in said
    field(at, "text_area", "What you found, and what will change").set_value("Hedges are slow.").run()
    button(at, "Sign the month off").click().run()
    assert not at.exception
    assert "Reviewed the service requests of September 2026: 1 request received" in words(at)
    found = council.desk(Role.MANAGER).ask(request_reviews)
    assert [each.month.month for each in found.due] == [10]
    assert "Look back over October 2026" in words(at)
    assert "Signed off: 1 month" in words(at)


def test_a_handler_reads_which_months_are_due(council: Council, open_page: Open) -> None:
    ask(council, days_ago=60)
    assert "The complaints manager signs each month off." in words(open_page("service_requests"))


def test_the_search_box_finds_requests_beside_complaints(council: Council, open_page: Open) -> None:
    """Both under their own heading; a request's row leads to it [lgsco:1.8]."""
    reference = ask(council, words="The library ramp is icy.", matter="Icy ramp")
    at = open_page("overview")
    at.text_input(key="search").set_value("library").run()
    assert [each.value for each in at.subheader] == ["Complaints", "Service requests"]
    (row,) = [each.proto for each in at.get("page_link") if each.proto.label.startswith("**SR-")]
    assert "Icy ramp · Ruth Request" in row.label
    assert row.query_string.startswith(f"ref={reference}")
    assert "Pothole by the library" in words(at)


def test_older_requests_are_a_page_of_their_own(council: Council, open_page: Open) -> None:
    """Paging the one list leaves the other where it is."""
    for number in range(26):
        ask(council, matter=f"Hedge {number}")
    at = open_page("found", text="hedge")
    (older,) = [each.proto for each in at.get("page_link") if each.proto.label == "Older service requests"]
    found = dict(parse_qsl(older.query_string))
    again = open_page("found", text="hedge", requests_before=found["requests_before"])
    assert "Hedge 0 ·" in words(again)
    assert "Older service requests" not in words(again)


def test_nothing_found_is_said_with_what_to_try(council: Council, open_page: Open) -> None:
    at = open_page("found", text="zebra")
    assert "What matches **zebra**" in words(at) and "Nothing matches." in words(at)
    assert "use fewer words" in words(at)
