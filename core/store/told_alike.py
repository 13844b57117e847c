"""What complaints say, read so that it can be compared; confidential ones are left out, as of every theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint
from core.model.people import Person
from core.rules.alike_texts import Text
from core.store.everywhere import EVERYWHERE
from core.store.scope import not_confidential
from core.store.search import spoken, words_of

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]

_LONGEST_READ = 4_000
_PART = 500


def texts(connection: Connection, *, first: date, last: date) -> list[Text]:
    """What the complaints received in these days say. Who says it is known by e-mail address, or name and postcode.

    Left out are the words of everyone, numbers and the individual's own name. All whose name and address are unknown
    count as one person: nothing shows that they are more.
    """
    columns = (_C.c.id, _C.c.matter, _C.c.words, _C.c.category, _C.c.service_id, _P.c.name, _P.c.email, _P.c.postcode)
    statement = (
        sa.select(*columns)
        .select_from(_C.outerjoin(_P, _P.c.id == _C.c.person_id))
        .where(_C.c.received_on >= first, _C.c.received_on <= last, not_confidential(_C.c.id))
    )
    return [_text(row) for row in connection.execute(statement)]


def _text(row: Any) -> Text:
    name = words_of(row.name or "").split()
    words = set(words_of(row.matter, row.words[:_LONGEST_READ]).split()) - EVERYWHERE - set(name)
    postcode = "".join((row.postcode or "").casefold().split())
    return Text(
        id=row.id,
        person=(row.email or "").strip().casefold() or " ".join([*name, postcode]),
        pigeonhole=f"{row.service_id} {row.category}" if row.category else "",
        words=frozenset(word for word in words if word.isalpha()),
    )


def in_words(connection: Connection, ids: Sequence[int], stems: Sequence[str]) -> str:
    """Stems as these complaints write them most often: “ceiling, damp”."""
    wanted, written = set(stems), Counter[tuple[str, str]]()
    for start in range(0, len(ids), _PART):
        told = sa.select(_C.c.matter, _C.c.words).where(_C.c.id.in_(ids[start : start + _PART]))
        for row in connection.execute(told):
            written.update(spoken(f"{row.matter} {row.words[:_LONGEST_READ]}", wanted))
    best = {stem: word for (stem, word), _count in sorted(written.items(), key=lambda each: (each[1], each[0][1]))}
    return ", ".join(best.get(stem, stem) for stem in stems)
