"""What stands in a report beside the figures: counts in which nobody stands out, and words written for publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.monitoring import LIMITS
from core.model.complaints import Complaint, Departure, Refusal
from core.model.duties import Duty
from core.model.learning import Improvement, Theme
from core.model.people import Service
from core.model.refusals import RefusalReason
from core.model.reports import OmbudsmanPublication
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.by_category import CATEGORY, OTHERS
from core.queries.figure_rows import SOURCES, of_scheme
from core.queries.figures import Figure, figures, figures_by_month, quarters_of
from core.rules.periods import Period
from core.rules.report_rows import Lines, Named, listed, listed_of_typed, named_at_least
from core.rules.s6_stages import ACKNOWLEDGE
from core.rules.showing import by_month, in_full, written
from core.rules.suppression import Shown
from core.rules.together import STAGES

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

_ACKNOWLEDGEMENTS = {
    kind: f"acknowledged_in_time_{end}" for kind, end in zip(ACKNOWLEDGE.values(), STAGES, strict=True)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breached:
    """One clause that was not kept: how often its date was missed, and how often it was departed from for a reason.

    `clause` is "" for dates that others set, such as the Ombudsman.
    """

    clause: str
    missed: Shown
    departed: Shown


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
    """What a report says of one period, with every small number held back; None for a table that cannot be shown.

    `told` are the figures in words, as the dashboard shows them to the Member, and `before` those of the period before.
    `whole` are the figures that are told as they are.
    """

    told: Mapping[str, str]
    before: Mapping[str, str]
    whole: frozenset[str]
    months: tuple[tuple[date, int], ...] | None
    services: Lines | None
    categories: Lines | None
    refusals: Lines | None
    breached: tuple[Breached, ...]
    made: tuple[Made, ...]
    patterns: tuple[Pattern, ...]
    publications: tuple[Appeared, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """A period and its figures, with how they are told; the quarters of a year besides."""

    period: Period
    figures: Mapping[str, Figure]
    words: Mapping[str, str]
    quarters: tuple[_Told, ...] = ()

    def whole(self, *keys: str) -> bool:
        """Whether these figures are told as they are, and in each quarter, too."""
        return in_full(self.figures, self.words, *keys) and all(each.whole(*keys) for each in self.quarters)


@query(needs=Permission.FIGURES)
def report_tables(asking: Asking, period: Period) -> ReportTables:
    """What a report on a quarter or a year says: nothing of any one case, and no number that tells a small one.

    A year gives way to its quarters, whose packs and pages readers have had [lgsco:8.1] [lgsco:9.6].
    """
    told = _told(asking, period)
    of_service = sa.func.coalesce(_S.c.name, "No service named")
    by_service = _C.outerjoin(_S, _S.c.id == _C.c.service_id)
    refused = _R.join(_C, _C.c.id == _R.c.complaint_id).outerjoin(_RR, _RR.c.id == _R.c.reason_id)
    reason = sa.func.coalesce(_RR.c.title, "A reason from before the list")
    services = _counts(asking, told, of_service, by_service, _C.c.received_on, "received")
    categories = _counts(asking, told, CATEGORY, _C, _C.c.received_on, "received")
    # Packs say how many were refused and nothing of the reasons, so a year's reasons have no quarters to give way to.
    reasons = _counts(asking, told, reason, refused, _R.c.told_on, "refused")
    fewest = LIMITS.fewest
    return ReportTables(
        told=told.words,
        before=_told(asking, period.before()).words,
        whole=frozenset(key for key in told.words if in_full(told.figures, told.words, key)),
        months=_months(asking, told),
        services=services and listed(services[0], fewest=fewest, rest="Other services", quarters=services[1]),
        categories=categories and listed_of_typed(categories[0], fewest=fewest, rest=OTHERS, quarters=categories[1]),
        refusals=reasons and listed(reasons[0], fewest=fewest, rest="Other reasons"),
        breached=_breached(asking, told),
        made=_made(asking, period),
        patterns=_patterns(asking, period),
        publications=_publications(asking, period),
    )


def _told(asking: Asking, period: Period) -> _Told:
    """The figures of a period as the dashboard tells them: a year's with those of its quarters in hand."""
    found, quarters = figures(asking, period), period.quarters()
    by_quarter = quarters_of(asking, period)
    of_each = (
        _Told(quarter, each, written(each, fewest=LIMITS.fewest))
        for quarter, each in zip(quarters, by_quarter, strict=False)
    )
    return _Told(period, found, written(found, fewest=LIMITS.fewest, quarters=by_quarter), tuple(of_each))


def _within(column: Any, period: Period) -> tuple[Any, Any]:
    return column >= period.start, column <= period.end


