"""The gate: nothing of the console is reached without a live session, and a session is looked up anew each time.

It stands in front of Streamlit, which by itself serves anybody: pages, sockets, uploads and media alike.
"""

from __future__ import annotations

import hmac
from functools import partial
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.ui.desk import office, only_this_machine
from app.web import asking, cookies, places, sockets
from app.web.headers import Asgi, Receive, Scope, Send
from app.web.metrics import REFUSED, SIGN_INS
from core import entrance
from core.channels.secrets import token_hash
from core.errors import NotPermitted, NotReady


class Gate:
    """In front of everything: demo visitors only from this machine, everybody else only with a live session."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        inside = _without_ours(scope)
        try:
            demo = office().settings.mode == "demo"
        except NotReady as refusal:
            # A console that is not ready still says so to whoever watches over it.
            if scope["type"] == "http" and scope["path"] == places.HEALTH:
                await self.app(inside, receive, send)
            else:
                await _refuse(str(refusal), 503, scope, receive, send)
            return
        if demo:
            await self._sample(inside, receive, send)
        else:
            await self._with_session(Headers(scope=scope), inside, receive, send)

    async def _sample(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The sample council asks nobody for a password: it is there for visitors on this machine alone."""
        client = scope.get("client")
        try:
            # Where the server cannot tell, the visitor is one from nowhere, and not from here.
            only_this_machine(client[0] if client else "")
        except NotReady as refusal:
            await _refuse(str(refusal), 403, scope, receive, send)
            return
        if scope["path"].startswith(places.ONLY_WITH_ACCOUNTS):
            await _refuse("The sample council asks nobody to sign in.", 404, scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _with_session(self, told: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """`told` are the headers as they came; `scope` holds none that only the gate may set."""
        if scope["type"] == "websocket" and not cookies.from_here(told):
            await _refuse("Open the console itself.", 403, scope, receive, send)
            return
        token = HTTPConnection(dict(scope)).cookies.get(cookies.session_name())
        active = scope["type"] == "http" and places.is_a_persons_doing(scope["method"], scope["path"])
        here = await asking.visit(token_hash(token), active=active) if token else None
        if here is None and not places.is_open(scope["path"]):
            await _nobody(told, scope, receive, send)
            return
        scope["state"]["visit"] = here
        if scope["type"] == "websocket" and here is not None:
            await sockets.carry(self.app, here, scope, receive, send)
            return
        await self.app(scope, receive, send)


def _without_ours(scope: Scope) -> Scope:
    """The request without anything only the gate may say. A new scope: others may hold the old one's list."""
    ours = (places.OURS.encode(), places.REMOTE_USER.encode())
    kept = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(ours)]
    return {**scope, "headers": kept, "state": {**(scope.get("state") or {}), "visit": None}}


async def _nobody(told: Headers, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a person to the sign-in page, and tell anything else that it needs a session."""
    if scope["type"] == "websocket" or "text/html" not in told.get("accept", ""):
        await _refuse("Sign in first.", 401, scope, receive, send)
        return
    if scope["method"] != "GET":
        await RedirectResponse(f"{places.SIGN_IN}?ended=1", 303)(scope, receive, send)
        return
    query = scope.get("query_string", b"").decode("latin-1")
    asked = scope["path"] + (f"?{query}" if query else "")
    client = scope.get("client")
    try:
        token = await asking.in_thread(partial(_vouched, told, str(client[0]) if client else ""))
    except NotPermitted as unknown:
        await _refuse(str(unknown), 403, scope, receive, send)
        return
    answer: Response = RedirectResponse(f"{places.SIGN_IN}?next={quote(asked, safe='/')}", 303)
    if token is not None:
        SIGN_INS.labels("let in").inc()
        answer = RedirectResponse(places.local(asked), 303)
        cookies.give(answer, token)
    await answer(scope, receive, send)


def _vouched(told: Headers, address: str) -> str | None:
    """A token for the person whom the council's own web server names, when it proves to be that server.

    Raises NotPermitted for a person who has no account here.
    """
    expected = office().settings.proxy_secret
    given = told.get(places.PROXY_SECRET, "")
    if expected is None or not hmac.compare_digest(given.encode(), expected.get_secret_value().encode()):
        return None
    return entrance.sign_in_vouched(office(), sign_in_name=told.get(places.REMOTE_USER, ""), address=address)


async def _refuse(sentence: str, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Say why not; a socket is closed before it opens, which its browser sees as 403."""
    REFUSED.labels("gate").inc()
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "Sign in first."})
        return
    await PlainTextResponse(sentence, status_code=status)(scope, receive, send)
