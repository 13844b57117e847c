"""Makes letters into one accessible PDF and proves it, in a process of its own.

Loaded by `bounded_child` there, never imported by the server. The letters travel as
one string of JSON into a page description that is ours; nothing typed ever becomes a part of that description.
"""

from __future__ import annotations

import base64
import io
import json
import re
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from core.channels.letter_words import bare, words

OUT_OF_MEMORY = "The letter needs more memory than is allowed. Shorten it, or send part of it as an enclosure."
UNREADABLE = "The letter could not be made into a PDF. Save it as a Word file instead."
NOT_PROVED = "so it is not handed out. Save the letter as a Word file instead."
_UA = re.compile(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=[\"']1[\"']")
_NO_GLYPH = re.compile(r"the text `\"([^\"]{1,20})\"` could not be displayed")
_LEFTWARDS = {"R", "AL", "AN", "RLE", "RLO", "RLI"}


class Refused(Exception):
    """The letter cannot be a PDF; the text is the sentence the officer reads."""


@cache
def compiler() -> typst.Compiler:
    """The typesetter, in a folder that is gone: it can read no file, load no package and use no font but its own."""
    with tempfile.TemporaryDirectory(prefix="letter-") as gone:
        return typst.Compiler(root=gone, ignore_system_fonts=True, package_path=gone, package_cache_path=gone)


@cache
def description() -> bytes:
    """How a letter is laid out."""
    return Path(__file__).with_name("letter.typ").read_bytes()


def made(letters: list[dict[str, Any]], title: str) -> bytes:
    """The letters as one PDF/UA-1; the same letters make the same bytes. Raises Refused for signs that no font here
    has, and for text from right to left, which cannot be proved afterwards."""
    if any(unicodedata.bidirectional(sign) in _LEFTWARDS for each in letters for text in words(each) for sign in text):
        raise Refused("Text that runs from right to left is not made into a PDF here. Save the letter as a Word file.")
    try:
        pdf = compiler().compile(
            description(),
            format="pdf",
            sys_inputs={"letters": json.dumps(letters), "title": title},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        named = signs_lacking(error)
        if not named:
            raise
        raise Refused(f"The PDF's fonts lack {named}. Take that out, or save the letter as a Word file.") from error
    if not isinstance(pdf, bytes):
        raise RuntimeError("The typesetter gave several files for one PDF.")
    return pdf


def signs_lacking(error: typst.TypstError) -> str:
    """The first signs that no font here has, in words, where that is what stopped the typesetter; otherwise ""."""
    signs = dict.fromkeys(_NO_GLYPH.findall(f"{error.message}\n{error.diagnostic}"))
    return ", ".join(f"“{sign}”" for sign in list(signs)[:5])


def proved(pdf: bytes, letters: list[dict[str, Any]], title: str) -> int:
    """How many pages a PDF has that is what it should be: whole, tagged, titled and word for word; raises Refused."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    root = reader.root_object
    marked = root.get("/MarkInfo", DictionaryObject()).get("/Marked")
    shown = root.get("/ViewerPreferences", DictionaryObject()).get("/DisplayDocTitle")
    metadata = root.get("/Metadata")
    identified = metadata is not None and _UA.search(metadata.get_object().get_data().decode("utf-8", "replace"))
    if not ("/StructTreeRoot" in root and marked and shown and identified):
        raise Refused(f"The PDF is not marked up for people who have it read to them, {NOT_PROVED}")
    if root.get("/Lang") != letters[0]["language"] or not reader.metadata or reader.metadata.title != title:
        raise Refused(f"The PDF does not say its language and its title, {NOT_PROVED}")
    if any("/JavaScript" in str(key) or "/OpenAction" in str(key) for key in root):
        raise Refused(f"The PDF would do something when it is opened, {NOT_PROVED}")
    found = bare("\n".join(text_of(page) for page in reader.pages))
    if found != bare("\n".join(text for letter in letters for text in words(letter))):
        raise Refused(f"The PDF does not hold the letter's words exactly, {NOT_PROVED}")
    return len(reader.pages)


def text_of(page: PageObject) -> str:
    """What is read on a page: its text without what is marked as page furniture."""
    inside: list[bool] = []
    held: list[str] = []

    def mark(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            inside.append(str(operands[0]) == "/Artifact")
        elif operator == b"EMC" and inside:
            inside.pop()

    def take(text: str, *_: Any) -> None:
        if not any(inside):
            held.append(text)

    page.extract_text(visitor_operand_before=mark, visitor_text=take)
    return "".join(held)


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Make the letters of the job into a proved PDF, or prove the PDF it brings; raises Refused."""
    given = job.get("pdf")
    pdf = made(job["letters"], job["title"]) if given is None else base64.b64decode(given)
    pages = proved(pdf, job["letters"], job["title"])
    return {"pages": pages, "pdf": base64.b64encode(pdf).decode("ascii") if given is None else ""}
