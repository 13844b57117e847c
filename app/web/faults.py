"""A fault of ours in a route: a page that says so with a reference, and the detail in the log alone."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.websockets import WebSocketDisconnect

from app.web import forms, logs
from app.web.headers import Asgi, Receive, Scope, Send
from core.errors import ComplaintsError, NotReady

SENTENCE = (
    "There is a problem with the console. Nothing was saved by it. Try again; if it stays, tell the administrator "
    "the reference {reference}."
)


class CutOff(RuntimeError):
    """An answer that broke off half-way; the reference says which line of the log has the detail."""


class Faults:
    """Turns whatever goes wrong further in into one and the same answer; nothing of the fault itself leaves."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        begun = False

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except (ClientDisconnect, WebSocketDisconnect):
            return  # whoever asked has gone
        except Exception as fault:  # everything: a fault says what was typed, and only the log's own words may leave
            reference = logs.fault(fault)
            if begun or scope["type"] == "websocket":
                raise CutOff(f"See {reference} in the log.") from None
            await _answer(scope, fault, reference)(scope, receive, send)


def _answer(scope: Scope, fault: Exception, reference: str) -> Response:
    away = isinstance(fault, NotReady)
    said = str(fault) if isinstance(fault, ComplaintsError) else SENTENCE.format(reference=reference)
    status = 503 if away else 500
    accepted = Headers(scope=scope).get("accept", "")
    if "text/html" in accepted:
        try:
            return HTMLResponse(forms.whole("There is a problem", forms.problem_box(said)), status_code=status)
        except ComplaintsError:  # without an office there is no council's name to put above it
            return PlainTextResponse(said, status_code=status)
    return PlainTextResponse(said, status_code=status)
