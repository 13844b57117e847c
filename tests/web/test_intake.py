"""The web forms' own address: each complaint once, whatever happens on the way, and a clear sentence otherwise."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.web import intake, places
from core import web_intake
from core.commands.web_forms import RevokeIntakeClient
from core.errors import CalendarEnds, NotPermitted, NotReady
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.intake import intake_clients
from core.queries.people import case_people
from core.store import ledger
from tests.web.live import ADDRESS, ELSEWHERE, Live, Visitor, in_front_of

NO_EMAIL = "“E-mail” is no e-mail address. Give one such as name@example.org, or leave it empty."
NO_DATE = "“When it happened” cannot be used. Send a date as year-month-day, such as 2026-04-02."
MOMENT, AT = "“When it was sent” cannot be used.", "2026-04-02T09:30:00+01:00"
WORDS = "The lift has been broken for three weeks, and nobody answers."
SENT = {"words": WORDS, "name": "Sam Sample", "email": "sam@sample.example"}


class Form:
    """A web form of the council: its own key, and no cookies."""

    def __init__(self, live: Live, name: str = "Example site", *, address: str = ELSEWHERE) -> None:
        self.live = live
        self.name = name
        self.key = web_intake.add_client(live.desk(Role.ADMINISTRATOR), name)
        self.client = TestClient(
            in_front_of(), base_url=ADDRESS, client=(address, 50000), raise_server_exceptions=False
        )

    def post(self, body: bytes | str, **headers: str | None) -> Any:
        """Send these bytes, with the headers as they should be or as they are given; None leaves one out."""
        told = {
            "authorization": f"Bearer {self.key}",
            "idempotency-key": str(uuid4()),
            "content-type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            places.INTAKE, content=body, headers={name: value for name, value in told.items() if value is not None}
        )

    def sends(self, key: str = "", /, **fields: Any) -> Any:
        """Send a complaint with these fields, under a new key if none is given."""
        return self.post(json.dumps(SENT | fields), idempotency_key=key or str(uuid4()))

    @property
    def recorded(self) -> int:
        """How many complaints came through any form."""
        return len(self.live.ledger("form.received"))


@pytest.fixture(autouse=True)
def rates_anew() -> None:
    """Nobody is too many because of another test."""
    intake.rates.cache_clear()


@pytest.fixture
def form(live: Live) -> Form:
    return Form(live)


def refused(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """The problem an answer tells, which is of this kind and reads as a sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["type"]) == (status, f"urn:complaints:intake:{kind}")
    assert problem["detail"].endswith(".")
    return problem


# ------------------------------------------------------------------------------------------------------------ recorded


def test_a_complaint_is_recorded_with_its_reference_dates_and_clauses(form: Form, live: Live) -> None:
    """Received today, Tuesday 24 November 2026: 5 working days, then 10 from there [lgsco:6.2] [lgsco:6.3]."""
    answer = form.sends()
    assert answer.status_code == 201
    assert "idempotent-replayed" not in answer.headers
    told = answer.json()
    assert told["received_on"] == live.now.date().isoformat()
    case = live.desk(Role.MANAGER).ask(case_view, told["reference"])
    clocks = {clock.title: clock for clock in case.clocks}
    assert told["acknowledge"]["by"] == clocks["Acknowledge"].due_on.isoformat()
    assert told["answer"]["by"] == clocks["Respond at stage 1"].due_on.isoformat()
    assert (told["acknowledge"]["clause"], told["answer"]["clause"]) == ("6.2", "6.3")
    assert told["acknowledge"]["why"].startswith("We acknowledge it within 5 working days of receiving it: by ")
    assert told["answer"]["why"].startswith("We answer it within 10 working days of acknowledging it: by ")


