"""Tables for analysts: rows without anybody's name, address or words, as the views in the database have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.code.figures import FIGURES
from core.errors import NotFound
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figures import figures_by_month
from core.rules.periods import Period

VIEWS = ("analysis_complaint", "analysis_duty", "analysis_refusal", "analysis_remedy", "analysis_improvement")
"""The views there are; docs/analysts.md says what their columns mean."""
FIGURES_TABLE = "analysis_figure"
"""The figures month by month, which no view can count."""


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
        for month, found in figures_by_month(asking, period).items()
        for figure in found.values()
    ]
    return Rows(columns=("month", "figure", "name", "numerator", "denominator", "value"), rows=tuple(rows))


def _number(value: Any) -> str:
    return "" if value is None else str(value)
