"""Taking marked passages out of a text: what is marked goes, everywhere, and a passage that is nowhere is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

WITHHELD = "[withheld]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text without its marked passages, and the passages that were not in it."""

    text: str
    missing: tuple[str, ...]


def passages_of(typed: str) -> tuple[str, ...]:
    """The passages that were marked, one a line, each once."""
    return tuple(dict.fromkeys(filter(None, (" ".join(line.split()) for line in typed.splitlines()))))


def pattern_of(passage: str) -> re.Pattern[str]:
    """What finds a passage in whatever case it is written and wherever its lines break."""
    return re.compile(r"\s+".join(map(re.escape, passage.split())), re.IGNORECASE)


def redacted(text: str, passages: Sequence[str]) -> Redacted:
    """The text with every marked passage replaced, the longest first; of what is replaced no letter is left."""
    missing = []
    spans: list[tuple[int, int]] = []
    for passage in passages:
        found = [match.span() for match in pattern_of(passage).finditer(text)]
        if not found:
            missing.append(passage)
        spans += found
    return Redacted(text=_without(text, spans), missing=tuple(missing))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without some stretches, those that touch put together."""
    made: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start > at or (start == at and not made):
            made += [text[at:start], WITHHELD]
        elif not made or not made[-1] == WITHHELD:
            made.append(WITHHELD)
        at = max(at, end)
    return "".join([*made, text[at:]])
