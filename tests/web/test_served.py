"""The console as it is served: a process of its own, Streamlit behind the gate, and real sockets."""

from __future__ import annotations

import html
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from app.web import headers
from core import entrance
from core.channels.secrets import token_hash
from core.commands.accounts import EndSessions, RecordLeaver
from core.desk import Desk
from core.permissions import SYSTEM, Role
from tests.pages.council import WHO
from tests.web.live import furnish
from tests.web.serving import LOOKS_AFTER, Server, Tab, free_port, script_addresses

pytestmark = pytest.mark.slow
WORD_JOINER = "\u2060"
CLOSED = (
    "/", "/my-cases", "/case?ref=C-2026-000001", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics",
    "/_stcore/upload_file/a/b", "/media/x.png", "/component/x/index.html", "/auth/login", "/auth/logout",
    "/oauth2callback", "/favicon.png", "/index.html", "/_stcore/agent", "/sign-in/", "/healthz/", "/sso/x",
)  # fmt: skip


def handshake(server: Server, token: str = "", **told: object) -> int:
    """The status of a socket's handshake: 101 when it opens."""
    try:
        with server.tab(token, **told):  # type: ignore[arg-type]
            return 101
    except InvalidStatus as refused:
        return int(refused.response.status_code)


# ---------------------------------------------------------------------------------------------------- without a session


def test_nothing_of_streamlit_answers_a_stranger(server: Server) -> None:
    script = script_addresses(server.get("/", server.session(), accept="text/html").text)[0]
    for path in (*CLOSED, f"/{script}"):
        answer = server.get(path)
        assert (answer.status_code, answer.text) == (401, "Sign in first."), path
        for name, value in headers.HEADERS:
            assert answer.headers[name.decode()] == value.decode()
    for path, status in (("/sign-in", 200), ("/healthz", 200), ("/ops/metrics", 404), ("/calendar/x.ics", 404)):
        assert server.get(path).status_code == status


def test_the_pages_the_scripts_and_the_parts_answer_whoever_signed_in(server: Server) -> None:
    token = server.session()
    page = server.get("/", token, accept="text/html")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    script = server.get(f"/{script_addresses(page.text)[0]}", token)
    assert script.status_code == 200
    assert "immutable" in script.headers["cache-control"]
    assert server.get("/static/js/none.js", token).headers["cache-control"] == "no-store"
    assert server.get("/_stcore/health", token).text == "ok"
    assert server.get("/_stcore/metrics", token).headers["content-security-policy"] == headers.POLICY


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://localhost:1", "https://{host}"])
def test_a_socket_asked_for_from_elsewhere_does_not_open(server: Server, origin: str | None) -> None:
    """Not even with the cookie; Streamlit itself would open one for any page of this machine, or for no page at all."""
    token = server.session()
    assert handshake(server, token) == 101
    told = origin.format(host=server.host) if origin else origin
    assert handshake(server, token, origin=told) == 403


def test_a_socket_without_a_session_does_not_open(server: Server) -> None:
    token = server.session()
    assert handshake(server) == 403
    assert handshake(server, "wrong") == 403
    assert handshake(server, token_hash(token)) == 403
    forged = {"X_Complaints_Session": token_hash(token), "X_Remote_User": "handler@council.example"}
    assert handshake(server, **forged) == 403
    entrance.sign_out(server.office, token_hash(token))
    assert handshake(server, token) == 403


def test_a_forged_header_does_not_make_somebody_else(server: Server) -> None:
    """The gate's own word about who sits there replaces whatever a browser sends by that name."""
    manager = token_hash(server.session(Role.MANAGER))
    with server.tab(server.session(Role.HANDLER), X_Complaints_Session=manager) as tab:
        shown = tab.runs()
    assert "Dee Handler" in shown
    assert "Max Manager**, complaints manager" not in shown


# ------------------------------------------------------------------------------------------------ the end of a session


@pytest.fixture
def tab(server: Server) -> Iterator[tuple[Tab, str]]:
    """An open tab that has run once, and its session's token."""
    token = server.session()
    with server.tab(token) as opened:
        assert "Dee Handler" in opened.runs()
        yield opened, token


def sent_away(opened: Tab) -> bool:
    """Whether the browser is led to the sign-in page and its socket closed."""
    return opened.sent_away() == "/sign-in?ended=1" and opened.close_code == 4401


@pytest.mark.parametrize("how", ["ended", "signed out", "idle", "hours"])
def test_the_next_message_of_an_ended_session_leads_away(server: Server, tab: tuple[Tab, str], how: str) -> None:
    opened, token = tab
    if how == "ended":
        administrator = Desk(server.office, SYSTEM)
        administrator.do(EndSessions(colleague_id=WHO[Role.HANDLER]))
    elif how == "signed out":
        entrance.sign_out(server.office, token_hash(token))
    elif how == "idle":
        server.back_date(token, seen_at=timedelta(minutes=30))
    else:
        server.back_date(token, ends_at=timedelta(hours=12))
    opened.asks()
    assert sent_away(opened)


