"""The audit: every entry of the ledger that its reader may see, filtered, and the proof that nothing was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from core.errors import BadInput
from core.events.base import known_tags, restore
from core.events.requests import ABOUT_ONE_REQUEST
from core.events.retention import KEEPING_TAGS
from core.model.complaints import Complaint
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.s6_stages import LONDON
from core.store import ledger
from core.store.scope import of_hidden_request

_C = Complaint.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
_P = LedgerPersonal.__table__  # type: ignore[attr-defined]
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries: of whom, of which kind, on which complaint, from and until which local day."""

    actor: str = ""
    tag: str = ""
    reference: str = ""
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One entry of the ledger."""

    n: int
    at: datetime
    actor: str
    tag: str
    reference: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page of entries, newest first; `before` opens the next one."""

    rows: tuple[AuditLine, ...]
    before: int | None


@query(needs=Permission.AUDIT)
def audit(asking: Asking, chosen: AuditFilter, *, before: int | None = None, limit: int = PAGE) -> AuditPage:
    """One page of the ledger, newest first. Entries on complaints that the reader may not see are left out.

    Raises BadInput for a kind of entry that does not exist, or a damaged page link.
    """
    statement = (
        sa.select(_L, _C.c.reference, _P.c.payload)
        .select_from(_L.outerjoin(_C, _C.c.id == _L.c.complaint_id).outerjoin(_P, _P.c.n == _L.c.n))
        .where(*_conditions(asking, chosen, before))
        .order_by(_L.c.n.desc())
        .limit(limit + 1)
    )
    found = asking.connection.execute(statement).all()
    rows = tuple(
        AuditLine(
            n=row.n,
            at=row.at,
            actor=row.actor,
            tag=row.tag,
            reference=row.reference or "",
            sentence=restore(row.tag, row.data, row.payload).sentence(),
        )
        for row in found[:limit]
    )
    return AuditPage(rows=rows, before=rows[-1].n if len(found) > limit else None)


def _conditions(asking: Asking, chosen: AuditFilter, before: int | None) -> list[Any]:
    where: list[Any] = []
    seen = asking.seen(_L.c.complaint_id)
    if seen:
        where.append(sa.or_(_L.c.complaint_id.is_(None), sa.and_(*seen)))
    where += _not_on_hidden_requests(asking)
    if before is not None:
        if not 0 < before <= LAST_ID:
            raise BadInput("That page link is damaged. Go back to the first page.")
        where.append(_L.c.n < before)
    if chosen.actor.strip():
        where.append(sa.func.lower(_L.c.actor).contains(chosen.actor.strip().lower(), autoescape=True))
    if chosen.tag:
        if chosen.tag not in known_tags():
            raise BadInput("The ledger knows no entries of that kind. Choose one from the list.")
        where.append(_L.c.tag == chosen.tag)
    if chosen.reference.strip():
        where.append(_C.c.reference == chosen.reference.strip().upper())
    if chosen.from_day is not None:
        where.append(_L.c.at >= datetime.combine(chosen.from_day, time(), tzinfo=LONDON))
    if chosen.until_day is not None:
        where.append(_L.c.at < datetime.combine(chosen.until_day + timedelta(days=1), time(), tzinfo=LONDON))
    return where


def _not_on_hidden_requests(asking: Asking) -> list[Any]:
    if not asking.actor.services:
        return []
    hidden = of_hidden_request(asking.actor, _L.c.command_id)
    kept = sa.and_(_L.c.tag.in_(KEEPING_TAGS), _L.c.complaint_id.is_(None))
    return [sa.not_(sa.and_(sa.or_(_L.c.tag.in_(ABOUT_ONE_REQUEST), kept), hidden))]


@query(needs=Permission.LEDGER)
def ledger_proved(asking: Asking) -> int:
    """Prove the whole chain, the entries one may not read among it; the number of entries.

    Raises LedgerBroken naming the first entry that was altered or removed.
    """
    key = ledger.key_or_refuse(asking.settings, begun=True)
    return ledger.verify(asking.connection, key=key)
