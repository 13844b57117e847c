"""Makes a copy of a PDF in which marked passages are gone, in a process of its own.

Loaded by `bounded_child` there, never imported by the server. Each page becomes a picture on which the places are
black, and the copy is made of these pictures alone. So nothing of the original's text, layers, notes, forms or files is
left in it, neither what was marked nor what was not: it cannot be searched or read aloud any more.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

OUT_OF_MEMORY = "The PDF needs more memory than is allowed. Withhold it, or disclose it whole."
UNREADABLE = "The PDF cannot be read here, so nothing can be taken out of it. Withhold it, or disclose it whole."
MOST_PAGES = 400
_SHARP = 150 / 72  # dots for a point
_MARGIN = 1.5  # points around a letter, so that no edge of it shows
_BLACK = (0, 0, 0, 255)
Box = tuple[float, float, float, float]


class Refused(Exception):
    """No copy is made; the text is the sentence the officer reads."""


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Write the copy where the job says, or only tell what stands in it where it names none.

    Raises Refused, for a copy also where a passage is on no page.
    """
    source = pdfium.PdfDocument(job["path"])
    if "out" not in job:
        return _looked_through(source, job["looks_for"])
    if len(source) > MOST_PAGES:
        raise Refused(f"The PDF has more than {MOST_PAGES} pages. Withhold it, or disclose it whole.")
    withheld = set(job["pages"])
    if beyond := sorted(number for number in withheld if not 1 <= number <= len(source)):
        raise Refused(f"The PDF has no page {beyond[0]}. It has {len(source)}.")
    patterns = _patterns(job["passages"])
    found: set[str] = set()
    copy = pdfium.PdfDocument.new()
    for number, page in enumerate(source, start=1):
        # Without notes and forms: their words are not among the page's, so nothing could be taken out of them.
        bitmap = page.render(scale=_SHARP, may_draw_forms=False, draw_annots=False, grayscale=True)
        if number in withheld:
            bitmap.fill_rect(_BLACK, 0, 0, bitmap.width, bitmap.height)
        _blacken(page, bitmap, patterns, found)
        _placed(copy, bitmap, page.get_size())
    if missing := [each for each in patterns if each not in found]:
        raise Refused(
            f"“{missing[0]}” is not among the words of this PDF. Copy it from there, or name its page: a scan has no "
            "words that could be found."
        )
    with open(job["out"], "wb") as out:  # noqa: PTH123
        out.write(_packed(copy))
    return {"pages": len(source)}


def _patterns(passages: list[str]) -> dict[str, re.Pattern[str]]:
    return {each: re.compile(r"\s*".join(map(re.escape, each.split())), re.IGNORECASE) for each in passages}


def _looked_through(source: Any, looks_for: list[str]) -> dict[str, Any]:
    """How many pages there are, which of them have no words, and on which each passage stands."""
    patterns, silent = _patterns(looks_for), []
    found: dict[str, list[int]] = {each: [] for each in looks_for}
    for number, page in enumerate(source, start=1):
        text = _said(page.get_textpage())
        if not text.strip():
            silent.append(number)
        for passage, pattern in patterns.items():
            if pattern.search(text):
                found[passage].append(number)
    return {"pages": len(source), "silent": silent, "found": {each: on for each, on in found.items() if on}}


def _said(words: Any) -> str:
    """The words of a page, a sign for each place of a letter."""
    signs = [chr(raw.FPDFText_GetUnicode(words, at)) for at in range(words.count_chars())]
    return "".join(sign if sign.isprintable() else " " for sign in signs)


def _blacken(page: Any, bitmap: Any, patterns: dict[str, re.Pattern[str]], found: set[str]) -> None:
    """Make every place black where a passage stands on the page."""
    words = page.get_textpage()
    text = _said(words)
    place = bitmap.get_posconv(page)
    for passage, pattern in patterns.items():
        for match in pattern.finditer(text):
            found.add(passage)
            boxes = [words.get_charbox(at, loose=True) for at in range(*match.span()) if not text[at].isspace()]
            for box in _by_line(boxes):
                _fill(bitmap, place, box)


def _by_line(boxes: list[Box]) -> list[Box]:
    """One box for what stands on one line: a box for each letter would show which of them are tall."""
    lines: list[Box] = []
    for left, bottom, right, top in boxes:
        last = lines[-1] if lines else None
        if last and bottom < last[3] and top > last[1] and left >= last[0]:
            lines[-1] = (last[0], min(last[1], bottom), max(last[2], right), max(last[3], top))
        else:
            lines.append((left, bottom, right, top))
    return lines


def _fill(bitmap: Any, place: Any, box: Box) -> None:
    left, bottom, right, top = box
    one = place.to_bitmap(left - _MARGIN, top + _MARGIN)
    two = place.to_bitmap(right + _MARGIN, bottom - _MARGIN)
    x, y = max(min(one[0], two[0]), 0), max(min(one[1], two[1]), 0)
    width, height = max(one[0], two[0]) + 1 - x, max(one[1], two[1]) + 1 - y
    bitmap.fill_rect(_BLACK, x, y, min(width, bitmap.width - x), min(height, bitmap.height - y))


def _placed(copy: Any, bitmap: Any, size: tuple[float, float]) -> None:
    """A page of the copy that is this picture and nothing else."""
    width, height = size
    page = copy.new_page(width, height)
    image = pdfium.PdfImage.new(copy)
    image.set_bitmap(bitmap)
    image.set_matrix(pdfium.PdfMatrix().scale(width, height))
    page.insert_obj(image)
    page.gen_content()


def _packed(copy: Any) -> bytes:
    """The copy's bytes, its pictures packed, and the same each time."""
    out = io.BytesIO()
    copy.save(out)
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(out.getvalue())).pages:
        writer.add_page(page)
    for page in writer.pages:
        pictures: Any = page["/Resources"]["/XObject"]  # type: ignore[index]
        for name in list(pictures):
            packed = writer._add_object(pictures[name].get_object().flate_encode())
            pictures[NameObject(name)] = packed
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
