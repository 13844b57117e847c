"""Drafts: what someone has typed so far, kept field by field until the step is taken."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.model.working import Draft

_T = Draft.__table__  # type: ignore[attr-defined]


def keep(session: Session, *, owner_id: int, form: str, values: dict[str, Any], at: datetime) -> None:
    """Write a draft over the one before it."""
    data = json.dumps(values, default=_as_text, ensure_ascii=False)
    row = session.get(Draft, (owner_id, form))
    if row is None:
        session.add(Draft(owner_id=owner_id, form=form, data=data, saved_at=at))
    else:
        row.data, row.saved_at = data, at


def kept(connection: Connection, *, owner_id: int, form: str) -> dict[str, Any]:
    """A draft's values; dates come back as dates."""
    statement = sa.select(_T.c.data).where(_T.c.owner_id == owner_id, _T.c.form == form)
    data = connection.execute(statement).scalar()
    return json.loads(data, object_hook=_with_dates) if data else {}


def drop(session: Session, *, owner_id: int, form: str) -> None:
    """Forget a draft."""
    row = session.get(Draft, (owner_id, form))
    if row is not None:
        session.delete(row)


def note(session: Session, *, owner_id: int, name: str, values: dict[str, Any], at: datetime, lasts: timedelta) -> None:
    """Keep what is needed for a while, and let go of its kind that has lasted so long; `name` begins with its kind."""
    kind = name.partition(":")[0]
    of_its_kind = (_T.c.owner_id == owner_id, _T.c.form.startswith(f"{kind}:", autoescape=True))
    session.connection().execute(sa.delete(_T).where(*of_its_kind, _T.c.saved_at < at - lasts))
    keep(session, owner_id=owner_id, form=name, values=values, at=at)


def _as_text(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value)


def _with_dates(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found["date"]) if set(found) == {"date"} else found