def _months(asking: Asking, told: _Told) -> tuple[tuple[date, int], ...] | None:
    """How many were received each month, by its first day; None where a month would tell a small number."""
    months = figures_by_month(asking, told.period, ids=("received",))
    if not told.whole("received") or not by_month("received", months, fewest=LIMITS.fewest):
        return None
    return tuple((month, found["received"].numerator or 0) for month, found in months.items())


def _counts(
    asking: Asking, told: _Told, name: Any, rows: Any, day: Any, total: str
) -> tuple[dict[str, int], list[dict[str, int]]] | None:
    """How many rows there are of each name, and in each quarter of a year; None where their total is not told."""
    if not told.whole(total):
        return None
    statement = sa.select(name, sa.func.count()).select_from(rows).where(_C.c.scheme == _SCHEME).group_by(name)
    periods = [each.period for each in told.quarters] or [told.period]
    found = [
        {str(row[0]): int(row[1]) for row in asking.connection.execute(statement.where(*_within(day, period)))}
        for period in periods
    ]
    return _sum(found), found if told.quarters else []


def _sum(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for each in counts:
        added.update(each)
    return dict(added)


def _breached(asking: Asking, told: _Told) -> tuple[Breached, ...]:
    """The clauses not kept: dates of the Code missed in the period, and departures recorded in it."""
    missed = _shown(asking, told, "missed", _D.c.clause, _D.c.kind, "breaches")
    departed = _shown(asking, told, "departures", _X.c.clause, sa.literal(""), "departures")
    clauses = sorted(each for each in missed.keys() | departed.keys() if missed.get(each, 0) or departed.get(each, 0))
    return tuple(Breached(clause=each, missed=missed.get(each, 0), departed=departed.get(each, 0)) for each in clauses)


def _shown(asking: Asking, told: _Told, source: str, clause: Any, kind: Any, total: str) -> Mapping[str, Shown]:
    """The rows of a source by clause, as they may stand beside their total."""
    return named_at_least(
        _by_clause(asking, told, source, clause, kind),
        fewest=LIMITS.fewest,
        total_told=told.whole(total),
        quarters=[_by_clause(asking, each, source, clause, kind) for each in told.quarters],
    )


def _by_clause(asking: Asking, told: _Told, name: str, clause: Any, kind: Any) -> Named:
    """How many rows there are of each clause, and the clauses whose number is known from another figure.

    A share of acknowledgements in time tells how many were late, and their clauses are of nothing else.
    """
    source = SOURCES[name]
    statement = (
        sa.select(clause, kind, sa.func.count())
        .select_from(source.rows)
        .where(*source.where(told.period, asking.today), *of_scheme(source, _SCHEME))
        .group_by(clause, kind)
    )
    counts: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for cited, duty, count in asking.connection.execute(statement):
        of = cited if cited.startswith(f"{_SCHEME}:") else ""
        share = _ACKNOWLEDGEMENTS.get(duty)
        counts[of] += count
        known[of] += count if share and in_full(told.figures, told.words, share) else 0
    return Named(dict(counts), frozenset(each for each in counts if known[each] == counts[each]))


def _made(asking: Asking, period: Period) -> tuple[Made, ...]:
    statement = (
        sa.select(sa.func.coalesce(_S.c.name, "").label("service"), _I.c.you_said, _I.c.we_did, _I.c.done_on)
        .select_from(_I.outerjoin(_S, _S.c.id == _I.c.service_id))
        .where(_I.c.dropped_on.is_(None), *_within(_I.c.done_on, period))
        .order_by(_I.c.done_on, _I.c.id)
    )
    return tuple(Made(**row) for row in asking.connection.execute(statement).mappings())


def _patterns(asking: Asking, period: Period) -> tuple[Pattern, ...]:
    """Themes of several, accepted until the period's end and worked on then. Series of words could name somebody."""
    closed = sa.or_(_T.c.closed_on.is_(None), _T.c.closed_on >= period.start)
    named = sa.func.coalesce(_S.c.name, "").label("service")
    statement = (
        sa.select(_T.c.title, named, sa.func.coalesce(_T.c.risk, "").label("risk"))
        .select_from(_T.outerjoin(_S, _S.c.id == _T.c.service_id))
        .where(_T.c.decision.in_(("accepted", "closed")), _T.c.decided_on <= period.end, closed)
        .where(_T.c.kind.in_(("cause", "category")), _T.c["count"] >= LIMITS.fewest)
        .order_by(_T.c.id)
    )
    return tuple(Pattern(**row) for row in asking.connection.execute(statement).mappings())


def _publications(asking: Asking, period: Period) -> tuple[Appeared, ...]:
    columns = [_O.c[name] for name in Appeared.__dataclass_fields__]
    statement = sa.select(*columns).where(*_within(_O.c.published_on, period)).order_by(_O.c.published_on, _O.c.id)
    return tuple(Appeared(**row) for row in asking.connection.execute(statement).mappings())
