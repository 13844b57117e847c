"""The figures of a period: each a choice among the rows of one source, with the cases behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Literal, cast

import sqlalchemy as sa

from core.code.figures import FIGURES
from core.code.survey import SURVEY
from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.learning import ImprovementCase
from core.model.requests import ServiceRequest
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_counts import Asked, By, Counts, counted
from core.queries.figure_rows import SOURCES, facets_of, joined, of_scheme, service_of
from core.queries.slice_counts import LENGTHS
from core.queries.sources import Source
from core.rules.facts import Outcome, StageNumber, Standing
from core.rules.periods import Period
from core.rules.s6_stages import ACKNOWLEDGE, RESPOND
from core.rules.showing import AT_THE_END
from core.store.scope import visible_requests

__all__ = [
    "Figure",
    "Period",
    "cases_behind",
    "figures",
    "figures_by_month",
    "figures_by_quarter",
    "figures_by_service",
    "quarters_of",
]

_C = Complaint.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_IC = ImprovementCase.__table__  # type: ignore[attr-defined]
NO_SERVICE = 0
"""What stands for complaints that name no service."""
_IN_DAYS = ("mean", "median")
_PEOPLE = "feedback"
"""The source whose rows say how many people they are."""
_OF_EXTENSIONS = "extension_days_mean"
_TENTH = Decimal("0.1")
_JUDGED = (Standing.IN_TIME.value, Standing.EXTENDED.value, Standing.LATE.value)
_UPHELD = (Outcome.UPHELD.value, Outcome.PARTIALLY_UPHELD.value)
_FOUND = (*_UPHELD, Outcome.NOT_UPHELD.value)
_UNFOUND = ("", *sorted({each.value for each in Outcome} - {*_FOUND}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one period.

    A count has its number in `numerator`, money its pence and of how many sums; a share has both numbers and its
    percentage as `value`; a mean has the days added up and how many they go over; a median has no numerator. `value` is
    None where nothing is counted, and has one decimal, half up, for all but counts and pence.
    """

    id: str
    numerator: int | None
    denominator: int | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of one source: for each facet named, the values that count."""

    source: str
    facets: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def _choice(source: str, **facets: Any) -> Choice:
    """A choice; one value stands for a tuple of one."""
    return Choice(source, {name: value if isinstance(value, tuple) else (value,) for name, value in facets.items()})


def _of_stage(stage: StageNumber, end: str) -> dict[str, tuple[Choice, Choice | None]]:
    """The figures that both stages have; `end` closes their ids."""
    acknowledge, respond = ACKNOWLEDGE[stage], RESPOND[stage]
    sent = _choice("responses", kind=respond, standing=_JUDGED)
    stands = {"in_target": Standing.IN_TIME, "in_extension": Standing.EXTENDED, "late": Standing.LATE}
    answered = _choice("answers", stage=int(stage))
    dated = _choice("answers", stage=int(stage), dated=1)
    in_time = _choice("acknowledgements", kind=acknowledge, standing=Standing.IN_TIME.value)
    unknown = _choice("responses", kind=respond, standing=Standing.UNKNOWN.value)
    how = {name: (_choice("responses", kind=respond, standing=each.value), sent) for name, each in stands.items()}
    outcomes = {**{name: name for name in _FOUND}, "resolved": _UNFOUND}
    found = {name: (_choice("answers", stage=int(stage), outcome=each), answered) for name, each in outcomes.items()}
    chosen: dict[str, tuple[Choice, Choice | None]] = {
        "acknowledged_in_time": (in_time, _choice("acknowledgements", kind=acknowledge)),
        **how,
        **found,
        "not_judged": (unknown, None),
        "days_mean": (dated, dated),
        "days_median": (dated, dated),
    }
    return {f"{name}_{end}": choice for name, choice in chosen.items()}


def _said(question: str) -> tuple[Choice, Choice]:
    """People who were content, of those who answered a question of the survey."""
    return _choice(_PEOPLE, question=question, content=1), _choice(_PEOPLE, question=question)


_ONE = _choice("answers", stage=1)
_ANSWERS = _choice("answers")
_LENGTHENED = _choice("lengthened")
_OVERTURNED = _choice("finals", outcome=_UPHELD, before=Outcome.NOT_UPHELD.value)
_INVESTIGATED = _choice("ombudsman", investigated=1)
_FAULT = _choice("ombudsman", upheld=1)
CHOICES: Mapping[str, tuple[Choice, Choice | None]] = {
    **_of_stage(StageNumber.ONE, "one"),
    **_of_stage(StageNumber.TWO, "two"),
    "received": (_choice("received"), None),
    "requests": (_choice("requests"), None),
    "requests_unhappy": (_choice("requests", unhappy=1), _choice("requests")),
    "requests_converted": (_choice("requests", raised=1), _choice("requests")),
    "escalated": (_choice("asked_two"), _ONE),
    "overturned": (_OVERTURNED, _choice("finals")),
    "extended": (_LENGTHENED, _ANSWERS),
    "extended_beyond": (_choice("lengthened", beyond=1), _ANSWERS),
    "extension_days_mean": (_LENGTHENED, _LENGTHENED),
    "extension_details": (_choice("extensions", said=1, details=1), _choice("extensions", said=1)),
    "refused": (_choice("refusals"), _choice("received")),
    "refused_start": (_choice("refusals", stage=1), None),
    "refused_escalation": (_choice("refusals", stage=2), None),
    "remedies_offered": (_choice("remedies"), None),
    "pence_offered": (_choice("remedies", money=1), _choice("remedies", money=1)),
    "pence_paid": (_choice("payments"), _choice("payments")),
    "remedy_actions_in_time": (_choice("remedies_due", kept=1), _choice("remedies_due")),
    "first_offered_late": (_choice("first_remedies", later=1), _choice("first_remedies")),
    "over_eight_weeks": (_choice("open_long"), None),
    "over_twelve_weeks": (_choice("open_long", red=1), None),
    "learning_identified": (_choice("taught", taught=1), _choice("taught")),
    "ombudsman_decided": (_choice("ombudsman"), None),
    "ombudsman_investigated": (_INVESTIGATED, _choice("ombudsman")),
    "ombudsman_upheld": (_FAULT, _INVESTIGATED),
    "recommendations_complied": (_choice("recommendations", complied=1), _choice("recommendations")),
    "remedied_before": (_choice("ombudsman", upheld=1, before=1), _FAULT),
    "improvements_identified": (_choice("improvements_planned"), None),
    "learning_implemented": (_choice("improvements_made"), None),
    "improvements_overdue": (_choice("improvements_overdue"), None),
    "breaches": (_choice("missed"), None),
    "breaches_unexplained": (_choice("missed", explained=0), _choice("missed")),
    "departures": (_choice("departures"), None),
    "quality_met": (_choice("checks", passed=1), _choice("checks")),
    "adjustments": (_choice("adjustments"), None),
    "restrictions": (_choice("restrictions"), None),
    "reviews_overdue": (_choice("reviews_overdue"), None),
    "surveys_answered": (_choice("surveys", answered=1), _choice("surveys")),
    **{f"feedback_{question}": _said(question) for question in SURVEY.questions},
    "standards_kept": (_choice("own_standards", standing=Standing.IN_TIME.value), _choice("own_standards")),
}
"""What each figure of the catalogue counts, and of what; None for what is only counted."""


@query(needs=Permission.FIGURES, kept=True)
def figures(
    asking: Asking, period: Period, *, service_id: int | None = None, scheme: str = "lgsco"
) -> Mapping[str, Figure]:
    """Every figure of the catalogue for a period, of one service or the whole council [lgsco:8.1].

    Confidential complaints count; whoever looks at the cases behind a figure sees those that are theirs to see.
    """
    counts = counted(asking, _asked(period, scheme, {*FIGURES}, service_id=service_id))
    return _figures(counts.get(None, Counts()), {*FIGURES})


@query(needs=Permission.FIGURES, kept=True)
def figures_by_service(
    asking: Asking, period: Period, *, scheme: str = "lgsco", ids: tuple[str, ...] | None = None
) -> Mapping[int, Mapping[str, Figure]]:
    """The same figures, or those named, by service; 0 stands for complaints that name none, so all make the whole."""
    wanted = {*(FIGURES if ids is None else ids)}
    found = counted(asking, _asked(period, scheme, wanted, by="service"))
    told = {service or NO_SERVICE: _figures(counts, wanted) for service, counts in found.items()}
    return MappingProxyType(cast("dict[int, Mapping[str, Figure]]", told))


@query(needs=Permission.FIGURES, kept=True)
def figures_by_month(
    asking: Asking,
    period: Period,
    *,
    service_id: int | None = None,
    scheme: str = "lgsco",
    ids: tuple[str, ...] | None = None,
) -> Mapping[date, Mapping[str, Figure]]:
    """The same figures, or those named, month by month, by each month's first day: for charts [lgsco:9.7]."""
    wanted = {*(FIGURES if ids is None else ids)}
    found = counted(asking, _asked(period, scheme, wanted, service_id=service_id, by="month"))
    months = (month.start.replace(day=1) for month in period.months())
    return MappingProxyType({month: _figures(found.get(month, Counts()), wanted) for month in months})


