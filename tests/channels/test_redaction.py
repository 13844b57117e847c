"""What is taken out of a text or a PDF is gone from it, and not merely covered."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from core.channels.redaction import PdfWords, redacted_pdf, words_of_pdf
from core.errors import BadInput
from core.letters.redacting import WITHHELD, passages_of, redacted
from tests.bundles import pdf_saying

NAME = "Zebulon Quagga"


@pytest.mark.parametrize(
    ("text", "marked", "left"),
    [
        ("Zebulon Quagga rang.", (NAME,), "[withheld] rang."),
        ("It was ZEBULON  \n quagga, zebulon quagga.", (NAME,), "It was [withheld], [withheld]."),
        ("Zebulon Quagga", ("Quagga", NAME), "[withheld]"),
        ("abcabc", ("abca", "cabc"), "[withheld]"),
        ("a+b (c)", ("a+b", "(c)"), "[withheld] [withheld]"),
        ("nobody", (), "nobody"),
        ("xx", ("x",), "[withheld]"),
        (".Zebulon Quagga.", ("Zebulon", "Quagga"), ".[withheld] [withheld]."),
    ],
)
def test_of_a_marked_passage_no_letter_is_left(text: str, marked: tuple[str, ...], left: str) -> None:
    found = redacted(text, marked)
    assert (found.text, found.missing) == (left, ())
    assert all(each.casefold() not in found.text.replace(WITHHELD, "").casefold() for each in marked)


def test_a_passage_that_is_nowhere_is_named() -> None:
    assert redacted("Somebody else", (NAME, "else")).missing == (NAME,)


def test_passages_are_typed_one_a_line() -> None:
    assert passages_of("  Zebulon   Quagga\n\n7 Secret Lane\nZebulon Quagga\n") == (NAME, "7 Secret Lane")


def contents(pdf: bytes) -> bytes:
    """Every byte of a PDF, as it lies there and unpacked."""
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {*reader.xref_objStm, *(number for table in reader.xref.values() for number in table)}
    held = [each for each in map(reader.get_object, sorted(numbers - {0})) if each is not None]
    unpacked = [each.get_data() for each in held if hasattr(each, "get_data")]
    return b"\n".join([pdf, *unpacked, *(repr(each).encode() for each in held)])


def noted(pdf: bytes, words: str) -> bytes:
    """The PDF with a note on its page, which also lies in its title."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_annotation(page_number=0, annotation=FreeText(text=words, rect=(50, 50, 200, 100)))
    writer.add_metadata({"/Title": words})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_redacted_word_is_nowhere_in_the_bytes_of_the_copy(tmp_path: Path) -> None:
    """Nor in its unpacked streams, its notes, its title; the rest of the page can still be seen as a picture."""
    source, out = tmp_path / "source.pdf", tmp_path / "out.pdf"
    source.write_bytes(noted(pdf_saying(f"It was {NAME} who rang.", "Another page"), NAME))
    assert re.search(rb"(?i)quagga", contents(source.read_bytes()))
    assert redacted_pdf(source, out, passages=[NAME], pages=[]) == 2
    copy = out.read_bytes()
    whole = contents(copy)
    assert len(whole) > 1_000_000  # the pictures unpacked, not the packed file alone
    assert re.search(rb"(?i)zebulon|quagga|z.e.b.u.l.o.n|5a6562756c6f6e", whole) is None
    reader = PdfReader(io.BytesIO(copy))
    assert [page.extract_text() for page in reader.pages] == ["", ""]
    assert [len(page.images) for page in reader.pages] == [1, 1]
    redacted_pdf(source, out, passages=[NAME], pages=[])
    assert out.read_bytes() == copy


def test_words_of_a_pdf_are_found_with_their_pages_and_pages_without_words_are_named(tmp_path: Path) -> None:
    """In whatever case and across lines; what stands in a note or a picture is not found, and a scan has no words."""
    source, scan = tmp_path / "source.pdf", tmp_path / "scan.pdf"
    source.write_bytes(noted(pdf_saying(f"It was {NAME.upper()}.", "Another page", f"{NAME} again"), "Xanthippe"))
    found = words_of_pdf(source, [NAME, "Xanthippe", "another PAGE"])
    assert (found.pages, found.silent) == (3, ())
    assert found.found == {NAME: (1, 3), "another PAGE": (2,)}
    redacted_pdf(source, scan, passages=[], pages=[])
    assert words_of_pdf(scan, [NAME]) == PdfWords(pages=3, silent=(1, 2, 3), found={})
    source.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(BadInput, match="cannot be read here"):
        words_of_pdf(source, [NAME])


def dark(pdf: bytes, page: int) -> float:
    """How much of a page's picture is black."""
    image = PdfReader(io.BytesIO(pdf)).pages[page].images[0].image
    assert image is not None
    grey = image.convert("L")
    return sum(grey.histogram()[:50]) / (grey.width * grey.height)


def test_the_place_of_the_word_is_black_and_a_page_withheld_is_black_altogether(tmp_path: Path) -> None:
    source, out = tmp_path / "source.pdf", tmp_path / "out.pdf"
    source.write_bytes(pdf_saying(f"It was {NAME} who rang.", "Another page"))
    redacted_pdf(source, out, passages=[], pages=[])
    plain = dark(out.read_bytes(), 0)
    redacted_pdf(source, out, passages=[NAME], pages=[2])
    assert dark(out.read_bytes(), 0) > 1.5 * plain
    assert dark(out.read_bytes(), 1) == 1


@pytest.mark.parametrize(
    ("content", "marked", "pages", "said"),
    [
        (b"%PDF-1.7\nnothing", ["x"], [], "cannot be read here"),
        (None, ["Xanthippe"], [], "“Xanthippe” is not among the words of this PDF"),
        (None, [], [3], "The PDF has no page 3"),
    ],
)
def test_what_cannot_be_taken_out_is_said_and_no_copy_is_made(
    tmp_path: Path, content: bytes | None, marked: list[str], pages: list[int], said: str
) -> None:
    """Nothing fails open: a name that was not found is not taken for one that is gone."""
    source, out = tmp_path / "source.pdf", tmp_path / "out.pdf"
    source.write_bytes(content or pdf_saying("One", "Two"))
    with pytest.raises(BadInput, match=said):
        redacted_pdf(source, out, passages=marked, pages=pages)
    assert not out.exists()
