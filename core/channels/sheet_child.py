"""Reads one workbook in a process of its own, so that a hostile file can only hurt that process.

Loaded by `bounded_child` there, never imported by the server. It writes each filled
row as one JSON line to the file it is told, and answers with the facts: sheets, calendar, counts.
"""

from __future__ import annotations

import json
import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO

CELL_LIMIT = 32_767  # the longest text any spreadsheet program will save in one cell
PARTS_LIMIT = 10_000
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
KINDS = (
    (
        "xl/workbook.bin",
        "This is a binary workbook (.xlsb). Open it and save it as an Excel workbook (.xlsx) or as CSV.",
    ),
    ("word/document.xml", "This is a Word document, not a spreadsheet. Save its table as an Excel workbook or as CSV."),
    ("ppt/presentation.xml", "This is a slide show, not a spreadsheet. Save its table as an Excel workbook or as CSV."),
    ("content.xml", "This is an OpenDocument file. Open it and save it as an Excel workbook (.xlsx) or as CSV."),
)
OUT_OF_MEMORY = "The workbook needs more memory than is allowed. Save the sheet as CSV, or split it by year."
UNREADABLE = "The workbook could not be read. Open it, save it as .xlsx or as CSV, and choose that file."


class Refused(Exception):
    """The workbook cannot be used; the text is the sentence the officer reads."""


def check_parts(path: str, *, unpacked: int) -> list[str]:
    """Look inside the zip before unpacking anything; gives remarks to show, raises Refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise Refused("The workbook is damaged or cut short. Open it, save it again, and try once more.") from error
    if len(parts) > PARTS_LIMIT:
        raise Refused("The workbook holds far more parts than a spreadsheet has. Save the sheet as CSV and try that.")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("The file is protected by a password. Save a copy without the password and try that.")
    names = {part.filename for part in parts}
    for name, sentence in KINDS:
        if name in names:
            raise Refused(sentence)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("This is a zip file, not a spreadsheet. Take the spreadsheet out of it and choose that.")
    if sum(part.file_size for part in parts) > unpacked:
        raise Refused(
            f"The workbook unpacks to more than {unpacked // 1_000_000} MB, so it was not opened. "
            "Save the sheet as CSV, or split it by year."
        )
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return ["The workbook holds macros. They are not run."] if macros else []


def unescaped(text: str) -> str:
    """Undo the file format's own escape for control characters; NUL and half characters stay as written."""
    if "_x" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)

    return ESCAPED.sub(character, text)


def prepare_reader() -> type[Any]:
    """Import openpyxl, guards on and two losses mended: escapes undone, formulas without a result counted."""
    os.environ["OPENPYXL_LXML"] = "False"
    os.environ["OPENPYXL_DEFUSEDXML"] = "True"
    import openpyxl
    from openpyxl.cell.text import Text
    from openpyxl.reader import excel
    from openpyxl.worksheet import _reader
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    if not openpyxl.DEFUSEDXML:
        raise Refused("This installation lacks defusedxml, so workbooks are not opened. Save the sheet as CSV.")
    item, formula = f"{{{SHEET_MAIN_NS}}}si", f"{{{SHEET_MAIN_NS}}}f"

    def shared_strings(source: Any) -> list[str]:
        strings = []
        for _, node in iterparse(source):
            if node.tag == item:
                strings.append(unescaped(Text.from_tree(node).content))
                node.clear()
        return strings

    excel.read_string_table = shared_strings

    class Parser(_reader.WorkSheetParser):  # type: ignore[misc]
        unsaved = 0

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None:
                if element.find(formula) is not None:
                    self.unsaved += 1
            elif element.get("t") in ("inlineStr", "str"):
                cell["value"] = unescaped(cell["value"])
            return cell

    return Parser


