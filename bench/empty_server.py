"""An empty page, served as the console is: same library, same warm-up, same frozen garbage collector."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def healthz(_request: Request) -> JSONResponse:
    """Always well."""
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Load what the console loads, then keep it out of the garbage collector."""
    import altair
    import pandas
    import pyarrow  # noqa: F401

    import core.desk  # noqa: F401

    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a").to_dict()
    gc.collect()
    gc.freeze()
    yield {}


app = st.App(
    Path(__file__).resolve().with_name("empty_home.py"), lifespan=lifespan, routes=[Route("/healthz", healthz)]
)
