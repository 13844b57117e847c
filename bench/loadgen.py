"""A browser's tab without the browser: a WebSocket session that speaks Streamlit's own messages and times each run.

A session loads a page and reruns it again and again; a run lasts from the request to "script finished". Messages a
browser would keep are kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.screen import Screen

PATIENCE = 60.0
_WORDS = "What was asked for was not done in time."


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its address within the app, without the leading slash, and its query without the question mark.

    `field` is left again and again, with the same words in it, where only the form around it is to be rerun.
    `headers` are what a browser would send with the socket's handshake, such as the cookie of a session.
    """

    page: str
    query: str = ""
    field: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Run:
    """One script run: how long it took, how much came, and how many elements it drew."""

    seconds: float = 0.0
    messages: int = 0
    size: int = 0
    elements: int = 0


@dataclass(slots=True)
class Tab:
    """One open tab."""

    url: str
    place: Place
    screen: Screen = field(default_factory=Screen)
    _socket: Any = None

    @property
    def errors(self) -> list[str]:
        """What the page has shown as an error so far."""
        return self.screen.errors

    async def __aenter__(self) -> Self:
        address = urlsplit(self.url)
        self._socket = await websockets.connect(
            f"ws://{address.netloc}/_stcore/stream",
            subprotocols=["streamlit", "PLACEHOLDER"],  # type: ignore[list-item]
            additional_headers=list(self.place.headers),
            max_size=None,
            ping_interval=None,
            compression=None,
            open_timeout=PATIENCE,
        )
        self.screen = Screen(page=self.place.page, query=self.place.query)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, at: TracebackType | None) -> None:
        await self._socket.close()

    async def goes(self, place: Place) -> Run:
        """Go to another page of the same tab, as a link in the menu does."""
        return await self._do(self.screen.goes(place.page, place.query))

    async def types(self, name: str, text: str) -> Run:
        """Fill a field in and leave it."""
        return await self._do(self.screen.types(name, text))

    async def presses(self, name: str) -> Run:
        """Press a button."""
        return await self._do(self.screen.presses(name))

    async def run(self) -> Run:
        """Ask for one run of the page and wait until it has finished."""
        return await self._do(self.screen.asks())

    async def again(self) -> Run:
        """Rerun what the place says: the page, or the form around its field."""
        return await (self.types(self.place.field, _WORDS) if self.place.field else self.run())

    async def _do(self, request: BackMsg) -> Run:
        told = Run()
        began = perf_counter()
        await self._socket.send(request.SerializeToString())
        while True:
            data = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            told.messages += 1
            told.size += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            told.elements += message.WhichOneof("type") == "delta"
            if self.screen.sees(message):
                told.seconds = perf_counter() - began
                return told


async def _alternating(tabs: Sequence[Tab], rounds: int) -> list[list[Run]]:
    """The first run of each tab, then `rounds` of all of them in turn, so that a busy moment touches all alike."""
    taken: list[list[Run]] = [[await tab.run()] for tab in tabs]
    for _ in range(rounds):
        for tab, runs in zip(tabs, taken, strict=True):
            runs.append(await tab.again())
    return taken


async def _measure(places: Sequence[tuple[str, Place]], rounds: int) -> tuple[list[list[Run]], list[str]]:
    tabs = [Tab(url, place) for url, place in places]
    try:
        for tab in tabs:
            await tab.__aenter__()
        taken = await _alternating(tabs, rounds)
    finally:
        for tab in tabs:
            if tab._socket is not None:
                await tab.__aexit__(None, None, None)
    return taken, [error for tab in tabs for error in tab.errors]


def reruns(places: Sequence[tuple[str, Place]], *, rounds: int) -> list[list[Run]]:
    """Runs of each place (address of its server, page), the first one cold; RuntimeError when a page shows an error."""
    taken, errors = asyncio.run(_measure(places, rounds))
    if errors:
        raise RuntimeError(f"A page showed an error: {errors[0]}")
    return taken
