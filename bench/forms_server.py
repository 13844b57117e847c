"""The console's own gate and routes for web forms, without its pages: it starts quickly, to be killed often."""

from __future__ import annotations

from starlette.applications import Starlette

from app.server import IN_FRONT
from app.web import health, intake

app = Starlette(routes=[*intake.ROUTES, *health.ROUTES], middleware=IN_FRONT)
