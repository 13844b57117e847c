"""The sample council for tests: the whole of it once a session, and a small one that is copied.

A test file imports the fixtures it uses by name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.demo import build_demo
from core.desk import Office
from core.settings import Settings

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)  # a Tuesday
KEY = "3c" * 32
SMALL = 66
SMALL_FOLDERS: list[Path] = []
"""The one there is, once it has been made."""


def settings_in(folder: Path, **given: object) -> Settings:
    """Settings of a sample council in a folder, whatever the environment says."""
    values: dict[str, object] = {"mode": "demo", "database_url": None, "ledger_key": SecretStr(KEY), **given}
    return Settings(_env_file=None, data_dir=folder, **values)


def office_in(folder: Path) -> Office:
    """An office on the sample council in a folder, at the tests' moment."""
    return Office(settings_in(folder), clock=lambda: NOW)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole sample council; nothing in it may be changed."""
    folder = tmp_path_factory.mktemp("sample-council")
    build_demo(settings_in(folder), now=NOW)
    return folder


@pytest.fixture(scope="session")
def demo_office(demo_folder: Path) -> Iterator[Office]:
    """An office on the whole sample council, for reading only."""
    office = office_in(demo_folder)
    yield office
    office.close()


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small sample council; nothing in it may be changed."""
    if not SMALL_FOLDERS:  # pytest makes a fixture anew for each file that imports it
        SMALL_FOLDERS.append(tmp_path_factory.mktemp("small-council"))
        build_demo(settings_in(SMALL_FOLDERS[0]), now=NOW, complaints=SMALL)
    return SMALL_FOLDERS[0]


@pytest.fixture
def own_folder(small_folder: Path, tmp_path: Path) -> Path:
    """A copy of the small sample council that the test may change."""
    folder = tmp_path / "council"
    folder.mkdir()
    shutil.copyfile(small_folder / "complaints.db", folder / "complaints.db")
    shutil.copytree(small_folder / "files", folder / "files")
    return folder
