"""The policy on unreasonable behaviour as it lies in the tables: what goes with a letter, and what went."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.behaviour import BehaviourPolicy, PolicySent
from core.rules.behaviour import Enclosed

_P = BehaviourPolicy.__table__  # type: ignore[attr-defined]
_PS = PolicySent.__table__  # type: ignore[attr-defined]


def goes_along(connection: Connection, *, on: date) -> Enclosed | None:
    """The newest version in force on a day that can be handed over: its file, else its address [lgsco:5.10]."""
    in_force = sa.select(_P).where(_P.c.in_force_from <= on).order_by(_P.c.in_force_from.desc(), _P.c.id.desc())
    row = connection.execute(in_force.limit(1)).first()
    if row is None:
        return None
    found = _enclosed(row, row.sha256 if not row.why_held else "")
    return found if found.sha256 or found.web_address else None


def went_along(connection: Connection, letter_id: int) -> Enclosed | None:
    """The version that went with a letter, as it was then; None where none did."""
    statement = sa.select(_P, _PS.c.sha256.label("sent")).join(_PS, _PS.c.policy_id == _P.c.id)
    row = connection.execute(statement.where(_PS.c.letter_id == letter_id)).first()
    return _enclosed(row, row.sent) if row is not None else None


def _enclosed(row: Any, sha256: str) -> Enclosed:
    same = {name: getattr(row, name) for name in ("id", "name", "web_address", "file_name", "media_type")}
    return Enclosed(**same, sha256=sha256)
