"""The server refuses to open where it must not, and the sample council opens on its own machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit import config

from app import server
from app.ui import desk as ui_desk
from app.ui.desk import only_this_machine
from core import entrance
from core.errors import NotReady
from core.permissions import Role
from tests.pages.council import WHO
from tests.web.live import Live, Visitor

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the address that must be refused


# ------------------------------------------------------------------------------------------------------ sample council


@pytest.fixture
def sample(live: Live) -> Live:
    """The same council as a sample: nobody signs in."""
    live.set(mode="demo")
    return live


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.8.8"])
def test_this_machine_is_let_in(sample: Live, host: str) -> None:
    assert Visitor(address=host).inside


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "testclient", EVERYWHERE])
def test_other_machines_are_refused(sample: Live, host: str) -> None:
    """Whoever comes from elsewhere, or from nowhere one can tell, reads why not."""
    for path in ("/", "/healthz", "/export/queue.csv?who=3", "/static/js/x.js"):
        answer = Visitor(address=host).opens(path)
        assert answer.status_code == 403
        assert "own machine only" in answer.text
    with pytest.raises(NotReady):
        only_this_machine(host)


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/sign-out",
        "/welcome/x",
        "/sso/start",
        "/sso/callback",
        "/account/password",
        "/account/second-factor",
    ],
)
def test_the_sample_council_asks_nobody_to_sign_in(sample: Live, path: str) -> None:
    visitor = Visitor(address="127.0.0.1")
    for answer in (visitor.opens(path), visitor.client.post(path, data={"seal": "x"})):
        assert (answer.status_code, answer.text) == (404, "The sample council asks nobody to sign in.")


def test_a_session_of_real_work_means_nothing_in_the_sample(sample: Live) -> None:
    """Nor does a header: who sits there is what the address says."""
    token = entrance.open_session(sample.office, WHO[Role.MANAGER], how="password", address="")
    visitor = Visitor(address="127.0.0.1")
    visitor.client.cookies.set("complaints", token, domain="console.test", path="/")
    assert visitor.opens("/export/queue.csv").status_code == 403


def test_the_samples_export_asks_who_and_what_they_may(sample: Live) -> None:
    """No person, an unknown one, one who may not read, or a damaged filter: a sentence and no row."""
    visitor = Visitor(address="127.0.0.1")
    good = visitor.opens("/export/queue.csv?who=3&whose=all")
    assert good.status_code == 200
    assert len(good.text.splitlines()) > 5
    for query in ("", "?who=99", "?who=²", "?who=4", "?who=6"):
        refused = visitor.opens(f"/export/queue.csv{query}")
        assert refused.status_code == 403
        assert "C-2026" not in refused.text
    assert visitor.opens("/export/queue.csv?who=3&stage=9").status_code == 400


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


# ----------------------------------------------------------------------------------------------------------- real work


def test_settings_that_were_not_read_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a wrong folder the safe settings are missing, so nothing opens."""
    monkeypatch.setattr("streamlit.config.get_option", lambda _name: "full")
    with pytest.raises(NotReady, match="config.toml"):
        server.check_settings()


@pytest.fixture
def hosts() -> Iterator[None]:
    """Streamlit's list of names, put back afterwards."""
    kept = config.get_option("server.allowedHosts")
    yield
    config.set_option("server.allowedHosts", kept)


@pytest.mark.usefixtures("hosts")
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"base_url": "complaints.x"}, "not an address"), ({"base_url": "ftp://complaints.x"}, "not an address"),
        ({"base_url": "https://"}, "not an address"), ({"base_url": "https://complaints.x"}, "do not agree"),
        ({"base_url": "http://complaints.x", "https": True}, "do not agree"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_right_stops_the_start(live: Live, told: dict[str, object], why: str) -> None:
    live.set(**told)
    with pytest.raises(NotReady, match=why):
        server.prepare(live.office)


@pytest.mark.usefixtures("hosts")
def test_the_pages_answer_to_the_consoles_own_name_alone(live: Live) -> None:
    live.set(base_url="https://complaints.council.example", https=True)
    server.prepare(live.office)
    assert config.get_option("server.allowedHosts") == ["127.0.0.1", "complaints.council.example", "localhost"]


def test_an_older_schema_stops_the_start(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.desk.at_head", lambda _database: False)
    with pytest.raises(NotReady, match="newest schema"):
        server.prepare(live.office)


@pytest.mark.usefixtures("hosts")
def test_the_first_start_shows_one_link_and_no_password(
    live: Live, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nobody can administer, each start shows a new link; once somebody can, none."""
    server.prepare(live.office)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(entrance, "waits_for_the_first", lambda _office: True)
    monkeypatch.setattr("core.store.sessions.has_accounts", lambda _connection: False)
    told = []
    for _start in range(2):
        server.prepare(live.office)
        told.append(capsys.readouterr().err.splitlines()[-1].removeprefix("http://console.test"))
    assert Visitor().opens(told[0]).status_code == 403
    visitor = Visitor()
    assert "Administrator, choose the password" in visitor.opens(told[1]).text
    new = "entirely new words in a row"
    assert visitor.sends(told[1], password=new, again=new).status_code == 303
    assert Visitor().signs_in(name="administrator", password=new).status_code == 303


def test_the_pages_know_nobody_without_the_gate(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Served in any other way, a page has no session to believe in, and says how to start the console."""
    token = entrance.open_session(live.office, WHO[Role.MANAGER], how="password", address="")
    monkeypatch.setattr(ui_desk.st, "context", SimpleNamespace(headers={"X-Complaints-Session": token}))
    with pytest.raises(NotReady, match="not the way to open the console"):
        ui_desk.desk()
