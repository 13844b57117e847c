"""The policy on unreasonable behaviour: its versions, and the file of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.errors import BadInput, NotFound
from core.model.behaviour import BehaviourPolicy
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.queries.guidance import KeptFile

_P = BehaviourPolicy.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourVersion:
    """One version, the newest in force marked by `holds`; `file_name` is "" while it has no file."""

    id: int
    name: str
    in_force_from: date
    approved_by: str
    web_address: str
    file_name: str
    why_held: str
    holds: bool


@query(needs=Permission.CODE, kept=True)
def behaviour_policies(asking: Asking) -> tuple[BehaviourVersion, ...]:
    """Every version of the policy on unreasonable behaviour, the newest first [lgsco:5.10]."""
    names = [name for name in BehaviourVersion.__dataclass_fields__ if name != "holds"]
    columns = (_P.c[name] for name in names)
    statement = sa.select(*columns).order_by(_P.c.in_force_from.desc(), _P.c.id.desc())
    rows = asking.connection.execute(statement).mappings().all()
    newest = next((row["id"] for row in rows if row["in_force_from"] <= asking.today), None)
    return tuple(BehaviourVersion(**row, holds=row["id"] == newest) for row in rows)


@query(needs=Permission.CODE)
def behaviour_file(asking: Asking, policy_id: int) -> KeptFile:
    """The file of a version; NotFound when there is none, BadInput for one that is held back [lgsco:5.10]."""
    row = asking.connection.execute(sa.select(_P).where(_P.c.id == min(policy_id, LAST_ID))).first()
    if row is None or not row.sha256:
        raise NotFound("There is no such file. Open it from the page Policy and departures.")
    if row.why_held:
        raise BadInput(f"“{row.file_name}” is held back: {row.why_held} Ask the complaints manager for another copy.")
    return KeptFile(name=row.file_name, sha256=row.sha256)
