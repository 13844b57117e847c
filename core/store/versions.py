"""Whether a page is out of date, told from a complaint's version alone: no lock is taken and nothing else is read."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.permissions import Actor
from core.store.scope import seen_among

_VERSION = "SELECT id, version, anonymised_on FROM complaint WHERE reference = :reference"
_CARRIED_OUT = "SELECT 1 FROM ledger_entry WHERE command_id = :command_id LIMIT 1"
_ASK_VERSION, _ASK_CARRIED_OUT = sa.text(_VERSION), sa.text(_CARRIED_OUT)


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
    found = connection.execute(_ASK_VERSION, {"reference": reference}).first()
    if found is None or found.version == seen_version or found.anonymised_on is not None:
        return None
    if connection.execute(_ASK_CARRIED_OUT, {"command_id": command_id}).first() is not None:
        return None
    return stale_page(reference) if seen_among(connection, actor, [found.id]) else None
