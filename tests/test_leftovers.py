"""Files that never became part of a record: removed after their days, and nothing that anybody refers to."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from core import leftovers
from core.channels.files import FileStore
from core.commands.arriving import DismissMail
from core.evidence import add_evidence
from core.leftovers import remove_leftovers
from core.mail_intake import take_mail
from core.mail_polling import arrive
from core.queries.intake import arrived_mail
from core.store.keeping import NAMING
from tests.builders import Story
from tests.conftest import Desks
from tests.test_mail_intake import message

LETTER = b"A letter, as plain text.\n"


@pytest.fixture
def store(story: Story) -> FileStore:
    return FileStore(story.office.settings.files)


def kept(store: FileStore, content: bytes) -> Path:
    """Keep something under its digest."""
    return store.put(content, hashlib.sha256(content).hexdigest())


def aged(story: Story, path: Path, *, beyond: int = 1) -> Path:
    """Let a file look as if it had been put there one day more than the setting's days ago."""
    at = story.clock.now - timedelta(days=story.office.settings.leftover_days + beyond)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_what_nobody_recorded_goes_after_its_days_and_the_ledger_says_so(
    story: Story, desks: Desks, store: FileStore
) -> None:
    """An e-mail dropped on Intake, from which nothing was made."""
    old = aged(story, store.path(take_mail(desks.recorder, message(), file_name="a.eml").sha256))
    young = aged(story, kept(store, b"another"), beyond=-1)
    assert remove_leftovers(story.office) == 1
    assert not old.exists()
    assert young.exists()
    assert story.tags()[-1] == "leftovers.removed"
    assert story.verified() == len(story.tags())


def test_nothing_is_written_down_when_there_is_nothing_to_remove(story: Story, store: FileStore) -> None:
    before = story.tags()
    assert remove_leftovers(story.office) == 0
    kept(store, b"a file of today")
    assert remove_leftovers(story.office) == 0
    assert story.tags() == before


def test_evidence_stays_however_old_it_is(story: Story, desks: Desks, store: FileStore) -> None:
    """Also of a case nobody unnamed may see [lgsco:5.8]."""
    reference = story.record()
    add_evidence(desks.handler, reference, name="letter.txt", content=LETTER)
    story.keep_confidential(reference)
    path = aged(story, store.path(hashlib.sha256(LETTER).hexdigest()))
    assert remove_leftovers(story.office) == 0
    assert path.exists()


def test_an_e_mail_in_a_half_filled_form_stays(story: Story, desks: Desks, store: FileStore) -> None:
    """Somebody may come back to it; once the draft is thrown away, it goes."""
    taken = take_mail(desks.recorder, message(), file_name="a.eml")
    path = aged(story, store.path(taken.sha256))
    desks.recorder.keep("RecordComplaint:", {"words": "…", "along": {"sha256": taken.sha256, "name": "a.eml"}})
    assert remove_leftovers(story.office) == 0
    assert path.exists()
    desks.recorder.drop("RecordComplaint:")
    assert remove_leftovers(story.office) == 1


def test_an_e_mail_that_waits_stays_and_one_put_aside_goes_with_all_it_said(
    story: Story, desks: Desks, store: FileStore
) -> None:
    """The row stays, so that the same message does not come back; who wrote it is forgotten."""
    arrive(desks.system, message())
    (mail,) = desks.handler.ask(arrived_mail).rows
    path = aged(story, store.path(mail.sha256))
    assert remove_leftovers(story.office) == 0
    desks.handler.do(DismissMail(mail_id=mail.id, why="An advertisement from Ola."))
    assert remove_leftovers(story.office) == 0, "it was put aside only now"
    story.clock.now += timedelta(days=story.office.settings.leftover_days, seconds=1)
    aged(story, path)
    assert remove_leftovers(story.office) == 1
    (row,) = story.rows("arrived_mail")
    assert [row[name] for name in ("sender", "subject", "why", "problem")] == [""] * 4
    mails = [row for row in story.rows("ledger_entry") if row["tag"].startswith("mail.")]
    assert len(mails) == 2  # it arrived, and was put aside
    assert not {row["n"] for row in mails} & {row["n"] for row in story.rows("ledger_personal")}
    assert remove_leftovers(story.office) == 0
    assert not arrive(desks.system, message())
    assert story.verified() == len(story.tags())