@query(needs=Permission.FIGURES, kept=True)
def figures_by_quarter(
    asking: Asking, period: Period, *, scheme: str = "lgsco", ids: tuple[str, ...] | None = None
) -> tuple[Mapping[str, Figure], ...]:
    """The same figures, or those named, quarter by quarter: what a year is shown beside [lgsco:9.6].

    Figures of how things stood are left out. Those stand in a year as in its last quarter, and add nothing up.
    """
    wanted = {*(FIGURES if ids is None else ids)} - {*AT_THE_END}
    found = counted(asking, _asked(period, scheme, wanted, by="quarter"))
    begins = (Period.quarter_with(each.start).start for each in period.quarters())
    return tuple(_figures(found.get(each, Counts()), wanted) for each in begins)


def quarters_of(asking: Asking, period: Period) -> tuple[Mapping[str, Figure], ...]:
    """The figures of a year's quarters, which readers have had; none for a quarter [lgsco:9.6]."""
    return figures_by_quarter(asking, period) if len(period.quarters()) > 1 else ()


def _asked(period: Period, scheme: str, ids: Set[str], *, service_id: int | None = None, by: By | None = None) -> Asked:
    """What has to be counted for these figures."""
    in_days = {key for key in ids if FIGURES[key].kind in _IN_DAYS}
    return Asked(
        period=period,
        scheme=scheme,
        services=() if service_id is None else (service_id,),
        by=by,
        sources=frozenset(choice.source for key in ids for choice in CHOICES[key] if choice is not None),
        days=bool(in_days - {_OF_EXTENSIONS}),
        lengths=_OF_EXTENSIONS in in_days,
    )


