"""From an e-mail to a complaint with its evidence, as Intake does it: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from core import evidence
from core.channels.files import FileStore
from core.channels.scanning import Scan, Verdict
from core.commands.recording import RecordComplaint
from core.desk import Desk
from core.errors import BadInput, NotFound, NotPermitted, ReasonNeeded
from core.mail_intake import TakenMail, record_from_mail, take_mail
from core.model.complaints import Channel
from core.queries.evidence import case_files
from tests.builders import RECEIVED, Story, day
from tests.channels.real_files import real_file
from tests.commands.refusals import refused
from tests.conftest import Desks

MANY = 20


def message(*attached: tuple[str, bytes], words: str = "The path was not swept.") -> bytes:
    """A made-up e-mail with files attached, the same bytes each time."""
    mail = EmailMessage()
    mail["From"] = "Ola Invented <ola@sample.example>"
    mail["Subject"] = "The path"
    mail["Date"] = "Mon, 7 Sep 2026 08:00:00 +0000"
    mail.set_content(words)
    for name, content in attached:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if attached:
        mail.set_boundary("the-same-each-time")
    return mail.as_bytes()


def command(taken: TakenMail, **told: Any) -> RecordComplaint:
    """The complaint as the filled form would record it."""
    values = {"matter": "No matter given", "received_on": RECEIVED, "no_contact_details": True} | taken.values
    values["channel"] = Channel(values["channel"])
    return RecordComplaint(**{name: value for name, value in (values | told).items() if value != ""})


def names(desk: Desk, reference: str | None) -> list[str]:
    """The files on a case."""
    return [file.name for file in desk.ask(case_files, str(reference))]


def test_the_original_is_kept_before_anything_is_recorded(story: Story, desks: Desks) -> None:
    """Byte for byte, and once however often it is dropped [lgsco:5.8]."""
    content = message(("letter.txt", b"A letter."))
    taken = take_mail(desks.recorder, content, file_name="Fwd: path")
    assert (taken.name, taken.sha256) == ("Fwd_ path.eml", hashlib.sha256(content).hexdigest())
    assert FileStore(story.office.settings.files).path(taken.sha256).read_bytes() == content
    assert take_mail(desks.recorder, content, file_name="Fwd: path") == taken
    assert story.rows("complaint") == []


def test_recorded_twice_it_is_one_complaint_with_each_file_once(story: Story, desks: Desks) -> None:
    """A double click answers with what the first one did, and adds no file again [lgsco:3.2]."""
    letter = ("letter.txt", b"A letter.")
    taken = take_mail(desks.recorder, message(letter, letter, ("other.txt", b"Another.")), file_name="path.eml")
    step = command(taken)
    first = record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
    second = record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
    assert (first.again, second.again) == (False, True)
    assert first.sentences == second.sentences
    assert first.sentences[-1] == "Kept as evidence: the e-mail and 2 attachments."
    assert first.reference == second.reference
    assert names(desks.handler, first.reference) == ["path.eml", "letter.txt", "other.txt"]
    assert story.tags(first.reference) == ["complaint.recorded", "file.added", "file.added", "file.added"]
    who = [row["actor"] for row in sorted(story.rows("ledger_entry"), key=lambda row: row["n"])][-4:]
    assert who == ["Robin Recorder", "The console", "The console", "The console"]
    assert story.verified() == len(story.tags())


def test_what_was_broken_off_is_completed_by_a_second_try(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine stopped after the complaint was recorded: the same step again files what is missing [lgsco:5.8]."""
    taken = take_mail(desks.recorder, message(("letter.txt", b"A letter.")), file_name="path.eml")
    step = command(taken)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr(FileStore, "put", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
        record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
    done = record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
    assert done.again
    assert names(desks.handler, done.reference) == ["path.eml", "letter.txt"]
    assert len(story.rows("complaint")) == 1


def test_a_refused_attachment_is_said_by_name_and_stays_in_the_original(story: Story, desks: Desks) -> None:
    taken = take_mail(desks.recorder, message(("tool.exe", b"MZ\x90"), ("none.txt", b"")), file_name="path.eml")
    done = record_from_mail(desks.recorder, command(taken), name=taken.name, sha256=taken.sha256)
    assert done.sentences[1] == "Kept as evidence: the e-mail."
    assert [said[: said.index("”") + 1] for said in done.sentences[2:]] == ["“tool.exe”", "“none.txt”"]
    assert all(said.endswith("The e-mail keeps it all the same.") for said in done.sentences[2:])
    assert names(desks.handler, done.reference) == ["path.eml"]


def test_files_that_are_not_called_clean_are_held_and_said(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Scan(verdict=Verdict.INFECTED, signature="Eicar")
    monkeypatch.setattr(evidence, "scan", lambda _content, *, address, timeout: found)
    monkeypatch.setattr(story.office, "settings", story.office.settings.model_copy(update={"clamd": "127.0.0.1:3310"}))
    taken = take_mail(desks.recorder, message(("letter.txt", b"A letter.")), file_name="path.eml")
    done = record_from_mail(desks.recorder, command(taken), name=taken.name, sha256=taken.sha256)
    assert "Added the file “letter.txt”, which is held back." in done.sentences
    assert [file.held for file in desks.handler.ask(case_files, str(done.reference))] == [True, True]


def test_a_confidential_complaint_gets_its_evidence_too(story: Story, desks: Desks) -> None:
    """The recorder does not see it any more, and the files are there for whoever is named [lgsco:5.8]."""
    taken = take_mail(desks.recorder, message(), file_name="path.eml")
    step = command(taken, confidential=True)
    done = record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
    assert names(desks.manager, done.reference) == ["path.eml"]
    assert names(desks.handler, done.reference) == []


def test_a_complaint_that_needs_a_reason_files_nothing_yet(story: Story, desks: Desks) -> None:
    taken = take_mail(desks.recorder, message(), file_name="path.eml")
    step = command(taken, issue_on=day("2020-01-06"))
    with refused(story, ReasonNeeded):
        record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)


def test_an_original_that_is_gone_or_damaged_is_said_before_anything_is_recorded(story: Story, desks: Desks) -> None:
    taken = take_mail(desks.recorder, message(), file_name="path.eml")
    kept = FileStore(story.office.settings.files).path(taken.sha256)
    kept.write_bytes(b"something else")
    with refused(story, BadInput, match="no longer as it came"):
        record_from_mail(desks.recorder, command(taken), name=taken.name, sha256=taken.sha256)
    kept.unlink()
    with refused(story, NotFound, match="no longer in the folder of evidence"):
        record_from_mail(desks.recorder, command(taken), name=taken.name, sha256=taken.sha256)


def test_whoever_records_no_complaint_leaves_no_byte(story: Story, desks: Desks) -> None:
    for desk in (desks.member, desks.senior_lead, desks.link_officer):
        with pytest.raises(NotPermitted, match="cannot record a complaint"):
            take_mail(desk, message(), file_name="path.eml")
    taken = take_mail(desks.recorder, message(), file_name="path.eml")
    with refused(story, NotPermitted, match="cannot record a complaint"):
        record_from_mail(desks.member, command(taken), name=taken.name, sha256=taken.sha256)


def test_an_e_mail_too_large_to_be_evidence_is_refused_at_once(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = story.office.settings.model_copy(update={"file_megabytes": 1})
    monkeypatch.setattr(story.office, "settings", small)
    with pytest.raises(BadInput, match="more than the 1 MB that are kept of one file"):
        take_mail(desks.recorder, message(words="word " * 250_000), file_name="path.eml")
    assert not Path(small.files).exists()


@pytest.mark.slow
def test_every_real_message_is_a_recorded_complaint_or_a_plain_refusal(story: Story, desks: Desks) -> None:
    """The original is kept and on its case, whatever it holds; the day of receipt is today's [lgsco:5.8]."""
    recorded = refusals = 0
    files = sorted(path for path in real_file("email").rglob("*") if path.is_file())
    for path in files:
        content = path.read_bytes()
        try:
            taken = take_mail(desks.recorder, content, file_name=path.name)
        except BadInput as refusal:
            assert str(refusal).endswith(".")
            refusals += 1
            continue
        assert FileStore(story.office.settings.files).path(taken.sha256).read_bytes() == content
        values = {"words": taken.values["words"] or "No words.", "received_on": story.clock.now.date()}
        step = command(taken, **values, matter=taken.values["matter"] or "No matter given")
        done = record_from_mail(desks.recorder, step, name=taken.name, sha256=taken.sha256)
        assert taken.name in names(desks.handler, done.reference)
        recorded += 1
        if recorded % MANY == 0:
            story.clock.now += timedelta(days=1)
    assert recorded >= 100
    assert refusals <= len(files) // 2
