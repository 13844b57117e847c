"""A browser's tab that outlives its server: it keeps what its fields hold and comes again by itself, as browsers do.

What it does when its socket is gone follows Streamlit's own script: it looks for a server again and again, tells the
session that it had, and asks for the page only where a run was under way, the last one was of a part of the page, or
some part of the page has a clock. Its fields are those of the page; what a page no longer has is forgotten.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import WebSocketException

from bench.screen import Screen

PAUSE = 0.3
"""Seconds before a browser looks for a server once more."""
UNANSWERED = 25.0
"""Seconds after which somebody gives up what they asked for, and loads the page again."""

_GONE = (OSError, WebSocketException, EOFError)


@dataclass
class HeldScreen(Screen):
    """A page whose fields hold what was typed or what the page put there, and what a browser knows of its session."""

    session: str = ""
    running: bool = False
    clocks: set[str] = field(default_factory=set)
    led_away: str = ""

    def holds(self, name: str) -> str | None:
        """What a field shows; None when the page has no such field."""
        try:
            widget = self.widget(name)
        except LookupError:
            return None
        state = self._filled.get(widget.id)
        return state.string_value if state is not None else widget.value

    @property
    def asks_by_itself(self) -> bool:
        """Whether a browser asks for the page when it has found a server again."""
        return self.running or self._in_part or bool(self.clocks)

    def comes_again(self) -> BackMsg:
        """Ask for the whole page, with what all fields hold."""
        return self._request()

    def sees(self, message: ForwardMsg) -> bool:
        """Take in one message; whether it ends the run."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._in_part = bool(message.metadata.run.fragment_ids)
            self.running = True
            self.session = message.new_session.initialize.session_id or self.session
            if not self._in_part:
                self.clocks.clear()
        elif kind == "session_status_changed":
            self.running = message.session_status_changed.script_is_running
        elif kind == "auto_rerun":
            self.clocks.add(message.auto_rerun.fragment_id)
        elif kind == "stop_auto_rerun":
            self.clocks.difference_update(message.stop_auto_rerun.fragment_ids)
        elif kind == "auth_redirect":
            self.led_away = message.auth_redirect.url
        over = Screen.sees(self, message)
        if over:
            self.running = False
            if not self._in_part:
                self._filled = {name: state for name, state in self._filled.items() if name in self.widgets}
        return over

    def _note(self, kind: str, drawn: Any, fragment: str) -> None:
        Screen._note(self, kind, drawn, fragment)
        if kind in {"text_area", "text_input"} and drawn.set_value:
            self._filled[drawn.id] = WidgetState(id=drawn.id, string_value=drawn.value)


@dataclass
class SurvivingTab:
    """One tab. `urls` are the servers a browser may be led to, its own first; `cookie` is its session's."""

    urls: list[str]
    cookie: str
    screen: HeldScreen = field(default_factory=HeldScreen)
    returns: int = 0
    longest: float = 0.0
    _socket: Any = None

    async def does(self, request: BackMsg) -> bool:
        """Send a request and wait for the end of its run; whether it came to it without the server going away.

        TimeoutError when nobody answers it; RuntimeError when the browser is led to another place.
        """
        began = perf_counter()
        try:
            return await self._does(request)
        finally:
            self.longest = max(self.longest, perf_counter() - began)

    async def opens(self, page: str, query: str) -> None:
        """Go to a page, again and again until it is there."""
        while not await self.does(self.screen.goes(page, query)):
            continue

    async def loads_anew(self) -> None:
        """What a person does whom nobody answers: the page is loaded again, and what its fields held is gone."""
        await self.closes()
        self.screen = HeldScreen(page=self.screen.page, query=self.screen.query)
        await self.does(self.screen.asks())

    async def closes(self) -> None:
        """The tab is closed."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def _does(self, request: BackMsg) -> bool:
        try:
            if self._socket is None:
                await self._connects()
            await self._socket.send(request.SerializeToString())
            await self._sees_the_end()
        except _GONE:
            await self._comes_again()
            return False
        return True

    async def _comes_again(self) -> None:
        while True:
            self.returns += 1
            self._socket = None
            await self._connects()
            if not self.screen.asks_by_itself:
                return
            try:
                await self._socket.send(self.screen.comes_again().SerializeToString())
                await self._sees_the_end()
            except _GONE:
                continue
            return

    async def _connects(self) -> None:
        """Look for a server until one lets this browser in; its own is asked first, as a web server in front does."""
        until = perf_counter() + 4 * UNANSWERED
        while True:
            for url in self.urls:
                try:
                    self._socket = await self._handshake(url)
                except (*_GONE, TimeoutError):
                    continue
                return
            if perf_counter() > until:
                raise TimeoutError("No server let this browser in.")
            await asyncio.sleep(PAUSE)

    async def _handshake(self, url: str) -> Any:
        last = [self.screen.session] if self.screen.session else []
        return await websockets.connect(
            f"ws://{urlsplit(url).netloc}/_stcore/stream",
            subprotocols=["streamlit", "x", *last],  # type: ignore[list-item]
            additional_headers=[("cookie", self.cookie), ("origin", url)],
            max_size=None, ping_interval=None, compression=None, open_timeout=10, close_timeout=1,
        )  # fmt: skip

    async def _sees_the_end(self) -> None:
        while True:
            data = await asyncio.wait_for(self._socket.recv(), UNANSWERED)
            message = ForwardMsg()
            message.ParseFromString(data)
            over = self.screen.sees(message)
            if self.screen.led_away:
                raise RuntimeError(f"The browser was led to {self.screen.led_away}.")
            if over:
                return
