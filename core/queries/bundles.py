"""The bundles made of a case, and what one is made of that no other page shows in this form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import LETTERS
from core.errors import NotFound
from core.model.bundles import CaseBundle
from core.model.complaints import Complaint
from core.model.letters import Letter, LetterPart
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query

_B = CaseBundle.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_P = LetterPart.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleLine:
    """One bundle as it was made; `size` is in bytes, `sha256` the digest of its zip."""

    id: int
    reference: str
    made_for: str
    name: str
    why: str
    officers_anonymous: bool
    with_notes: bool
    documents: int
    size: int
    sha256: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterInFull:
    """One letter that went out, with every part of it that says something, by heading."""

    id: int
    title: str
    addressee: str
    how: str
    sent_on: Any
    sender: str
    pdf_sha256: str
    parts: tuple[tuple[str, str], ...]


def _bundles(asking: Asking, *where: Any) -> tuple[BundleLine, ...]:
    statement = (
        sa.select(_B, _C.c.reference, _W.c.name.label("maker"))
        .select_from(_B.join(_C, _C.c.id == _B.c.complaint_id).outerjoin(_W, _W.c.id == _B.c.made_by))
        .where(_B.c.sha256 != "", *where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_B.c.id.desc())
    )
    alike = [name for name in BundleLine.__dataclass_fields__ if name not in ("reference", "made_by")]
    return tuple(
        BundleLine(
            reference=row.reference,
            made_by=row.maker or "The console",
            **{name: getattr(row, name) for name in alike},
        )
        for row in asking.connection.execute(statement)
    )


@query(needs=Permission.BUNDLE, of_one=True)
def case_bundles(asking: Asking, reference: str) -> tuple[BundleLine, ...]:
    """The bundles made of one case, the newest first [lgsco:5.8]."""
    return _bundles(asking, _C.c.reference == reference.strip().upper())


@query(needs=Permission.BUNDLE)
def one_bundle(asking: Asking, bundle_id: int) -> BundleLine:
    """One bundle by its number; NotFound when it is of no case this person sees."""
    found = _bundles(asking, _B.c.id == bundle_id) if 0 < bundle_id <= LAST_ID else ()
    if not found:
        raise NotFound("There is no such bundle. Save it from its case.")
    return found[0]


@query(needs=Permission.BUNDLE)
def letters_in_full(asking: Asking, reference: str) -> tuple[LetterInFull, ...]:
    """Every letter that went out on one case with its words, in the order they went [lgsco:5.8]."""
    statement = (
        sa.select(_L, _W.c.name.label("sender"))
        .select_from(_L.join(_C, _C.c.id == _L.c.complaint_id).outerjoin(_W, _W.c.id == _L.c.sent_by))
        .where(
            _C.c.reference == reference.strip().upper(),
            _L.c.sent_on.is_not(None),
            *asking.seen(_C.c.id, service_id=_C.c.service_id),
        )
        .order_by(_L.c.sent_on, _L.c.id)
    )
    rows = asking.connection.execute(statement).all()
    said: dict[int, dict[str, str]] = {}
    ids = [row.id for row in rows]
    for part in asking.connection.execute(sa.select(_P).where(_P.c.letter_id.in_(ids))) if ids else ():
        said.setdefault(part.letter_id, {})[part.content] = part.text
    return tuple(
        LetterInFull(
            id=row.id,
            title=LETTERS[row.kind].title,
            addressee=row.addressee,
            how=row.how,
            sent_on=row.sent_on,
            sender="" if row.officers_anonymous else row.sender or "The console",
            pdf_sha256=row.pdf_sha256,
            parts=tuple(
                (content.heading or content.title, said.get(row.id, {}).get(content.key, ""))
                for content in LETTERS[row.kind].contents
                if said.get(row.id, {}).get(content.key, "").strip()
            ),
        )
        for row in rows
    )


@query(needs=Permission.BUNDLE)
def colleagues_names(asking: Asking) -> tuple[str, ...]:
    """The name of every colleague, also of those who left: what is taken out where officers stay unnamed."""
    return tuple(asking.connection.execute(sa.select(_W.c.name).order_by(_W.c.name)).scalars())
