"""What may not stand in words that are published: whom a complaint is from, or a way to find them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FINDS_SOMEBODY = (
    ("a reference", re.compile(r"\b(?:C|SR)-\d{4}-\d{4,}\b", re.IGNORECASE)),
    ("an e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")),
    ("a telephone number", re.compile(r"(?:\+44|\b0)(?:[\s()-]*\d){9,10}\b")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)),
)


def finds_somebody(text: str, *, names: Iterable[str]) -> str:
    """What in a text would tell who complained, in words; "" when nothing does [lgsco:9.3].

    `names` are those of the individuals behind it: each is looked for as a whole however it is written, and its last
    word as it is written there, so that Mrs Green may not be named and a green bin may.
    """
    for words in filter(None, map(str.split, names)):
        if re.search(alone(words), text, re.IGNORECASE) or re.search(alone(words[-1:]), text):
            return "the name of somebody who complained"
    return next((what for what, pattern in _FINDS_SOMEBODY if pattern.search(text)), "")


def alone(words: Iterable[str]) -> str:
    """A pattern of these words as they follow one another, and no part of a longer word; they may end in a sign."""
    return r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
