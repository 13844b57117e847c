"""A complaint's stored duties, position and retention brought in line with its facts, within the step that changed it.

What is stored is compared in memory; only what differs is written, in one statement for each set of columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.code.policy import Policy
from core.model.duties import Duty
from core.rules.duties import Duty as OwedDuty
from core.rules.facts import Standing
from core.store.calendar import Calendars
from core.store.engine import touch
from core.store.facts import CaseRows, count_duties, duty_key, duty_values, next_of, placed
from core.store.in_touch import InTouch, in_touch_with
from core.store.outside import Outside, asked_outside
from core.store.retaining import keep_counted

_D = Duty.__table__  # type: ignore[attr-defined]
_STORED = sa.select(_D).where(_D.c.complaint_id == sa.bindparam("complaint"))
_ADDED = sa.insert(_D)
_GONE = sa.delete(_D).where(_D.c.id == sa.bindparam("duty"))


def settle(session: Session, case: CaseRows, *, policy: Policy, calendars: Calendars) -> tuple[OwedDuty, ...]:
    """Bring the complaint's stored duties and position in line with its facts; the duties owed.

    A duty already settled keeps the calendar it was counted by; an open one is counted by the newest.
    """
    complaint, connection = case.complaint, session.connection()
    kept = bool(policy.service_standards or case.remedies) or case.stages[1].told_on is not None
    in_touch = in_touch_with(connection, [case.id], standards=kept).get(case.id, InTouch())
    case.in_touch, case.information = in_touch if kept else None, tuple(in_touch.information)
    case.outside = asked_outside(connection, [case.id]).get(case.id, Outside())
    facts = case.facts()
    stored = {duty_key(row): row for row in connection.execute(_STORED, {"complaint": case.id})}
    settled = {key: row.calendar_id for key, row in stored.items() if row.standing != Standing.OPEN}
    owed = count_duties(facts, policy=policy, calendars=calendars, kept=settled)
    first = next_of(duty for duty, _calendar in owed)
    counted = {
        duty.key: duty_values(duty, case, is_next=first.holds(duty)) | {"calendar_id": calendar_id}
        for duty, calendar_id in owed
    }
    if _write(connection, case.id, stored, counted):
        touch(session, str(_D.name))
    for name, value in placed(facts, first).items():
        if getattr(complaint, name) != value:  # what is set to the same again would be looked through once more
            setattr(complaint, name, value)
    duties = tuple(duty for duty, _calendar in owed)
    if complaint.anonymised_on is None:
        keep_counted(session, case.id, facts, duties, scheme=complaint.scheme)
    return duties


Key = tuple[int, str, int]


def _write(
    connection: Connection, complaint_id: int, stored: Mapping[Key, Any], counted: Mapping[Key, Mapping[str, Any]]
) -> bool:
    """Write what differs between the duties stored and those counted; whether anything did."""
    gone = [{"duty": row.id} for key, row in stored.items() if key not in counted]
    added = [{"complaint_id": complaint_id, **values} for key, values in counted.items() if key not in stored]
    changed: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, values in counted.items():
        if key in stored and (differing := _differing(stored[key], values)):
            changed.setdefault(tuple(differing), []).append({"duty": stored[key].id, **differing})
    if gone:
        connection.execute(_GONE, gone)
    for columns, rows in changed.items():
        connection.execute(_changing(columns), rows)
    if added:
        connection.execute(_ADDED, added)
    return bool(gone or changed or added)


def _differing(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that differ. A newer calendar that gives the same dates is no change."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    return differing if differing.keys() - {"calendar_id"} else {}


@lru_cache(maxsize=256)
def _changing(columns: tuple[str, ...]) -> Any:
    values: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
    return sa.update(_D).where(_D.c.id == sa.bindparam("duty")).values(values)
