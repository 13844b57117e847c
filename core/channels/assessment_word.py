"""A self-assessment as a Word file: a page on its side, and one table whose heading row comes again on each page."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from core.channels.assessment_document import UNSIGNED, AssessmentDocument

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def as_word(document: AssessmentDocument) -> bytes:
    """The document as .docx: titled, in British English, with a real heading row [lgsco:8.1a]."""
    made = Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(12)
    title = _text(f"{document.title}: {document.council}")
    made.core_properties.title, made.core_properties.language = title, "en-GB"
    made.core_properties.author = _text(document.council)
    made.core_properties.created = made.core_properties.modified = _EPOCH
    made.add_heading(title, level=1)
    if document.draft:
        made.add_paragraph().add_run(UNSIGNED).bold = True
    for fact in document.facts:
        made.add_paragraph(_text(fact))
    _table(made, document)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _table(made: Any, document: AssessmentDocument) -> None:
    table = made.add_table(rows=1, cols=len(document.header), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, document.header, strict=True):
        cell.paragraphs[0].add_run(_text(name)).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in document.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _text(text)


def _text(text: str) -> str:
    """What a Word file can hold of a text."""
    return _UNPRINTABLE.sub("", text)
