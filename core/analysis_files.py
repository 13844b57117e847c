"""The tables for analysts as CSV files in a folder: for Excel, Power BI and the like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.channels.safe_export import to_csv
from core.desk import Desk
from core.errors import BadInput
from core.queries.analysis import (
    FIGURES_TABLE,
    PUBLISHED_TABLE,
    VIEWS,
    Rows,
    analysis_figures,
    analysis_rows,
    published_figures,
)
from core.rules.periods import Period
from core.rules.working_days import months_after

_LOOKED_BACK = 24  # months of figures


def write_views(desk: Desk, folder: Path) -> Mapping[str, int]:
    """Write each table into the folder under its own name; how many rows each has [lgsco:8.1].

    Raises BadInput for a folder that cannot be written.
    """
    today = desk.office.today(desk.office.now())
    period = Period(months_after(today.replace(day=1), -_LOOKED_BACK), today)
    with desk.one_view():
        tables: dict[str, Rows] = {view: desk.ask(analysis_rows, view) for view in VIEWS}
        tables[FIGURES_TABLE] = desk.ask(analysis_figures, period)
        tables[PUBLISHED_TABLE] = desk.ask(published_figures)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            (folder / f"{name}.csv").write_bytes(to_csv(table.rows, table.columns))
    except OSError as error:
        raise BadInput(f"{folder} cannot be written. Check the name, and that you may write there.") from error
    return {name: len(table.rows) for name, table in tables.items()}
