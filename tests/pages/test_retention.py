"""The page Retention, and the line on a case that says how long its record is kept."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

from core.commands.carrying_out import NoteScrub
from core.commands.holding import PlaceHold
from core.commands.requests import RecordServiceRequest
from core.commands.subject_access import RecordSubjectAccess
from core.desk import Desk
from core.model.complaints import Channel
from core.permissions import SYSTEM, Role
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.retention import erased_request

CASE = "C-2026-000001"


def test_fDP_a_case_says_how_long_it_is_kept_and_offers_a_hold_to_those_who_decide(
    council: Council, open_page: Open
) -> None:
    assert "Still in use. Complaint under the Code: 6 years" in words(open_page("case", Role.HANDLER, ref=CASE))
    at = open_page("case", Role.MANAGER, ref=CASE, step="PlaceHold")
    field(at, "text_area", "Who needs the record, and for what").set_value("The court, in an inquest.").run()
    today = council.desk(Role.MANAGER).office.now().date()
    field(at, "date_input", "To be reviewed by").set_value(today + timedelta(days=30)).run()
    next(
        each for each in at.button if each.label == "Put the record on hold" and "form/" in str(each.key)
    ).click().run()
    assert "On hold, to be reviewed by" in words(at)
    said = words(open_page("retention", Role.SENIOR_LEAD))
    assert "On hold: 1" in said and "The court, in an inquest." in said


def test_fDP_a_hold_on_a_service_request_and_own_data_stand_on_home_and_lead_to_where_they_are_seen_to(
    council: Council, open_page: Open
) -> None:
    """For those who decide; the page of the certificates says on which day the database's files were written anew."""
    erased_request(council)
    today, desk = council.now.date(), council.desk(Role.MANAGER)
    asked = {"individual": "Ruth Request", "words": "Please cut the hedge.", "channel": Channel.PHONE}
    recorded = council.desk(Role.RECORDER).do(RecordServiceRequest(received_on=today, why="A first ask.", **asked))
    held: Any = recorded.events[0]
    desk.do(PlaceHold(reference=held.request, reason="The court.", review_on=today + timedelta(days=6)))
    desk.do(RecordSubjectAccess(name="Sam Sample", received_on=today - timedelta(days=30)))
    Desk(council.office, SYSTEM).do(NoteScrub(tables=140, log=True))
    links = [each.proto for each in open_page("overview", Role.MANAGER).get("page_link")]
    hold = next(each for each in links if unescape(each.label).startswith(f"**Hold on {held.request}** · review by "))
    assert f"ref={held.request}" in hold.query_string
    assert any(each.label.startswith("**Request for own data 1** · answer by ") for each in links)
    other = [each.proto.label for each in open_page("overview", Role.HANDLER).get("page_link")]
    assert not [label for label in other if "Hold on" in label or "own data" in label]
    assert "database files written anew on" in words(open_page("retention", Role.MANAGER))


def test_fDP_an_empty_page_says_what_will_stand_there_and_the_schedule_with_its_sources(
    council: Council, open_page: Open
) -> None:
    at = open_page("retention", Role.MANAGER)
    said = words(at)
    for each in ("No record is due.", "Nothing waits for a second person.", "Nothing is on hold.", "certificate of it"):
        assert each in said
    assert "Published complaints retention policies of English councils" in said
    button(at, "Change the retention schedule").click().run()
    assert field(at, "number_input", "Years it is kept")


def test_fDP_a_finished_run_stands_on_the_page_with_its_certificate(council: Council, open_page: Open) -> None:
    reference = erased_request(council)
    at = open_page("retention", Role.MANAGER)
    said = words(at)
    assert "Done: 1 certificate" in said
    assert (
        "[Save certificate 1](/export/erasure-certificate/1?who=3): 1 record anonymised on Tue 24 November 2026" in said
    )
    assert "Nothing has been anonymised yet." not in said and reference not in said
    assert "Anonymised on Tue 24 November 2026." in words(open_page("service_requests", Role.MANAGER, ref=reference))
