"""Whether the console is well, for a load balancer; and its numbers, for whoever holds their token."""

from __future__ import annotations

import hmac
import sqlite3

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import chores, places
from app.web.logs import log
from app.web.metrics import READY, REGISTRY
from core.desk import Desk
from core.permissions import SYSTEM
from core.queries.in_force import policy_today

SOUND = (3, 51, 3)
"""The first SQLite without the fault that can damage a database when checkpoints overlap."""


def healthz(_request: Request) -> Response:
    """Whether the database answers and has the newest schema; a warning where SQLite is one with a known fault.

    Open to anybody who can reach the server, so it says nothing of what is in the records.
    """
    try:
        opened = office()
        Desk(opened, SYSTEM).ask(policy_today)
        opened.check_schema()
    except Exception as fault:  # whatever it is, the console is not well
        log.warning("not ready", kind=type(fault).__name__)
        READY.set(0)
        return JSONResponse({"status": "not ready"}, status_code=503)
    READY.set(1)
    told: dict[str, object] = {"status": "ok", "database": opened.database.url.get_backend_name()}
    if mailbox := chores.mailbox_said():
        told["mailbox"] = mailbox
    if opened.database.is_sqlite and sqlite3.sqlite_version_info < SOUND:
        told["warning"] = (
            f"SQLite {sqlite3.sqlite_version} can damage a database when checkpoints overlap. The console lets "
            "writers through one at a time, which avoids it; open the file with nothing else while it runs."
        )
    return JSONResponse(told)


def metrics(request: Request) -> Response:
    """The numbers, for whoever sends the token from the settings; closed when there is none."""
    expected = office().settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if expected is None or not hmac.compare_digest(given, expected.get_secret_value().encode()):
        return PlainTextResponse("Not found.", status_code=404)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route(places.HEALTH, healthz), Route(places.METRICS, metrics)]
