"""The gate: nothing without a live session, and a session that ends is over with the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import ProgrammingError
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app import server
from app.web import cookies, places, sockets
from core import entrance
from core.channels.secrets import token_hash
from core.commands.accounts import EndSessions, MoveColleague, RecordLeaver
from core.errors import NotReady
from core.permissions import Role
from core.store import sessions
from tests.pages.council import WHO
from tests.web.live import ELSEWHERE, Live, Visitor, name_of

STREAMLITS = (
    "/", "/my-cases", "/case?ref=C-2026-0001", "/accounts", "/index.html", "/_stcore/health", "/_stcore/host-config",
    "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/upload_file/a/b", "/_stcore/agent/x", "/media/x.png",
    "/component/x/index.html", "/_stcore/bidi-components/x", "/static/js/index.js", "/app/static/x", "/oauth2callback",
    "/auth/login", "/auth/logout", "/favicon.png", "/manifest.json", "/sign-in/x", "/sign-inn", "/welcome/", "/welcome",
    "/welcome/a/b", "/sso/other", "/healthz/x", "/ops/metrics/x", "/calendar/x", "/calendar/a/b.ics", "//healthz",
    "/sign-in%0a", "/SIGN-IN", "/files/1/", "/export/", "/account/", "/sign-out/",
)  # fmt: skip
OURS = {route.path: route for route in server.ROUTES}
EXAMPLES = {"{token}": "aToken", "{number:int}": "1"}


def example(path: str) -> str:
    """An address that a route answers."""
    for name, value in EXAMPLES.items():
        path = path.replace(name, value)
    return path


def test_the_open_routes_are_exactly_those_that_are_listed() -> None:
    assert set(places.OPEN) <= set(OURS)
    assert {path for path in OURS if places.is_open(example(path))} == set(places.OPEN)


@pytest.mark.parametrize("path", [example(path) for path in sorted(OURS) if path not in places.OPEN] + [*STREAMLITS])
def test_nothing_else_answers_without_a_session(visitor: Visitor, path: str) -> None:
    """A program reads that it needs a session, and a person is led to the sign-in page, whatever was asked for."""
    for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
        answer = visitor.client.request(method, path, headers={"accept": "*/*"})
        assert answer.status_code == 401
        assert answer.text in {"Sign in first.", ""}
        assert "set-cookie" not in answer.headers
    answer = visitor.opens(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_the_deep_link_is_kept_through_the_sign_in(visitor: Visitor) -> None:
    led = visitor.opens("/case?ref=C-2026-0001&band=history").headers["location"]
    assert led == "/sign-in?next=/case%3Fref%3DC-2026-0001%26band%3Dhistory"
    answer = visitor.signs_in(next_=led.partition("next=")[2])
    assert (answer.status_code, answer.headers["location"]) == (303, "/case?ref=C-2026-0001&band=history")
    assert visitor.inside


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
        "javascript:alert(1)", "/%09/evil.example", "/\n/evil.example", "///evil.example", "/\x7f", "evil.example",
        "https:///evil.example", "", " /", "//[::1", "/\\/evil.example", "/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_next_leads_nowhere_else(live: Live, elsewhere: str) -> None:
    visitor = Visitor()
    form = visitor.hidden("/sign-in")
    told = {**form, "next": elsewhere, "name": name_of(Role.HANDLER), "password": "seven green bottles of handler"}
    answer = visitor.client.post("/sign-in", data=told, headers={"origin": visitor.base})
    assert answer.status_code == 303
    assert answer.headers["location"] == ("/" if elsewhere != "/%09/evil.example" else "/%09/evil.example")


@pytest.mark.parametrize("path", ["/", "/case?ref=1&a=b#c", "/files/3", "/search?text=a%2Fb"])
def test_next_leads_on_within_the_console(path: str) -> None:
    assert places.local(path) == path


# -------------------------------------------------------------------------------------------------- forged headers


def test_headers_that_only_the_gate_may_set_are_dropped(live: Live) -> None:
    """Neither an id of a session nor a name in a header lets anybody in, and no route ever sees one from outside."""
    seen: dict[str, str] = {}

    def look(request: Request) -> PlainTextResponse:
        seen.update(request.headers)
        return PlainTextResponse("seen")

    token = entrance.open_session(live.office, WHO[Role.HANDLER], how="password", address="")
    forged = {
        "X-Complaints-Session": token_hash(token),
        "X-Remote-User": name_of(Role.HANDLER),
        "X-Complaints-Proxy-Secret": "guess" * 10,
        "X-COMPLAINTS-Anything": "1",
    }
    visitor = Visitor(routes=[Route("/look", look)])
    assert visitor.client.get("/look", headers=forged).status_code == 303
    visitor.signs_in()
    assert visitor.client.get("/look", headers=forged).text == "seen"
    assert not [name for name in seen if name.startswith("x-complaints-") or name == "x-remote-user"]


SECRET = "a secret of at least thirty-two signs"


def test_the_councils_own_web_server_may_name_who_it_is(live: Live) -> None:
    """With the right secret: a session of the same kind, and on to what was asked for."""
    live.set(proxy_secret=SECRET)
    visitor = Visitor()
    vouched = {"X-Remote-User": name_of(Role.MANAGER).upper(), "X-Complaints-Proxy-Secret": SECRET}
    answer = visitor.client.get("/my-cases?whose=all", headers=vouched)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my-cases?whose=all")
    assert visitor.inside
    assert "the council's web server" in live.ledger("session.opened")[-1]
    for told in ({"X-Complaints-Proxy-Secret": SECRET}, {**vouched, "X-Remote-User": "nobody@council.example"}):
        refused = Visitor().client.get("/", headers=told)
        assert (refused.status_code, refused.text) == (403, "You have no account here. Ask the administrator.")


@pytest.mark.parametrize("given", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()])
def test_a_wrong_secret_vouches_for_nobody(live: Live, given: str | None) -> None:
    live.set(proxy_secret=SECRET)
    vouched = {"X-Remote-User": name_of(Role.MANAGER)}
    if given is not None:
        vouched["X-Complaints-Proxy-Secret"] = given
    assert Visitor().client.get("/", headers=vouched).headers["location"] == "/sign-in?next=/"


def test_without_a_secret_in_the_settings_nobody_is_vouched_for(live: Live) -> None:
    for given in ("", "None", "x" * 40):
        vouched = {"X-Remote-User": name_of(Role.MANAGER), "X-Complaints-Proxy-Secret": given}
        assert Visitor().client.get("/", headers=vouched).headers["location"] == "/sign-in?next=/"


# ---------------------------------------------------------------------------------------------------- ends of sessions


def test_an_idle_session_ends_and_one_in_use_does_not(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    for _ in range(3):
        live.later(minutes=29)
        assert visitor.inside
    live.later(minutes=30)
    assert not visitor.inside
    assert visitor.opens("/").headers["location"] == "/sign-in?next=/"


def test_a_session_ends_after_its_hours_however_busy(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    for _ in range(47):
        live.later(minutes=15)
        assert visitor.inside
    live.later(minutes=15)
    assert not visitor.inside


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/_stcore/host-config", "/static/js/index.js", "/media/a", "/component/x/y"]
)
def test_what_a_page_fetches_by_itself_keeps_no_session_open(live: Live, path: str) -> None:
    """A tab that lost its server asks for signs of life again and again; nobody need sit there."""
    visitor = Visitor()
    visitor.signs_in()
    for _ in range(2):
        live.later(minutes=20)
        visitor.opens(path)
    assert not visitor.inside


@pytest.mark.parametrize("how", ["ended", "left", "signed out"])
def test_a_session_that_is_ended_is_over_with_the_next_request(live: Live, how: str) -> None:
    visitor = Visitor()
    visitor.signs_in()
    assert visitor.inside
    administrator = live.desk(Role.ADMINISTRATOR)
    if how == "ended":
        administrator.do(EndSessions(colleague_id=WHO[Role.HANDLER]))
    elif how == "left":
        administrator.do(RecordLeaver(colleague_id=WHO[Role.HANDLER], successor_id=None))
    else:
        kept = dict(visitor.client.cookies)
        assert visitor.sends("/sign-out").headers["location"] == "/sign-in?ended=1"
        assert "complaints" not in visitor.client.cookies
        visitor.client.cookies.update(kept)  # somebody had kept the token
    assert not visitor.inside
    assert visitor.client.get("/export/queue.csv", headers={"accept": "*/*"}).status_code == 401


def test_another_role_holds_from_the_next_request(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in(Role.MANAGER)
    assert visitor.opens("/export/queue.csv").status_code == 200
    live.desk(Role.ADMINISTRATOR).do(MoveColleague(colleague_id=WHO[Role.MANAGER], role=Role.MEMBER, services=()))
    assert visitor.opens("/export/queue.csv").status_code == 403


def test_records_that_cannot_be_asked_let_nobody_in(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor()
    visitor.signs_in()

    def broken(*_: object, **__: object) -> None:
        raise ProgrammingError("select", {}, ValueError("what somebody typed"))

    monkeypatch.setattr(entrance, "visit", broken)
    assert visitor.opens("/").headers["location"] == "/sign-in?next=/"


def test_a_full_disk_lets_people_read_on(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """The use of a session cannot be noted then; it ends as if it were idle, and not at once."""
    visitor = Visitor()
    visitor.signs_in()

    def full(*_: object, **__: object) -> None:
        raise NotReady("The disk that holds the records is full.")

    monkeypatch.setattr(sessions, "touch", full)
    live.later(minutes=20)
    assert visitor.inside
    live.later(minutes=10)
    assert not visitor.inside


# ------------------------------------------------------------------------------------------------------------- cookies


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_for_this_browser_and_this_console_alone(live: Live, https: bool) -> None:
    base = "https://console.test" if https else "http://console.test"
    live.set(https=https, base_url=base)
    visitor = Visitor(base=base)
    form_cookie = visitor.opens("/sign-in").headers["set-cookie"]
    answer = visitor.signs_in()
    (cookie,) = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    name, *attributes = cookie.split("; ")
    wanted = {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={12 * 3600}", *(["Secure"] if https else [])}
    assert set(attributes) == wanted
    assert name.startswith("__Host-complaints=" if https else "complaints=")
    assert len(name.partition("=")[2]) >= 43  # 256 random bits
    assert form_cookie.startswith("__Host-complaints-form=" if https else "complaints-form=")
    assert {"HttpOnly", "SameSite=strict"} <= set(form_cookie.split("; "))
    assert ("Secure" in form_cookie) is https
    out = visitor.sends("/sign-out").headers["set-cookie"]
    assert "Max-Age=0" in out
    assert ("Secure" in out) is https


def test_each_sign_in_has_a_new_token_and_ends_the_session_before(live: Live) -> None:
    """No session is carried over a sign-in, so none that somebody else put there can be taken over."""
    visitor = Visitor()
    visitor.signs_in()
    first = visitor.client.cookies["complaints"]
    visitor.signs_in()
    assert visitor.client.cookies["complaints"] != first
    assert entrance.visit(live.office, token_hash(first), active=False) is None
    planted = Visitor()
    planted.client.cookies.set("complaints", "a-token-somebody-planted", domain="console.test", path="/")
    planted.signs_in()
    assert planted.client.cookies["complaints"] != "a-token-somebody-planted"


def test_pages_never_see_the_cookies(live: Live) -> None:
    assert live.office.settings.https is False
    header = b"a=1; complaints=t; complaints-form=n; complaints-sso=s; complaints-other=2"
    assert cookies.without_ours(header) == b"a=1; complaints-other=2"


# ------------------------------------------------------------------------------------------------------------- sockets


async def socket(opened: WebSocket) -> None:
    """Stands where a page's socket is: it tells which headers came in."""
    await opened.accept()
    await opened.send_json(dict(opened.headers))
    await opened.receive()


