"""Spreadsheets we hand out: no cell acts as a formula where it is opened, and every value comes back as it was.

A text that a spreadsheet program might run gets one apostrophe in front; so does a text that already has apostrophes
before such a sign, which makes `restore` an exact inverse. Left as they are, because they can only be a value: plain
numbers (negative, with a sign, with thousands or per cent), a lone sign, and telephone numbers of "+", digits, spaces
and brackets. Workbooks need none of this: their cells are typed, so text is written as text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

from core.errors import BadInput

Value = str | int | float | date | datetime | None

CELL_LIMIT = 32_767  # characters; a workbook's cell holds no more
ROW_LIMIT = 1_048_575  # rows under the heading; a sheet holds no more

# A sign that starts a formula, whatever blanks or control characters come before it, in plain or full width.
_RUNS = re.compile(r"'*(?:[\s\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n])")
_VALUE = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?%?|[+-]|\+\d[\d ]*(?:\(\d+\)[\d ]*)?", re.ASCII)


def neutralise(value: str) -> str:
    """The text with an apostrophe in front if a spreadsheet program might take it for a formula; else unchanged."""
    if not _RUNS.match(value) or _VALUE.fullmatch(value):
        return value
    return "'" + value


def restore(value: str) -> str:
    """The text as it was before `neutralise`; a text that was never changed comes back unchanged."""
    if value.startswith("'") and _RUNS.match(value) and not _VALUE.fullmatch(value):
        return value[1:]
    return value


def to_csv(rows: Iterable[Sequence[Value]], header: Sequence[str]) -> bytes:
    """Rows as CSV in UTF-8 with the mark Excel looks for; dates as 2025-12-31, every text neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([neutralise(name) for name in header])
    writer.writerows([_plain(value) for value in row] for row in rows)
    try:
        return out.getvalue().encode("utf-8-sig")
    except UnicodeEncodeError as error:
        raise BadInput("A text holds half a character and cannot be written. Correct it and export again.") from error


def to_xlsx(rows: Iterable[Sequence[Value]], header: Sequence[str], *, sheet: str = "Complaints") -> bytes:
    """Rows as a workbook whose texts are texts and whose dates are dates; no formula and no link is ever written."""
    return to_books([(sheet, header, rows)])


def to_books(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Value]]]], *, made: datetime | None = None
) -> bytes:
    """Several such sheets, each with its name, its header and its rows, as one workbook; `made` is written into it."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,  # rows go to a temporary file as they come
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        if made is not None:
            book.set_properties({"created": made})
        for sheet, header, rows in sheets:
            _fill(book, sheet, header, rows)
    return out.getvalue()


def _fill(book: xlsxwriter.Workbook, sheet: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """One sheet of a workbook."""
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    for column, name in enumerate(header):
        page.write_string(0, column, _fitting(name), book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        if number > ROW_LIMIT:
            raise BadInput(f"A sheet holds at most {ROW_LIMIT:,} rows. Narrow the list, or export it as CSV.")
        for column, value in enumerate(row):
            _write(page, number, column, value, moment)


def _plain(value: Value) -> str:
    """One value as CSV text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _write(
    page: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value, moment: xlsxwriter.format.Format
) -> None:
    """One typed cell."""
    if isinstance(value, str):
        page.write_string(row, column, _fitting(value))
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, moment)
    elif isinstance(value, date):
        page.write_datetime(row, column, value)
    elif value is not None:
        page.write_number(row, column, value)


def _fitting(value: str) -> str:
    """The text, if a cell can hold it; a longer one would be dropped without a word, so it is refused."""
    if len(value) > CELL_LIMIT:
        raise BadInput(f"A text is longer than the {CELL_LIMIT:,} characters a cell holds. Export as CSV instead.")
    return value
