"""Turns the rows of a mapped sheet into typed complaints, and every cell that cannot be used into a sentence.

A row with a problem is left out whole, because half a row would be counted wrongly; the good rows go on. Nothing here
knows the database or today's date: the clock is passed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from core.channels.columns import TARGETS, Mapping
from core.channels.history_rows import (
    OUTCOMES,
    HistoryRow,
    Outcome,
    PointRow,
    ProblemKind,
    RowProblem,
    Tally,
    normal_outcome,
    normal_stage,
    on_time_flag,
)
from core.channels.row_groups import Failed, Once, grouped
from core.channels.safe_export import restore
from core.channels.sheet_dates import DateReader, SheetDate
from core.channels.sheet_text import Cell, Unreadable
from core.channels.spreadsheets import Sheet
from core.errors import BadInput

__all__ = [
    "OUTCOMES",
    "HistoryRow",
    "Outcome",
    "PointRow",
    "ProblemKind",
    "RowProblem",
    "SheetDate",
    "Tally",
    "digest",
    "interpret",
    "normal_outcome",
    "normal_stage",
    "on_time_flag",
]

SHOWN = 200  # characters of a bad value that are repeated to the person

# Days that lie ahead are owed or promised; every other date is of something already done.
MAY_LIE_AHEAD = frozenset(
    ("target_on", "extended_to", "stage_two_target_on", "stage_two_extended_to"),
)
IN_ORDER: tuple[tuple[str, str], ...] = (
    ("happened_on", "received_on"),
    ("received_on", "logged_on"),
    ("received_on", "acknowledged_on"),
    ("received_on", "extension_told_on"),
    ("received_on", "responded_on"),
    ("received_on", "stage_two_requested_on"),
    ("received_on", "withdrawn_on"),
    ("received_on", "closed_on"),
    ("stage_two_requested_on", "stage_two_acknowledged_on"),
    ("stage_two_requested_on", "stage_two_extension_told_on"),
    ("stage_two_requested_on", "stage_two_responded_on"),
)


def interpret(
    sheet: Sheet, mapping: Mapping, *, today: date, tally: Tally | None = None
) -> Iterator[HistoryRow | RowProblem]:
    """Every row of the sheet as a complaint or as problems, in the sheet's order; raises BadInput if not ready to read.

    The second of two rows with one reference is a duplicate if all its cells are the same, else a conflict; it is
    never merged, unless the mapping says that a complaint has several rows, which must then stand together.
    """
    if hindrances := mapping.hindrances(sheet.header):
        raise BadInput(hindrances[0])
    return _interpreted(sheet, mapping, today=today, tally=tally or Tally())


def _interpreted(sheet: Sheet, mapping: Mapping, *, today: date, tally: Tally) -> Iterator[HistoryRow | RowProblem]:
    reader = _Reader(mapping, sheet=sheet, today=today, tally=tally)
    column = mapping.columns.get("old_reference", "")
    read: Iterator[HistoryRow | Failed] = (reader.read(number, cells) for number, cells in sheet.rows())
    if mapping.group_rows:
        read = grouped(read, column=column, tally=tally)
    once = Once(column, tally)
    for result in read:
        if isinstance(result, Failed):
            tally.problems += len(result.problems)
            yield from result.problems
        elif again := once.problem(result):
            tally.problems += again.kind != "duplicate"
            yield again
        else:
            tally.ready += 1
            yield result


class _Reader:
    """The mapping turned into column numbers once, so that a row costs little."""

    def __init__(self, mapping: Mapping, *, sheet: Sheet, today: date, tally: Tally) -> None:
        self._width, self._today, self._tally = sheet.width, today, tally
        self._date = DateReader(
            mapping.date_order, latest_year=today.year + 1, serials=mapping.day_numbers, epoch_1904=sheet.epoch_1904
        )
        at = {key: sheet.header.index(column) for key, column in mapping.columns.items()}
        self._dates = [(key, at[key], key in MAY_LIE_AHEAD) for key in at if TARGETS[key].kind == "date"]
        self._texts = [(key, at[key], TARGETS[key].longest) for key in at if TARGETS[key].kind == "text"]
        self._order = [(early, late) for early, late in IN_ORDER if early in at and late in at]
        self._column = mapping.columns
        self._received = "received_on" in at
        self._outcomes: dict[str, Outcome | None] = {}

    def read(self, number: int, cells: list[Cell] | Unreadable) -> HistoryRow | Failed:
        """One row as a complaint, or all that is wrong with it."""
        self._tally.seen += 1
        if isinstance(cells, Unreadable):
            return Failed("", [RowProblem(row=number, column="", value="", what_to_do=cells.sentence, kind="shape")])
        if len(cells) != self._width:
            return Failed("", [self._wrong_width(number, cells)])
        values: dict[str, Any] = {"source_row": number, "digest": digest(cells)}
        problems: list[RowProblem] = []
        for key, at, ahead in self._dates:
            found = self._date(cells[at])
            if found is None:
                continue
            if isinstance(found, str):
                problems.append(self._problem(number, key, cells[at], found, "unreadable"))
                continue
            values[key] = found
            if found.on > self._today and not ahead:
                what = "This day has not come yet. Correct the date."
                problems.append(self._problem(number, key, cells[at], what, "future"))
        self._needed_dates(values, problems)
        for key, at, longest in self._texts:
            cell = cells[at]
            if cell:
                self._take_text(
                    values, problems, key=key, text=cell if type(cell) is str else str(cell), longest=longest
                )
        if problems:
            return Failed(values.get("old_reference", ""), problems)
        return HistoryRow(**values)

    def _needed_dates(self, values: dict[str, Any], problems: list[RowProblem]) -> None:
        """The dates a complaint cannot be without, and those that contradict each other."""
        number = values["source_row"]
        for early, late in self._order:
            if early in values and late in values and values[late].on < values[early].on:
                problems.append(self._out_of_order(number, early, late, values))
        if problems:
            return
        if self._received:
            if "received_on" not in values:
                what = "The date received is missing. Fill it in."
                problems.append(self._problem(number, "received_on", None, what, "missing"))
        elif not any(key in values for key, _, _ in self._dates):
            what = "This row has no date at all. Fill one in."
            problems.append(self._problem(number, self._dates[0][0], None, what, "missing"))

    def _take_text(
        self, values: dict[str, Any], problems: list[RowProblem], *, key: str, text: str, longest: int
    ) -> None:
        """Put one text where it belongs: own words exactly as they stand, the rest without blanks around them."""
        if text[0] == "'":
            text = restore(text)
        if key != "text":
            text = text.strip()
        elif not text.strip():
            return
        if not text:
            return
        if len(text) > longest:
            what = f"This is longer than the {longest:,} characters kept here. Shorten it."
            problems.append(self._problem(values["source_row"], key, text, what, "too_long"))
        elif key in ("outcome", "stage_two_outcome"):
            if text not in self._outcomes:
                self._outcomes[text] = normal_outcome(text)
            values[key], values[f"{key}_given"] = self._outcomes[text], text
        elif key == "stage":
            values["stage"], values["stage_given"] = normal_stage(text), text
        else:
            values[key] = text

    def _problem(self, number: int, key: str, value: Cell, what: str, kind: ProblemKind) -> RowProblem:
        shown = "" if value is None else str(value)[:SHOWN]
        return RowProblem(row=number, column=self._column[key], value=shown, what_to_do=what, kind=kind)

    def _wrong_width(self, number: int, cells: Sequence[Cell]) -> RowProblem:
        what = (
            f"This row has {len(cells)} cells where the headings have {self._width}. Often a separator stands inside a "
            "text without quotation marks. Correct the row; nothing in it was moved."
        )
        value = " | ".join(str(cell) for cell in cells if cell)[:SHOWN]
        return RowProblem(row=number, column="", value=value, what_to_do=what, kind="shape")

    def _out_of_order(self, number: int, early: str, late: str, values: dict[str, Any]) -> RowProblem:
        what = (
            f"This is before “{self._column[early]}” ({values[early].text}), but “{TARGETS[late].title}” cannot come "
            f"before “{TARGETS[early].title}”. Correct one of the two dates."
        )
        return self._problem(number, late, values[late].text, what, "order")


def digest(cells: Sequence[Cell]) -> str:
    """A short hash of a row's cells as they stand: 24 hexadecimal digits, the same on every machine."""
    try:
        text = "\0".join(cells)  # type: ignore[arg-type]  # the common case: all text
    except TypeError:
        text = "\0".join("" if cell is None else str(cell) for cell in cells)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
