"""Finished letters as PDF: accessible (PDF/UA-1), in one's own large print, and proved before anybody is given one.

The page description is ours and a letter is only data to it, so nothing typed is ever read as markup. The work is done
in a bounded process; a letter that takes too much is refused with `BadInput` and a sentence naming the next step.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.errors import BadInput
from core.letters.documents import LetterDocument, as_data
from core.words import counted

MOST_LETTERS = 100  # in one file to print
MOST_PRINTED = 400_000  # characters of all letters in one file together
LARGEST_PDF = 20_000_000
LIMITS = Limits(memory=1_500_000_000, cpu=60, seconds=60, answer=2 * LARGEST_PDF, jobs=200)
TOO_LONG = "The PDF took too much time or memory, so it was stopped. Shorten the letter, or save it as a Word file."
_WORKERS = Workers(Path(__file__).with_name("pdf_child.py"), LIMITS)


def as_pdf(document: LetterDocument) -> bytes:
    """The letter as a proved PDF/UA-1, in 14 points or the larger print that was agreed [lgsco:5.6].

    The same letter gives the same bytes. Raises BadInput when the letter is no whole letter (see `as_data`), holds
    signs that the fonts lack or text from right to left, takes too much, or when the PDF cannot be proved.
    """
    return as_one_pdf([document])


def as_one_pdf(documents: Sequence[LetterDocument]) -> bytes:
    """Several letters as one PDF to print: each starts on a new sheet and counts its own pages.

    Raises BadInput as `as_pdf` does, and for no letter or more than fit in one file.
    """
    answer = _asked(documents)
    return base64.b64decode(answer["pdf"])


def check_pdf(pdf: bytes, documents: Sequence[LetterDocument]) -> int:
    """How many pages a PDF of these letters has, once it is proved: tagged, titled, in its language, word for word.

    Raises BadInput with the first thing that is wrong.
    """
    if len(pdf) > LARGEST_PDF:
        raise BadInput("The PDF is larger than any letter. Make it again from the letter.")
    pages: int = _asked(documents, pdf=base64.b64encode(pdf).decode("ascii"))["pages"]
    return pages


def _asked(documents: Sequence[LetterDocument], **more: str) -> dict[str, Any]:
    """What the bounded process answers about these letters; raises BadInput."""
    if not documents:
        raise BadInput("No letter is chosen. Choose at least one to print.")
    if len(documents) > MOST_LETTERS:
        raise BadInput(f"{counted(len(documents), 'letter')} are chosen; print at most {MOST_LETTERS} at a time.")
    letters = [as_data(document) for document in documents]
    if len(str(letters)) > MOST_PRINTED:
        raise BadInput("The letters are too long for one file together. Print them in two parts.")
    first = letters[0]
    one = " ".join(f"{first['subject']} ({first['reference']})".split())
    title = one if len(letters) == 1 else f"{counted(len(letters), 'letter')} to print, {first['council']}"
    try:
        answer = _WORKERS.ask({"letters": letters, "title": title, **more})
    except Stopped as error:
        raise BadInput(TOO_LONG) from error
    if refused := refusal(answer):
        raise refused
    return answer
