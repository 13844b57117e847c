"""The words of a letter, so that what a file holds can be held against them; used inside the bounded processes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

READ = (
    "council", "council_address", "addressee", "date", "reference", "subject", "sections", "signatory", "role",
    "contact",
)  # fmt: skip
"""The parts of a letter in the order in which they are read; the foot of a page is not among them."""


def words(letter: dict[str, Any]) -> Iterator[str]:
    """Every text of a letter in the order in which it is read."""
    for name in READ:
        yield from texts(letter[name])


def texts(value: Any) -> Iterator[str]:
    """Every text in it, a section's heading before its paragraphs."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(value["heading"])
        yield from texts(value["paragraphs"])
    elif value is not None:
        for each in value:
            yield from texts(each)


def bare(text: str) -> str:
    """The signs of a text alone: no blanks and no invisible formatting, each sign in its one form."""
    even = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in even if not sign.isspace() and unicodedata.category(sign) != "Cf")
