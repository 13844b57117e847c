"""The headers every answer carries, so that a browser keeps to what the console means it to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
NO_STORE = (b"cache-control", b"no-store")
_KEPT_BY_BROWSERS = "/static/"
_NEVER_CHANGES = b"immutable"


class SecurityHeaders:
    """Puts the headers on every answer; plain ASGI, so streams and sockets pass through untouched."""

    def __init__(self, app: Asgi, https: Callable[[], bool] = lambda: False) -> None:
        self.app = app
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = [*HEADERS, *([STRICT_TRANSPORT] if self.https() else [])]
        beneath = scope["path"].startswith(_KEPT_BY_BROWSERS)

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = list(message["headers"])
                # Only the library's own scripts and fonts, whose names change with their content, are for keeping.
                if not (
                    beneath and any(name.lower() == NO_STORE[0] and _NEVER_CHANGES in value for name, value in own)
                ):
                    own = [pair for pair in own if pair[0].lower() != NO_STORE[0]] + [NO_STORE]
                # A route may say more strictly what a browser may do with its answer, in its own words.
                said = {name.lower() for name, _value in own}
                message["headers"] = [*own, *(pair for pair in wanted if pair[0] not in said)]
            await send(message)

        await self.app(scope, receive, with_headers)
