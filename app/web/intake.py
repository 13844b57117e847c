"""Complaints from the council's own web forms: one address that takes them, and one that says how.

No cookie and no session plays a part: a form shows its key with each request. Nothing is sent to other sites' scripts,
because the key belongs on the form's server and never in a page.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import logs, places
from app.web.intake_schema import described
from app.web.metrics import INTAKE
from app.web.problems import Turned
from core import web_intake
from core.errors import BadInput, ComplaintsError, NotPermitted
from core.web_intake import Client, OtherWords, Recorded

T = TypeVar("T")
MOST = 512 * 1024
"""Bytes of one request: the longest texts there may be, however they are written down."""
_AT_ONCE = 4
_OTHERS = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")  # answered here, and never by what stands behind
_AGAIN = "The console cannot record anything at the moment. Keep the words and send them again with the same key."


@cache
def _limiter() -> CapacityLimiter:
    """Threads of their own, so that a flood of forms never keeps people from their sessions."""
    return CapacityLimiter(_AT_ONCE)


@cache
def rates() -> MovingWindowRateLimiter:
    """How often each form sent something, and each address a wrong key, within the last minute of this process."""
    return MovingWindowRateLimiter(MemoryStorage())


async def _in_thread(work: partial[T]) -> T:
    return await to_thread.run_sync(work, limiter=_limiter())


async def send_in(request: Request) -> Response:
    """Record one complaint and tell its reference and dates, or say in a sentence why not [lgsco:3.2]."""
    try:
        recorded, again = await _taken(request)
    except Turned as refusal:
        INTAKE.labels(refusal.kind).inc()
        return refusal.answer()
    except Exception as fault:  # whatever it is, the form is told in its own format, and the log keeps the detail
        return _away(fault).answer()
    INTAKE.labels("again" if again else "recorded").inc()
    headers = {"Idempotent-Replayed": "true"} if again else {}
    return Response(recorded.model_dump_json(), 201, headers=headers, media_type="application/json")


async def _taken(request: Request) -> tuple[Recorded, bool]:
    """What was recorded, and whether it had been before; raises Turned for whatever cannot be."""
    if request.method != "POST":
        raise Turned(405, "method", "Send a complaint with POST.", headers={"Allow": "POST"})
    client = await _client(request)
    if not rates().hit(RateLimitItemPerMinute(office().settings.intake_per_minute), "form", str(client.id)):
        raise _too_many(f"This form sends more than {office().settings.intake_per_minute} complaints a minute.")
    key = _key(request)
    body = await _body(request)
    try:
        sent = web_intake.read(body)
        return await _in_thread(partial(web_intake.receive, office(), client, sent, key=key))
    except OtherWords as refusal:
        raise Turned(409, "other-words", str(refusal)) from refusal
    except BadInput as refusal:
        if "" in refusal.fields:
            raise Turned(400, "no-json", str(refusal)) from refusal
        raise Turned(422, "fields", str(refusal), fields=refusal.fields) from refusal


async def _client(request: Request) -> Client:
    """The form whose key came with the request. Guessing is stopped before anything is looked up."""
    wrong = RateLimitItemPerMinute(office().settings.intake_wrong_keys)
    address = request.client.host if request.client else ""
    if not rates().test(wrong, "address", address):
        raise _too_many("Too many wrong keys came from this address.")
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer" or not key.strip():
            raise NotPermitted("Send the form's key in the header Authorization, after the word Bearer.")
        return await _in_thread(partial(web_intake.client_of, office(), key.strip()))
    except NotPermitted as refusal:
        rates().hit(wrong, "address", address)
        challenge = {"WWW-Authenticate": 'Bearer realm="complaints"'}
        raise Turned(401, "key", str(refusal), headers=challenge) from refusal


def _too_many(said: str) -> Turned:
    return Turned(429, "too-many", f"{said} Wait a minute and send it again.", headers={"Retry-After": "60"})


def _key(request: Request) -> str:
    """The idempotency key, with or without the quotation marks that its draft standard puts round it."""
    given = request.headers.get("idempotency-key", "").strip()
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not re.fullmatch(web_intake.KEY, key):
        raise Turned(
            400,
            "idempotency-key",
            "Send the header Idempotency-Key with 16 to 128 letters, digits or signs of . _ : ~ -, such as a UUID: a "
            "new one for each complaint, and the same one at each try.",
        )
    return key


async def _body(request: Request) -> bytes:
    """What was sent, as far as its kind and size may be."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Turned(415, "not-json", "Send JSON as it is, with Content-Type: application/json.")
    large = Turned(413, "too-large", f"Send at most {MOST // 1024} KB. Files are added to the case by an officer.")
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > MOST:
        raise large
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise large
    return bytes(body)


def _away(fault: Exception) -> Turned:
    """A console that cannot record now: what it lacks is in the log, since a form can do nothing about it."""
    if isinstance(fault, ComplaintsError):
        logs.log.warning("a web form could not be taken", kind=type(fault).__name__)
        return Turned(503, "away", _AGAIN, headers={"Retry-After": "60"})
    return Turned(500, "fault", f"{_AGAIN} If it stays, tell the administrator {logs.fault(fault)}.")


def schema(_request: Request) -> Response:
    """How complaints are sent in, as OpenAPI 3.1; open to anybody, because it tells nothing of any record."""
    return JSONResponse(described(office().settings.base_url))


ROUTES = [
    Route(places.INTAKE, send_in, methods=["POST", *_OTHERS]),
    Route(places.INTAKE_SCHEMA, schema),
]
