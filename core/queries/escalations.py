"""Stage 2 at a glance: what to acknowledge, who is missing, what is due or late, and cases that have taken too long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.code.policy import WATCHED
from core.model.complaints import Complaint, Stage
from core.model.duties import Duty
from core.model.people import Colleague, Person, Service
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.in_force import policy_today
from core.queries.queue import next_duty
from core.rules.duties import REVIEWS, Nearness, nearness
from core.rules.facts import Standing

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_CLOCK = Duty.__table__.alias("clock")  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_ONE = Stage.__table__.alias("one")  # type: ignore[attr-defined]
_TWO = Stage.__table__.alias("two")  # type: ignore[attr-defined]
_H1 = Colleague.__table__.alias("first_handler")  # type: ignore[attr-defined]
_H2 = Colleague.__table__.alias("second_handler")  # type: ignore[attr-defined]
_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """One complaint at stage 2, with stage 1's handler beside it so that a conflict is seen first."""

    reference: str
    version: int
    individual: str
    matter: str
    service: str
    requested_on: date
    position: str
    act_by: date
    soon: Nearness
    stage_one_handler: str
    stage_two_handler: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LongCase:
    """One open complaint that has taken many weeks in all."""

    reference: str
    individual: str
    matter: str
    received_on: date
    weeks: int
    position: str


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Escalations:
    """The four lists and the strip. A complaint may stand in more than one list.

    Each list shows its nearest; `counts` holds how many there are in each, by the list's name.
    """

    to_acknowledge: tuple[Escalated, ...]
    needs_someone: tuple[Escalated, ...]
    due_soon: tuple[Escalated, ...]
    late: tuple[Escalated, ...]
    amber: tuple[LongCase, ...]
    red: tuple[LongCase, ...]
    counts: Mapping[str, int]
    amber_weeks: int
    red_weeks: int
    amber_count: int
    red_count: int


@query(needs=Permission.READ, kept=True)
def escalations(asking: Asking) -> Escalations:
    """Stage 2 as it stands today, and the whole-case flags."""
    rows = _open_stage_two(asking)
    week = asking.today + timedelta(weeks=1)
    amber_weeks, red_weeks = map(policy_today(asking).watch_weeks, WATCHED)
    amber_from, red_from = asking.today - timedelta(weeks=amber_weeks), asking.today - timedelta(weeks=red_weeks)
    amber = sa.and_(_C.c.received_on <= amber_from, _C.c.received_on > red_from)
    red = _C.c.received_on <= red_from
    lists = {
        "to_acknowledge": tuple(row for row in rows if row.position.endswith("awaiting acknowledgement")),
        "needs_someone": tuple(row for row in rows if not row.stage_two_handler),
        "due_soon": tuple(row for row in rows if asking.today <= row.act_by <= week),
        "late": tuple(row for row in rows if row.act_by < asking.today),
    }
    return Escalations(
        **{name: found[:_SHOWN] for name, found in lists.items()},
        counts={name: len(found) for name, found in lists.items()},
        amber=_long(asking, amber),
        red=_long(asking, red),
        amber_weeks=amber_weeks,
        red_weeks=red_weeks,
        amber_count=_count(asking, amber),
        red_count=_count(asking, red),
    )


def _open_stage_two(asking: Asking) -> tuple[Escalated, ...]:
    joined = (
        _D.join(_C, _C.c.id == _D.c.complaint_id)
        .join(_ONE, sa.and_(_ONE.c.complaint_id == _C.c.id, _ONE.c.number == 1))
        .join(_TWO, sa.and_(_TWO.c.complaint_id == _C.c.id, _TWO.c.number == 2))
        .outerjoin(_H1, _H1.c.id == _ONE.c.handler_id)
        .outerjoin(_H2, _H2.c.id == _TWO.c.handler_id)
        .outerjoin(_P, _P.c.id == _C.c.person_id)
        .outerjoin(_S, _S.c.id == _C.c.service_id)
    )
    statement = (
        sa.select(
            _C.c.reference,
            _C.c.version,
            _C.c.matter,
            _C.c.position,
            _answer_by().label("act_by"),
            _TWO.c.received_on.label("requested_on"),
            _P.c.name.label("individual"),
            _S.c.name.label("service"),
            _H1.c.name.label("first"),
            _H2.c.name.label("second"),
        )
        .select_from(joined)
        .where(next_duty(asking), _D.c.ours.is_(False), _D.c.stage_number == 2, _open())
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_answer_by(), _D.c.id)
        .limit(asking.settings.search_limit)
    )
    return tuple(_escalated(asking, row) for row in asking.connection.execute(statement))


def _escalated(asking: Asking, row: Any) -> Escalated:
    return Escalated(
        reference=row.reference,
        version=row.version,
        individual=row.individual or "",
        matter=row.matter,
        service=row.service or "",
        requested_on=row.requested_on,
        position=row.position,
        act_by=row.act_by,
        soon=nearness(row.act_by, today=asking.today, calendar=asking.calendars.of(False)),
        stage_one_handler=row.first or "",
        stage_two_handler=row.second or "",
    )


def _answer_by() -> Any:
    """The day the complaint's own clock asks for something; a review or an own standard is none of stage 2's dates."""
    counted = (_CLOCK.c.kind.not_in(REVIEWS), _CLOCK.c.ours.is_(False))
    own = (_CLOCK.c.complaint_id == _C.c.id, _CLOCK.c.standing == Standing.OPEN.value, *counted)
    return sa.select(sa.func.min(_CLOCK.c.act_by)).where(*own).scalar_subquery()


def _open() -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = _C.c.is_open.is_(True)
    return condition


def _long(asking: Asking, when: sa.ColumnElement[bool]) -> tuple[LongCase, ...]:
    statement = (
        sa.select(_C.c.reference, _C.c.matter, _C.c.received_on, _C.c.position, _P.c.name.label("individual"))
        .select_from(_C.outerjoin(_P, _P.c.id == _C.c.person_id))
        .where(_open(), when, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_C.c.received_on, _C.c.id)
        .limit(_SHOWN)
    )
    return tuple(
        LongCase(
            reference=row.reference,
            individual=row.individual or "",
            matter=row.matter,
            received_on=row.received_on,
            weeks=(asking.today - row.received_on).days // 7,
            position=row.position,
        )
        for row in asking.connection.execute(statement)
    )


def _count(asking: Asking, when: sa.ColumnElement[bool]) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(_C)
        .where(_open(), when, *asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    return int(asking.connection.execute(statement).scalar_one())
