"""PostgreSQL's own files after an erasure: as its owner scrubs them, none holds a word of what was erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.channels.certificate import certificate_page
from core.commands.carrying_out import NoteScrub
from core.commands.recording import AddNote
from core.errors import BadInput, NotReady
from core.queries.retention import erasure_certificate, retention_board
from core.retaining import scrub_files
from core.store import scrubbing
from core.store.scrubbing import Scrubbed
from tests.builders import Story
from tests.conftest import Databases, OfficeClock, desks_of
from tests.postgres import session_server
from tests.retention import anonymised, kept_a_year
from tests.store.test_roles import working

pytestmark = pytest.mark.postgres
WORD = b"qzscrubbedqz"


def holding() -> list[Path]:
    """The files of the whole server, its log of changes among them, that hold the planted word."""
    files = (each for each in (session_server().root / "run" / "data").rglob("*") if each.is_file())
    return [each for each in files if WORD in each.read_bytes()]


def test_fDP_no_file_of_the_server_holds_what_was_erased_once_its_owner_has_scrubbed_it(
    databases: Databases, office_clock: OfficeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables, indexes, statistics and log; who still reads old rows is waited for, then told [lgsco:5.8]."""
    office = databases.office("postgresql")
    story = Story(office=office, clock=office_clock, desks=desks_of(office))
    kept_a_year(story)
    reference = story.record(individual="Qzscrubbedqz Sample", words="qzscrubbedqz again and again")
    story.desks.handler.do(AddNote(reference=reference, text="Rang qzscrubbedqz."))
    story.withdraw(reference)
    office.database.engine.dispose()
    anonymised(story, reference)
    assert holding()
    monkeypatch.setattr(scrubbing, "_PATIENCE", 1)
    with session_server().connect(str(office.database.url.database)) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT pg_current_snapshot()")
        story.desks.handler.do(AddNote(reference=story.record(), text="Something else."))
        with pytest.raises(NotReady, match="still reads what was there before"):
            scrub_files(office)
        reader.execute("ROLLBACK")
    monkeypatch.undo()
    heard: list[tuple[int, int]] = []
    came = scrub_files(office, told=lambda done, whole: heard.append((done, whole)))
    assert holding() == []
    assert came.log and heard[-1] == (came.tables, came.tables)
    story.verified()
    content = story.desks.senior_lead.ask(erasure_certificate, 1)
    assert "none holds what was erased" in certificate_page(content, council="Sample Borough Council")
    assert story.desks.manager.ask(retention_board).runs[0].scrubbed_at == office_clock.now
    assert story.tags()[-1] == "storage.scrubbed"


def test_fDP_scrubbing_is_the_owners_and_the_log_a_matter_of_its_own(databases: Databases) -> None:
    """A role that may not turn the log over leaves it and is told how it may; no certificate says more than that."""
    with working(databases) as url:
        office = databases.open(url)
        with pytest.raises(BadInput, match="Only the owner"):
            scrub_files(office)
        with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            assert not scrubbing._turn_the_log_over(connection)
        assert "pg_checkpoint" in Scrubbed(tables=1, log=False).beyond[0]
        (noted,) = desks_of(office).system.do(NoteScrub(tables=1, log=False)).events
        assert noted.sentence() == "Wrote 1 table of the database anew and left its log as it was."


def test_fDP_an_sqlite_file_needs_none(databases: Databases) -> None:
    with pytest.raises(BadInput, match="nothing to scrub"):
        scrub_files(databases.office("sqlite"))
