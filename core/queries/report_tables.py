"""What stands in a report beside the figures: counts in which nobody stands out, and words written for publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.reports import REPORTS
from core.model.complaints import Complaint, Departure, Refusal
from core.model.duties import Duty
from core.model.learning import Improvement, Theme
from core.model.people import Service
from core.model.refusals import RefusalReason
from core.model.reports import OmbudsmanPublication
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.by_category import CATEGORY, OTHERS
from core.rules.facts import Standing
from core.rules.periods import Period
from core.rules.reports import folded

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_I = Improvement.__table__  # type: ignore[attr-defined]
_O = OmbudsmanPublication.__table__  # type: ignore[attr-defined]
_R = Refusal.__table__  # type: ignore[attr-defined]
_RR = RefusalReason.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_T = Theme.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_SCHEME = "lgsco"

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breached:
    """One clause that was not kept: how often its date was missed, and how often it was departed from for a reason."""

    clause: str
    missed: int
    departed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An improvement that is completed, in the words written for publication."""

    service: str
    you_said: str
    we_did: str
    done_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A theme that was accepted: what it is about, where, and how much harm it does. No complaint of it is named."""

    title: str
    service: str
    risk: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeared:
    """Something the Ombudsman published."""

    title: str
    kind: str
    published_on: date
    address: str
    concerns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTables:
    """Everything that a report lists besides its figures, for one period."""

    months: tuple[tuple[date, int], ...]
    services: Counts
    categories: Counts
    refusals: Counts
    breached: tuple[Breached, ...]
    made: tuple[Made, ...]
    patterns: tuple[Pattern, ...]
    publications: tuple[Appeared, ...]


@query(needs=Permission.FIGURES)
def report_tables(asking: Asking, period: Period) -> ReportTables:
    """What a report on a period lists: small counts put together, and nothing of any one case [lgsco:8.1]."""
    received = (_C.c.scheme == _SCHEME, *_within(_C.c.received_on, period))
    of_service = sa.func.coalesce(_S.c.name, "No service named")
    by_service = _C.outerjoin(_S, _S.c.id == _C.c.service_id)
    refused = _R.join(_C, _C.c.id == _R.c.complaint_id).outerjoin(_RR, _RR.c.id == _R.c.reason_id)
    told = (_C.c.scheme == _SCHEME, *_within(_R.c.told_on, period))
    reason = sa.func.coalesce(_RR.c.title, "A reason from before the list")
    return ReportTables(
        months=_months(asking, received, period),
        services=_counted(asking, of_service, by_service, received, rest="Other services"),
        categories=_counted(asking, CATEGORY, _C, received, rest=OTHERS),
        refusals=_counted(asking, reason, refused, told, rest="Other reasons"),
        breached=_breached(asking, period),
        made=_made(asking, period),
        patterns=_patterns(asking, period),
        publications=_publications(asking, period),
    )


def _within(column: Any, period: Period) -> tuple[Any, Any]:
    return column >= period.start, column <= period.end


def _months(asking: Asking, received: tuple[Any, ...], period: Period) -> tuple[tuple[date, int], ...]:
    """How many were received each month, by its first day, the months without any included."""
    statement = sa.select(_C.c.received_on, sa.func.count()).where(*received).group_by(_C.c.received_on)
    found = {month.start.replace(day=1): 0 for month in period.months()}
    for on, count in asking.connection.execute(statement):
        found[on.replace(day=1)] += count
    return tuple(found.items())


def _counted(asking: Asking, name: Any, rows: Any, where: tuple[Any, ...], *, rest: str) -> Counts:
    """How many rows there are of each name, so that no small number is shown."""
    statement = sa.select(name, sa.func.count()).select_from(rows).where(*where).group_by(name)
    counts = {str(row[0]): int(row[1]) for row in asking.connection.execute(statement)}
    return folded(counts, fewest=REPORTS.fewest, rest=rest)


def _breached(asking: Asking, period: Period) -> tuple[Breached, ...]:
    """The clauses not kept: dates of the Code missed in the period, and departures recorded in it."""
    missed = (
        sa.select(_D.c.clause, sa.func.count())
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(_C.c.scheme == _SCHEME, _D.c.standing == Standing.LATE.value, _D.c.ours.is_(False))
        .where(*_within(_D.c.due_on, period), _D.c.clause.like(f"{_SCHEME}:%"))
        .group_by(_D.c.clause)
    )
    departed = (
        sa.select(_X.c.clause, sa.func.count())
        .select_from(_X.join(_C, _C.c.id == _X.c.complaint_id))
        .where(_C.c.scheme == _SCHEME, *_within(_X.c.recorded_on, period))
        .group_by(_X.c.clause)
    )
    late = {row[0]: int(row[1]) for row in asking.connection.execute(missed)}
    given = {row[0]: int(row[1]) for row in asking.connection.execute(departed)}
    clauses = sorted(late.keys() | given.keys())
    return tuple(Breached(clause=each, missed=late.get(each, 0), departed=given.get(each, 0)) for each in clauses)


def _made(asking: Asking, period: Period) -> tuple[Made, ...]:
    statement = (
        sa.select(sa.func.coalesce(_S.c.name, "").label("service"), _I.c.you_said, _I.c.we_did, _I.c.done_on)
        .select_from(_I.outerjoin(_S, _S.c.id == _I.c.service_id))
        .where(_I.c.dropped_on.is_(None), *_within(_I.c.done_on, period))
        .order_by(_I.c.done_on, _I.c.id)
    )
    return tuple(Made(**row) for row in asking.connection.execute(statement).mappings())


def _patterns(asking: Asking, period: Period) -> tuple[Pattern, ...]:
    """The themes accepted until the period's end and still worked on then. Series of words could name somebody."""
    closed = sa.or_(_T.c.closed_on.is_(None), _T.c.closed_on >= period.start)
    named = sa.func.coalesce(_S.c.name, "").label("service")
    statement = (
        sa.select(_T.c.title, named, sa.func.coalesce(_T.c.risk, "").label("risk"), _T.c["count"])
        .select_from(_T.outerjoin(_S, _S.c.id == _T.c.service_id))
        .where(_T.c.decision.in_(("accepted", "closed")), _T.c.decided_on <= period.end, closed)
        .where(_T.c.kind.in_(("cause", "category")), _T.c["count"] >= REPORTS.fewest)
        .order_by(_T.c.id)
    )
    return tuple(Pattern(**row) for row in asking.connection.execute(statement).mappings())


def _publications(asking: Asking, period: Period) -> tuple[Appeared, ...]:
    columns = [_O.c[name] for name in Appeared.__dataclass_fields__]
    statement = sa.select(*columns).where(*_within(_O.c.published_on, period)).order_by(_O.c.published_on, _O.c.id)
    return tuple(Appeared(**row) for row in asking.connection.execute(statement).mappings())
