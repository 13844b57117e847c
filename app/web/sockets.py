"""A page's socket: every message is carried only while its session lives, and nothing is sent once it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import MutableMapping
from time import monotonic
from typing import Any

from app.ui.desk import note_visit, office
from app.web import asking, cookies, draining, places
from app.web.headers import Asgi, Receive, Scope, Send
from core.entrance import Visit
from core.errors import NotReady

LOOKS_AFTER = 30.0
"""Seconds after which a tab that nobody touches is looked at: its session may have ended while it shows a case."""

SIGNED_OUT = 4401
COME_AGAIN = 1013
"""The code with which a socket is closed while the records cannot be asked: browsers keep trying by themselves."""

HOLDS = 5.0
"""Seconds for which a message waits for records that cannot be asked, as while their server starts again."""


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
        self._drawn = False
        self._ended = False
        self._last_deed = monotonic()

    async def receive(self) -> MutableMapping[str, Any]:
        """The next message, if its session lives; otherwise the browser is sent away and the socket is over.

        A server that is told to stop finishes what pages are doing before they hear that their socket is gone.
        The first message is no activity: a tab that finds its server again sends one, and nobody need sit there. The
        page that a person opened was a request, and counted as one.

        While the records cannot be asked nobody is let on, and nobody is sent away from what they have typed either:
        the browser keeps it, and comes again.
        """
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._ended = True
            if message.get("code") == draining.RESTARTING:
                await draining.finished()
        if message["type"] == "websocket.receive":
            active = self._begun and not by_itself(message.get("bytes") or b"")
            self._begun = True
            try:
                here = None if self._ended else await self._visit(active=active)
            except NotReady:
                await self._end(COME_AGAIN, "The records cannot be reached.")
                return {"type": "websocket.disconnect", "code": COME_AGAIN}
            if here is None:
                await self.send_away()
                return {"type": "websocket.disconnect", "code": SIGNED_OUT}
            note_visit(self._session_id, here)
            if not self._drawn:
                message = {**message, "bytes": for_the_whole_page(message.get("bytes") or b"")}
        return message

    async def _visit(self, *, active: bool) -> Visit | None:
        if active:
            self._last_deed = monotonic()
        return await asking.looked_up(self._session_id, active=active, patience=HOLDS)

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Pass on what the page sends; after the end of its session or its socket, nothing."""
        if not self._ended:
            self._drawn = self._drawn or ends_a_run(message.get("bytes") or b"")
            with contextlib.suppress(OSError):  # the browser is gone, or told to come again: the next message says so
                await self._send(message)

    async def look_after(self) -> None:
        """Clear the screen of a tab that nobody touches once its session has ended.

        While the records cannot tell, it has ended once nobody did anything for as long as an idle session lasts.
        """
        while not self._ended:
            await asyncio.sleep(LOOKS_AFTER)
            try:
                over = await asking.looked_up(self._session_id, active=False) is None
            except NotReady:
                over = monotonic() - self._last_deed > 60 * office().settings.idle_minutes
            if over:
                await self.send_away()

    async def send_away(self) -> None:
        """Lead the browser to the sign-in page and close its socket, once."""
        await self._end(SIGNED_OUT, "Signed out.", leads_to(f"{places.SIGN_IN}?ended=1"))

    async def _end(self, code: int, reason: str, *last: bytes) -> None:
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(Exception):  # the browser may be gone already
            for each in last:
                await self._send({"type": "websocket.send", "bytes": each})
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


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


def for_the_whole_page(data: bytes) -> bytes:
    """A message that asks for a part of a page, as one that asks for the page; any other stays as it is.

    Streamlit passes over what comes for a part that it has not drawn in this session: a field that is left while a
    server draws a page for the first time, for a browser that came from another, would be heard by nobody.
    """
    from google.protobuf.message import DecodeError
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return data
    if message.WhichOneof("type") != "rerun_script" or not message.rerun_script.fragment_id:
        return data
    message.rerun_script.ClearField("fragment_id")
    return bytes(message.SerializeToString())


def ends_a_run(data: bytes) -> bool:
    """Whether a message of the page tells that a run has come to its end, and was not cut short."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.ParseFromString(data)
    if message.WhichOneof("type") != "script_finished":
        return False
    return bool(message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
