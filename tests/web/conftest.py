"""A council at real work for each test, and one real server for those that need sockets."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.ui import desk as ui_desk
from tests.web.live import Live, Visitor, furnish
from tests.web.serving import Server


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A server that starts within the tests changes how libraries log; what comes after logs as before."""
    kept = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(kept)


@pytest.fixture(scope="session")
def live_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a council in which everybody has an account, made once."""
    folder = tmp_path_factory.mktemp("live")
    furnish(folder)
    return folder


@pytest.fixture
def live(live_folder: Path, tmp_path: Path) -> Iterator[Live]:
    """A copy of that council, at work."""
    council = Live(Path(shutil.copytree(live_folder, tmp_path / "live")))
    yield council
    ui_desk.use(None)
    council.office.close()


@pytest.fixture
def visitor(live: Live) -> Visitor:
    """A browser on another machine, signed in as nobody."""
    return Visitor()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The console in a process of its own, in live mode, on a council as of now."""
    folder = tmp_path_factory.mktemp("served")
    furnish(folder, now=datetime.now(UTC), more=0)
    running = Server(folder)
    yield running
    running.stop()
