"""Tables for analysts: rows without anybody's name, address or words, as the views in the database have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.figures import FIGURES
from core.code.monitoring import LIMITS
from core.errors import NotFound
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figures import figures, figures_by_month, quarters_of
from core.rules.periods import Period
from core.rules.showing import in_full, written
from core.rules.together import OF_NOBODY

VIEWS = ("analysis_complaint", "analysis_duty", "analysis_refusal", "analysis_remedy", "analysis_improvement")
"""The views there are; docs/analysts.md says what their columns mean."""
FIGURES_TABLE = "analysis_figure"
"""The figures month by month, which no view can count."""
PUBLISHED_TABLE = "published_figure"
"""The figures of quarters and years as they may be published."""
_QUARTERS, _YEARS = 8, 2  # house: what is looked back on
_NAMED = tuple(key for key in FIGURES if key not in OF_NOBODY)
"""The figures of an analyst: what people said without their names is shown by the quarter alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table: its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@query(needs=Permission.REPORT)
def analysis_rows(asking: Asking, view: str) -> Rows:
    """Every row of one view for analysts [lgsco:8.1].

    Confidential complaints are in none, so it holds no row that anybody may not see. Raises NotFound for no view.
    """
    if view not in VIEWS:
        raise NotFound(f"There is no table {view}. Choose one of: {', '.join(VIEWS)}.")
    found = asking.connection.execute(sa.select(sa.text("*")).select_from(sa.table(view)).order_by(sa.text("1, 2")))
    return Rows(columns=tuple(found.keys()), rows=tuple(map(tuple, found)))


@query(needs=Permission.REPORT)
def analysis_figures(asking: Asking, period: Period) -> Rows:
    """Each figure of each month of a period, with both its numbers [lgsco:8.1]."""
    rows = [
        (month, figure.id, FIGURES[figure.id].name, figure.numerator, figure.denominator, _number(figure.value))
        for month, found in figures_by_month(asking, period, ids=_NAMED).items()
        for figure in found.values()
    ]
    return Rows(columns=("month", "figure", "name", "numerator", "denominator", "value"), rows=tuple(rows))


@query(needs=Permission.REPORT)
def published_figures(asking: Asking) -> Rows:
    """Each figure of the quarters and years that are over as it may be published, small numbers held back [lgsco:9.6].

    They are those that the Member's dashboard shows: numbers stand beside a figure that is told as it is.
    """
    today = asking.today
    quarters, years = [Period.quarter_with(today).before()], [_year_over(today)]
    while len(quarters) < _QUARTERS:
        quarters.append(quarters[-1].before())
    while len(years) < _YEARS:
        years.append(years[-1].before())
    rows = [row for period in (*reversed(years), *reversed(quarters)) for row in _told(asking, period)]
    return Rows(columns=("from", "to", "figure", "name", "in_words", "numerator", "denominator"), rows=tuple(rows))


def _year_over(today: date) -> Period:
    return Period.year_with(today).before()


def _told(asking: Asking, period: Period) -> Iterator[tuple[Any, ...]]:
    found = figures(asking, period)
    told = written(found, fewest=LIMITS.fewest, quarters=quarters_of(asking, period))
    for key, words in told.items():
        numbers = FIGURES[key].kind in ("count", "share") and in_full(found, told, key)
        of_each = (found[key].numerator, found[key].denominator) if numbers else ("", "")
        yield (period.start, period.end, key, FIGURES[key].name, words, *of_each)


def _number(value: Any) -> str:
    return "" if value is None else str(value)
