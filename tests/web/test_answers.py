"""What every answer carries, what a fault says, what the log keeps, and what a watcher may know."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy.exc import DataError, OperationalError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from app import server
from app.ui import desk as ui_desk
from app.web import headers, health, logs
from core.errors import NotReady
from core.permissions import Role
from core.settings import Settings
from tests.web.live import Live, Visitor, name_of, said

TYPED = "Robin Example of 12 Nowhere Street"
TOKEN = "a token of at least thirty-two signs"


def broken(_request: Request) -> PlainTextResponse:
    """A route with a fault of ours that quotes what somebody typed."""
    try:
        raise ValueError(TYPED)
    except ValueError as cause:
        raise DataError(f"INSERT {TYPED}", {"name": TYPED}, cause) from cause


def away(_request: Request) -> PlainTextResponse:
    """A route whose database is away."""
    raise NotReady("The records cannot be reached at the moment. Nothing was saved.")


def half(_request: Request) -> StreamingResponse:
    """A route that breaks off half-way."""

    def parts() -> Iterator[str]:
        yield "half"
        raise ValueError(TYPED)

    return StreamingResponse(parts())


FAULTY = [Route("/calendar/broken.ics", broken), Route("/calendar/away.ics", away), Route("/calendar/half.ics", half)]


@contextmanager
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Everything the console logs meanwhile, line by line."""
    stream, lines = io.StringIO(), []
    monkeypatch.setattr(sys, "stderr", stream)
    kept = structlog.get_config()
    logs.begin()
    # The line that is kept ready for speed would hold on to the stream that pytest takes away.
    structlog.configure(cache_logger_on_first_use=False)
    monkeypatch.setattr(logs, "log", structlog.get_logger("complaints"))
    try:
        yield lines
    finally:
        structlog.configure(**kept)
        lines += stream.getvalue().splitlines()


# ------------------------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("https", [False, True])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 303), ("/sign-in", 200), ("/welcome/x", 403), ("/healthz", 200), ("/ops/metrics", 404),
        ("/calendar/x.ics", 404), ("/sso/start", 404), ("/calendar/broken.ics", 500), ("/calendar/away.ics", 503),
        ("/static/js/x.js", 303),
    ],
)  # fmt: skip
def test_every_answer_carries_every_header(live: Live, path: str, status: int, https: bool) -> None:
    base = "https://console.test" if https else "http://console.test"
    live.set(https=https, base_url=base)
    answer = Visitor(base=base, routes=FAULTY).opens(path)
    assert answer.status_code == status
    for name, value in headers.HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()]
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers.get("strict-transport-security") == ("max-age=31536000; includeSubDomains" if https else None)


def test_every_answer_names_its_content_type(live: Live) -> None:
    """With its signs' encoding, where it is text; a watcher's JSON is UTF-8 by its own rules."""
    visitor = Visitor(routes=FAULTY)
    paths = ["/sign-in", "/welcome/x", "/calendar/x.ics", "/calendar/broken.ics", "/ops/metrics", "/export/queue.csv"]
    for answer in [visitor.opens(path) for path in paths] + [
        visitor.client.post("/sign-in"),
        visitor.opens("/healthz"),
    ]:
        kind = answer.headers.get("content-type", "")
        assert answer.content == b"" or kind == "application/json" or kind.endswith("; charset=utf-8"), answer.url


def test_the_policy_lets_no_script_run_that_is_not_the_consoles_own_file() -> None:
    told = dict(part.split(" ", 1) for part in headers.POLICY.split("; "))
    assert told["script-src"] == "'self'"
    assert {told[name] for name in ("frame-ancestors", "object-src", "base-uri")} == {"'none'"}
    assert {told[name] for name in ("default-src", "connect-src", "form-action")} == {"'self'"}


