"""Extensions: how much longer a stage took by them, and the reasons that people were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from core.model.complaints import Complaint, Extension, Stage
from core.model.duties import Duty
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_rows import SOURCES, joined, of_scheme
from core.rules.periods import Period
from core.rules.s6_stages import RESPOND

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_LISTED = 20
_SCHEME = "lgsco"


def lengths(
    asking: Asking, period: Period, scheme: str, services: Sequence[int], *, by_service: bool
) -> Iterator[tuple[int | None, int]]:
    """By how many working days each stage answered in the period was extended, with its service where it is asked for.

    From its first due day to the last of the new dates, however many extensions there were; a new date that is no
    later, as an old record may have, is no longer wait: 0 [lgsco:6.4].
    """
    source = SOURCES["answers"]
    # The kind follows from the stage, so each duty is one step of its unique index; with both kinds named, SQLite would
    # begin with all duties of these kinds.
    kind = sa.case({int(stage): name for stage, name in RESPOND.items()}, value=_ST.c.number)
    owed = sa.and_(_D.c.complaint_id == _ST.c.complaint_id, _D.c.stage_number == _ST.c.number, _D.c.kind == kind)
    rows = joined(source, to_complaint=by_service or bool(services)).join(_E, _E.c.stage_id == _ST.c.id).join(_D, owed)
    # Days are taken as they are stored: making dates of them would take longer than counting.
    due, until = sa.type_coerce(_D.c.due_on, sa.String), sa.type_coerce(sa.func.max(_E.c.new_date), sa.String)
    service = [_C.c.service_id] if by_service else []
    statement = (
        sa.select(due, until, *service)
        .select_from(rows)
        .where(*source.where(period, asking.today), *of_scheme(source, scheme))
        .where(*(_C.c.service_id == each for each in services))
        .group_by(_ST.c.id, _D.c.due_on, *service)
    )
    found = asking.connection.execute(statement).all()
    if not found:
        return
    began, ended, *of_service = zip(*found, strict=True)
    taken = asking.calendars.of(closure_days_skip=False).bulk_between(
        np.array(began, dtype="datetime64[D]"), np.array(ended, dtype="datetime64[D]")
    )
    longer = np.maximum(taken, 0).tolist()
    yield from zip(of_service[0] if by_service else [None] * len(found), longer, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGiven:
    """One reason in the words it was given, "" where an old record has none.

    `given` is how often, `beyond` how many of these went past the limit, `without` how many were told without the
    Ombudsman's details. `latest` is the newest complaint it was given for.
    """

    reason: str
    given: int
    beyond: int
    without: int
    latest: str


@query(needs=Permission.PERFORMANCE, kept=True)
def extension_reasons(asking: Asking, period: Period) -> tuple[ReasonGiven, ...]:
    """Why extensions told in the period were needed, the most frequent reasons first, of complaints seen [lgsco:6.4].

    Twenty at most. An extension of an old record does not say what was told with it, and counts in `without` nowhere.
    """
    source = SOURCES["extensions"]
    reason = sa.func.trim(_E.c.reason)
    given = sa.func.count().label("given")
    without = sa.and_(_E.c.ombudsman_told.is_(False), _E.c.decided_by.is_not(None))
    statement = (
        sa.select(
            reason.label("reason"),
            given,
            sa.func.sum(sa.case((_E.c.good_reason.is_not(None), 1), else_=0)).label("beyond"),
            sa.func.sum(sa.case((without, 1), else_=0)).label("without"),
            sa.func.max(_C.c.reference).label("latest"),
        )
        .select_from(joined(source, to_complaint=True))
        .where(_E.c.told_on >= period.start, _E.c.told_on <= period.end, *of_scheme(source, _SCHEME))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .group_by(reason)
        .order_by(given.desc(), reason)
        .limit(_LISTED)
    )
    return tuple(
        ReasonGiven(
            reason=row.reason, given=row.given, beyond=int(row.beyond), without=int(row.without), latest=row.latest
        )
        for row in asking.connection.execute(statement)
    )
