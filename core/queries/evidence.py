"""The evidence on a case, and who may see a confidential one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.evidence import CaseFile, ConfidentialCase, FileState, NamedPerson
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query

_C = Complaint.__table__  # type: ignore[attr-defined]
_F = CaseFile.__table__  # type: ignore[attr-defined]
_N = NamedPerson.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_X = ConfidentialCase.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of evidence. `why_held` is empty for a file that may be opened; `size` is in bytes."""

    id: int
    reference: str
    name: str
    media_type: str
    size: int
    sha256: str
    about: str
    held: bool
    why_held: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Who sees a confidential complaint, and why it is one."""

    reason: str
    since: datetime
    named: tuple[str, ...]
    named_ids: tuple[int, ...]


def _files(asking: Asking, *where: Any) -> tuple[FileLine, ...]:
    statement = (
        sa.select(_F, _C.c.reference, _W.c.name.label("who"))
        .select_from(_F.join(_C, _C.c.id == _F.c.complaint_id).outerjoin(_W, _W.c.id == _F.c.added_by))
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_F.c.id)
    )
    return tuple(
        FileLine(
            id=row.id,
            reference=row.reference,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            about=row.about,
            held=row.state == FileState.HELD,
            why_held=row.why_held,
            added_by=row.who or "The console",
            added_at=row.added_at,
        )
        for row in asking.connection.execute(statement)
    )


@query(needs=Permission.READ, of_one=True)
def case_files(asking: Asking, reference: str) -> tuple[FileLine, ...]:
    """The files on a case, the first one first [lgsco:5.8]."""
    return _files(asking, _C.c.reference == reference.strip().upper())


@query(needs=Permission.READ)
def one_file(asking: Asking, file_id: int) -> FileLine:
    """One file by its number; NotFound when it is on no case this person sees."""
    found = _files(asking, _F.c.id == file_id) if 0 < file_id <= LAST_ID else ()
    if not found:
        raise NotFound("There is no such file. Open it from its case.")
    return found[0]


@query(needs=Permission.READ, of_one=True)
def confidence(asking: Asking, reference: str) -> Confidence | None:
    """Who may see a complaint, when only named people do; None when it is not confidential."""
    joined = _X.join(_C, _C.c.id == _X.c.complaint_id)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    statement = sa.select(_X).select_from(joined).where(_C.c.reference == reference.strip().upper(), *seen)
    found = asking.connection.execute(statement).first()
    if found is None:
        return None
    people = (
        sa.select(_W.c.id, _W.c.name)
        .select_from(_N.join(_W, _W.c.id == _N.c.colleague_id))
        .where(_N.c.complaint_id == found.complaint_id)
        .order_by(_W.c.name)
    )
    named = asking.connection.execute(people).all()
    return Confidence(
        reason=found.reason,
        since=found.since,
        named=tuple(row.name for row in named),
        named_ids=tuple(row.id for row in named),
    )


def kept_confidential(asking: Asking, complaint_id: int) -> bool:
    """Whether only named people see a complaint."""
    statement = sa.select(_X.c.complaint_id).where(_X.c.complaint_id == complaint_id)
    return asking.connection.execute(statement).first() is not None