def test_the_ledger_keeps_the_words_of_an_e_mail_that_waits_though_its_twin_was_put_aside(
    story: Story, desks: Desks
) -> None:
    """Two messages of one sender and subject: what was put aside alone is forgotten, and only once both are."""
    for of_day in ("Monday", "Tuesday"):
        arrive(desks.system, message(words=f"Buy this on {of_day}."))
    first, second = desks.handler.ask(arrived_mail).rows

    def told() -> list[str]:
        kept = {row["n"] for row in story.rows("ledger_personal")}
        return [row["tag"] for row in story.rows("ledger_entry") if row["tag"].startswith("mail.") and row["n"] in kept]

    for mail, left in ((first, ["mail.arrived", "mail.dismissed"]), (second, [])):
        desks.handler.do(DismissMail(mail_id=mail.id, why="An advertisement."))
        story.clock.now += timedelta(days=story.office.settings.leftover_days, seconds=1)
        remove_leftovers(story.office)
        assert told() == left
    assert story.verified() == len(story.tags())


def test_what_the_list_said_of_a_recorded_e_mail_is_forgotten_and_its_file_stays(
    story: Story, desks: Desks, store: FileStore
) -> None:
    """The case has it, and keeps it as long as the case."""
    arrive(desks.system, message())
    (mail,) = desks.handler.ask(arrived_mail).rows
    add_evidence(desks.handler, story.record(), name="a.eml", content=message())
    path = aged(story, store.path(mail.sha256))
    story.clock.now += timedelta(days=story.office.settings.leftover_days, seconds=1)
    assert remove_leftovers(story.office) == 0
    assert story.rows("arrived_mail")[0]["sender"] == ""
    assert path.exists()


def test_a_file_put_again_while_it_is_removed_stays(
    story: Story, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is moved aside its age tells; after that the new copy lies in its place."""
    path = aged(story, kept(store, LETTER))
    look = leftovers.referred_to
    asked: list[int] = []

    def put_meanwhile(*args: object, **told: object) -> set[str]:
        asked.append(1)
        kept(store, LETTER)
        found: set[str] = look(*args, **told)  # type: ignore[arg-type]
        return found

    monkeypatch.setattr(leftovers, "referred_to", put_meanwhile)
    remove_leftovers(story.office)
    assert path.read_bytes() == LETTER
    assert len(asked) == 2
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_named_by_a_record_while_it_is_removed_goes_back(
    story: Story, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = aged(story, kept(store, LETTER))
    answers = iter([set(), {hashlib.sha256(LETTER).hexdigest()}])
    monkeypatch.setattr(leftovers, "referred_to", lambda *_, **__: next(answers))
    assert remove_leftovers(story.office) == 0
    assert path.read_bytes() == LETTER


def test_a_removal_that_was_broken_off_is_made_good(story: Story, store: FileStore) -> None:
    """What lay aside goes back and is looked at again; halves of files go."""
    path = kept(store, LETTER)
    path.replace(path.with_name(f"{path.name}.leaving"))
    half = path.with_name(".unfinished-x")
    half.write_bytes(b"ha")
    aged(story, half)
    assert remove_leftovers(story.office) == 1
    assert path.read_bytes() == LETTER
    assert not half.exists()


def test_nothing_else_in_the_folder_is_touched(story: Story, store: FileStore) -> None:
    path = kept(store, LETTER)
    others = [path.with_name("notes.txt"), story.office.settings.files / "README", path.parent.parent / "zz" / "x"]
    for other in others:
        other.parent.mkdir(exist_ok=True)
        other.write_bytes(b"somebody else's")
        aged(story, other)
    assert remove_leftovers(story.office) == 0
    assert all(other.exists() for other in others)


def test_every_column_that_names_a_kept_file_is_asked() -> None:
    """A new table that names files must be told of here, or its files would be removed as left over."""
    waits_or_no_file = {
        "arrived_mail.sha256",  # asked apart: it counts only while it waits
        "erasure_run.sha256",  # of a certificate's words
        "import_run.sha256",  # of the list that was imported, kept elsewhere
        "letter.sha256",  # of a letter's words
        "report_snapshot.sha256",  # of a report's words
        "self_assessment_text.sha256",  # of a frozen text's words
    }
    named = {str(column) for column in NAMING}
    tables = SQLModel.metadata.tables.values()
    found = {str(column) for table in tables for column in table.columns if column.name.endswith("sha256")}
    assert found == named | waits_or_no_file
