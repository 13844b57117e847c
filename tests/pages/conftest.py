"""A fresh copy of a small council for each test, and the console's app on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from app.ui import desk as ui_desk
from core.desk import Office
from core.permissions import Role
from core.settings import Settings
from tests.pages.council import WHO, Council, busy_council

HOME = Path(__file__).resolve().parents[2] / "app" / "Home.py"
Open = Callable[..., AppTest]
PAGES_KNOWN: dict[str, Any] = {}
"""What the console's pages are, as its first run told."""


def no_sample_council(settings: Settings, opens: Callable[[Settings], Office] = ui_desk._open) -> Office:
    """A page without a council would make the whole sample council, in the folder of whoever runs the tests."""
    if settings.mode == "demo":
        raise LookupError("This test opens a page and has no council. Ask for the fixture `council`.")
    return opens(settings)


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no visitor's address; these tests visit from this machine, and pages run inside Home as served."""
    # AppTest sets the flag anew at each run, so the place that reads it is held instead; the server sets it for good.
    monkeypatch.setattr(script_runner, "PagesManager", SimpleNamespace(uses_pages_directory=False))
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.ip_address", None)
    monkeypatch.setattr(ui_desk, "_open", no_sample_council)
    # AppTest would read the metadata of every installed package anew for each page, half a second; the console has none
    # of the components it looks for.
    nothing_found = "streamlit.components.v2.component_manager.BidiComponentManager.discover_and_register_components"
    monkeypatch.setattr(nothing_found, lambda *_given, **_named: None)


def _built(folder: Path, *, busy: bool) -> Path:
    council = busy_council(folder) if busy else Council(folder)
    council.office.close()
    return folder


@pytest.fixture(scope="session")
def busy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a council with complaints at every position, made once."""
    return _built(tmp_path_factory.mktemp("busy"), busy=True)


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a council nobody has complained to yet, made once."""
    return _built(tmp_path_factory.mktemp("empty"), busy=False)


def _opened(template: Path, folder: Path) -> Iterator[Council]:
    council = Council(Path(shutil.copytree(template, folder)))
    ui_desk.use(council.office)
    yield council
    ui_desk.use(None)
    council.office.close()


@pytest.fixture
def council(busy_folder: Path, tmp_path: Path) -> Iterator[Council]:
    """A copy of the busy council, at work."""
    yield from _opened(busy_folder, tmp_path / "council")


@pytest.fixture
def quiet_council(empty_folder: Path, tmp_path: Path) -> Iterator[Council]:
    """A copy of the council without complaints, at work."""
    yield from _opened(empty_folder, tmp_path / "council")


@pytest.fixture
def open_page() -> Open:
    """Open a page as the colleague with a role, by its address, as a browser would."""

    def opened(page: str, role: Role = Role.HANDLER, **query: str) -> AppTest:
        at = AppTest.from_file(str(HOME), default_timeout=20)
        at.query_params["who"] = str(WHO[role])
        if page != "overview":
            # A page's address is known once the console has run; what one run told saves a run of Home to each other.
            at._registered_pages = (
                PAGES_KNOWN or AppTest.from_file(str(HOME), default_timeout=20).run()._registered_pages
            )
            at.switch_page(f"pages/{page}.py")
            for name, value in query.items():
                at.query_params[name] = value
        at.run()
        PAGES_KNOWN.update(at._registered_pages)
        assert not at.exception, at.exception
        return at

    return opened
