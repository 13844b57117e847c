"""Dates as people write them in spreadsheets: which order they are in, and what each one says.

Nothing is guessed: a date that fits no known way of writing, or another order than the file's, is a sentence to the
person and not a date. Reading is cached, because a history repeats the same few thousand days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.channels.sheet_text import Cell
from core.words import counted

DateOrder = Literal["dmy", "mdy", "ymd", "named"]
ORDER_WORDS: dict[DateOrder, str] = {
    "dmy": "day, month, year (31/12/2025)",
    "mdy": "month, day, year (12/31/2025)",
    "ymd": "year, month, day (2025-12-31)",
    "named": "with the month's name (31 December 2025)",
}
LONDON = ZoneInfo("Europe/London")
EARLIEST = date(1974, 1, 1)  # the Ombudsman began in 1974: a complaint dated earlier is a slip of the pen
CACHE_LIMIT = 50_000
SERIAL_LIMIT = 2_958_465  # a spreadsheet's day number for 31 December 9999

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = {name[:3]: at for at, name in enumerate(_MONTHS, 1)} | {name: at for at, name in enumerate(_MONTHS, 1)}
_MONTH["sept"] = _MONTH["sep"]
_DAYS = {name for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun") for name in (day + "day", day[:3])}
_DAYS |= {"tues", "thur", "thurs", "weds"}

_TIME = r"(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)? ?([AaPp]\.?[Mm]\.?)? ?(Z|UTC|GMT|BST|[+-]\d\d:?\d\d)?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)" + _TIME, re.ASCII)
_DAY_FIRST = re.compile(
    r"(?:([A-Za-z]{3,9})[.,]? +)?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/.,]+([A-Za-z]{3,9})[ \-/.,]+'?(\d{4}|\d\d)"
    + _TIME,
    re.ASCII,
)
_MONTH_FIRST = re.compile(
    r"(?:([A-Za-z]{3,9})[.,]? *[,\- ] *)?([A-Za-z]{3,9})[ \-/.]+(\d{1,2})(?:st|nd|rd|th)?[ \-,/]+(\d{4}|\d\d)" + _TIME,
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,7}(?:\.\d+)?", re.ASCII)
_ZONES = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00", "BST": "+01:00"}


@dataclass(frozen=True, slots=True)
class SheetDate:
    """A date read from a cell: the day, the moment where a time of day was given, and the text as it stood."""

    on: date
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order a file's dates are written in; `ambiguous` means a person has to confirm it before anything is read."""

    order: DateOrder
    ambiguous: bool
    note: str


class Unclear(ValueError):
    """The text is no date we can be sure of; the message says what to do."""


class DateReader:
    """Reads cells as dates in one declared order; an unclear one comes back as the sentence saying what to do.

    `serials` reads bare numbers as a spreadsheet's day numbers, in the calendar that starts in 1900 or 1904.
    `latest_year` bounds years of two digits, which are read as 20xx.
    """

    def __init__(self, order: DateOrder, *, latest_year: int, serials: bool = False, epoch_1904: bool = False) -> None:
        self._order, self._latest_year = order, latest_year
        self._serials = serials
        self._epoch = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # a calendar, no zone
        self._known: dict[Cell, SheetDate | str | None] = {None: None, "": None}

    def __call__(self, cell: Cell) -> SheetDate | str | None:
        """The date, the sentence saying why it is none, or None for a blank cell."""
        try:
            return self._known[cell]
        except KeyError:
            pass
        try:
            read: SheetDate | str | None = self._read(cell)
        except Unclear as unclear:
            read = str(unclear)
        except (ValueError, OverflowError):
            read = "There is no such day. Correct the date."
        if len(self._known) < CACHE_LIMIT:
            self._known[cell] = read
        return read

    def _read(self, cell: Cell) -> SheetDate | None:
        if isinstance(cell, datetime):
            return self._bounded(SheetDate(cell.date(), cell, cell.isoformat(sep=" ")))
        if isinstance(cell, date):
            return self._bounded(SheetDate(cell, None, cell.isoformat()))
        given = cell or ""
        text = " ".join(given.split())
        if not text:
            return None
        moment, timed = self._moment(text)
        return self._bounded(SheetDate(moment.date(), moment if timed else None, given))

    def _bounded(self, read: SheetDate) -> SheetDate:
        if read.on < EARLIEST:
            raise Unclear(f"The year {read.on.year} is too early for a complaint. Correct the year.")
        return read

    def _moment(self, text: str) -> tuple[datetime, bool]:
        """The moment a text names, and whether it gave a time of day."""
        if found := _ISO.fullmatch(text):
            return _timed(int(found[1]), int(found[3]), int(found[4]), found.groups()[4:])
        if found := _NUMERIC.fullmatch(text):
            return self._numeric(found)
        if found := _DAY_FIRST.fullmatch(text):
            return self._worded(found[1], day=found[2], month=found[3], year=found[4], clock=found.groups()[4:])
        if found := _MONTH_FIRST.fullmatch(text):
            return self._worded(found[1], day=found[3], month=found[2], year=found[4], clock=found.groups()[4:])
        if found := _COMPACT.fullmatch(text):
            return _timed(int(found[1]), int(found[2]), int(found[3]), ())
        if _NUMBER.fullmatch(text):
            return self._serial(float(text))
        raise Unclear("This is not a date that can be read. Write the day alone, such as 31 December 2025.")

    def _numeric(self, found: re.Match[str]) -> tuple[datetime, bool]:
        if self._order not in ("dmy", "mdy"):
            words = ORDER_WORDS[self._order]
            raise Unclear(f"The file's dates are written {words}, and this one is not. Write it the same way.")
        first, second = int(found[1]), int(found[3])
        day, month = (first, second) if self._order == "dmy" else (second, first)
        if month > 12 >= day:
            words = ORDER_WORDS[self._order]
            raise Unclear(f"Read as {words}, this date has no such month. Correct it, or change the order of dates.")
        return _timed(self._year(found[4]), month, day, found.groups()[4:])

    def _worded(
        self, weekday: str | None, *, day: str, month: str, year: str, clock: tuple[str | None, ...]
    ) -> tuple[datetime, bool]:
        number = _MONTH.get(month.lower())
        if number is None or (weekday is not None and weekday.lower() not in _DAYS):
            raise Unclear("The month's name cannot be read. Write the date as 31 December 2025.")
        return _timed(self._year(year), number, int(day), clock)

    def _year(self, text: str) -> int:
        if len(text) == 4:
            return int(text)
        year = 2000 + int(text)
        if year > self._latest_year:
            raise Unclear("The century of this year is not clear. Write the year with four digits.")
        return year

    def _serial(self, number: float) -> tuple[datetime, bool]:
        if not self._serials:
            raise Unclear("This is a number, not a date. Format the column as dates, or say that it holds day numbers.")
        if not 1 <= number <= SERIAL_LIMIT:
            raise Unclear("This number is no spreadsheet day number. Write the date.")
        moment = self._epoch + timedelta(days=int(number), seconds=round(number % 1 * 86_400))
        return moment, not number.is_integer()


