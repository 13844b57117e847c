"""Whether a letter carries what its clause requires: contents in, what is missing out."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json import dumps

from core.code.catalogue import LETTERS, READINGS, Content

GAP = "[to write"
"""How a place that is still to be written begins. A content that holds one is missing, whatever else it says."""


def missing_contents(letter: str, contents: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What a letter of this type lacks, as (content key, clause, title), in the order of its clauses [lgsco:6.18].

    A content is there when something is written and nothing in it is still to be written; “None” is something. Where
    only a reading asks for it, the clause is the first that the reading is about.
    """
    return tuple(
        (content.key, clause_of(content), content.title)
        for content in LETTERS[letter].contents
        if not is_written(contents.get(content.key, ""))
    )


def is_written(text: str) -> bool:
    """Whether a content says something and leaves nothing to write."""
    return bool(text.strip()) and GAP not in text


def clause_of(content: Content) -> str:
    """The clause that asks for a content, or the first that its reading is about."""
    return content.clause or READINGS[content.reading or ""].clauses[0]


def digest(addressee: str, contents: Mapping[str, str]) -> str:
    """The SHA-256 of a letter's words, to whom they go included [lgsco:5.8]."""
    words = dumps([addressee, sorted(contents.items())], ensure_ascii=False, separators=(",", ":"))
    return sha256(words.encode()).hexdigest()
