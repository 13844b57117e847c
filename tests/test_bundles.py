"""Everything on a case put together for somebody outside: whole, in order, provable, the same each time."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core.bundles.making import GONE, HELD, bundle_file, make_bundle
from core.channels.bundle_child import LOCKED, NOT_READABLE
from core.channels.files import FileStore
from core.commands.evidence import AddFile
from core.commands.recording import AddNote
from core.errors import BadInput, NotFound, NotPermitted
from core.queries.bundles import case_bundles
from core.queries.cases import case_view
from core.store.keeping import referred_to
from tests.builders import ANSWERED, Story
from tests.bundles import WHY, acting_pdf, bundle_of, bundle_on, locked_pdf, pdf_saying
from tests.commands.refusals import refused
from tests.conftest import Desks

NOTE = "The crew calls this street the racetrack."
WORDS = "My bin was missed four times.\n\nNobody 🗑 rang."


@pytest.fixture
def database_kind() -> str:
    """What a bundle is made of is asked on both databases elsewhere; its files are the same on either."""
    return "sqlite"


def file_on(
    story: Story, reference: str, name: str, content: bytes, media_type: str = "application/pdf", **more: Any
) -> str:
    """A file of evidence with its bytes in the folder of files."""
    sha256 = hashlib.sha256(content).hexdigest()
    FileStore(story.office.settings.files).put(content, sha256)
    told = {"media_type": media_type, "size": len(content), "sha256": sha256, **more}
    story.desks.handler.do(AddFile(reference=reference, name=name, **told))
    return sha256


def answered(story: Story) -> str:
    """A complaint answered at stage 1, with a note and evidence of every kind."""
    reference = story.record(words=WORDS)
    story.acknowledge(reference)
    story.assign(reference)
    story.respond(reference)
    story.desks.handler.do(AddNote(reference=reference, text=NOTE))
    file_on(story, reference, "Log of the crew.pdf", pdf_saying("Round cut short", "Second page of the log"))
    file_on(story, reference, "Acting.pdf", acting_pdf("Script within"))
    file_on(story, reference, "Locked.pdf", locked_pdf("Locked away"))
    file_on(story, reference, "Damaged.pdf", b"%PDF-1.7\nnothing more")
    file_on(story, reference, "Größe.txt", b"not a PDF", "text/plain")
    file_on(story, reference, "Held.txt", b"unseen", "text/plain", why_held="The scanner was not reached.")
    return reference


def made(story: Story, reference: str, **given: Any) -> zipfile.ZipFile:
    """The zip of a bundle just made."""
    manager = story.desks.manager
    make_bundle(manager, bundle_of(reference, sha256="", documents=0, size=0, **given))
    line = manager.ask(case_bundles, reference)[0]
    content = FileStore(story.office.settings.files).path(line.sha256).read_bytes()
    assert (line.size, hashlib.sha256(content).hexdigest()) == (len(content), line.sha256)
    return zipfile.ZipFile(io.BytesIO(content))


def pages_of(archive: zipfile.ZipFile) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(archive.read("bundle.pdf")), strict=True).pages]


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b]+", " ", text)


def titles(outline: Any) -> list[str]:
    found: list[str] = []
    for each in outline:
        found += titles(each) if isinstance(each, list) else [each.title]
    return found


def test_5_8_a_bundle_holds_the_whole_case_in_order_and_its_originals(story: Story, tmp_path: Path) -> None:
    """Text, index and bookmarks in one PDF; the evidence byte for byte beside it, as `sha256sum -c` proves."""
    reference = answered(story)
    archive = made(story, reference)
    archive.extractall(tmp_path)
    run = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest.sha256"], cwd=tmp_path, capture_output=True, text=True
    )  # noqa: S607
    assert (run.returncode, run.stdout.count(": OK")) == (0, len(archive.namelist()) - 1)
    assert [name for name in archive.namelist() if name.startswith("originals/")] == [
        "originals/001 Log of the crew.pdf", "originals/002 Acting.pdf", "originals/003 Locked.pdf",
        "originals/004 Damaged.pdf", "originals/005 Größe.txt",
    ]  # fmt: skip
    assert archive.read("originals/005 Größe.txt") == b"not a PDF"
    pages = pages_of(archive)
    told = bare("\n".join(pages))
    view = story.desks.manager.ask(case_view, reference)
    for said in ("My bin was missed four times.", "Nobody [U+1F5D1] rang.", "We missed it.", "Timeline", LOCKED, HELD):
        assert said in told, said
    entries = [bare(line.sentence) for line in view.history if line.tag not in ("note.added", "bundle.made")]
    assert [each for each in entries if each.replace(" ", "") not in told.replace(" ", "")] == []
    assert told.index("In their own words") < told.index("Points and what was found") < told.index("Timeline")
    assert NOTE not in told
    readme = archive.read("README.txt").decode()
    assert "sha256sum -c manifest.sha256" in readme
    assert f"6. Held.txt: {HELD}." in readme


def test_5_8_documents_follow_with_a_bookmark_on_the_page_the_index_names(story: Story) -> None:
    reference = answered(story)
    reader = PdfReader(io.BytesIO(made(story, reference).read("bundle.pdf")), strict=True)
    pages = [page.extract_text() for page in reader.pages]
    first = next(at for at, page in enumerate(pages) if "Round cut short" in page)
    assert ("Second page of the log" in pages[first + 1], "Script within" in pages[first + 2]) == (True, True)
    assert f"Page {first + 1}" in bare("".join(pages[:first]))
    assert len(pages) == first + 3
    assert titles(reader.outline)[-3:] == ["Documents in full", "1. Log of the crew.pdf", "2. Acting.pdf"]
    assert "Locked away" not in "".join(pages)
    assert NOT_READABLE in bare("".join(pages[:first]))
    assert "/StructTreeRoot" in reader.root_object
    # Pages without tags follow, so the file as a whole does not say it is PDF/UA.
    assert b"pdfuaid:part" not in reader.root_object["/Metadata"].get_object().get_data()


def test_nothing_of_a_strangers_pdf_acts_in_a_bundle(story: Story) -> None:
    """No script, no file within, no link out; the original has them still."""
    reference = answered(story)
    archive = made(story, reference)
    reader = PdfReader(io.BytesIO(archive.read("bundle.pdf")), strict=True)
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.root_object)
    assert not reader.attachments
    assert all("/AA" not in page and "/StructParents" not in page for page in reader.pages[-1:])
    assert all("/A" not in mark.get_object() for page in reader.pages[-3:] for mark in page.get("/Annots", ()))
    assert b"/JavaScript" not in archive.read("bundle.pdf")
    assert b"/JavaScript" in archive.read("originals/002 Acting.pdf")


def test_a_bundle_without_documents_is_pdf_ua(story: Story) -> None:
    reader = PdfReader(io.BytesIO(made(story, story.record()).read("bundle.pdf")), strict=True)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.root_object["/Metadata"].get_object().get_data()
    assert "No document comes with it." in reader.pages[-1].extract_text()


def test_the_same_record_gives_the_same_bytes(story: Story) -> None:
    """Also an hour later, and though the first bundle is on the history by then."""
    reference = answered(story)
    made(story, reference)
    story.on(ANSWERED, hour=16)
    made(story, reference)
    lines = story.desks.manager.ask(case_bundles, reference)
    assert len(lines) == 2
    assert lines[0].sha256 == lines[1].sha256
    story.desks.handler.do(AddNote(reference=reference, text="Another."))
    made(story, reference, with_notes=True)
    assert story.desks.manager.ask(case_bundles, reference)[0].sha256 != lines[0].sha256


def test_notes_go_in_and_officers_names_stay_out_where_that_is_asked(story: Story) -> None:
    reference = answered(story)
    archive = made(story, reference, with_notes=True, officers_anonymous=True)
    told = bare("\n".join(pages_of(archive)))
    assert NOTE in told
    assert "Officer 1" in told
    for colleague in story.rows("colleague"):
        assert colleague["name"] not in told
    assert "Officers' whole names are left out" in archive.read("README.txt").decode()


def test_5_8_the_record_says_who_made_one_for_whom_and_why_and_who_saved_it(story: Story, desks: Desks) -> None:
    reference = story.record()
    number = bundle_on(story, reference)
    (line, *_) = desks.manager.ask(case_view, reference).history
    assert line.sentence == (
        "Made a bundle for an Ombudsman (LGSCO 26 001 234) with 2 documents, without colleagues’ notes. Why: " + WHY
    )
    assert line.actor == "Mona Manager"
    assert bundle_file(desks.link_officer, number) == (f"{reference} bundle {number}.zip", "cd" * 32)
    assert story.tags(reference)[-2:] == ["bundle.made", "bundle.opened"]
    with story.office.database.reading() as connection:
        assert referred_to(connection, ["cd" * 32], since=story.clock.now) == {"cd" * 32}


def test_whoever_may_not_make_one_neither_makes_nor_saves_one(story: Story, desks: Desks) -> None:
    reference = story.record()
    number = bundle_on(story, reference)
    for desk in (desks.handler, desks.assessor):
        with refused(story, NotPermitted):
            make_bundle(desk, bundle_of(reference, sha256=""))
        with refused(story, NotPermitted):
            bundle_file(desk, number)
    with refused(story, NotFound, match="There is no such bundle"):
        bundle_file(desks.manager, number + 1)
    with refused(story, BadInput, match="Make it from the case’s page"):
        desks.manager.do(bundle_of(reference, sha256=""))


def test_a_file_whose_bytes_are_lost_is_named_and_stops_nothing(story: Story) -> None:
    reference = story.record()
    sha256 = file_on(story, reference, "Lost.txt", b"lost", "text/plain")
    FileStore(story.office.settings.files).path(sha256).unlink()
    archive = made(story, reference)
    assert f"1. Lost.txt: {GONE}." in archive.read("README.txt").decode()
    assert GONE in bare("\n".join(pages_of(archive)))
