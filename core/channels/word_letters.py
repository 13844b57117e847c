"""Finished letters as Word files, in the council's own template or in the one that comes along.

A template is a file from outside: it is checked like evidence, examined part by part, may name placeholders and nothing
else, and is filled in a bounded process. What was filled is read again before it is handed out. Whatever is wrong is
`BadInput` with sentences that name the next step.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.channels.files import check_file
from core.errors import BadInput
from core.letters.documents import LEAST_POINTS, PLACEHOLDERS, LetterDocument, as_data

LARGEST_TEMPLATE = 3_000_000
LIMITS = Limits(memory=600_000_000, cpu=10, seconds=15, answer=16_000_000, jobs=200)
TOO_MUCH = (
    "The letter template took too much time or memory, so it was stopped. "
    "Take pictures and placeholders out of it, or use the template that comes along."
)
_WORKERS = Workers(Path(__file__).with_name("word_child.py"), LIMITS)
_KNOWN = {
    "known": {each.name: each.kind for each in PLACEHOLDERS},
    "needed": [each.name for each in PLACEHOLDERS if each.needed],
    "least": LEAST_POINTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateReport:
    """What was found in a template, as sentences: `problems` keep it from being used, `remarks` do not."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def as_word(document: LetterDocument, template: bytes | None = None) -> bytes:
    """The letter as a Word file (.docx) with every word of it, in large print where that was agreed [lgsco:5.6].

    Without a template the one that comes along is used. The same letter and template give the same bytes. Raises
    BadInput when the letter is no whole letter (see `as_data`), the template is not fit (see `check_template`), or the
    letter would lose words in it.
    """
    letter = as_data(document)
    answer = _asked("fill", template, letter=letter, enlarge=document.points > LEAST_POINTS)
    return base64.b64decode(answer["word"])


def check_template(content: bytes) -> TemplateReport:
    """What is wrong with a council's template: unknown or missing placeholders, and whatever no template may hold.

    Raises nothing for a file that is no template: that is a problem like the others.
    """
    try:
        answer = _asked("examine", content)
    except BadInput as error:
        return TemplateReport(problems=(str(error),), remarks=())
    return TemplateReport(problems=tuple(answer["problems"]), remarks=tuple(answer["remarks"]))


def standard_template() -> bytes:
    """The template that comes along, as a Word file to change and hand in again."""
    return base64.b64decode(_asked("standard", None)["word"])


def _asked(what: str, template: bytes | None, **more: Any) -> dict[str, Any]:
    """What the bounded process answers; raises BadInput."""
    job = {"what": what, "template": None, **_KNOWN, **more}
    if template is not None:
        check_file("template.docx", template, limit=LARGEST_TEMPLATE)
        job["template"] = base64.b64encode(template).decode("ascii")
    try:
        answer = _WORKERS.ask(job)
    except Stopped as error:
        raise BadInput(TOO_MUCH) from error
    if refused := refusal(answer):
        raise refused
    return answer
