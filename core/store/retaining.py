"""From which day the keeping of a record is counted, kept beside the duties; and the schedule in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.code.retention import RECORD_KINDS
from core.model.complaints import Complaint
from core.model.considering import Clarification, Meeting
from core.model.correspondence import Contact
from core.model.evidence import CaseFile
from core.model.letters import Letter
from core.model.retention import KeptLonger, LegalHold, Retention, RetentionRule
from core.model.subject_access import SubjectAccessRequest, SubjectCase
from core.rules.duties import Duty as OwedDuty
from core.rules.facts import CaseFacts
from core.rules.retention import DutyStands, Kept, counted_from, how_kept, kind_of, planned_on
from core.rules.s6_stages import local_day
from core.rules.steps import OPEN_POSITIONS, position_of
from core.store.engine import touch

_C = Complaint.__table__  # type: ignore[attr-defined]
_CF = CaseFile.__table__  # type: ignore[attr-defined]
_CL = Clarification.__table__  # type: ignore[attr-defined]
_CO = Contact.__table__  # type: ignore[attr-defined]
_SC = SubjectCase.__table__  # type: ignore[attr-defined]
_SR = SubjectAccessRequest.__table__  # type: ignore[attr-defined]
_H = LegalHold.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_LO = KeptLonger.__table__  # type: ignore[attr-defined]
_M = Meeting.__table__  # type: ignore[attr-defined]
_R = Retention.__table__  # type: ignore[attr-defined]
_RR = RetentionRule.__table__  # type: ignore[attr-defined]

STANDS = sa.and_(_H.c.reviewed_on.is_(None), _H.c.lifted_on.is_(None))
"""That a row of a hold is the one that stands."""


def stands_open(request: Any) -> Any:
    """That a request for own data is neither answered nor withdrawn."""
    return sa.and_(request.c.answered_on.is_(None), request.c.withdrawn_on.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How long one kind of record is kept: whole years, since when, and where that comes from."""

    kind: str
    years: int
    source: str
    in_force_from: date | None = None
    reason: str = ""


def periods_in_force(connection: Connection, today: date) -> Mapping[str, Period]:
    """The schedule of a day by kind: what the council set, or else the value it began with [lgsco:5.8]."""
    found = {key: Period(kind=key, years=each.years, source=each.source) for key, each in RECORD_KINDS.items()}
    begun = sa.select(_RR).where(_RR.c.in_force_from <= today).order_by(_RR.c.in_force_from, _RR.c.id)
    for row in connection.execute(begun):
        found[row.kind] = Period(
            kind=row.kind, years=row.years, source=row.source, in_force_from=row.in_force_from, reason=row.reason
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """How one record stands: the id of its complaint or request, its kind, the day it comes up, and why it stays."""

    id: int
    kind: str
    counted_from: date | None
    longer: date | None
    planned_on: date | None
    kept: Kept


def planned(connection: Connection, ids: Sequence[int], *, today: date) -> dict[int, Planned]:
    """How these records stand today, by the complaint's id; one that was never counted is left out [lgsco:5.8].

    One that somebody has asked for as their own data is in use until they have their answer.
    """
    periods = periods_in_force(connection, today)
    return {row.complaint_id: _planned(row, periods, today) for row in connection.execute(_STANDING, {"ids": ids})}


def _planned(row: Any, periods: Mapping[str, Period], today: date) -> Planned:
    counted, longer = row.counted_from, row.longer
    day = planned_on(counted, years=periods[row.kind].years, longer=longer) if counted is not None else None
    anonymised = row.anonymised_on is not None
    return Planned(
        id=row.complaint_id,
        kind=row.kind,
        counted_from=counted,
        longer=longer,
        planned_on=day,
        kept=how_kept(
            planned=None if row.asked_for else day,
            longer=longer,
            held=bool(row.held),
            anonymised=anonymised,
            today=today,
        ),  # fmt: skip
    )


def _standing() -> Any:
    longer = sa.select(sa.func.max(_LO.c.until)).where(_LO.c.complaint_id == _R.c.complaint_id).scalar_subquery()
    held = sa.exists().where(_H.c.complaint_id == _R.c.complaint_id, STANDS)
    asked = sa.exists().where(_SC.c.complaint_id == _R.c.complaint_id, _SR.c.id == _SC.c.request_id, stands_open(_SR))
    return (
        sa.select(_R, longer.label("longer"), held.label("held"), asked.label("asked_for"), _C.c.anonymised_on)
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(_R.c.complaint_id.in_(sa.bindparam("ids", expanding=True)))
    )


_STANDING = _standing()


_COMPLAINT: Any = sa.bindparam("complaint")
_STORED = sa.select(_R.c.kind, _R.c.counted_from).where(_R.c.complaint_id == _COMPLAINT)
_BEGIN = sa.insert(_R)
_CHANGE = (
    sa.update(_R)
    .where(_R.c.complaint_id == _COMPLAINT)
    .values(kind=sa.bindparam("kind"), counted_from=sa.bindparam("counted_from"))
)


def keep_counted(
    session: Session, complaint_id: int, facts: CaseFacts, owed: Iterable[OwedDuty], *, scheme: str
) -> None:
    """Bring the day that a record's keeping is counted from in line with its facts, as its duties are [lgsco:5.8]."""
    connection = session.connection()
    closed = position_of(facts) not in OPEN_POSITIONS
    later = _later(connection, complaint_id) if closed else []
    values = counted(facts, owed, scheme=scheme, later=later)
    stored = connection.execute(_STORED, {"complaint": complaint_id}).first()
    if stored is not None and tuple(stored) == (values["kind"], values["counted_from"]):
        return
    if stored is None:
        connection.execute(_BEGIN, {"complaint_id": complaint_id, **values})
    else:
        connection.execute(_CHANGE, {"complaint": complaint_id, **values})
    touch(session, str(_R.name))


def counted(facts: CaseFacts, owed: Iterable[OwedDuty], *, scheme: str, later: Sequence[date] = ()) -> dict[str, Any]:
    """The columns of a record's row."""
    stands = [DutyStands(kind=duty.kind, standing=duty.standing, met_on=duty.met_on) for duty in owed]
    return {
        "kind": kind_of(facts, scheme=scheme),
        "counted_from": counted_from(facts, duties=stands, later=later),
    }


def _later(connection: Connection, complaint_id: int) -> list[date]:
    """The last days on which something was said, written or added."""
    found = connection.execute(_correspondence(), {"one": complaint_id}).one()
    days = [day for day in found[:-1] if day is not None]
    return [*days, local_day(found[-1])] if found[-1] is not None else days


@cache
def _correspondence() -> Any:
    """The newest day of each list, in one row. Made once: each step on a closed case asks it."""
    one: Any = sa.bindparam("one")
    columns = (_CO.c.on_day, _L.c.sent_on, _CL.c.asked_on, _CL.c.answered_on, _M.c.held_on, _CF.c.added_at)
    newest = [
        sa.select(sa.func.max(column)).where(column.table.c.complaint_id == one).scalar_subquery() for column in columns
    ]
    return sa.select(*newest)
