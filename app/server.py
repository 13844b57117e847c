"""The one server: Streamlit's ASGI app around Home.py, behind the gate, with our own routes beside it.

`python -m uvicorn app.server:app --host 127.0.0.1` or `streamlit run app/server.py`, in the project's folder.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

from app.ui import serving, session_values
from app.ui.desk import office, short_lists
from app.web import (
    answering,
    assessments,
    bundles,
    certificates,
    chores,
    downloads,
    draining,
    feeds,
    health,
    intake,
    logs,
    published,
    reports,
    scripts,
    sign_in,
    sign_on,
    surveying,
    turns,
)
from app.web.faults import Faults
from app.web.gate import Gate
from app.web.headers import SecurityHeaders
from core import entrance
from core.desk import Desk, Office
from core.errors import ComplaintsError, NotReady
from core.permissions import SYSTEM
from core.queries.queue import QueueFilter as Filter
from core.queries.queue import queue

FIRST = ("Administrator", "administrator")
"""Name and sign-in name of a new installation's first account. It has no password until its link is used."""


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Check that it is safe to open, make the sample council when absent, warm up, and only then serve."""
    from streamlit.runtime.pages_manager import PagesManager

    # Until the first st.navigation of the process, Streamlit would run app/pages/*.py by themselves, without Home.py.
    PagesManager.uses_pages_directory = False
    session_values.one_by_one()
    logs.begin()
    check_settings()
    opened = office()
    if opened.settings.mode == "demo":
        check_address(sys.argv, os.environ)
    else:
        prepare(opened)
    warm_up()
    serving.begin()
    turns.begin(around=opened.database.glances.in_one_run)
    chores.begin(opened)
    try:
        yield {}
    finally:
        if not await draining.finished():
            logs.log.warning("a page was still running when the server ended")
        turns.end()
        serving.end()
        await asyncio.to_thread(chores.end)
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
        "server.enableXsrfProtection": True,
        "logger.enableRich": False,
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


def prepare(opened: Office) -> None:
    """Open for real work: the newest schema, pages only under the console's own name, and a first way in.

    Raises NotReady.
    """
    from streamlit import config

    opened.check_schema()
    own = urlsplit(opened.settings.base_url)
    if not own.hostname or own.scheme not in {"http", "https"}:
        raise NotReady(
            "COMPLAINTS_BASE_URL is not an address. Give it as people type it, such as https://complaints.x."
        )
    if opened.settings.https != (own.scheme == "https"):
        raise NotReady("COMPLAINTS_HTTPS and COMPLAINTS_BASE_URL do not agree: one says TLS and the other does not.")
    config.set_option("server.allowedHosts", sorted({own.hostname, "localhost", "127.0.0.1"}))
    if entrance.waits_for_the_first(opened):
        link = entrance.first_administrator(opened, name=FIRST[0], sign_in_name=FIRST[1])
        sys.stderr.write(f"Nobody can administer yet. Open this link once, and choose a password:\n{link}\n")
        sys.stderr.flush()


def warm_up() -> None:
    """Do once what the first visitor would wait for, then keep it out of the garbage collector.

    A full collection over everything these libraries hold costs more than a page; frozen objects are not scanned.
    """
    import altair
    import pandas
    import pyarrow  # noqa: F401 - loaded now rather than in the first visitor's run

    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a").to_dict()
    Desk(office(), SYSTEM).ask(queue, Filter())
    short_lists()
    gc.collect()
    gc.freeze()


def page_fault(error: BaseException) -> bool:
    """A fault of ours on a page: its detail goes to the log, the person reads a reference and what to do."""
    reference = logs.fault(error)
    st.error(
        f"**There is a problem with this page.** Nothing was saved by it. Try again; if it stays, tell the "
        f"administrator the reference **{reference}**."
    )
    return True


def over_tls() -> bool:
    """Whether browsers are to come by TLS alone; a console that is not ready tells them nothing."""
    try:
        return office().settings.https
    except ComplaintsError:
        return False


IN_FRONT = [Middleware(SecurityHeaders, https=over_tls), Middleware(Faults), Middleware(Gate)]
"""What every request and every socket passes, the outermost first."""

_FILES = [
    *assessments.ROUTES,
    *bundles.ROUTES,
    *certificates.ROUTES,
    *downloads.ROUTES,
    *feeds.ROUTES,
    *published.ROUTES,
    *reports.ROUTES,
]
ROUTES = [
    *sign_in.ROUTES,
    *sign_on.ROUTES,
    *_FILES,
    *intake.ROUTES,
    *answering.ROUTES,
    *surveying.ROUTES,
    *health.ROUTES,
    *scripts.ROUTES,
]

app = st.App(
    Path(__file__).resolve().parent / "Home.py",
    lifespan=lifespan,
    routes=ROUTES,
    middleware=IN_FRONT,
    on_script_error=page_fault,
)
