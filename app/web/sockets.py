"""A page's socket: every message is carried only while its session lives, and nothing is sent once it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

from app.ui.desk import note_visit
from app.web import asking, cookies, draining, places
from app.web.headers import Asgi, Receive, Scope, Send
from core.entrance import Visit

LOOKS_AFTER = 30.0
"""Seconds after which a tab that nobody touches is looked at: its session may have ended while it shows a case."""

SIGNED_OUT = 4401


async def carry(app: Asgi, here: Visit, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a page's socket: it knows the session by its id, never the token."""
    scope["headers"] = [
        (name, cookies.without_ours(value) if name.lower() == b"cookie" else value) for name, value in scope["headers"]
    ] + [(places.SESSION_HEADER.encode(), here.session_id.encode())]
    line = Line(here.session_id, receive, send)
    watch = asyncio.create_task(line.look_after())
    try:
        await app(scope, line.receive, line.send)
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


class Line:
    """What goes to and fro on one socket, for as long as its session lives."""

    def __init__(self, session_id: str, receive: Receive, send: Send) -> None:
        self._session_id = session_id
        self._receive = receive
        self._send = send
        self._begun = False
        self._ended = False

    async def receive(self) -> MutableMapping[str, Any]:
        """The next message, if its session lives; otherwise the browser is sent away and the socket is over.

        A server that is told to stop finishes what pages are doing before they hear that their socket is gone.
        The first message is no activity: a tab that finds its server again sends one, and nobody need sit there. The
        page that a person opened was a request, and counted as one.
        """
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._ended = True
            if message.get("code") == draining.RESTARTING:
                await draining.finished()
        if message["type"] == "websocket.receive":
            active = self._begun and not by_itself(message.get("bytes") or b"")
            self._begun = True
            here = None if self._ended else await asking.visit(self._session_id, active=active)
            if here is None:
                await self.send_away()
                return {"type": "websocket.disconnect", "code": SIGNED_OUT}
            note_visit(self._session_id, here)
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Pass on what the page sends; after the end of its session or its socket, nothing."""
        if not self._ended:
            with contextlib.suppress(OSError):  # the browser is gone, or told to come again: the next message says so
                await self._send(message)

    async def look_after(self) -> None:
        """Clear the screen of a tab that nobody touches once its session has ended."""
        while not self._ended:
            await asyncio.sleep(LOOKS_AFTER)
            if await asking.visit(self._session_id, active=False) is None:
                await self.send_away()

    async def send_away(self) -> None:
        """Lead the browser to the sign-in page and close its socket, once."""
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(Exception):  # the browser may be gone already
            await self._send({"type": "websocket.send", "bytes": leads_to(f"{places.SIGN_IN}?ended=1")})
            await self._send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "Signed out."})


def leads_to(address: str) -> bytes:
    """The message with which Streamlit's own sign-in sends a browser elsewhere: private, so a test holds on to it."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.auth_redirect.url = address
    return bytes(message.SerializeToString())


def by_itself(data: bytes) -> bool:
    """Whether a message is a tick or a heartbeat of the page, and not something a person did."""
    from google.protobuf.message import DecodeError
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    return kind in {None, "app_heartbeat"} or (kind == "rerun_script" and message.rerun_script.is_auto_rerun)
