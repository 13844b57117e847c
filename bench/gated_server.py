"""The empty page once more, behind the console's gate: what it takes longer is the price of the session check."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from app.server import IN_FRONT
from app.ui import serving
from app.web import health
from bench import empty_server


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """As the empty server, and with the gate in front the pages may ask who sits there."""
    async with empty_server.lifespan(app) as state:
        serving.begin()
        yield state


app = st.App(
    Path(__file__).resolve().with_name("gated_home.py"), lifespan=lifespan, routes=health.ROUTES, middleware=IN_FRONT
)
