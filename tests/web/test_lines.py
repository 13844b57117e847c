"""A page's socket while its records cannot be asked, and while a server draws the page for the first time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.web import asking, sockets
from core import entrance
from core.entrance import Visit
from core.errors import NotReady
from core.permissions import Actor, Role
from tests.web.live import Live

Answer = TypeVar("Answer")
HERE = Visit(
    session_id="s", actor=Actor(id=1, name="Dee Handler", role=Role.HANDLER), how="password", second_factor=False
)


def result_of(waiting: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of it, in a thread of its own: a browser that other tests opened holds this one's loop."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, waiting).result()


class Wire:
    """The two ends of a socket: what the browser says, and what it was told."""

    def __init__(self, *messages: BackMsg) -> None:
        self.said = [{"type": "websocket.receive", "bytes": each.SerializeToString()} for each in messages]
        self.told: list[dict[str, Any]] = []
        self.line = sockets.Line("s", self._receive, self._send)  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        return self.said.pop(0)

    async def _send(self, message: Any) -> None:
        self.told.append(message)

    async def hears(self) -> BackMsg:
        message = BackMsg()
        message.ParseFromString((await self.line.receive())["bytes"])
        return message

    async def draws(self, how: Any = ForwardMsg.FINISHED_SUCCESSFULLY) -> None:
        await self.line.send({"type": "websocket.send", "bytes": ForwardMsg(script_finished=how).SerializeToString()})


def leaves_a_field(words: str) -> BackMsg:
    """A field of a form is left: the form alone is to run."""
    message = BackMsg()
    message.rerun_script.fragment_id = "form"
    message.rerun_script.widget_states.widgets.add(id="text", string_value=words)
    return message


@pytest.fixture
def away(live: Live, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """The records cannot be asked as long as something is in this list; each try takes one out."""
    tries: list[None] = []

    def visit(*_: object, **__: object) -> Visit:
        if tries:
            tries.pop()
            raise NotReady("The records cannot be reached at the moment.")
        return HERE

    monkeypatch.setattr(entrance, "visit", visit)
    monkeypatch.setattr(asking, "_PAUSE", 0.01)
    assert live.office.settings.mode == "live"
    return tries


def test_a_word_waits_for_records_that_are_away_for_a_moment(away: list[None]) -> None:
    wire = Wire(leaves_a_field("Rang at noon."))
    away += [None] * 3
    heard = result_of(wire.hears())
    assert heard.rerun_script.widget_states.widgets[0].string_value == "Rang at noon."
    assert (wire.told, away) == ([], [])


def test_records_that_stay_away_lead_nobody_to_the_sign_in_page(
    away: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message reaches no page, and the browser is told to come again: what it holds stays on its screen."""
    monkeypatch.setattr(sockets, "HOLDS", 0.05)
    wire = Wire(leaves_a_field("Rang at noon."))
    away += [None] * 10_000
    heard = result_of(wire.line.receive())
    assert (heard["type"], heard["code"]) == ("websocket.disconnect", sockets.COME_AGAIN)
    assert [(each["type"], each.get("code")) for each in wire.told] == [("websocket.close", sockets.COME_AGAIN)]


@pytest.mark.parametrize(("idle", "cleared"), [(10, False), (31, True)])
def test_a_tab_that_nobody_touches_is_cleared_while_records_are_away_once_it_is_idle(
    away: list[None], monkeypatch: pytest.MonkeyPatch, idle: int, cleared: bool
) -> None:
    monkeypatch.setattr(sockets, "LOOKS_AFTER", 0.01)
    wire = Wire()
    away += [None] * 10_000

    async def looked_after() -> None:
        wire.line._last_deed -= idle * 60
        watch = asyncio.create_task(wire.line.look_after())
        await asyncio.sleep(0.2)
        watch.cancel()

    result_of(looked_after())
    assert [each.get("code") for each in wire.told] == ([None, sockets.SIGNED_OUT] if cleared else [])
    assert len(away) < 10_000


def test_a_field_left_before_the_page_is_drawn_asks_for_the_page(away: list[None]) -> None:
    """A new server knows no part of it yet, and Streamlit passes over what is asked of a part it does not know."""
    assert away == []

    async def parts() -> list[str]:
        wire = Wire(*[leaves_a_field("Rang at noon.")] * 3)
        asked = [await wire.hears()]
        await wire.draws(ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        asked.append(await wire.hears())
        await wire.draws()
        asked.append(await wire.hears())
        assert {each.rerun_script.widget_states.widgets[0].string_value for each in asked} == {"Rang at noon."}
        return [each.rerun_script.fragment_id for each in asked]

    assert result_of(parts()) == ["", "", "form"]


def test_what_asks_for_no_part_stays_as_it_is() -> None:
    whole, beat = BackMsg(), BackMsg()
    whole.rerun_script.query_string = "a=1"
    beat.app_heartbeat = True
    for data in (whole.SerializeToString(), beat.SerializeToString(), b"", b"\xff\xfe"):
        assert sockets.for_the_whole_page(data) == data
