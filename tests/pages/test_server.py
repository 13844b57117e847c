"""The server refuses to open where it must not, and every answer carries its headers."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import server
from app.ui.desk import only_this_machine
from core.errors import NotReady
from tests.pages.council import Council

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address that must be refused


def hello(_request: object) -> PlainTextResponse:
    """A page."""
    return PlainTextResponse("hello")


def visitor(host: str) -> TestClient:
    """A browser at an address, in front of the console's own middleware and routes."""
    guarded = Starlette(
        routes=[Route("/", hello), Route("/healthz", server.healthz), Route("/export/queue.csv", server.queue_csv)],
        middleware=[Middleware(server.SecurityHeaders), Middleware(server.OnlyThisMachine)],
    )
    return TestClient(guarded, client=(host, 50000))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.8.8"])
def test_this_machine_is_let_in(host: str) -> None:
    """A browser on the machine itself is answered, with every header."""
    answer = visitor(host).get("/")
    assert answer.text == "hello"
    for name, value in server.HEADERS:
        assert answer.headers[name.decode()] == value.decode()


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "testclient", EVERYWHERE])
def test_other_machines_are_refused(host: str) -> None:
    """Whoever comes from elsewhere, or from nowhere one can tell, reads why not."""
    answer = visitor(host).get("/")
    assert answer.status_code == 403
    assert "own machine only" in answer.text
    with pytest.raises(NotReady):
        only_this_machine(host)


@pytest.mark.parametrize(
    "words",
    [["uvicorn", "--host", EVERYWHERE], ["uvicorn", "--host=192.0.2.7"], ["uvicorn", "--host", "council.example"]],
)
def test_the_sample_council_opens_on_no_other_address(words: list[str]) -> None:
    """A server told to listen elsewhere does not start."""
    with pytest.raises(NotReady, match="127.0.0.1"):
        server.check_address(words, {})
    with pytest.raises(NotReady):
        server.check_address([], {"UVICORN_HOST": EVERYWHERE})


def test_its_own_address_is_good() -> None:
    """The way go.py starts it, and `streamlit run`, pass."""
    server.check_address(["uvicorn", "app.server:app", "--host", "127.0.0.1"], {})
    server.check_address(["streamlit", "run", "app/server.py"], {})


def test_settings_that_were_not_read_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a wrong folder the safe settings are missing, so nothing opens."""
    monkeypatch.setattr("streamlit.config.get_option", lambda _name: "full")
    with pytest.raises(NotReady, match="config.toml"):
        server.check_settings()


def test_the_export_is_refused_without_a_person_or_a_right(council: Council) -> None:
    """No person, an unknown one, one who may not read, or a damaged filter: a sentence and no row."""
    client = visitor("127.0.0.1")
    assert client.get("/healthz").json() == {"status": "ok"}
    good = client.get("/export/queue.csv", params={"who": "3", "whose": "all"})
    assert good.status_code == 200
    assert len(good.text.splitlines()) == 13
    for query in ({}, {"who": "99"}, {"who": "²"}, {"who": "4"}, {"who": "6"}):
        refused = client.get("/export/queue.csv", params=query)
        assert refused.status_code == 403
        assert "C-2026" not in refused.text
    assert client.get("/export/queue.csv", params={"who": "3", "stage": "9"}).status_code == 400
