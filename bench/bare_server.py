"""The least a route can do with a complaint: read its JSON and answer. What the console takes longer is its work."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.web import places


async def take(request: Request) -> JSONResponse:
    """Read what was sent, and say so."""
    sent = await request.json()
    return JSONResponse({"characters": len(sent["words"])}, status_code=201)


def healthz(_request: Request) -> JSONResponse:
    """Always well."""
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route(places.INTAKE, take, methods=["POST"]), Route(places.HEALTH, healthz)])
