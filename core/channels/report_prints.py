"""A report as PDF and as a Word file, made in a bounded process: accessible, and proved word for word.

The page description is ours and a report is only data to it. Whatever is wrong is `BadInput` naming the next step.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.channels.charts import bars
from core.errors import BadInput
from core.letters.reports import Chart, Report
from core.words import letter_day

LIMITS = Limits(memory=1_500_000_000, cpu=60, seconds=60, answer=40_000_000, jobs=50)
TOO_LONG = "The report took too much time or memory, so it was stopped. Shorten what was written for it."
_WORKERS = Workers(Path(__file__).with_name("report_child.py"), LIMITS)


def report_pdf(report: Report) -> bytes:
    """The report as a PDF/UA-1 that holds every word of it, its charts said in words [lgsco:8.2].

    The same report gives the same bytes. Raises BadInput when it takes too much or the PDF cannot be proved.
    """
    return _made("pdf", report)


def report_word(report: Report) -> bytes:
    """The report as a Word file with real headings, tables with headers, and pictures with their words [lgsco:8.2].

    Raises BadInput when it takes too much.
    """
    return _made("word", report)


def _made(form: str, report: Report) -> bytes:
    try:
        answer = _WORKERS.ask({"form": form, "report": _data(report)})
    except Stopped as error:
        raise BadInput(TOO_LONG) from error
    if refused := refusal(answer):
        raise refused
    return base64.b64decode(answer["made"])


def _data(report: Report) -> dict[str, Any]:
    """The report as lists, dicts and text, its charts drawn."""
    told = report.model_dump(mode="json", exclude={"figures"})
    told["made"] = letter_day(report.made_on)
    for section, read in zip(told["sections"], report.sections, strict=True):
        for block, given in zip(section["blocks"], read.blocks, strict=True):
            if isinstance(given, Chart):
                block["svg"] = bars(given.labels, given.values, alt=given.alt)
    return told
