"""Whether a letter carries what its clause requires: contents in, what is missing out."""

from __future__ import annotations

from collections.abc import Mapping

from core.code.catalogue import LETTERS


def missing_contents(letter: str, contents: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What a letter of this type lacks, as (content key, clause, title), in the order of its clauses [lgsco:6.18].

    A content is there when something is written; “None” is something.
    """
    return tuple(
        (content.key, content.clause or content.reading or "", content.title)
        for content in LETTERS[letter].contents
        if not contents.get(content.key, "").strip()
    )