def asks_for_a_socket(live: Live, visitor: Visitor, **headers: str) -> dict[str, str] | None:
    """What a page's socket reads of its own request; None when it does not open."""
    assert live.office.settings.mode == "live"
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
    told = {"origin": visitor.base, "cookie": cookie, **headers}
    there = f"{visitor.base.replace('http', 'ws')}/_stcore/stream"
    try:
        with visitor.client.websocket_connect(there, headers=told) as opened:
            seen: dict[str, str] = opened.receive_json()
            return seen
    except WebSocketDisconnect:
        return None


def test_behind_tls_a_socket_opens_for_the_secure_origin_alone(live: Live) -> None:
    live.set(https=True, base_url="https://console.test")
    visitor = Visitor(base="https://console.test", routes=[WebSocketRoute("/_stcore/stream", socket)])
    assert asks_for_a_socket(live, visitor) is None
    visitor.signs_in()
    assert asks_for_a_socket(live, visitor) is not None
    for origin in ("http://console.test", "https://console.test:444", "https://evil.example", "null", ""):
        assert asks_for_a_socket(live, visitor, origin=origin) is None, origin


def test_a_page_learns_the_sessions_id_and_never_its_token(live: Live) -> None:
    live.set(proxy_secret=SECRET)
    visitor = Visitor(routes=[WebSocketRoute("/_stcore/stream", socket)])
    visitor.signs_in()
    token = visitor.client.cookies["complaints"]
    forged = {"x-complaints-session": "forged", "x-complaints-proxy-secret": SECRET, "x-remote-user": "x"}
    seen = asks_for_a_socket(live, visitor, **forged)
    assert seen is not None
    assert seen["x-complaints-session"] == token_hash(token)
    assert not [value for value in seen.values() if token in value or SECRET in value or value in {"forged", "x"}]


