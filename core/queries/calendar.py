"""The calendar asked: dates counted with their why, what a newer list would change, and the duties it would move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.channels.bank_holidays import DIVISION, HolidayRow, PublishedDay, merge, no_longer_listed
from core.model.complaints import Stage
from core.model.duties import Duty
from core.model.organisation import Layer
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.duties_check import PART, StoredCase, stored_cases
from core.queries.in_force import policy_today
from core.rules.duties import TITLES
from core.rules.facts import Standing
from core.rules.working_days import Why
from core.store.calendar import Calendars
from core.store.facts import count_duties

_D = Duty.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]

ChangedDay = tuple[date, str, Layer, bool]
"""A day, its name, its layer, and whether it is taken back: what ChangeCalendar takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarNews:
    """What a newer list would add or take back, and the days it no longer shows although they are in force here."""

    rows: tuple[ChangedDay, ...]
    unlisted: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDuty:
    """One open duty that a changed calendar would move. `act_by` stays earlier where a date was promised."""

    reference: str
    stage: int
    title: str
    clause: str
    was: date
    becomes: date
    act_by_was: date
    act_by: date


@query(needs=Permission.CODE)
def counted_from(asking: Asking, starts: Sequence[tuple[date, int]]) -> tuple[Why, ...]:
    """For each start and number of working days, the date it leads to and why [lgsco:6.2].

    Counted by the calendar of the policy in force today. Raises CalendarEnds when a date lies outside it, BadInput for
    a number below 1.
    """
    calendar = asking.calendars.of(policy_today(asking).closure_days_skip)
    return tuple(calendar.why(start, n) for start, n in starts)


@query(needs=Permission.CALENDAR)
def calendar_news(
    asking: Asking, listed: Sequence[PublishedDay], *, source: str, withdraw: bool = False
) -> CalendarNews:
    """What a published list would change here. With `withdraw`, days that it no longer shows are taken back."""
    policy_today(asking)
    held = tuple(
        HolidayRow(on=day, name=name, division=DIVISION, source="", first_seen_at=asking.now)
        for day, name in asking.calendars.holidays().items()
    )
    merged = merge(held, listed, source=source, seen_at=asking.now, withdraw=withdraw)
    rows = (*merged.additions, *merged.withdrawals)
    unlisted = () if withdraw else no_longer_listed(held, listed)
    return CalendarNews(
        rows=tuple((row.on, row.name, Layer.BANK_HOLIDAY, row.withdrawn) for row in rows),
        unlisted=tuple((row.on, row.name) for row in unlisted),
    )


@query(needs=Permission.CALENDAR)
def moved_by(asking: Asking, rows: Sequence[ChangedDay]) -> tuple[MovedDuty, ...]:
    """The open duties that these days would move, the nearest first; nothing is moved by asking (reading R23).

    Raises CalendarEnds when a date would lie outside the calendar that results.
    """
    if not rows:
        return ()
    after = asking.calendars.changed(rows)
    moved: list[MovedDuty] = []
    ids = _in_reach(asking, [row[0] for row in rows])
    for start in range(0, len(ids), PART):
        for case in stored_cases(asking, ids[start : start + PART]):
            moved += _moves(case, after, asking)
    return tuple(sorted(moved, key=lambda duty: (duty.act_by_was, duty.reference, duty.stage, duty.title)))


def _in_reach(asking: Asking, days: Sequence[date]) -> list[int]:
    """Complaints with an open duty whose stage began before the last of these days and that runs to the first."""
    first, last = min(days), max(days)
    reach = sa.or_(_D.c.due_on >= first, _D.c.act_by >= first, _D.c.literal_due_on >= first)
    same_stage = sa.and_(_ST.c.complaint_id == _D.c.complaint_id, _ST.c.number == _D.c.stage_number)
    statement = (
        sa.select(_D.c.complaint_id)
        .select_from(_D.join(_ST, same_stage))
        .where(_D.c.standing == Standing.OPEN.value, sa.or_(_ST.c.received_on < last, _D.c.start_on < last), reach)
        .where(*asking.seen(_D.c.complaint_id, service_id=_D.c.service_id, owner_id=_D.c.owner_id))
        .distinct()
        .order_by(_D.c.complaint_id)
    )
    return list(asking.connection.execute(statement).scalars())


def _moves(case: StoredCase, after: Calendars, asking: Asking) -> Iterable[MovedDuty]:
    complaint = case.rows.complaint
    policy = asking.policies[complaint.policy_id]
    for duty, _calendar in count_duties(case.rows.facts(), policy=policy, calendars=after, kept=case.settled):
        was: Any = case.duties.get(duty.key)
        if was is None or was.standing != Standing.OPEN or (was.due_on, was.act_by) == (duty.due_on, duty.act_by):
            continue
        yield MovedDuty(
            reference=complaint.reference,
            stage=int(duty.stage),
            title=TITLES[duty.kind],
            clause=duty.clause,
            was=was.due_on,
            becomes=duty.due_on,
            act_by_was=was.act_by,
            act_by=duty.act_by,
        )
