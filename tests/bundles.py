"""Bundles for tests: recorded without their files where only the record matters, and PDFs to put into real ones."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.channels.pdf_child import compiler
from core.commands.bundles import MakeBundle
from core.commands.subject_access import AddSubjectCase, AnswerSubjectAccess, RecordRuling, RecordSubjectAccess
from core.commands.subject_clarifying import AskSubjectClarification
from core.model.bundles import BundleFor
from core.rules.subject_access import Ruling, Whose
from tests.builders import Story

WHY = "They asked for the whole case by 1 December."


def bundle_of(reference: str, **given: Any) -> MakeBundle:
    """The step as it is once its files are made."""
    told = {"made_for": BundleFor.OMBUDSMAN, "name": "LGSCO 26 001 234", "why": WHY, "documents": 2, "size": 1_000}
    return MakeBundle(reference=reference, **{**told, "sha256": "cd" * 32, **given})


def bundle_on(story: Story, reference: str, **given: Any) -> int:
    """A bundle that was made of a case; its number."""
    story.desks.manager.do(bundle_of(reference, **given))
    number: int = story.rows("case_bundle")[-1]["id"]
    return number


def pdf_saying(*pages: str) -> bytes:
    """A PDF with these words, a page each, which no two texts share."""
    source = "\n#pagebreak()\n".join(f"#text({page!r})".replace("'", '"') for page in pages)
    made = compiler().compile(source.encode(), format="pdf", timestamp=0)
    assert isinstance(made, bytes)
    return made


def acting_pdf(words: str) -> bytes:
    """A PDF that would run a script when it is opened, holds a file, and has a link that leads out."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_saying(words)))
    writer.add_attachment("within.txt", b"a file within")
    writer.add_annotation(page_number=0, annotation=Link(rect=(0, 0, 9, 9), url="https://example.org/out"))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.root_object[NameObject("/OpenAction")] = action
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def locked_pdf(words: str) -> bytes:
    """A PDF that opens by a password alone."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_saying(words)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def asked_for(story: Story, *references: str, **given: Any) -> int:
    """A request for own data with these complaints taken in; its number."""
    manager = story.desks.manager
    today = story.office.today(story.office.now())
    manager.do(RecordSubjectAccess(**{"name": "Sam Sample", "contact": "", "received_on": today, **given}))
    number: int = story.rows("subject_access_request")[-1]["id"]
    for reference in references:
        manager.do(AddSubjectCase(request_id=number, reference=reference))
    return number


def ruled(number: int) -> RecordRuling:
    """A ruling on a piece, past every look at the piece itself."""
    told = {"whose": Whose.REQUESTER, "ruling": Ruling.DISCLOSE}
    return RecordRuling(request_id=number, piece="C-2026-000001/0123", digest="ab" * 32, **told)


def clarified(story: Story) -> int:
    """A request for own data whose clock stands still: they were asked something today."""
    number = asked_for(story)
    question = AskSubjectClarification(
        request_id=number, asked_on=story.clock.now.date(), what="Which of thirty years?", why="Too much to go through."
    )
    story.desks.manager.do(question)
    return number


def answered_for(story: Story) -> int:
    """A request that was answered, past its files; its number."""
    number = asked_for(story)
    story.desks.manager.do(AnswerSubjectAccess(request_id=number, sha256="ef" * 32, size=1_000))
    return number
