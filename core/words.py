"""How dates, counts and money are written for a reader, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_words(day: date) -> str:
    """A date as officers write it: "Thu 2 April 2026"; the same on every platform and locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def letter_day(day: date) -> str:
    """A date as it stands at the head of a letter: "2 April 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_words(day: date) -> str:
    """The month of a day: "April 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def listed(words: Iterable[str]) -> str:
    """Words in a row: "1, 2 and 3"."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 working day", "3 working days"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """A percentage with its numerator and denominator, half-up to one decimal; "n/a" when nothing is counted."""
    if whole == 0:
        return "n/a (0 of 0)"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} % ({part:,} of {whole:,})"


def rate(part: int, whole: int, *, per: int, of: str) -> str:
    """How many for every so many, with the counts, half-up to one decimal: "1.7 (13 for 770,000 people)"."""
    if whole == 0:
        return f"n/a (0 for 0 {of})"
    tenths = (part * per * 20 + whole) // (2 * whole)
    return f"{tenths // 10:,}.{tenths % 10} ({part:,} for {whole:,} {of})"


def pounds(pence: int) -> str:
    """Money held in pence as pounds: 12345 is "£123.45"."""
    sign, pence = ("-", -pence) if pence < 0 else ("", pence)
    return f"{sign}£{pence // 100:,}.{pence % 100:02d}"
