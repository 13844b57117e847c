"""What comes in from outside: the web forms that may send complaints, and the e-mails that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.errors import NotFound
from core.model.evidence import CaseFile
from core.model.intake import ArrivedMail, IntakeClient
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query

_C = IntakeClient.__table__  # type: ignore[attr-defined]
_F = CaseFile.__table__  # type: ignore[attr-defined]
_M = ArrivedMail.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """One web form: since when it has its key, when it last used it, and when the key was taken back."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@query(needs=Permission.ACCOUNTS)
def intake_clients(asking: Asking) -> tuple[ClientLine, ...]:
    """Every web form that ever had a key, those that have one first, by name."""
    columns = (_C.c.id, _C.c.name, _C.c.added_at, _C.c.used_at, _C.c.revoked_at)
    statement = sa.select(*columns).order_by(_C.c.revoked_at.is_not(None), _C.c.name)
    return tuple(ClientLine(**row) for row in asking.connection.execute(statement).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One e-mail that waits: who it is from, what it is about, and why it could not be read."""

    id: int
    sha256: str
    name: str
    sender: str
    subject: str
    problem: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAside:
    """One e-mail that somebody said is no complaint, and why."""

    id: int
    sender: str
    subject: str
    why: str
    dismissed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The e-mails that wait, the oldest first; `count` counts those that are not shown as well.

    `aside` was said to be no complaint, the newest first, until what it says is forgotten.
    """

    rows: tuple[MailLine, ...]
    count: int
    aside: tuple[MailAside, ...]


_MAIL = (_M.c.id, _M.c.sha256, _M.c.name, _M.c.sender, _M.c.subject, _M.c.problem, _M.c.arrived_at)
_ASIDE = (_M.c.id, _M.c.sender, _M.c.subject, _M.c.why, _M.c.dismissed_at)


@query(needs=Permission.HANDLE, kept=True)
def arrived_mail(asking: Asking, *, limit: int = 20) -> Waiting:
    """The e-mails that no complaint has as evidence and nobody has put aside, and what was [lgsco:1.6] [lgsco:3.2]."""
    filed = sa.exists().where(_F.c.sha256 == _M.c.sha256)
    waits = sa.select(*_MAIL).where(_M.c.dismissed_at.is_(None), ~filed)
    rows = asking.connection.execute(waits.order_by(_M.c.arrived_at, _M.c.id).limit(limit)).mappings().all()
    count = len(rows)
    if count == limit:
        count = asking.connection.execute(sa.select(sa.func.count()).select_from(waits.subquery())).scalar_one()
    mail = tuple(MailLine(**row) for row in rows)
    return Waiting(rows=mail, count=count, aside=_put_aside(asking, limit))


def _put_aside(asking: Asking, limit: int) -> tuple[MailAside, ...]:
    aside = sa.select(*_ASIDE).where(_M.c.dismissed_at.is_not(None), _M.c.why != "")
    rows = asking.connection.execute(aside.order_by(_M.c.dismissed_at.desc(), _M.c.id.desc()).limit(limit)).mappings()
    return tuple(MailAside(**row) for row in rows)


@query(needs=Permission.HANDLE)
def one_arrived(asking: Asking, mail_id: int) -> MailLine:
    """One e-mail that arrived; NotFound when there is none of that number."""
    found = None
    if 0 < mail_id <= LAST_ID:
        found = asking.connection.execute(sa.select(*_MAIL).where(_M.c.id == mail_id)).mappings().first()
    if found is None:
        raise NotFound("There is no such e-mail. Choose one from the list on Intake.")
    return MailLine(**found)
