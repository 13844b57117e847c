"""One's duties as a calendar: by a secret address alone, the same bytes for the same duties, and 404 for all else."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from app.web import intake
from core.channels.secrets import new_token
from core.commands.access import SetFeed
from core.commands.accounts import MoveColleague, RecordLeaver
from core.commands.recording import AddNote
from core.permissions import Role
from tests.pages.council import WHO
from tests.web.live import Live, Visitor

REFERENCE = "C-2026-000001"


@pytest.fixture(autouse=True)
def rates_anew() -> None:
    """Nobody is too many because of another test."""
    intake.rates.cache_clear()


def feed(live: Live, role: Role = Role.HANDLER) -> str:
    """Where a colleague's new calendar feed is."""
    token, hashed = new_token()
    live.desk(role).do(SetFeed(token_hash=hashed))
    return f"/calendar/{token}.ics"


def test_the_calendar_holds_references_and_dates_and_no_name_or_word(live: Live) -> None:
    answer = Visitor().opens(feed(live))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    entries = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len(entries) >= 4
    assert any(REFERENCE in str(entry["summary"]) for entry in entries)
    people = ("Robin", "Zoë", "Sam Made-Up", "Kim", "Dee", "ZZ1", "example.org")
    matters = ("bin", "Housing", "Pothole", "Noise", "Highways", "Street")
    assert not [word for word in (*people, *matters) if word in answer.text]


def test_a_calendar_holds_what_is_its_owners_to_do(live: Live) -> None:
    assert REFERENCE in Visitor().opens(feed(live)).text
    assert REFERENCE not in Visitor().opens(feed(live, Role.REVIEWER)).text


def test_the_calendar_ends_with_its_address_and_with_its_owner(live: Live) -> None:
    first = feed(live)
    second = feed(live)
    assert Visitor().opens(first).status_code == 404
    assert Visitor().opens(second).status_code == 200
    live.desk(Role.HANDLER).do(SetFeed())
    assert Visitor().opens(second).status_code == 404
    third = feed(live)
    live.desk(Role.ADMINISTRATOR).do(RecordLeaver(colleague_id=WHO[Role.HANDLER], successor_id=None))
    answer = Visitor().opens(third)
    assert (answer.status_code, "There is no such calendar" in answer.text) == (404, True)


def test_the_address_of_a_calendar_opens_nothing_else(live: Live) -> None:
    token = feed(live).split("/")[2].removesuffix(".ics")
    visitor = Visitor()
    visitor.client.cookies.set("complaints", token, domain="console.test", path="/")
    assert not visitor.inside
    assert Visitor().opens(f"/welcome/{token}").status_code == 403


def test_the_same_duties_are_the_same_bytes_and_are_not_sent_again(live: Live) -> None:
    """A program that asks each hour is told that nothing has changed, until something on a case does."""
    path = feed(live)
    first = Visitor().opens(path)
    live.later(hours=1)
    again = Visitor().opens(path)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    known = Visitor().opens(path, if_none_match=f'"other", W/{first.headers["etag"]}')
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])
    live.desk(Role.HANDLER).do(AddNote(reference=REFERENCE, text="The crew was asked."))
    assert Visitor().opens(path, if_none_match=first.headers["etag"]).status_code == 200


def test_an_entry_is_a_whole_day_under_an_id_that_stays(live: Live) -> None:
    answer = Visitor().opens(feed(live))
    (entry,) = (each for each in Calendar.from_ical(answer.content).walk("VEVENT") if REFERENCE in str(each["summary"]))
    assert str(entry["uid"]) == f"{REFERENCE}-respond_stage_one@complaints"
    assert str(entry["summary"]) == f"Respond at stage 1: {REFERENCE} (6.3)"
    assert (entry["dtend"].dt - entry["dtstart"].dt).days == 1
    assert "VALUE=DATE" in answer.text


def test_every_wrong_address_gets_one_answer(live: Live) -> None:
    """Nobody's, one in other signs, an earlier one, and one whose owner may open no case any more."""
    path, earlier = feed(live, Role.REVIEWER), feed(live, Role.MEMBER)
    live.desk(Role.ADMINISTRATOR).do(MoveColleague(colleague_id=WHO[Role.REVIEWER], role=Role.ADMINISTRATOR))
    wrong = ("/calendar/x.ics", "/calendar/%00.ics", "/calendar/é.ics", path.swapcase().lower(), path, earlier)
    answers = [Visitor().opens(each) for each in wrong]
    assert {(each.status_code, each.text) for each in answers} == {(404, answers[0].text)}
    assert "There is no such calendar" in answers[0].text


def test_guessing_is_stopped_and_only_for_whoever_guesses(live: Live) -> None:
    path = feed(live)
    guesser = Visitor(address="192.0.2.99")
    for _ in range(live.office.settings.intake_wrong_keys):
        assert guesser.opens("/calendar/guess.ics").status_code == 404
    stopped = guesser.opens(path)
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "60")
    assert Visitor().opens(path).status_code == 200


def test_it_needs_no_session_where_the_web_server_signs_people_in(live: Live) -> None:
    """A calendar program brings no name and no secret of that server."""
    path = feed(live)
    live.set(proxy_secret="s" * 32)
    answer = Visitor().client.get(path, headers={"accept": "*/*"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
