"""The command line for tests: given words, in a small sample council of the test's own, on a fixed day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from core.channels.bank_holidays import from_package
from core.cli import app, opening
from tests.demo_fixture import KEY, NOW

Run = Callable[..., Result]
LAST_ENTRY_GONE = "DELETE FROM ledger_entry WHERE n = (SELECT max(n) FROM ledger_entry)"


@pytest.fixture(autouse=True)
def a_fixed_day_and_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tests' own moment and key; no variable or .env file of this machine has a say."""
    monkeypatch.setattr(opening, "the_time", lambda: NOW)
    for name in ("MODE", "DATABASE_URL", "COUNCIL", "SEARCH_LIMIT"):
        monkeypatch.delenv(f"COMPLAINTS_{name}", raising=False)
    monkeypatch.setenv("COMPLAINTS_LEDGER_KEY", KEY)
    monkeypatch.setenv("COMPLAINTS_DATA_DIR", str(tmp_path / "nothing-here"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Run:
    """Give the command line some words; what comes back must not be a mistake of ours."""

    def give(*words: object, typed: str | None = None) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return give


@pytest.fixture
def here(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small sample council of this test's own, where the command line works."""
    monkeypatch.setenv("COMPLAINTS_DATA_DIR", str(own_folder))
    return own_folder


def refused(result: Result, *, saying: str) -> None:
    """It refused with a sentence on stderr, exit code 1, and nothing on stdout."""
    assert (result.exit_code, result.stdout) == (1, "")
    assert saying in result.stderr


def database(folder: Path) -> sqlite3.Connection:
    """The records, past every lock of the console: for doing damage and for looking."""
    return sqlite3.connect(folder / "complaints.db")


def one(folder: Path, statement: str) -> Any:
    """A single value from the records."""
    with closing(database(folder)) as connection:
        return connection.execute(statement).fetchone()[0]


def damage(folder: Path, *statements: str) -> None:
    """Change the records behind the console's back, triggers and all."""
    with closing(database(folder)) as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger%'"
        )
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount, statement
        connection.commit()


def govuk(path: Path, *, extra: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Path:
    """A file as GOV.UK publishes it, with days added or left out."""
    listed = {day.on.isoformat(): day.name for day in from_package(2024, 2028)}
    days = {**listed, **dict.fromkeys(extra, "Sample jubilee")}
    events = [
        {"title": days[day], "date": day, "notes": "", "bunting": True} for day in sorted(days) if day not in without
    ]
    path.write_text(json.dumps({"england-and-wales": {"division": "england-and-wales", "events": events}}))
    return path