def _timed(year: int, month: int, day: int, clock: tuple[str | None, ...]) -> tuple[datetime, bool]:
    """A day with its time of day, if one was given; a time with a zone is turned into London's."""
    if not clock or clock[0] is None:
        return datetime(year, month, day), False  # noqa: DTZ001  # local days are London's
    hour, minute, second, half, zone = int(clock[0]), int(clock[1] or 0), int(clock[2] or 0), clock[3], clock[4]
    if half:
        if not 1 <= hour <= 12:
            raise Unclear("The time of day cannot be read. Write the day alone, such as 31 December 2025.")
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # local days are London's
    if zone:
        offset = datetime.fromisoformat(f"2000-01-01T00:00:00{_ZONES.get(zone, zone)}").tzinfo or UTC
        moment = moment.replace(tzinfo=offset).astimezone(LONDON).replace(tzinfo=None)
    return moment, moment.time() != time()


def looks_like_date(cell: Cell) -> bool:
    """Whether a cell is written like a date in any order; numbers alone are not."""
    if isinstance(cell, date):
        return True
    text = " ".join((cell or "").split())
    shapes = (_ISO, _NUMERIC, _DAY_FIRST, _MONTH_FIRST, _COMPACT)
    return bool(text) and len(text) <= 60 and any(shape.fullmatch(text) for shape in shapes)


def detect_order(cells: Iterable[Cell]) -> OrderFound:
    """The order the file's dates are written in, from all the values given.

    Only a day above twelve proves day-month or month-day; without one, or with proofs of both, the order is ambiguous.
    """
    day_first = month_first = unproved = iso = named = 0
    for text in {" ".join(cell.split()) for cell in cells if isinstance(cell, str)}:
        if found := _NUMERIC.fullmatch(text):
            first, second = int(found[1]), int(found[3])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
            unproved += first <= 12 and second <= 12
        elif _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
            iso += 1
        elif _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
            named += 1
    if day_first and month_first:
        note = f"Some dates can only be day first ({day_first}) and some only month first ({month_first}). Choose one."
        return OrderFound("dmy" if day_first >= month_first else "mdy", True, note)
    if day_first or month_first:
        order: DateOrder = "dmy" if day_first else "mdy"
        return OrderFound(
            order, False, f"Dates are written {ORDER_WORDS[order]}; seen in {counted(day_first + month_first, 'date')}."
        )
    if unproved:
        note = f"No date has a day above twelve, so the order of {unproved} dates cannot be told. Confirm it."
        return OrderFound("dmy", True, note)
    order = "named" if named > iso else "ymd"
    return OrderFound(order, False, f"Dates are written {ORDER_WORDS[order]}." if named or iso else "No dates as text.")
