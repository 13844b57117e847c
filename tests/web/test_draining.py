"""A server that is told to stop waits for the pages that run, and for nothing else, and not for ever."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from streamlit.runtime.scriptrunner import script_runner

from app.web import draining
from app.web.sockets import Line

Answer = TypeVar("Answer")


@pytest.fixture
def page() -> Iterator[Callable[[], None]]:
    """A page in the middle of its run, under Streamlit's own name for it, and what ends it."""
    goes_on = threading.Event()
    running = threading.Thread(target=goes_on.wait, args=(20,), name="ScriptRunner.scriptThread")
    running.start()

    def end() -> None:
        goes_on.set()
        running.join()

    yield end
    end()


def result_of(waiting: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of it, in a thread of its own: a browser that other tests opened holds this one's loop."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, waiting).result()


async def closed(code: int, then: Callable[[], None]) -> tuple[bool, dict[str, Any]]:
    """A socket is closed with this code; whether its page hears of it before `then` is done, and what it hears."""

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.disconnect", "code": code}

    async def send(_message: Any) -> None:
        raise AssertionError("nothing is sent to a socket that is closed")

    line = Line("session", receive, send)
    hearing = asyncio.create_task(line.receive())  # type: ignore[arg-type]
    await asyncio.sleep(0.1)
    at_once = hearing.done()
    await line.send({"type": "websocket.send", "text": "more"})
    await asyncio.to_thread(then)
    return at_once, dict(await asyncio.wait_for(hearing, 10))


def test_a_page_hears_that_the_server_ends_once_it_has_finished(page: Callable[[], None]) -> None:
    at_once, heard = result_of(closed(draining.RESTARTING, page))
    assert (at_once, heard["type"]) == (False, "websocket.disconnect")


@pytest.mark.parametrize("code", [1000, 1001, 1005, 1006])
def test_a_tab_that_is_closed_waits_for_nobody_elses_page(page: Callable[[], None], code: int) -> None:
    assert result_of(closed(code, page))[0]


def test_a_page_that_never_ends_is_given_up(page: Callable[[], None]) -> None:
    assert result_of(draining.finished(0.05)) is False
    page()
    assert result_of(draining.finished(0.05)) is True


def test_streamlit_still_names_its_pages_so() -> None:
    assert f'name="{draining._PAGES}"' in inspect.getsource(script_runner)