# ------------------------------------------------------------------------------------------------------ what is a deed


def test_ticks_heartbeats_and_what_cannot_be_read_are_nothing_a_person_did() -> None:
    tick, rerun, beat, stop = BackMsg(), BackMsg(), BackMsg(), BackMsg()
    tick.rerun_script.is_auto_rerun = True
    rerun.rerun_script.query_string = "a=1"
    beat.app_heartbeat = True
    stop.stop_script = True
    by_themselves = [sockets.by_itself(each.SerializeToString()) for each in (tick, beat, rerun, stop)]
    assert by_themselves == [True, True, False, False]
    assert sockets.by_itself(b"\xff\xfe") is True
    assert sockets.by_itself(b"") is True


def test_the_message_that_sends_a_browser_away_is_streamlits_own() -> None:
    message = ForwardMsg()
    message.ParseFromString(sockets.leads_to("/sign-in?ended=1"))
    assert message.WhichOneof("type") == "auth_redirect"
    assert message.auth_redirect.url == "/sign-in?ended=1"


def test_the_times_are_what_the_settings_say(live: Live) -> None:
    live.set(idle_minutes=5, session_hours=1)
    visitor = Visitor()
    visitor.signs_in()
    live.now += timedelta(minutes=5)
    assert not visitor.inside
    assert ELSEWHERE not in visitor.opens("/sign-in").text