@query(needs=Permission.READ)
def cases_behind(
    asking: Asking,
    id: str,
    period: Period,
    *,
    service_id: int | None = None,
    part: Literal["numerator", "denominator"] = "numerator",
    scheme: str = "lgsco",
) -> tuple[str, ...]:
    """The references behind one number of a figure, each once, as far as this person sees them [lgsco:8.1].

    A figure of service requests has theirs, one of improvements those of the complaints they were learned from, and one
    of what people said in the survey has none.
    Raises BadInput for a figure that does not exist, or a part it does not have.
    """
    if id not in CHOICES:
        raise BadInput("There is no such figure. Open the number from the page of figures.")
    chosen = CHOICES[id][part == "denominator"]
    if chosen is None:
        raise BadInput("That figure is a plain count. Open the count itself.")
    source = SOURCES[chosen.source]
    if source.of == "survey":
        return ()
    rows, reference, seen = _listed(asking, source)
    facets = facets_of(source, period, asking.today)
    chosen_by = [facets[name].in_(values) for name, values in chosen.facets.items()]
    service = [] if service_id is None else [service_of(source) == service_id]
    statement = (
        sa.select(reference)
        .select_from(rows)
        .where(*source.where(period, asking.today), *of_scheme(source, scheme), *chosen_by, *service, *seen)
        .distinct()
        .order_by(reference)
    )
    return tuple(asking.connection.execute(statement).scalars())


def _listed(asking: Asking, source: Source) -> tuple[Any, Any, list[Any]]:
    """A source's rows with what their references are read from, and who sees them."""
    if source.of == "request":
        return source.rows, _Q.c.reference, visible_requests(asking.actor)
    rows = joined(source, to_complaint=True)
    if source.of == "improvement":
        linked = _IC.c.improvement_id == source.rows.c.id
        rows = rows.join(_IC, linked).join(_C, _C.c.id == _IC.c.complaint_id)
    return rows, _C.c.reference, asking.seen(_C.c.id, service_id=_C.c.service_id)


def _figures(counts: Counts, ids: Iterable[str]) -> Mapping[str, Figure]:
    return MappingProxyType({id: _figure(id, counts) for id in FIGURES if id in ids})


def _figure(id: str, counts: Counts) -> Figure:
    numerator, denominator = CHOICES[id]
    kind = FIGURES[id].kind
    if kind == "mean":
        return _mean(id, counts.days.get(_stage_in(numerator), []))
    if kind == "median":
        return _median(id, counts.days.get(_stage_in(numerator), []))
    number = _number(counts, numerator, amount=kind == "pence")
    if denominator is None:
        return Figure(id=id, numerator=number, denominator=None, value=Decimal(number))
    whole = _number(counts, denominator)
    if kind == "pence":
        return Figure(id=id, numerator=number, denominator=whole, value=Decimal(number))
    value = _rounded(Decimal(100 * number) / whole) if whole else None
    return Figure(id=id, numerator=number, denominator=whole, value=value)


def _number(counts: Counts, choice: Choice, *, amount: bool = False) -> int:
    return counts.number(choice.source, choice.facets, amount=amount or choice.source == _PEOPLE)


def _stage_in(choice: Choice) -> int:
    return int(choice.facets["stage"][0]) if "stage" in choice.facets else LENGTHS


def _mean(id: str, days: Sequence[tuple[int, int]]) -> Figure:
    total, n = sum(each * count for each, count in days), sum(count for _each, count in days)
    return Figure(id=id, numerator=total, denominator=n, value=_rounded(Decimal(total) / n) if n else None)


def _median(id: str, days: Sequence[tuple[int, int]]) -> Figure:
    n = sum(count for _each, count in days)
    if not n:
        return Figure(id=id, numerator=None, denominator=0, value=None)
    # The middle one, or the two about the middle: found by counting up to them.
    upper, lower = n // 2, (n - 1) // 2
    middle, passed = [], 0
    for each, count in sorted(days):
        middle += [each for at in {lower, upper} if passed <= at < passed + count]
        passed += count
    return Figure(id=id, numerator=None, denominator=n, value=_rounded(Decimal(sum(middle)) / len(middle)))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, rounding=ROUND_HALF_UP)
