"""The one server: Streamlit's ASGI app around Home.py, with our own routes and the headers browsers are to keep.

`python -m uvicorn app.server:app --host 127.0.0.1` or `streamlit run app/server.py`, in the project's folder.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.ui.desk import actor_of, office, only_this_machine, person_from, staff
from app.ui.filters import filter_of
from core.channels.safe_export import to_csv
from core.desk import Desk
from core.errors import ComplaintsError, NotPermitted, NotReady
from core.permissions import SYSTEM
from core.queries.in_force import policy_today
from core.queries.queue import QueueFilter as Filter
from core.queries.queue import queue, queue_export

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
EXPORTED = (
    "Reference", "Individual", "Matter", "Service", "Position", "Handler", "Received", "Next step", "By", "How near",
    "Clause",
)  # fmt: skip


class SecurityHeaders:
    """Puts the headers on every answer; plain ASGI, so streams and sockets pass through untouched."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in HEADERS if each[0] not in there)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class OnlyThisMachine:
    """Refuses visitors from other machines: the sample council asks nobody for a password."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        try:
            client = scope.get("client")
            if client is None:
                raise NotReady("The sample council cannot tell where this visitor comes from, so it stays closed.")
            only_this_machine(client[0])
        except NotReady as refusal:
            await _refuse(str(refusal), scope, receive, send)
            return
        await self.app(scope, receive, send)


async def _refuse(sentence: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(sentence, status_code=403)(scope, receive, send)


def healthz(_request: Request) -> Response:
    """Whether the console can answer a question."""
    try:
        Desk(office(), SYSTEM).ask(policy_today)
    except ComplaintsError as refusal:
        return JSONResponse({"status": "not ready", "why": str(refusal)}, status_code=503)
    return JSONResponse({"status": "ok"})


def queue_csv(request: Request) -> Response:
    """The queue exactly as the page shows it, as CSV: the same filter from the address, the same person."""
    try:
        who = request.query_params.get("who", "")
        if who != str(person_from(who)):
            raise NotPermitted("Say who you are: open the queue and export from there.")
        desk = Desk(office(), actor_of(int(who)))
        rows = desk.ask(queue_export, filter_of(request.query_params, desk))
    except NotPermitted as refusal:
        return PlainTextResponse(str(refusal), status_code=403)
    except ComplaintsError as refusal:
        return PlainTextResponse(str(refusal), status_code=400)
    lines = (
        (
            row.reference, row.individual, row.matter, row.service, row.position, row.owner, row.received_on, row.title,
            row.act_by, row.soon.words, row.clause.partition(":")[2],
        )
        for row in rows
    )  # fmt: skip
    held = {"Content-Disposition": 'attachment; filename="queue.csv"', "Cache-Control": "no-store"}
    return Response(to_csv(lines, EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Check that it is safe to open, make the sample council when absent, warm up, and only then serve."""
    from streamlit.runtime.pages_manager import PagesManager

    # Until the first st.navigation of the process, Streamlit would run app/pages/*.py by themselves, without Home.py.
    PagesManager.uses_pages_directory = False
    # An address may hold the words somebody searched for; no log is to keep them.
    logging.getLogger("uvicorn.access").disabled = True
    check_settings()
    opened = office()
    if opened.settings.mode == "demo":
        check_address(sys.argv, os.environ)
    warm_up()
    try:
        yield {}
    finally:
        opened.close()


def check_settings() -> None:
    """Stop rather than start open: from a wrong folder the settings in config.toml would silently be missing.

    Raises NotReady.
    """
    from streamlit import config

    wanted = {
        "client.showErrorDetails": "none",
        "browser.gatherUsageStats": False,
        "runner.magicEnabled": False,
        "server.address": "127.0.0.1",
    }
    wrong = [name for name, value in wanted.items() if config.get_option(name) != value]
    if wrong:
        raise NotReady(
            f"The settings in .streamlit/config.toml were not read ({', '.join(wrong)}). Start in its folder."
        )


def check_address(words: list[str], env: Any) -> None:
    """Refuse to open the sample council on any address but this machine's own, where the address can be known.

    Raises NotReady.
    """
    given = [words[place + 1] for place, word in enumerate(words[:-1]) if word == "--host"]
    given += [word.partition("=")[2] for word in words if word.startswith("--host=")]
    given += [env["UVICORN_HOST"]] if env.get("UVICORN_HOST") else []
    for address in given:
        if address != "localhost" and not _loopback(address):
            raise NotReady(f"The sample council does not open on {address}. Start it with --host 127.0.0.1.")


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def warm_up() -> None:
    """Do once what the first visitor would wait for, then keep it out of the garbage collector.

    A full collection over everything these libraries hold costs more than a page; frozen objects are not scanned.
    """
    import altair
    import pandas
    import pyarrow  # noqa: F401 - loaded now rather than in the first visitor's run

    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a").to_dict()
    Desk(office(), SYSTEM).ask(queue, Filter())
    staff()
    gc.collect()
    gc.freeze()


app = st.App(
    Path(__file__).resolve().parent / "Home.py",
    lifespan=lifespan,
    routes=[Route("/healthz", healthz), Route("/export/queue.csv", queue_csv)],
    middleware=[Middleware(SecurityHeaders), Middleware(OnlyThisMachine)],
)