def test_browsers_keep_the_librarys_own_files_and_nothing_else(live: Live) -> None:
    def script(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("x", headers={"Cache-Control": "public, immutable, max-age=31536000"})

    def gone(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("x", 404, headers={"Cache-Control": "public"})

    visitor = Visitor(routes=[Route("/static/a.js", script), Route("/static/b.js", gone), Route("/media/a", script)])
    visitor.signs_in()
    assert visitor.opens("/static/a.js").headers.get_list("cache-control") == ["public, immutable, max-age=31536000"]
    for path in ("/static/b.js", "/media/a"):
        assert visitor.opens(path).headers.get_list("cache-control") == ["no-store"]


def test_the_pages_of_ours_hold_no_script_and_escape_what_was_typed(visitor: Visitor) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    answer = visitor.signs_in(name=hostile)
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;" in answer.text
    led = visitor.client.get("/sign-in", params={"next": f"/{hostile}"}).text
    assert "<script" not in led


# -------------------------------------------------------------------------------------------------- faults and the log


def test_a_fault_shows_a_reference_and_the_log_the_rest(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer says nothing of the fault, and the log nothing of what was typed."""
    visitor = Visitor(routes=FAULTY)
    with log_lines(monkeypatch) as lines:
        page = visitor.opens("/calendar/broken.ics")
        plain = visitor.client.get("/calendar/broken.ics", headers={"accept": "*/*"})
    assert (page.status_code, plain.status_code) == (500, 500)
    for answer in (page, plain):
        assert not [word for word in (TYPED, "DataError", "ValueError", "Traceback", ".py") if word in answer.text]
    first, second = [json.loads(line) for line in lines]
    assert first["reference"] in page.text
    assert second["reference"] in plain.text
    assert first["event"] == "fault"
    assert first["kinds"] == ["DataError", "ValueError"]
    assert any(place.endswith(" broken") for place in first["places"])
    assert first["timestamp"].endswith("Z")
    assert TYPED not in "".join(lines)


def test_a_console_that_is_not_ready_says_what_it_would_say_on_a_page(live: Live) -> None:
    answer = Visitor(routes=FAULTY).opens("/calendar/away.ics")
    assert answer.status_code == 503
    assert said(answer).endswith("The records cannot be reached at the moment. Nothing was saved.")


def test_an_answer_that_breaks_off_tells_the_log_only_its_reference(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server itself logs what it catches then, so what it catches says nothing either."""
    with log_lines(monkeypatch) as lines, pytest.raises(Exception) as caught:  # noqa: B017, PT011 - of any kind
        Visitor(routes=FAULTY).opens("/calendar/half.ics")
    (line,) = [json.loads(line) for line in lines]
    told = str(caught.value.exceptions[0] if isinstance(caught.value, ExceptionGroup) else caught.value)
    assert told == f"See {line['reference']} in the log."
    assert TYPED not in "".join(lines)


def test_a_librarys_log_tells_no_more_of_a_fault_than_ours(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit logs each fault of a page with its message, and so do the server and asyncio."""
    library, stream = logging.getLogger("a.library"), io.StringIO()
    library.propagate = False
    library.addHandler(logging.StreamHandler(stream))
    with log_lines(monkeypatch):
        try:
            raise ValueError(TYPED)
        except ValueError as error:
            library.exception("Uncaught app execution of %s", TYPED)
            library.error(f"Task exception was never retrieved {error!r}", exc_info=error)
        library.warning("Something %s", "harmless")
    *faults, last = stream.getvalue().splitlines()
    assert last == "Something harmless"
    assert [json.loads(line)["kinds"] for line in faults] == [["ValueError"], ["ValueError"]]
    assert TYPED not in stream.getvalue()


def test_the_log_of_a_day_names_nobody(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-ins, refusals, links and single sign-on: who it was stands in the ledger, not in the log."""
    live.set(metrics_token=TOKEN, sso_metadata_url="http://127.0.0.1:9/x", sso_client_id="a", sso_client_secret="b")
    visitor = Visitor(routes=FAULTY)
    with log_lines(monkeypatch) as lines:
        visitor.signs_in(password="wrong")
        visitor.opens("/sso/start")
        visitor.opens(f"/sso/callback?error={TYPED}&error_description={TYPED}&state=x")
        visitor.signs_in()
        visitor.opens("/calendar/broken.ics")
        visitor.opens("/export/queue.csv?text=Robin")
    assert len(lines) == 3
    assert [json.loads(line)["event"] for line in lines] == [*["single sign-on refused"] * 2, "fault"]
    everything = "".join(lines)
    assert not [word for word in ("Robin", "Dee", name_of(Role.HANDLER), "192.0.2.7", "C-2026") if word in everything]


def test_a_fault_on_a_page_says_a_reference(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("streamlit.error", shown.append)
    with log_lines(monkeypatch) as lines:
        assert server.page_fault(ValueError(TYPED)) is True
    assert json.loads(lines[0])["reference"] in shown[0]
    assert TYPED not in shown[0] + lines[0]


# ------------------------------------------------------------------------------------------------- health and numbers


def test_a_watcher_reads_whether_the_console_is_well_and_nothing_else(visitor: Visitor) -> None:
    told = visitor.opens("/healthz").json()
    assert told.pop("warning", "SQLite").startswith("SQLite")
    assert told == {"status": "ok", "database": "sqlite"}


@pytest.mark.parametrize("sound", [True, False])
def test_a_database_with_a_known_fault_is_named(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, sound: bool) -> None:
    monkeypatch.setattr(health.sqlite3, "sqlite_version_info", (3, 51, 3) if sound else (3, 51, 2))
    assert ("warning" in visitor.opens("/healthz").json()) is not sound


@pytest.mark.parametrize("what", ["away", "broken", "old", "no records"])
def test_a_console_that_is_not_well_says_so_and_no_more(live: Live, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    if what == "no records":
        nowhere = Settings(_env_file=None, mode="live", data_dir=live.folder / "nowhere")
        monkeypatch.setattr(ui_desk, "Settings", lambda: nowhere)
        ui_desk.use(None)
    elif what == "old":
        monkeypatch.setattr("core.desk.at_head", lambda _database: False)
    else:
        fault = OperationalError if what == "away" else DataError
        problem = fault("SELECT", {}, ValueError("unable to open /srv/complaints.db"))

        def asked(*_: object, **__: object) -> None:
            raise problem

        monkeypatch.setattr(type(live.office.database), "reading", asked)
    answer = Visitor().opens("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


@pytest.mark.parametrize("given", [None, "", "Bearer wrong", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "é"])
@pytest.mark.parametrize("token", [None, TOKEN])
def test_the_numbers_are_for_whoever_holds_the_token(live: Live, token: str | None, given: str | None) -> None:
    live.set(metrics_token=token)
    sent = {"authorization": given.encode()} if given is not None else {}
    answer = Visitor().client.get("/ops/metrics", headers=sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.text) == (404, "Not found.")


def test_the_numbers_say_how_often_and_never_who(live: Live) -> None:
    live.set(metrics_token=TOKEN)
    visitor = Visitor()
    before = REGISTRY.get_sample_value("complaints_sign_ins_total", {"result": "refused"}) or 0
    visitor.signs_in(password="wrong")
    visitor.signs_in()
    answer = visitor.opens("/ops/metrics", authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert f'complaints_sign_ins_total{{result="refused"}} {before + 1}' in answer.text
    assert name_of(Role.HANDLER) not in answer.text
