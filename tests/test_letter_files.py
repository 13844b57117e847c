"""Letters as files: made from the saved words, kept byte for byte as they went out, and handed to those who may."""

from __future__ import annotations

import hashlib
import io

import pytest
from docx import Document
from pypdf import PdfReader

from core.channels.files import FileStore
from core.channels.word_letters import standard_template
from core.commands.letters import LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.stage_one import Acknowledge
from core.errors import BadInput, NotFound, NotPermitted
from core.letter_files import (
    PDF,
    WORD,
    hand_in_template,
    letter_file,
    letters_to_print,
    send_with_files,
    template_in_use,
)
from core.queries.letters import letter_view
from tests.builders import ACKNOWLEDGED, Story
from tests.conftest import Desks


def written(story: Story, reference: str, kind: LetterKind, **fields: object) -> int:
    """A draft in which every part is written."""
    letter_id = story.draft(reference, kind)
    view = story.desks.handler.ask(letter_view, letter_id)
    parts = tuple({"content": part.content, "text": f"About {part.content}, <b>*plain*</b>."} for part in view.parts)
    told = {"reference": reference, "letter_id": letter_id, "addressee": "Sam Sample\n1 Sample Close"}
    story.desks.handler.do(WriteLetter(**told, parts=parts, **fields))
    return letter_id


def pdf_words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def least_print(content: bytes) -> float:
    """The size of the letter's own text in a PDF, in points."""
    sizes: list[float] = []

    def note(text: str, space: list[float], matrix: list[float], _font: object, size: float) -> None:
        if "About progress" in text:
            sizes.append(round(size * abs(matrix[3] * space[3])))

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=note)
    return min(sizes)


def word_words(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def test_a_draft_is_had_as_pdf_and_word_and_says_that_it_is_one(story: Story, desks: Desks) -> None:
    """Headings for the reader, the words as they were typed, and nothing of them acted on."""
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    name, pdf = letter_file(desks.handler, letter_id, PDF)
    assert name == f"{reference} Acknowledgement of stage 1.pdf"
    said = pdf_words(pdf)
    assert "Dear Sam Sample" in said and "About understanding, <b>*plain*</b>." in said
    assert "What you would like to happen" in said and "draft, not sent" in said
    name, word = letter_file(desks.handler, letter_id, WORD)
    assert name.endswith(".docx")
    assert "About outcomes_sought, <b>*plain*</b>." in word_words(word)
    with pytest.raises(NotFound):
        letter_file(desks.handler, letter_id, "RTF")
    with pytest.raises(NotFound):
        letter_file(desks.handler, letter_id + 1, PDF)
    with pytest.raises(NotPermitted):
        letter_file(desks.recorder, letter_id, PDF)


def test_a_letter_that_went_out_is_the_same_file_for_good(story: Story, desks: Desks) -> None:
    """Both files are kept under their digests, in the step that sent it; later no new one is made."""
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    story.on(ACKNOWLEDGED)
    step = Acknowledge(reference=reference, acknowledged_on=ACKNOWLEDGED, understanding="Bins", letter_id=letter_id)
    done = send_with_files(desks.handler, step)
    assert [event.tag for event in done.events] == ["stage.acknowledged", "letter.sent"]
    view = desks.handler.ask(letter_view, letter_id)
    for form, kept in ((PDF, view.pdf_sha256), (WORD, view.word_sha256)):
        _name, content = letter_file(desks.handler, letter_id, form)
        assert hashlib.sha256(content).hexdigest() == kept
        assert FileStore(story.office.settings.files).verify(kept)
    said = pdf_words(letter_file(desks.handler, letter_id, PDF)[1])
    assert "14 September 2026" in said and "draft" not in said
    template = hand_in_template(desks.manager, name="ours.docx", content=standard_template())
    assert template.sentences == ("Letters are made in the council’s own template “ours.docx” from now on.",)
    assert hashlib.sha256(letter_file(desks.handler, letter_id, WORD)[1]).hexdigest() == view.word_sha256


def test_nothing_is_sent_when_its_file_cannot_be_made(story: Story, desks: Desks) -> None:
    """A letter whose file would lose words is refused, and the step with it."""
    reference = story.acknowledged()
    letter_id = written(story, reference, LetterKind.UPDATE)
    view = desks.handler.ask(letter_view, letter_id)
    parts = tuple({"content": part.content, "text": "שלום"} for part in view.parts)
    desks.handler.do(WriteLetter(reference=reference, letter_id=letter_id, addressee="Sam", parts=parts))
    with pytest.raises(BadInput):
        send_with_files(desks.handler, SendLetter(reference=reference, letter_id=letter_id, sent_on=ACKNOWLEDGED))
    assert desks.handler.ask(letter_view, letter_id).sent_on is None


def test_a_step_without_a_letter_is_just_taken(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.on(ACKNOWLEDGED)
    step = Acknowledge(reference=reference, acknowledged_on=ACKNOWLEDGED, understanding="Bins")
    assert [event.tag for event in send_with_files(desks.handler, step).events] == ["stage.acknowledged"]


def test_large_print_and_no_names_reach_the_paper(story: Story, desks: Desks) -> None:
    """The print that was agreed, and officers without names [lgsco:5.6]."""
    reference = story.record()
    story.assign(reference)
    big = written(story, reference, LetterKind.UPDATE, large_print_points=24, officers_anonymous=True)
    small = written(story, reference, LetterKind.UPDATE)
    large, usual = (letter_file(desks.handler, each, PDF)[1] for each in (big, small))
    assert (least_print(usual), least_print(large)) == (14, 24)
    assert "The complaints team" in pdf_words(large) and desks.handler.actor.name not in pdf_words(large)
    assert desks.handler.actor.name in pdf_words(usual)


def test_several_letters_are_printed_at_once_each_on_a_new_sheet(story: Story, desks: Desks) -> None:
    letters = tuple(written(story, story.record(), LetterKind.RECEIPT) for _ in range(3))
    printed = PdfReader(io.BytesIO(letters_to_print(desks.handler, letters)))
    assert len(printed.pages) >= 5
    assert [entry for entry in story.tags() if entry == "letter.opened"] == ["letter.opened"] * 3


def test_a_template_that_is_not_fit_changes_nothing(story: Story, desks: Desks) -> None:
    with pytest.raises(BadInput):
        hand_in_template(desks.manager, name="ours.docx", content=b"no Word file")
    assert template_in_use(desks.handler) is None
    with pytest.raises(NotPermitted):
        hand_in_template(desks.handler, name="ours.docx", content=standard_template())
    hand_in_template(desks.manager, name="ours.docx", content=standard_template())
    assert template_in_use(desks.handler) == standard_template()
