"""A browser's tab without the browser: a WebSocket session that speaks Streamlit's own messages and times each run.

A session loads a page and reruns it again and again; a run lasts from the request to "script finished". Messages a
browser would keep are kept. The messages are Streamlit's private format: use it with the version that serves.
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

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its address within the app, without the leading slash, and its query without the question mark.

    `headers` are what a browser would send with the socket's handshake, such as the cookie of a session.
    """

    page: str
    query: str = ""
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
    page_hash: str = ""
    kept: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    _socket: Any = None

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
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, at: TracebackType | None) -> None:
        await self._socket.close()

    async def run(self) -> Run:
        """Ask for one run of the page and wait until it has finished."""
        told = Run()
        began = perf_counter()
        await self._socket.send(self._request().SerializeToString())
        while True:
            data = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            told.messages += 1
            told.size += len(data)
            message = ForwardMsg()
            message.ParseFromString(data)
            if self._take(message, told):
                told.seconds = perf_counter() - began
                return told

    def _request(self) -> BackMsg:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.place.query
        if self.page_hash:
            asked.page_script_hash = self.page_hash
        else:
            asked.page_name = self.place.page
        asked.cached_message_hashes.extend(self.kept)
        asked.context_info.timezone, asked.context_info.locale = "Europe/London", "en-GB"
        return message

    def _take(self, message: ForwardMsg, told: Run) -> bool:
        """Note one message; whether it ends the run."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash or self.page_hash
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash or self.page_hash
        elif kind == "page_not_found":
            self.errors.append(f"There is no page {self.place.page!r}.")
        elif kind == "delta":
            self._note(message, told)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _note(self, message: ForwardMsg, told: Run) -> None:
        if message.metadata.cacheable and message.hash:
            self.kept.add(message.hash)
        told.elements += 1
        element = message.delta.new_element
        kind = element.WhichOneof("type") if message.delta.WhichOneof("type") == "new_element" else None
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}"[:300])
        if kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(f"The page says: {element.alert.body}"[:300])


async def _alternating(tabs: Sequence[Tab], rounds: int) -> list[list[Run]]:
    """The first run of each tab, then `rounds` of all of them in turn, so that a busy moment touches all alike."""
    taken: list[list[Run]] = [[await tab.run()] for tab in tabs]
    for _ in range(rounds):
        for tab, runs in zip(tabs, taken, strict=True):
            runs.append(await tab.run())
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
