"""What is owed on no complaint: requests for own data, and reviews of holds on service requests.

A row of `duty` hangs on a complaint, its stage and the Code's figures. These keep their day on their own row, as a
service request does, and are read together here for Home, reminders and calendars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from core.model.requests import ServiceRequest
from core.model.retention import LegalHold
from core.model.subject_access import SubjectAccessRequest, SubjectClarification
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness
from core.store.retaining import STANDS, stands_open
from core.store.scope import visible_requests

_A = SubjectAccessRequest.__table__  # type: ignore[attr-defined]
_CL = SubjectClarification.__table__  # type: ignore[attr-defined]
_H = LegalHold.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_SHOWN = 200


class Beside(StrEnum):
    """What is owed, as a row of a list says it."""

    OWN_DATA = "Answer a request for own data"
    HOLD = "Review a hold on the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedBeside:
    """One thing owed, without a name: what it is called, since when and by when, and how near that is.

    `named` is a service request's reference, or a request for own data by its number.
    """

    kind: Beside
    number: int
    named: str
    since: date
    act_by: date
    soon: Nearness


@query(needs=Permission.READ, kept=True)
def owed_beside(asking: Asking, *, until: date | None = None, own: bool = False) -> tuple[OwedBeside, ...]:
    """What this person may see to, nearest day first; with `until` that due by that day [lgsco:5.8].

    With `own`, holds placed by others are left out; a request for own data is owed by all who may answer it. One whose
    clock stands still, because whoever asks was asked something, is owed by no day.
    """
    found = [*_own_data(asking, until), *_holds(asking, until, own=own)]
    return tuple(sorted(found, key=lambda each: (each.act_by, each.kind, each.number)))


def _own_data(asking: Asking, until: date | None) -> Iterator[OwedBeside]:
    if not asking.actor.may(Permission.DISCLOSE):
        return
    columns = (_A.c.id, _A.c.received_on.label("since"), _A.c.due_on.label("act_by"))
    stopped = sa.exists().where(_CL.c.request_id == _A.c.id, _CL.c.answered_on.is_(None))
    runs = (stands_open(_A), ~stopped)
    statement = sa.select(*columns).where(*runs).order_by(_A.c.due_on, _A.c.id).limit(_SHOWN)
    if until is not None:
        statement = statement.where(_A.c.due_on <= until)
    for row in asking.connection.execute(statement):
        yield _owed(asking, Beside.OWN_DATA, row.id, f"Request for own data {row.id}", row.since, row.act_by)


def _holds(asking: Asking, until: date | None, *, own: bool) -> Iterator[OwedBeside]:
    if not asking.actor.may(Permission.RETAIN):
        return
    statement = (
        sa.select(_H.c.id, _Q.c.reference, _H.c.placed_on.label("since"), _H.c.review_on.label("act_by"))
        .select_from(_H.join(_Q, _Q.c.id == _H.c.request_id))
        .where(STANDS, *visible_requests(asking.actor))
        .order_by(_H.c.review_on, _H.c.id)
        .limit(_SHOWN)
    )
    if until is not None:
        statement = statement.where(_H.c.review_on <= until)
    if own:
        statement = statement.where(_H.c.placed_by == asking.actor.id)
    for row in asking.connection.execute(statement):
        yield _owed(asking, Beside.HOLD, row.id, row.reference, row.since, row.act_by)


def _owed(asking: Asking, kind: Beside, number: int, named: str, since: date, act_by: date) -> OwedBeside:
    soon = nearness(act_by, today=asking.today, calendar=asking.calendars.of(False))
    return OwedBeside(kind=kind, number=number, named=named, since=since, act_by=act_by, soon=soon)