def test_a_tab_that_nobody_touches_is_cleared(server: Server, tab: tuple[Tab, str]) -> None:
    opened, token = tab
    entrance.sign_out(server.office, token_hash(token))
    began = time.monotonic()
    assert sent_away(opened)
    assert time.monotonic() - began < LOOKS_AFTER + 3


def test_a_leavers_tab_is_cleared(server: Server) -> None:
    with server.tab(server.session(Role.QUALITY)) as opened:
        opened.runs()
        Desk(server.office, SYSTEM).do(RecordLeaver(colleague_id=WHO[Role.QUALITY], successor_id=None))
        assert sent_away(opened)


def test_ticks_and_signs_of_life_keep_no_session_open(server: Server, tab: tuple[Tab, str]) -> None:
    """Nor does a tab that finds its server again; what a person does, does."""
    opened, token = tab
    server.back_date(token, seen_at=timedelta(minutes=20))
    seen = seen_at(server, token)
    opened.beats()
    opened.asks(by_itself=True)
    with server.tab(token) as again:
        again.runs()
        server.get("/_stcore/health", token)
        assert seen_at(server, token) == seen
        again.runs()
    assert seen_at(server, token) > seen


def seen_at(server: Server, token: str) -> datetime:
    """When a session was last used."""
    from core.store import sessions

    with server.office.database.reading() as connection:
        long = timedelta(days=1)
        held = sessions.held(connection, token_hash(token), now=datetime.now(UTC), idle=long)
    assert held is not None
    return held.seen_at


def test_a_session_survives_a_reload(server: Server) -> None:
    token = server.session()
    for _reload in range(2):
        with server.tab(token) as opened:
            assert "Dee Handler" in opened.runs()


def test_the_server_says_nothing_of_anybody_in_its_log(server: Server) -> None:
    server.get("/search?text=Robin", server.session())
    assert not [word for word in ("Robin", "Dee Handler", "council.example", "Traceback") if word in server.log]


# ---------------------------------------------------------------- the first request of a process, and other ways in


def test_a_session_survives_a_restart_and_the_first_request_straight_to_a_page_runs_home_first(server: Server) -> None:
    """Until the first st.navigation of a process, Streamlit would run a file of app/pages alone, past Home.py.

    Home.py draws the masthead on every page, and names pages by their own addresses: a file's name is no address.
    """
    token = server.session()
    server.stop(close=False)
    server.start()
    with server.tab(token, page="found") as first, server.tab(token, page="case") as second:
        shown = first.runs()
        assert "Dee Handler**, handler" in shown
        assert "page_not_found" in shown
        assert "Dee Handler**, handler" in second.runs()


def test_the_sample_council_runs_home_first_too(tmp_path: Path, served_folder: Path) -> None:
    folder = Path(shutil.copytree(served_folder, tmp_path / "sample"))
    port = free_port()
    command = ("-m", "uvicorn", "app.server:app", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning")
    running = Server(folder, command, port, COMPLAINTS_MODE="demo")
    try:
        with running.tab(page="found") as opened:
            shown = opened.runs()
    finally:
        running.stop()
    assert "Demo: made-up data" in shown
    assert "page_not_found" in shown


@pytest.mark.parametrize("page", ["", "case", "my-cases", "my_cases"])
def test_started_past_the_server_the_pages_say_how_to_start_it(past_the_server: Server, page: str) -> None:
    """`streamlit run app/Home.py` has no gate in front, so in live mode nothing is shown, whatever is asked for."""
    token = past_the_server.session()
    with past_the_server.tab(token, page=page, X_Complaints_Session=token_hash(token)) as opened:
        shown = opened.runs()
    assert not [word for word in ("Dee Handler", "Missed bin", "Max Manager", "C-2026-0") if word in shown]
    if page == "":
        read = html.unescape(shown).replace(WORD_JOINER, "")
        assert "start it with `python3 go.py run`" in read


@pytest.fixture(scope="module")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council as of now, that nobody serves."""
    folder = tmp_path_factory.mktemp("unserved")
    furnish(folder, now=datetime.now(UTC), more=0)
    return folder


@pytest.fixture(scope="module")
def past_the_server(served_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The pages started without the server that belongs in front of them."""
    folder = Path(shutil.copytree(served_folder, tmp_path_factory.mktemp("past") / "it"))
    port = free_port()
    running = Server(folder, ("-m", "streamlit", "run", "app/Home.py", "--server.port", str(port)), port)
    yield running
    running.stop()
