"""The period that figures are asked for: a quarter or a year as councils count them, or any run of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import BadInput
from core.rules.working_days import months_after
from core.words import day_words, month_words

_APRIL = 4
_QUARTER = 3  # months
_YEAR = 4 * _QUARTER
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` to `end`, both included. Raises BadInput when it would end before it begins."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadInput("The period ends before it begins. Choose a last day on or after the first.")

    @classmethod
    def quarter(cls, year: int, n: int) -> Period:
        """Quarter 1 to 4 of the financial year that begins in April of `year`; the fourth lies in the next year.

        Raises BadInput for another quarter or for a year no calendar has.
        """
        if not 1 <= n <= _YEAR // _QUARTER:
            raise BadInput("A year has quarters 1 to 4, the first from April to June. Choose one of them.")
        return cls._months(months_after(_april(year), (n - 1) * _QUARTER), _QUARTER)

    @classmethod
    def financial_year(cls, year: int) -> Period:
        """The financial year from 1 April of `year` to 31 March; BadInput for a year no calendar has."""
        return cls._months(_april(year), _YEAR)

    @classmethod
    def _months(cls, start: date, n: int) -> Period:
        return cls(start, months_after(start, n) - _ONE_DAY)

    @classmethod
    def quarter_with(cls, day: date) -> Period:
        """The quarter that a day lies in."""
        return cls._months(day.replace(month=day.month - (day.month - 1) % _QUARTER, day=1), _QUARTER)

    @classmethod
    def year_with(cls, day: date) -> Period:
        """The financial year that a day lies in."""
        return cls.financial_year(day.year if day.month >= _APRIL else day.year - 1)

    def before(self) -> Period:
        """The period just before: as many whole months where it is whole months, otherwise as many days."""
        end = self.start - _ONE_DAY
        months = self._whole_months()
        if months:
            return Period(months_after(self.start, -months), end)
        return Period(self.start - (self.end + _ONE_DAY - self.start), end)

    def a_year_before(self) -> Period:
        """The same months of the year before, or the same days where it is not whole months."""
        if self._whole_months():
            return Period(months_after(self.start, -_YEAR), months_after(self.end + _ONE_DAY, -_YEAR) - _ONE_DAY)
        return Period(months_after(self.start, -_YEAR), months_after(self.end, -_YEAR))

    def months(self) -> tuple[Period, ...]:
        """The months it touches, in order, the first and the last cut to it."""
        found = []
        first = self.start.replace(day=1)
        while first <= self.end:
            month = Period._months(first, 1)
            found.append(Period(max(month.start, self.start), min(month.end, self.end)))
            first = months_after(first, 1)
        return tuple(found)

    def quarters(self) -> tuple[Period, ...]:
        """The quarters it touches, in order, the first and the last cut to it."""
        found = []
        quarter = Period.quarter_with(self.start)
        while quarter.start <= self.end:
            found.append(Period(max(quarter.start, self.start), min(quarter.end, self.end)))
            quarter = Period.quarter_with(quarter.end + _ONE_DAY)
        return tuple(found)

    @property
    def words(self) -> str:
        """How a reader names it: "April to June 2026", "April 2025 to March 2026", or its two days."""
        if not self._whole_months():
            return f"{day_words(self.start)} to {day_words(self.end)}"
        first, last = month_words(self.start), month_words(self.end)
        if first == last:
            return first
        if self.start.year == self.end.year:
            first = first.rpartition(" ")[0]
        return f"{first} to {last}"

    def _whole_months(self) -> int:
        """How many months it is; 0 when it is not whole ones."""
        after = self.end + _ONE_DAY
        if (self.start.day, after.day) != (1, 1):
            return 0
        return (after.year - self.start.year) * _YEAR + after.month - self.start.month


def _april(year: int) -> date:
    # The calendar of any office begins after 1970; a year far outside is a slip in an address.
    if not 1900 <= year <= 2200:
        raise BadInput("That is no year with figures. Choose one of the list.")
    return date(year, _APRIL, 1)
