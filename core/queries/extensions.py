"""Extensions: the reasons that people were given."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.model.complaints import Complaint, Extension
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_rows import SOURCES, joined, of_scheme
from core.rules.periods import Period

_C = Complaint.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_LISTED = 20
_SCHEME = "lgsco"


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
