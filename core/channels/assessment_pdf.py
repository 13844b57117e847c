"""A self-assessment as PDF: accessible (PDF/UA-1), made and proved in a bounded process."""

from __future__ import annotations

import base64
from pathlib import Path

from core.channels.assessment_document import UNSIGNED, AssessmentDocument
from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.errors import BadInput

LIMITS = Limits(memory=1_500_000_000, cpu=60, seconds=60, answer=40_000_000, jobs=200)
_WORKERS = Workers(Path(__file__).with_name("assessment_child.py"), LIMITS)
_NARROW, _WIDE = 2, 5
_SHORT = 60
"""Characters; a column with no longer text is a narrow one."""


def as_pdf(document: AssessmentDocument) -> bytes:
    """The document as a tagged PDF with a title; the same document gives the same bytes [lgsco:8.1a].

    Raises BadInput when it takes too much, holds signs that the fonts lack, or cannot be proved.
    """
    title = f"{document.title}: {document.council}"
    told = {
        "title": title,
        "council": document.council,
        "draft": document.draft,
        "foot": f"{title} · draft, not signed" if document.draft else title,
        "lines": [*([UNSIGNED] if document.draft else []), *document.facts],
        "header": document.header,
        "widths": [_width(document, place) for place in range(len(document.header))],
        "rows": document.rows,
    }
    try:
        answer = _WORKERS.ask({"document": told})
    except Stopped as error:
        raise BadInput("The PDF took too much time or memory, so it was stopped. Save it as a Word file.") from error
    if refused := refusal(answer):
        raise refused
    return base64.b64decode(answer["pdf"])


def _width(document: AssessmentDocument, place: int) -> int:
    return _WIDE if any(len(row[place]) > _SHORT for row in document.rows) else _NARROW
