"""Whether the letters that went out hold what their clauses require, and are still the words that were sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import LETTERS
from core.letters.contents import digest, missing_contents
from core.model.complaints import Complaint
from core.model.letters import Letter, LetterPart
from core.permissions import Permission
from core.queries.base import Asking, query

_C = Complaint.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_P = LetterPart.__table__  # type: ignore[attr-defined]
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLetter:
    """A letter that something was found about; `lacking` are the titles of what it leaves out."""

    reference: str
    title: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersCheck:
    """How many letters went out, those that leave something out, and those whose words are not the ones sent."""

    checked: int
    lacking: tuple[CheckedLetter, ...]
    altered: tuple[CheckedLetter, ...]


@query(needs=Permission.LEDGER)
def letters_check(asking: Asking) -> LettersCheck:
    """Read every letter that went out again, against its clauses and against the digest of its words [lgsco:5.8].

    The console checks every letter; a person, those on the cases they see. What was anonymised has no words to read.
    """
    checked, lacking, altered = 0, [], []
    for first, said in _sent(asking):
        checked += 1
        kind = LETTERS[first.kind]
        contents = {content.key: said.get(content.key, "") for content in kind.contents}
        missing = tuple(title for _key, _clause, title in missing_contents(first.kind, contents))
        if missing:
            lacking.append(CheckedLetter(reference=first.reference, title=kind.title, lacking=missing))
        if digest(first.addressee, contents) != first.sha256:
            altered.append(CheckedLetter(reference=first.reference, title=kind.title))
    return LettersCheck(checked=checked, lacking=tuple(lacking), altered=tuple(altered))


def _sent(asking: Asking) -> Iterator[tuple[Any, dict[str, str]]]:
    """Each letter that went out, with its contents, read in parts."""
    statement = (
        sa.select(_L.c.id, _L.c.kind, _L.c.addressee, _L.c.sha256, _C.c.reference, _P.c.content, _P.c.text)
        .select_from(_L.join(_C, _C.c.id == _L.c.complaint_id).outerjoin(_P, _P.c.letter_id == _L.c.id))
        .where(
            _L.c.sent_on.is_not(None), _C.c.anonymised_on.is_(None), *asking.seen(_C.c.id, service_id=_C.c.service_id)
        )
        .order_by(_L.c.id)
    )
    rows = asking.connection.execution_options(yield_per=_AT_ONCE).execute(statement)
    for _id, parts in groupby(rows, key=attrgetter("id")):
        held = list(parts)
        yield held[0], {row.content: row.text for row in held if row.content is not None}
