"""The backup of deploy/ brought back elsewhere, as docs/deployment.md says it: records, history and files are whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.channels.files import FileStore
from core.cli.backups import restore_from
from core.desk import Office
from core.evidence import add_evidence
from core.settings import ROOT, Settings
from core.store import ledger
from tests.builders import Story
from tests.conftest import Databases

LETTER = b"Dear council, the bin has not come.\n"
Backup = Callable[..., "subprocess.CompletedProcess[str]"]


def programs() -> Path:
    """Where PostgreSQL's own programs lie, for the tests' server."""
    from tests.postgres import _package

    return _package() / "pginstall18" / "bin"


@pytest.fixture
def backup(story: Story, tmp_path: Path) -> Backup:
    """Run the script on the story's records."""
    settings, program = story.office.settings, tmp_path / "complaints"
    assert settings.ledger_key is not None
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m core.cli "$@"\n', encoding="utf-8")
    program.chmod(0o700)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COMPLAINTS_")},
        "COMPLAINTS_DATA_DIR": str(settings.data_dir),
        "COMPLAINTS_DATABASE_URL": settings.url,
        "COMPLAINTS_LEDGER_KEY": settings.ledger_key.get_secret_value(),
        "BACKUP_PROGRAM": str(program),
        "PYTHONPATH": str(ROOT),
        "PATH": f"{programs()}{os.pathsep}{os.environ['PATH']}",
    }

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / "deploy/backup"), *words]
        return subprocess.run(command, env={**env, **more}, capture_output=True, text=True, timeout=90)

    return run


def brought_back(story: Story, made: Path, folder: Path, databases: Databases) -> Office:
    """The records of a backup in an empty installation."""
    settings = story.office.settings
    if story.office.database.is_sqlite:
        fresh = Settings(_env_file=None, data_dir=folder, ledger_key=settings.ledger_key)
        restore_from(fresh, made / "complaints.db", replace=False, now=datetime.now(UTC))
        return databases.open(fresh.url)
    url = databases.url("postgresql", seeded=False)
    into = ["--no-owner", f"--dbname={url.replace('+psycopg', '')}", made / "complaints.dump"]
    subprocess.run([programs() / "pg_restore", *into], check=True)
    return databases.open(url)


def test_a_backup_brought_back_has_the_records_their_history_and_every_file(
    story: Story, backup: Backup, databases: Databases, tmp_path: Path
) -> None:
    reference = story.record()
    add_evidence(story.desks.handler, reference, name="letter.txt", content=LETTER)
    kept = tmp_path / "kept"
    for old in ("20260101T000000Z", "20260102T000000Z", "not a backup"):
        (kept / old).mkdir(parents=True)
    said = backup(str(kept), "2")
    assert (said.returncode, said.stderr) == (0, "")
    made = max(each for each in kept.iterdir() if each.name != "not a backup")
    assert sorted(each.name for each in kept.iterdir()) == ["20260102T000000Z", made.name, "not a backup"]
    assert made.stat().st_mode & 0o077 == 0
    assert "ledger.key" not in [each.name for each in made.iterdir()]

    folder = tmp_path / "elsewhere"
    folder.mkdir()
    subprocess.run(["tar", "-C", folder, "-xf", made / "files.tar"], check=True)
    office = brought_back(story, made, folder, databases)
    with story.office.database.reading() as before, office.database.reading() as after:
        assert ledger.verify(after, key=office.key) == ledger.verify(before, key=office.key)
    with FileStore(folder / "files").open(hashlib.sha256(LETTER).hexdigest()) as found:
        assert found.read() == LETTER


def test_a_backup_that_fails_leaves_nothing_and_the_others_alone(story: Story, backup: Backup, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "20260101T000000Z").mkdir(parents=True)
    said = backup(str(kept), "1", COMPLAINTS_DATABASE_URL="postgresql+psycopg://app@/none?host=/nowhere")
    assert said.returncode != 0 and "/nowhere" in said.stderr
    assert [each.name for each in kept.iterdir()] == ["20260101T000000Z"]