def test_everything_the_form_asked_is_on_the_case(form: Form, live: Live) -> None:
    """The individual, who acts for them, what they need, the service and the days [lgsco:1.5] [lgsco:5.6]."""
    told = form.sends(
        subject="Broken lift", outcome_wanted="Mend it.", phone="01632 960 001", address="1 Sample Street",
        postcode="zz1 1zz", preferred_contact="By text.", adjustments="Large print.", service="HIGHWAYS",
        happened_on="2026-11-03", aware_on="2026-11-04", people=12, speaks_for_them="Sam Sample",
        representative={"name": "Ada Advocate", "professional": True, "contact": "ada@sample.example",
                        "written_to": True},
    ).json()  # fmt: skip
    manager = live.desk(Role.MANAGER)
    case, people = manager.ask(case_view, told["reference"]), manager.ask(case_people, told["reference"])
    assert (case.individual["name"], case.matter, case.service) == ("Sam Sample", "Broken lift", "Highways")
    assert people.preference == "By text.\n\nLarge print."
    (advocate,) = people.parties
    assert (advocate.name, advocate.role, advocate.contact) == (
        "Ada Advocate", "professional representative", "ada@sample.example",
    )  # fmt: skip
    assert advocate.written_to
    row = rows(live, "complaint", told["reference"])
    assert (row["words"], row["outcomes_sought"], row["channel"]) == (WORDS, "Mend it.", "web form")
    assert (str(row["issue_on"]), str(row["aware_on"])) == ("2026-11-03", "2026-11-04")


def rows(live: Live, table: str, reference: str) -> dict[str, Any]:
    """A complaint's own row."""
    with live.office.database.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE reference = '{reference}'")  # noqa: S608
        return dict(found.mappings().one())


def test_the_words_alone_are_enough_once_nobody_can_be_reached(form: Form, live: Live) -> None:
    """Anonymous: considered all the same, and no acknowledgement is promised [lgsco:3.2]."""
    answer = form.post(json.dumps({"words": WORDS, "no_contact_details": True}))
    assert answer.status_code == 201
    assert answer.json()["acknowledge"] is None
    assert answer.json()["answer"]["by"]
    assert not rows(live, "complaint", answer.json()["reference"])["acknowledgement_possible"]


def test_whoever_is_reached_through_somebody_else_is_acknowledged(form: Form, live: Live) -> None:
    body = {"words": WORDS, "representative": {"name": "Ada Advocate", "contact": "ada@sample.example"}}
    told = form.post(json.dumps(body | {"no_contact_details": True})).json()
    assert told["acknowledge"]["by"]
    assert rows(live, "complaint", told["reference"])["acknowledgement_possible"]


def test_a_service_by_another_name_keeps_nothing_out(form: Form, live: Live) -> None:
    row = rows(live, "complaint", form.sends(service="The bin men").json()["reference"])
    assert (row["service_id"], row["category"]) == (None, "The bin men")


def test_the_history_says_which_form_it_came_through(form: Form, live: Live) -> None:
    """The form stands as the one who recorded it, and can do nothing else [lgsco:5.8]."""
    reference = form.sends().json()["reference"]
    with live.office.database.reading() as connection:
        actors = connection.exec_driver_sql(
            "SELECT actor FROM ledger_entry WHERE complaint_id = (SELECT id FROM complaint WHERE reference = ?)",
            (reference,),
        ).scalars()
        assert set(actors) == {"Web form: Example site"}
        assert ledger.verify(connection, key=live.office.key)
    (told,) = live.ledger("form.received")
    assert json.loads(told)["client"] == "Example site"


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("2026-11-23T23:59:59Z", "2026-11-23"),
        ("2026-06-01T23:30:00Z", "2026-06-02"),
        ("2026-11-24T00:30:00+02:00", "2026-11-23"),
    ],
)
def test_the_clock_starts_on_the_day_in_england_it_was_sent(form: Form, sent: str, received: str) -> None:
    """A form that could not reach the console for a while costs the individual no day [lgsco:6.2]."""
    assert form.sends(submitted_at=sent).json()["received_on"] == received


def test_a_clock_that_runs_a_little_ahead_is_taken_for_today(form: Form, live: Live) -> None:
    ahead = (live.now + timedelta(minutes=4)).isoformat()
    assert form.sends(submitted_at=ahead).json()["received_on"] == live.now.date().isoformat()


def test_one_that_comes_too_late_is_recorded_and_weighed_by_people(form: Form, live: Live) -> None:
    """The twelve months are no reason for a form to turn anybody away; the days are there to weigh [lgsco:2.2]."""
    answer = form.sends(happened_on="2019-01-05", aware_on="2019-02-05")
    assert answer.status_code == 201
    row = rows(live, "complaint", answer.json()["reference"])
    assert (str(row["issue_on"]), str(row["aware_on"])) == ("2019-01-05", "2019-02-05")
    with live.office.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM departure").scalar() == 0


# ------------------------------------------------------------------------------------------------------ once and again


