"""A copy of a PDF without its marked passages, and what stands in one, found in a bounded process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.errors import BadInput

LIMITS = Limits(memory=3_000_000_000, cpu=240, seconds=240, file_size=1_000_000_000, jobs=1)
TOO_LONG = "The PDF took too much time or memory, so it was stopped. Withhold it, or disclose it whole."
_WORKERS = Workers(Path(__file__).with_name("redact_child.py"), LIMITS, most=1)


def redacted_pdf(path: Path, out: Path, *, passages: Sequence[str], pages: Sequence[int]) -> int:
    """Write a copy in which the passages and the pages named are black and hold no text; how many pages it has.

    Every page becomes a picture: what was marked is gone, and so is what could be searched or read aloud. Raises
    BadInput for a passage or a page that is not there, and for a PDF that cannot be read or takes too much.
    """
    try:
        answer = _WORKERS.ask({"path": str(path), "out": str(out), "passages": list(passages), "pages": list(pages)})
    except Stopped as error:
        raise BadInput(TOO_LONG) from error
    if refused := refusal(answer):
        raise refused
    counted: int = answer["pages"]
    return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfWords:
    """What stands in a PDF: its pages, those of them without words, and where each passage that is in it stands."""

    pages: int
    silent: tuple[int, ...]
    found: Mapping[str, tuple[int, ...]]


def words_of_pdf(path: Path, looks_for: Sequence[str]) -> PdfWords:
    """Where passages stand in the words of a PDF, in whatever case and however its lines break.

    Notes, forms and pictures are not looked through. Raises BadInput for a PDF that cannot be read or takes too much.
    """
    try:
        answer = _WORKERS.ask({"path": str(path), "looks_for": list(looks_for)})
    except Stopped as error:
        raise BadInput(TOO_LONG) from error
    if refused := refusal(answer):
        raise refused
    found = {each: tuple(pages) for each, pages in answer["found"].items()}
    return PdfWords(pages=answer["pages"], silent=tuple(answer["silent"]), found=found)
