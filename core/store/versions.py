"""Whether a page is out of date, told from a complaint's version in one question that takes no lock."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint
from core.model.ledger import LedgerEntry
from core.permissions import Actor
from core.store.scope import visible

_C = Complaint.__table__  # type: ignore[attr-defined]
_E = LedgerEntry.__table__  # type: ignore[attr-defined]


def stale_page(reference: str) -> str:
    """What is said to whoever takes a step from a page that is out of date."""
    return (
        f"{reference} has changed since this page was opened. Nothing was saved. "
        "Look at what changed, then take the step again; what you typed is kept."
    )


def passed_by(
    connection: Connection, actor: Actor, reference: str, *, seen_version: int, command_id: str
) -> str | None:
    """The refusal of a step from a page that showed another version; None where there is none, or another reason.

    A version is never given twice, so a page that is out of date now stays so. A step that was carried out before, a
    complaint this person does not see and an anonymised one are left to the transaction, which answers for them.
    """
    asked = {"reference": reference.strip().upper(), "seen_version": seen_version, "command_id": command_id}
    found = connection.execute(_passed(actor), asked).scalar()
    return stale_page(found) if found is not None else None


@lru_cache(maxsize=512)
def _passed(actor: Actor) -> Any:
    """Put together once a person."""
    return sa.select(_C.c.reference).where(
        _C.c.reference == sa.bindparam("reference"),
        _C.c.version != sa.bindparam("seen_version"),
        _C.c.anonymised_on.is_(None),
        *visible(actor, _C.c.id, service_id=_C.c.service_id),
        ~sa.exists().where(_E.c.command_id == sa.bindparam("command_id")),
    )
