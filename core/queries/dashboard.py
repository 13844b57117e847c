"""What the Member dashboard stands on: a period beside earlier ones, months, services, categories, and silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from core.code.monitoring import LIMITS
from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.people import Service
from core.model.requests import ServiceRequest
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.by_category import Lines, found_by_category
from core.queries.figures import (
    NO_SERVICE,
    Figure,
    cases_behind,
    figures,
    figures_by_month,
    figures_by_quarter,
    figures_by_service,
)
from core.rules.periods import Period
from core.rules.showing import TOGETHER
from core.rules.together import OF_NOBODY
from core.rules.working_days import months_after
from core.words import day_words

_C = Complaint.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_SUMS = (*TOGETHER[0], *TOGETHER[1])
CHARTED = ("received", "in_target_one", "days_mean_one", "upheld_one", "remedies_offered")
FOUND = ("upheld_one", "partially_upheld_one", "not_upheld_one", "resolved_one")
_YEAR = 12  # house: months of a year
_MONTHS = 2 * _YEAR
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Dashboard:
    """One period, and what it stands beside.

    `last_year` is the same months of the year before, and None where that is the period before. `months` holds whole
    months that are over, two years of them at most, by their first day. `services` has what was found at stage 1,
    service by service in the order of their names, and is empty for one service. `categories` has the same by category.
    Whoever is shown no small number has both for a quarter alone: four quarters could be taken from their year.
    `quarters` are those of each year, whose hidden numbers the year must not tell: all figures for them, and for others
    what people said in the survey.
    `silent` names services that nobody complained about in the year up to the
    end of the period. `fewest` is the smallest number shown to whoever may open no case, and None for whoever may.
    """

    period: Period
    earlier: Period
    figures: Mapping[str, Figure]
    before: Mapping[str, Figure]
    last_year: Period | None
    year_ago: Mapping[str, Figure]
    months: Mapping[date, Mapping[str, Figure]]
    services: Lines
    categories: Lines
    silent: tuple[str, ...]
    population: int
    fewest: int | None
    quarters: Mapping[Period, tuple[Mapping[str, Figure], ...]]


@query(needs=Permission.FIGURES, kept=True)
def dashboard(asking: Asking, period: Period, *, service_id: int | None = None) -> Dashboard:
    """Everything the dashboard shows of a period, of the council or one service [lgsco:9.7].

    Whoever may open no case has quarters and years of the whole council, once they are over: from others, and from a
    time that goes on, numbers held back could be worked out by subtraction. BadInput where they ask for more.
    """
    earlier, last_year = period.before(), period.a_year_before()
    fewest = None if asking.actor.may(Permission.READ) else LIMITS.fewest
    whole = service_id is None
    if fewest is not None:
        _fixed(asking, period, whole=whole)
    by_line = whole and (fewest is None or len(period.quarters()) == 1)
    return Dashboard(
        period=period,
        earlier=earlier,
        figures=figures(asking, period, service_id=service_id),
        before=figures(asking, earlier, service_id=service_id),
        last_year=None if last_year == earlier else last_year,
        year_ago={} if last_year == earlier else figures(asking, last_year, service_id=service_id),
        months=_months(asking, period, service_id, CHARTED if fewest is None else (*{*CHARTED, *_SUMS},)),
        services=_by_service(asking, period) if by_line else (),
        categories=found_by_category(asking, period, FOUND, service_id=service_id, fewest=fewest)
        if by_line or fewest is None
        else (),
        silent=_silent(asking, period),
        population=asking.settings.population,
        fewest=fewest,
        quarters={
            each: figures_by_quarter(asking, each, ids=None if fewest is not None else OF_NOBODY)
            for each in (period, earlier, last_year)
            if len(each.quarters()) > 1
        },
    )


def _fixed(asking: Asking, period: Period, *, whole: bool) -> None:
    """Refuse what would let a number that is held back be worked out from another page."""
    if not whole:
        raise BadInput(
            "The figures of one service alone are not shown. Choose the whole council: it has a table by service."
        )
    if period not in (Period.quarter_with(period.start), Period.year_with(period.start)):
        raise BadInput("The figures are those of a quarter or a year. Choose one from the list above.")
    if period.end >= asking.today:
        raise BadInput(f"The time to {day_words(period.end)} is not over yet. Choose a quarter or a year that is over.")


def _months(
    asking: Asking, period: Period, service_id: int | None, ids: tuple[str, ...]
) -> Mapping[date, Mapping[str, Figure]]:
    """From the first month anybody complained in: before it there was nothing to count."""
    over = min(months_after(period.end.replace(day=1), 1), asking.today.replace(day=1))
    first = asking.connection.execute(sa.select(sa.func.min(_C.c.received_on))).scalar()
    if first is None or first.replace(day=1) >= over:
        return {}
    start = max(months_after(over, -_MONTHS), first.replace(day=1))
    span = Period(start, date.fromordinal(over.toordinal() - 1))
    return figures_by_month(asking, span, service_id=service_id, ids=ids)


def _by_service(asking: Asking, period: Period) -> Lines:
    names = {row[0]: row[1] for row in asking.connection.execute(sa.select(_S.c.id, _S.c.name))}
    names[NO_SERVICE] = "No service named"
    found = figures_by_service(asking, period, ids=FOUND)
    counts = [(names[key], tuple(each[name].numerator or 0 for name in FOUND)) for key, each in found.items()]
    return tuple(sorted(line for line in counts if any(line[1])))


def _silent(asking: Asking, period: Period) -> tuple[str, ...]:
    end = min(period.end, asking.today)
    since = months_after(end, -_YEAR)
    heard = sa.select(_C.c.service_id).where(
        _C.c.received_on > since, _C.c.received_on <= end, _C.c.service_id.is_not(None)
    )
    statement = sa.select(_S.c.name).where(_S.c.active.is_(True), _S.c.id.not_in(heard)).order_by(_S.c.name)
    return tuple(asking.connection.execute(statement).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    """One case behind a number; `position` is "" for a service request."""

    reference: str
    matter: str
    position: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The cases behind a number, the newest first as far as they are listed, and how many there are in all."""

    count: int
    rows: tuple[BehindRow, ...]


@query(needs=Permission.READ)
def behind(
    asking: Asking,
    id: str,
    period: Period,
    *,
    service_id: int | None = None,
    part: Literal["numerator", "denominator"] = "numerator",
) -> Behind:
    """What is listed when a number is opened: cases that this person sees; BadInput as for the references alone."""
    found = cases_behind(asking, id, period, service_id=service_id, part=part)
    references = found[::-1][:_SHOWN]
    rows = _rows(asking, _C, references, _C.c.position) + _rows(asking, _Q, references, sa.literal(""))
    return Behind(count=len(found), rows=tuple(sorted(rows, key=lambda each: each.reference, reverse=True)))


def _rows(asking: Asking, table: Any, references: Sequence[str], position: Any) -> list[BehindRow]:
    columns = (table.c.reference, table.c.matter, position, table.c.received_on)
    listed = asking.connection.execute(sa.select(*columns).where(table.c.reference.in_(references)))
    return [BehindRow(reference=row[0], matter=row[1], position=row[2], received_on=row[3]) for row in listed]