def test_the_same_again_is_answered_as_the_first_time(form: Form) -> None:
    key = str(uuid4())
    first, second = form.sends(key), form.sends(key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.content == first.content
    assert form.recorded == 1


def test_the_order_of_the_fields_and_quotation_marks_make_no_other_complaint(form: Form) -> None:
    key = str(uuid4())
    first = form.sends(key)
    turned = form.post(json.dumps(dict(reversed(SENT.items())), indent=3), idempotency_key=f'"{key}"')
    assert turned.content == first.content


def test_the_same_key_with_other_words_is_a_conflict_and_loses_neither(form: Form) -> None:
    key = str(uuid4())
    first = form.sends(key)
    problem = refused(form.sends(key, words="Something else altogether."), 409, "other-words")
    assert "under a key of its own" in problem["detail"]
    assert first.json()["reference"] not in json.dumps(problem)
    assert form.recorded == 1
    assert form.sends(words="Something else altogether.").status_code == 201


def test_two_forms_may_choose_the_same_key(form: Form, live: Live) -> None:
    key = str(uuid4())
    other = Form(live, "Another site")
    assert form.sends(key).json()["reference"] != other.sends(key).json()["reference"]


def test_the_first_answer_is_given_days_later_and_whatever_the_calendar_says_then(form: Form, live: Live) -> None:
    key = str(uuid4())
    first = form.sends(key)
    live.later(days=20)
    assert form.sends(key).content == first.content


def test_an_answer_lost_after_the_commit_is_given_again(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine stops between the commit and the answer: the second try finds what the first one did."""
    key = str(uuid4())

    def gone(*_: object) -> None:
        raise OSError("the plug was pulled")

    with monkeypatch.context() as pulled:
        pulled.setattr(web_intake, "_answer", gone)
        refused(form.sends(key), 500, "fault")
    again = form.sends(key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert form.recorded == 1


# ------------------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("fields", "pointer", "said"),
    [
        ({"words": "  "}, "/words", "“What happened” is not filled in yet."),
        ({"words": "x" * 20_001}, "/words", "“What happened” takes 20,000 characters at most. Shorten it."),
        ({"words": 5}, "/words", "“What happened” cannot be used. Send text."),
        ({"words": None}, "/words", "“What happened” cannot be used. Send text."),
        (
            {"words": "a\x00b"},
            "/words",
            "“What happened” holds a sign that no record can hold. Type it again as plain text.",
        ),
        ({"email": "sam at sample"}, "/email", NO_EMAIL),
        ({"email": ""}, "/email", "Give an e-mail, a phone number or an address."),
        ({"colour": "red"}, "/colour", "There is no field “colour” here. Leave it out."),
        ({"a/b~c": 1}, "/a~1b~0c", "There is no field “a/b~c” here. Leave it out."),
        ({"people": 0}, "/people", "“How many people it is from” cannot be used. Send a number from 1 to 1,000,000."),
        ({"people": 1.5}, "/people", "“How many people it is from” cannot be used. Send a whole number."),
        (
            {"people": 10**30},
            "/people",
            "“How many people it is from” cannot be used. Send a number from 1 to 1,000,000.",
        ),
        (
            {"no_contact_details": "no"},
            "/no_contact_details",
            "“There is no way to reach them” cannot be used. Send true or false.",
        ),
        ({"happened_on": "5 April"}, "/happened_on", NO_DATE),
        ({"happened_on": "2026-12-24"}, "/happened_on", "This is after the day of receipt."),
        ({"aware_on": "9999-12-31"}, "/aware_on", "This is after the day of receipt."),
        (
            {"submitted_at": "2026-11-24T09:00:00"},
            "/submitted_at",
            f"{MOMENT} Send the moment with its offset from UTC, such as {AT}.",
        ),
        ({"submitted_at": "yesterday"}, "/submitted_at", f"{MOMENT} Send a moment with its offset, such as {AT}."),
        ({"submitted_at": "2026-11-26T09:00:00Z"}, "/submitted_at", "This date is in the future."),
        (
            {"submitted_at": "1850-11-26T09:00:00Z"},
            "/submitted_at",
            "No date can be counted from then. Check when it was sent.",
        ),
        (
            {"submitted_at": "0001-01-01T00:00:00+14:00"},
            "/submitted_at",
            "That day is not in any calendar. Check when it was sent.",
        ),
        ({"representative": {"contact": "x"}}, "/representative/name", "“Who acts for them” is not filled in yet."),
        ({"representative": "Ada"}, "/representative", "“Who acts for them” cannot be used. Send an object."),
        (
            {"representative": {"name": "Ada", "fee": 3}},
            "/representative/fee",
            "There is no field “fee” here. Leave it out.",
        ),
    ],
)
def test_each_field_that_cannot_be_used_has_its_sentence(
    form: Form, fields: dict[str, Any], pointer: str, said: str
) -> None:
    problem = refused(form.sends(**fields), 422, "fields")
    assert problem["errors"] == [{"pointer": pointer, "detail": said}]
    assert form.recorded == 0


def test_several_fields_are_told_at_once(form: Form) -> None:
    problem = refused(form.sends(words="", email="x", people=0), 422, "fields")
    assert {error["pointer"] for error in problem["errors"]} == {"/words", "/email", "/people"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"words": "\\ud800"}', b"[" * 5000, b'"words"', b"[]", b"null"]
)
def test_what_is_no_json_object_is_said_to_be_none(form: Form, body: bytes) -> None:
    refused(form.post(body), 400, "no-json")


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"content_type": "text/plain"}, 415, "not-json"),
        ({"content_type": "application/x-www-form-urlencoded"}, 415, "not-json"),
        ({"content_type": None}, 415, "not-json"),
        ({"content_encoding": "gzip"}, 415, "not-json"),
        ({"idempotency_key": None}, 400, "idempotency-key"),
        ({"idempotency_key": "short"}, 400, "idempotency-key"),
        ({"idempotency_key": "x" * 129}, 400, "idempotency-key"),
        ({"idempotency_key": "spaces are not allowed here"}, 400, "idempotency-key"),
        ({"authorization": None}, 401, "key"),
        ({"authorization": "Bearer"}, 401, "key"),
        ({"authorization": "Bearer wrong-key-wrong-key-wrong-key"}, 401, "key"),
        ({"authorization": "Basic c2FtOnNhbQ=="}, 401, "key"),
    ],
)
def test_headers_that_do_not_fit_are_refused(
    form: Form, headers: dict[str, str | None], status: int, kind: str
) -> None:
    answer = form.post(json.dumps(SENT), **headers)
    refused(answer, status, kind)
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert form.recorded == 0


def test_json_with_its_encoding_named_is_json(form: Form) -> None:
    assert form.post(json.dumps(SENT), content_type="application/json; charset=utf-8").status_code == 201


def test_what_is_too_large_is_refused_before_it_is_read(form: Form) -> None:
    refused(form.post(b" " * (intake.MOST + 1)), 413, "too-large")
    refused(form.post(b"{}", content_length=str(intake.MOST + 1)), 413, "too-large")

    def endless() -> Any:
        for _ in range(intake.MOST // 1024 + 2):
            yield b" " * 1024

    headers = {"authorization": f"Bearer {form.key}", "idempotency-key": str(uuid4())}
    told = headers | {"content-type": "application/json"}
    refused(form.client.post(places.INTAKE, content=endless(), headers=told), 413, "too-large")


def test_the_longest_texts_fit_however_they_are_written_down(form: Form) -> None:
    """Every character as an escape of twelve signs: still under the limit."""
    long = {"words": "\U0001f6a7" * 20_000, "outcome_wanted": "ä" * 20_000, "adjustments": "ß" * 4_000}
    assert len(json.dumps(SENT | long)) < intake.MOST
    assert form.sends(**long).status_code == 201


def test_a_key_that_was_taken_back_opens_nothing_any_more(form: Form, live: Live) -> None:
    """It holds from the next request; another form goes on."""
    other = Form(live, "Another site")
    assert form.sends().status_code == 201
    administrator = live.desk(Role.ADMINISTRATOR)
    (line,) = (each for each in administrator.ask(intake_clients) if each.name == form.name)
    administrator.do(RevokeIntakeClient(client_id=line.id, why="It leaked."))
    refused(form.sends(), 401, "key")
    assert other.sends().status_code == 201


def test_a_key_is_shown_nowhere_and_kept_as_its_hash(form: Form, live: Live) -> None:
    assert form.sends().status_code == 201
    assert form.key.encode() not in (live.folder / "complaints.db").read_bytes()
    wal = live.folder / "complaints.db-wal"
    assert not wal.exists() or form.key.encode() not in wal.read_bytes()
    assert form.key not in repr(live.desk(Role.ADMINISTRATOR).ask(intake_clients))


def test_the_page_of_forms_says_when_a_key_was_last_used(form: Form, live: Live) -> None:
    administrator = live.desk(Role.ADMINISTRATOR)
    assert administrator.ask(intake_clients)[0].used_at is None
    form.sends()
    first = administrator.ask(intake_clients)[0].used_at
    assert first == live.now
    live.later(seconds=30)
    form.sends()
    assert administrator.ask(intake_clients)[0].used_at == first, "written down once a minute"
    live.later(seconds=31)
    form.sends()
    assert administrator.ask(intake_clients)[0].used_at == live.now


# --------------------------------------------------------------------------------------------------- limits and faults


def test_too_many_from_one_form_are_asked_to_wait_and_the_others_are_not(form: Form, live: Live) -> None:
    other = Form(live, "Another site")
    live.set(intake_per_minute=3)
    assert [form.sends().status_code for _ in range(5)] == [201, 201, 201, 429, 429]
    answer = form.sends()
    assert "3 complaints a minute" in refused(answer, 429, "too-many")["detail"]
    assert answer.headers["retry-after"] == "60"
    assert other.sends().status_code == 201


def test_guessing_keys_stops_before_anything_is_looked_up(
    form: Form, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From that address; somebody else's form goes on."""
    other = Form(live, "Another site", address="192.0.2.99")
    live.set(intake_wrong_keys=2)
    for _ in range(2):
        refused(form.post(json.dumps(SENT), authorization="Bearer guess"), 401, "key")
    with monkeypatch.context() as watched:
        watched.setattr(web_intake, "client_of", lambda *_: pytest.fail("it was looked up"))
        answer = form.sends()
        refused(answer, 429, "too-many")
        assert answer.headers["retry-after"] == "60"
    assert other.sends().status_code == 201


@pytest.mark.parametrize("fault", [NotReady("The disk is full."), CalendarEnds("No holidays are published.")])
def test_a_console_that_cannot_record_says_when_to_come_again(
    form: Form, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """What it lacks is for the log; the form keeps the words, and the same key records them later."""
    key = str(uuid4())

    def away(*_: object, **__: object) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(web_intake, "receive", away)
        answer = form.sends(key)
    problem = refused(answer, 503, "away")
    assert str(fault) not in answer.text
    assert "Keep the words" in problem["detail"]
    assert answer.headers["retry-after"] == "60"
    assert form.sends(key).status_code == 201


def test_a_fault_of_ours_tells_a_reference_and_nothing_of_itself(
    form: Form, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {"words": WORDS}, ValueError(WORDS))

    monkeypatch.setattr(web_intake, "receive", broken)
    answer = form.sends()
    problem = refused(answer, 500, "fault")
    assert WORDS not in answer.text
    assert WORDS not in "".join(capsys.readouterr())
    assert "tell the administrator" in problem["detail"]


# ---------------------------------------------------------------------------------------- nothing of a browser's ways


def test_a_session_of_a_colleague_is_no_key(visitor: Visitor, live: Live) -> None:
    """Whoever is signed in records nothing here, and no cookie is given to anybody."""
    visitor.signs_in(Role.MANAGER)
    answer = visitor.client.post(places.INTAKE, json=SENT, headers={"idempotency-key": str(uuid4())})
    refused(answer, 401, "key")
    assert "set-cookie" not in answer.headers
    assert live.ledger("form.received") == []


def test_other_sites_scripts_are_told_nothing(form: Form) -> None:
    """No header lets a page of another origin read an answer, or ask whether it might."""
    answer = form.post(json.dumps(SENT), origin="https://evil.example")
    asked = form.client.options(
        places.INTAKE,
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    assert asked.status_code == 405
    for each in (answer, asked):
        assert not [name for name in each.headers if name.startswith("access-control")]
        assert "set-cookie" not in each.headers


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_no_other_method_is_taken(form: Form, method: str) -> None:
    answer = form.client.request(method, places.INTAKE, headers={"authorization": f"Bearer {form.key}"})
    refused(answer, 405, "method")
    assert answer.headers["allow"] == "POST"


def test_the_form_can_do_nothing_but_record(form: Form, live: Live) -> None:
    """Its key opens no page and no file, and whoever acts under its name may record alone."""
    reference = form.sends().json()["reference"]
    headers = {"authorization": f"Bearer {form.key}"}
    for path in (f"/case?ref={reference}", "/export/queue.csv", "/files/1"):
        assert form.client.get(path, headers=headers).status_code == 401
    with pytest.raises(NotPermitted):
        web_intake.desk_of(live.office, web_intake.client_of(live.office, form.key)).ask(case_view, reference)
