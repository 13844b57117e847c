"""The tables of a report for a spreadsheet: one workbook, or a folder of CSV files; no cell acts as a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime

from core.channels.safe_export import to_books, to_csv
from core.letters.reports import Report

_SHEET = 31  # characters; a sheet's name is no longer
_UNFIT = re.compile(r"[\[\]:*?/\\']")
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first a zip can hold, so that the same report gives the same bytes
_FIGURES = ("Figure", "Numerator", "Denominator", "In words")


def tables_as_workbook(report: Report) -> bytes:
    """Every table on a sheet of its own, the figures with both their numbers first [lgsco:8.1]."""
    return to_books(_sheets(report), made=datetime(*_SAME_MOMENT))  # noqa: DTZ001 - a workbook's times have no zone


def _sheets(report: Report) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str | int | None, ...]]]]:
    yield "Figures", _FIGURES, [(each.name, each.numerator, each.denominator, each.words) for each in report.figures]
    for number, table in enumerate(report.tables(), 1):
        name = f"{number} {_UNFIT.sub(' ', table.title)}"[:_SHEET].strip()
        yield name, table.columns, [*table.rows]


def tables_as_csv(report: Report) -> bytes:
    """The same tables as CSV files in one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns, rows in _sheets(report):
            part = zipfile.ZipInfo(f"{name.lower().replace(' ', '-')}.csv", date_time=_SAME_MOMENT)
            archive.writestr(part, to_csv(rows, columns))
    return out.getvalue()