def encoded(value: object) -> object:
    """One cell as JSON: text stays text, whole numbers lose no digit and gain no ".0", days and moments are marked."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        value = value.replace(microsecond=0)
        return ["d", value.date().isoformat()] if value.time() == time() else ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return str(value)


def flattened(cells: list[dict[str, Any]], *, row: int, columns: int) -> list[object]:
    """A row's cells in their columns, trailing blanks off; raises Refused past the widest or longest allowed."""
    line: list[object] = []
    for cell in cells:
        value, column = encoded(cell["value"]), cell["column"]
        if value is None or value == "":
            continue
        if column > columns:
            raise Refused(
                f"Row {row} reaches column {column:,}; at most {columns} are read. Delete the columns not needed."
            )
        if isinstance(value, str) and len(value) > CELL_LIMIT:
            raise Refused(f"A cell in row {row} holds more than {CELL_LIMIT:,} characters. Shorten it and save again.")
        line.extend([None] * (column - len(line)))
        line[column - 1] = value
    return line


def chosen_sheet(book: Any, wanted: str | None) -> Any:
    """The sheet asked for, or the first visible one that holds a cell."""
    if wanted is not None:
        for sheet in book.worksheets:
            if sheet.title == wanted:
                return sheet
        raise Refused(f"The workbook has no sheet called “{wanted[:80]}”. Choose one of the sheets it has.")
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    if not visible:
        raise Refused("The workbook has no sheet with rows. Choose the file that holds the list of complaints.")
    for sheet in visible:
        if next((row for row in sheet.iter_rows(max_col=1, values_only=True)), None) is not None:
            return sheet
    return visible[0]


def sheet_rows(sheet: Any, parser: Any, *, columns: int) -> Iterator[tuple[int, list[object]]]:
    """Filled rows with their own numbers; a far cell costs nothing, because no blank row between is made up."""
    for number, cells in parser.parse():
        line = flattened(cells, row=number, columns=columns)
        if line:
            yield number, line


def write_rows(book: Any, sheet: Any, reader: type[Any], out: TextIO, job: dict[str, Any]) -> tuple[int, int]:
    """Write the sheet's filled rows; gives how many, and how many formulas had no saved result."""
    with sheet._get_source() as source:
        parser = reader(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        count = written = 0
        for row in sheet_rows(sheet, parser, columns=job["columns"]):
            count += 1
            written += out.write(json.dumps(row, separators=(",", ":")) + "\n")
            if count > job["rows"]:
                raise Refused(f"The sheet has more than {job['rows']:,} rows. Split it by year and import each part.")
            if written > job["written"]:
                raise Refused("The sheet holds too much text to read at once. Save it as CSV, or split it by year.")
    return count, parser.unsaved


def do(job: dict[str, Any]) -> dict[str, object]:
    """The facts of the workbook named in the job, after its rows have been written; raises Refused."""
    remarks = check_parts(job["path"], unpacked=job["unpacked"])
    reader = prepare_reader()
    import openpyxl
    from openpyxl.utils.datetime import MAC_EPOCH

    warnings.simplefilter("ignore")  # styles and extensions we do not read
    # Opened here, because by name openpyxl would go by the ending, and an upload may be called anything.
    with open(job["path"], "rb") as packed, open(job["out"], "w", encoding="ascii", newline="\n") as out:
        book = openpyxl.load_workbook(packed, read_only=True, data_only=True, keep_links=False)
        sheet = chosen_sheet(book, job["sheet"])
        count, unsaved = write_rows(book, sheet, reader, out, job)
    if unsaved:
        remarks.append(
            f"{unsaved:,} formula cell{'s have' if unsaved > 1 else ' has'} no saved result and "
            "will be read as blank. To include them, open the workbook, save it, and choose it again."
        )
    names = [each.title[:100] for each in book.worksheets[:200]]
    return {
        "sheets": names,
        "sheet": sheet.title[:100],
        "rows": count,
        "epoch_1904": book.epoch == MAC_EPOCH,
        "remarks": remarks,
    }
