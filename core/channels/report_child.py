"""Makes a report into a PDF or a Word file, in a process of its own.

Loaded by `bounded_child` there, never imported by the server. Nothing typed becomes a part of the page description.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from pypdf import PdfReader

from core.channels.letter_words import bare
from core.channels.pdf_child import Refused, compiler, signs_lacking, text_of
from core.channels.word_child import repacked
from core.channels.word_standard import set_style

OUT_OF_MEMORY = "The report needs more memory than is allowed. Shorten what was written for it."
UNREADABLE = "The report could not be made into a file. Shorten what was written for it, then try again."
NOT_WHOLE = "The PDF does not hold the report's words, so it is not kept. Take unusual signs out of what was written."
_SHARP = 144  # dots an inch, of pictures in a Word file
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
_POINTS = 12


def do(job: dict[str, Any]) -> dict[str, Any]:
    """Make the report of the job into the file it asks for; raises Refused."""
    made = {"pdf": pdf, "word": word}[job["form"]](job["report"])
    return {"made": base64.b64encode(made).decode("ascii")}


def pdf(report: dict[str, Any]) -> bytes:
    """The report as one PDF/UA-1, proved: tagged, titled, and with every word of it. Raises Refused."""
    try:
        made = compiler().compile(
            Path(__file__).with_name("report.typ").read_bytes(),
            format="pdf",
            sys_inputs={"report": json.dumps(report), "title": f"{report['title']}, {report['span']}"},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        named = signs_lacking(error)
        if not named:
            raise
        raise Refused(f"The PDF's fonts lack {named}. Take that out of what was written for the report.") from error
    if not isinstance(made, bytes):
        raise RuntimeError("The typesetter gave several files for one PDF.")
    reader = PdfReader(io.BytesIO(made), strict=True)
    found = bare("\n".join(text_of(page) for page in reader.pages))
    if any(bare(text) not in found for text in texts(report)):
        raise Refused(NOT_WHOLE)
    return made


def texts(report: dict[str, Any]) -> Iterator[str]:
    """Every text that is read in a report; what pictures say is in their descriptions."""
    yield from (report["council"], report["title"], report["span"], report["draft"])
    for section in report["sections"]:
        yield section["title"]
        for block in section["blocks"]:
            yield block["title"]
            for name in ("paragraphs", "listed", "columns"):
                yield from block.get(name, ())
            for row in block.get("rows", ()):
                yield from row


def word(report: dict[str, Any]) -> bytes:
    """The report as a Word file; the same report gives the same bytes."""
    document = Document()
    for part in document.sections:
        part.page_width, part.page_height = Cm(21), Cm(29.7)
        part.left_margin = part.right_margin = part.top_margin = part.bottom_margin = Cm(2.5)
    for style, larger in (("Normal", 0), ("Title", 10), ("Heading 1", 5), ("Heading 2", 2), ("List Bullet", 0)):
        set_style(document.styles[style], _POINTS + larger)
    about = document.core_properties
    about.title, about.author, about.language = f"{report['title']}, {report['span']}", report["council"], "en-GB"
    about.comments = ""
    about.created = about.modified = datetime(*_SAME_MOMENT)  # noqa: DTZ001 - Word's own times have no zone
    document.add_paragraph(report["council"])
    document.add_paragraph(report["title"], style="Title")
    document.add_paragraph(f"{report['span']}. Made on {report['made']}.")
    if report["draft"]:
        document.add_paragraph().add_run(report["draft"]).bold = True
    for section in report["sections"]:
        document.add_heading(section["title"], level=1)
        document.add_paragraph(f"Clause {section['clause']} of the Complaint Handling Code.")
        for block in section["blocks"]:
            _BLOCKS[block["kind"]](document, block)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _words(document: Any, block: dict[str, Any]) -> None:
    if block["title"]:
        document.add_heading(block["title"], level=2)
    for text in block["paragraphs"]:
        document.add_paragraph(text)


def _items(document: Any, block: dict[str, Any]) -> None:
    document.add_heading(block["title"], level=2)
    for text in block["listed"]:
        document.add_paragraph(text, style="List Bullet")


def _table(document: Any, block: dict[str, Any]) -> None:
    document.add_heading(block["title"], level=2)
    table = document.add_table(rows=1 + len(block["rows"]), cols=len(block["columns"]), style="Table Grid")
    for cells, texts in zip(table.rows, (block["columns"], *block["rows"]), strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    head = table.rows[0]
    for cell in head.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    repeated = OxmlElement("w:tblHeader")  # the header that screen readers say and that every page repeats
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    if block["note"]:
        document.add_paragraph(block["note"])


def _chart(document: Any, block: dict[str, Any]) -> None:
    document.add_heading(block["title"], level=2)
    picture = document.add_picture(io.BytesIO(painted(block["svg"])), width=Cm(16))
    about = picture._inline.docPr
    about.set("descr", block["alt"])
    about.set("title", block["title"])


_BLOCKS = {"words": _words, "items": _items, "table": _table, "chart": _chart}


def painted(svg: str) -> bytes:
    """A drawing as PNG, by the same typesetter and in its own fonts."""
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = compiler().compile(page, format="png", ppi=_SHARP, sys_inputs={"svg": svg})
    if not isinstance(made, bytes):
        raise RuntimeError("The typesetter gave several files for one picture.")
    return made
