"""The letter template that comes along: plain, left-aligned, in 14 points; a start for a council's own."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

_POINTS = 14
_PARAGRAPHS = (
    ("strong", "{{ council }}", 0),
    ("", "{{ council_address }}", 18),
    ("", "{{ addressee }}", 18),
    ("", "{{ date }}", 0),
    ("", "{{ reference }}", 0),
    ("Heading 1", "{{ subject }}", 8),
    ("", "{%p for section in sections %}", 0),
    ("", "{%p if section.heading %}", 0),
    ("Heading 2", "{{ section.heading }}", 6),
    ("", "{%p endif %}", 0),
    ("", "{%p for paragraph in section.paragraphs %}", 0),
    ("", "{{ paragraph }}", 10),
    ("", "{%p endfor %}", 0),
    ("", "{%p endfor %}", 0),
    ("close strong", "{{ signatory }}", 0),
    ("", "{%p if role %}", 0),
    ("close", "{{ role }}", 0),
    ("", "{%p endif %}", 0),
    ("", "{{ contact }}", 0),
)


@cache
def standard() -> bytes:
    """The template as a Word file; made once a process."""
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    for style, size in (("Normal", _POINTS), ("Heading 1", _POINTS + 3), ("Heading 2", _POINTS + 1)):
        set_style(document.styles[style], size)
    for style, text, after in _PARAGRAPHS:
        heading = style.startswith("Heading")
        paragraph = document.add_paragraph(style=style if heading else None)
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.keep_with_next = heading or style.startswith("close")
        paragraph.add_run(text).bold = True if heading or style.endswith("strong") else None
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run("{{ footer }}  ")
    for field, between in (("PAGE", " / "), ("NUMPAGES", "")):
        _field(foot, field)
        foot.add_run(between)
    set_style(document.styles["Footer"], _POINTS)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def set_style(style: Any, size: int) -> None:
    """One typeface for every script, black, in this size."""
    style.font.size, style.font.name = Pt(size), "Arial"
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), "Arial")


def _field(paragraph: Any, code: str) -> None:
    """A field that Word fills: the page, or how many there are."""
    field = OxmlElement("w:fldSimple", {qn("w:instr"): code})
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
