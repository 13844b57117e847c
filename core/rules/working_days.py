"""Working days: the one calendar every clock of the Code is counted on, and why a date is what it is.

The Code does not define a working day. Here it is a day that is no Saturday, no Sunday, no bank holiday of England and
Wales and, only where the council's policy says so, no closure day of the council. The day a clock starts is day 0.

A calendar is made once from a list of holidays and never changes, so threads share it without a lock. It covers whole
days from `first` to `last`, the end of the last published year. Outside that it raises CalendarEnds: nobody knows yet
which days will be bank holidays, so nothing is guessed.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, Literal, NoReturn, TypeVar

import numpy as np
import numpy.typing as npt

from core.errors import BadInput, CalendarEnds
from core.words import counted, day_words

__all__ = ["Days", "Holiday", "Move", "Why", "WorkingDays", "day_words", "months_after", "moves"]

Days = npt.NDArray[np.datetime64]
"""An array of whole days, numpy type datetime64[D]."""

_WEEKEND = {gregorian.SATURDAY: "Saturday", gregorian.SUNDAY: "Sunday"}
_DAY = np.dtype("datetime64[D]")
_ONE_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1).toordinal()
_TABLES_KEPT = 32
_IMPORT = "Import the newer GOV.UK bank holidays, then try again."

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One day that is not worked: a bank holiday, or a closure day the council's own policy adds."""

    on: date
    name: str
    kind: Literal["bank_holiday", "closure"] = "bank_holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """How a date was reached: the start, each day left out by name, and the day it led to.

    `n` is the period in working days. `deemed_on` is the day treated as day 0 when the policy moves a weekend or
    holiday start to the next working day, and None otherwise. `closures` are the skipped days that only the
    council's own closure makes days off, to be shown as a departure. `version` names the calendar used.
    """

    start: date
    n: int
    day_one: date
    due: date
    skipped: tuple[tuple[date, str], ...]
    closures: tuple[date, ...] = ()
    deemed_on: date | None = None
    version: str = ""

    def sentences(self, started: str = "Received") -> tuple[str, ...]:
        """Plain sentences, one thought each; `started` says what began the clock, such as "Acknowledged"."""
        if self.deemed_on is None:
            zero = f"{started} {day_words(self.start)} (day 0)."
        else:
            zero = f"{started} {day_words(self.start)}, counted as {day_words(self.deemed_on)} (day 0)."
        told = [zero, f"Day one is {day_words(self.day_one)}."]
        if self.skipped:
            told.append(f"Skipped: {', '.join(_named(day, name) for day, name in self.skipped)}.")
        else:
            told.append("No day was skipped.")
        if self.closures:
            told.append(f"Closure days of the council among them: {', '.join(map(day_words, self.closures))}.")
        told.append(f"{_ordinal(self.n)} working day: {day_words(self.due)}.")
        return tuple(told)

    def words(self, started: str = "Received") -> str:
        """The sentences in one line."""
        return " ".join(self.sentences(started))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[Key]):
    """A date that a changed calendar moves; `key` is whatever the caller knows it by."""

    key: Key
    was: date
    becomes: date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkingDays:
    """The working days from `first` to `last`, built once by `WorkingDays.of` and never changed.

    `version` is the caller's name for the list of holidays it was made from, kept beside every date counted on it.
    """

    first: date
    last: date
    version: str
    _start: int = field(repr=False)  # ordinal of the first day
    _open: tuple[bool, ...] = field(repr=False)  # for each day: is it worked
    _upto: tuple[int, ...] = field(repr=False)  # for each day: working days up to and including it
    _nth: tuple[date, ...] = field(repr=False)  # the working days in order
    _named: Mapping[int, Holiday] = field(repr=False)  # holidays by ordinal, bank holidays before closures
    _upto_array: npt.NDArray[np.int64] = field(repr=False)
    _nth_array: Days = field(repr=False)
    # Answers of `bulk_after` by (n, deemed_next). Filling it twice at once is harmless: both threads store the same.
    _tables: dict[tuple[int, bool], Days] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, holidays: Iterable[Holiday], *, first: date, last: date, version: str) -> WorkingDays:
        """A calendar of every day from `first` to `last`; holidays outside those days are left aside.

        Closure days count as holidays when they are passed, so pass them only where the policy says so.
        """
        start, days = first.toordinal(), last.toordinal() - first.toordinal() + 1
        if start < _EPOCH or days < 1:
            raise RuntimeError(f"A calendar begins in 1970 or later and ends no earlier: not {first} to {last}.")
        listed = sorted(holidays, key=lambda holiday: holiday.kind == "bank_holiday")
        named = {holiday.on.toordinal(): holiday for holiday in listed}
        ordinals = np.arange(start, start + days)
        is_open = ~np.isin((ordinals - 1) % 7, list(_WEEKEND))  # the first of all days, ordinal 1, was a Monday
        is_open[[ordinal - start for ordinal in named if 0 <= ordinal - start < days]] = False
        upto_array, nth_array = np.cumsum(is_open, dtype=np.int64), (ordinals[is_open] - _EPOCH).astype(_DAY)
        upto_array.setflags(write=False)
        nth_array.setflags(write=False)
        return cls(
            first=first, last=last, version=version, _start=start, _open=tuple(is_open.tolist()),
            _upto=tuple(upto_array.tolist()), _nth=tuple(nth_array.tolist()),
            _named=named, _upto_array=upto_array, _nth_array=nth_array,
        )  # fmt: skip

    def without_closures(self, *, also: Iterable[Holiday] = ()) -> WorkingDays:
        """The same calendar by bank holidays alone: no closure day of the council, and some days left out besides."""
        kept = [holiday for holiday in self._named.values() if holiday.kind == "bank_holiday"]
        return WorkingDays.of([*kept, *also], first=self.first, last=self.last, version=self.version)

    def after(self, start: date, n: int, *, deemed_next: bool = False) -> date:
        """The nth working day strictly after `start`, which is day 0 [lgsco:6.2].

        A start on a weekend or holiday keeps its date: day one is the next working day. With `deemed_next` (a policy
        switch) such a start counts as made on the next working day, which is then day 0.
        Raises CalendarEnds when the start or the answer lies outside the calendar, BadInput when n is less than 1.
        """
        index = self._index(start)
        if n < 1:
            raise _too_short(n)
        try:
            # A deemed start makes the day that would have been day one into day 0, so the answer is one further on.
            rank = self._upto[index] + n - 1 + (deemed_next and not self._open[index])
            return self._nth[rank]
        except IndexError:
            raise self._ends(start, n) from None

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, otherwise the first working day after it."""
        return day if self.is_working(day) else self.after(day, 1)

    def is_working(self, day: date) -> bool:
        """Whether the day is worked; raises CalendarEnds outside the calendar."""
        return self._open[self._inside(day)]

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`.

        0 for the same day; negative, by the same count, when `end` comes first. It undoes `after`:
        between(start, after(start, n)) is n. Raises CalendarEnds when either day lies outside the calendar.
        """
        return self._upto[self._inside(end)] - self._upto[self._inside(start)]

    def name_of(self, day: date) -> str | None:
        """Why a day is not worked: the holiday's name, "Saturday" or "Sunday"; None on a working day."""
        index = self._inside(day)
        if self._open[index]:
            return None
        holiday = self._named.get(self._start + index)
        return holiday.name if holiday else _WEEKEND[day.weekday()]

    def why(self, start: date, n: int, *, deemed_next: bool = False) -> Why:
        """How the nth working day after `start` was reached, each skipped day by name [lgsco:6.2].

        Takes what `after` takes, gives the same `due`, and refuses what it refuses.
        """
        due = self.after(start, n, deemed_next=deemed_next)
        moved = deemed_next and not self.is_working(start)
        zero = self.next_working(start) if moved else start
        between = (start + step * _ONE_DAY for step in range(1, (due - start).days))
        skipped = tuple((day, name) for day in between if (name := self.name_of(day)))
        return Why(
            start=start,
            n=n,
            day_one=self.after(zero, 1),
            due=due,
            skipped=skipped,
            closures=tuple(day for day, _ in skipped if self._is_closure(day)),
            deemed_on=zero if moved else None,
            version=self.version,
        )

    def bulk_after(
        self, starts: Days, n: int, *, deemed_next: bool = False, outside: Literal["refused", "missing"] = "refused"
    ) -> Days:
        """`after` for a whole array of days (datetime64[D]) at once; a missing day (NaT) stays missing.

        Raises CalendarEnds, naming how many, when any start or answer lies outside the calendar; with `outside`
        "missing" such an answer is missing instead.
        """
        table, days = self._table(n, deemed_next=deemed_next), _whole_days(starts)
        if not days.size:
            return starts.copy()
        # A missing day is the smallest number there is, so these two comparisons find it as well.
        if days.min() >= self._epoch and days.max() < len(table):
            return table.take(days)
        inside = (days >= self._epoch) & (days < len(table))
        if outside != "missing":
            self._refuse_any(starts, ~np.isnat(starts) & ~inside)
        answers = np.full(starts.shape, "NaT", dtype=_DAY)
        answers[inside] = table[days[inside]]
        return answers

    def bulk_between(self, starts: Days, ends: Days) -> npt.NDArray[np.int64]:
        """`between` for arrays of days (datetime64[D]) of the same shape.

        Raises BadInput when a day is missing (NaT), since a count cannot be missing, and CalendarEnds as `between`.
        """
        upto = []
        for days in (starts, ends):
            offsets, missing = _whole_days(days) - self._epoch, np.isnat(days)
            if missing.any():
                lacking = counted(int(missing.sum()), "day is", "days are")
                raise BadInput(f"{lacking} missing from what is to be counted. Leave those rows out as unknown.")
            self._refuse_any(days, (offsets < 0) | (offsets >= len(self._open)))
            upto.append(self._upto_array[offsets])
        return upto[1] - upto[0]

    def _table(self, n: int, *, deemed_next: bool) -> Days:
        """For each day since 1970, numpy's own day 0, its nth working day; it ends with the last day that has one."""
        if n < 1:
            raise _too_short(n)
        table = self._tables.get((n, deemed_next))
        if table is None:
            late = ~np.array(self._open) if deemed_next else 0
            ranks = self._upto_array + (min(n, len(self._nth) + 1) - 1) + late  # never falls from one day to the next
            answers = self._nth_array[ranks[: np.searchsorted(ranks, len(self._nth))]]
            table = np.concatenate([np.full(self._epoch, "NaT", dtype=_DAY), answers])
            table.setflags(write=False)
            if len(self._tables) >= _TABLES_KEPT:
                self._tables.clear()
            self._tables[n, deemed_next] = table
        return table

    @property
    def _epoch(self) -> int:
        return self._start - _EPOCH

    def _index(self, day: date) -> int:
        if isinstance(day, datetime):
            raise RuntimeError("A moment is not a day: turn it into the local day in Europe/London first.")
        index = day.toordinal() - self._start
        if index < 0:
            self._refuse(day)
        return index

    def _inside(self, day: date) -> int:
        index = self._index(day)
        if index >= len(self._open):
            self._refuse(day)
        return index

    def _is_closure(self, day: date) -> bool:
        holiday = self._named.get(day.toordinal())
        return holiday is not None and holiday.kind == "closure" and day.weekday() not in _WEEKEND

    def _refuse(self, day: date) -> NoReturn:
        if day < self.first:
            raise CalendarEnds(
                f"{day_words(day)} lies before the bank holidays held here, which begin on {day_words(self.first)}. "
                "Check that the date is right."
            )
        raise CalendarEnds(
            f"{day_words(day)} lies past the last published bank holidays, which end with {self.last.year}. {_IMPORT}"
        )

    def _ends(self, start: date, n: int) -> CalendarEnds:
        if start > self.last:
            self._refuse(start)
        return CalendarEnds(
            f"{counted(n, 'working day')} after {day_words(start)} lies past the last published bank holidays, "
            f"which end with {self.last.year}. {_IMPORT}"
        )

    def _refuse_any(self, days: Days, outside: npt.NDArray[np.bool_]) -> None:
        many = int(outside.sum())
        if not many:
            return
        example = days[outside].min()
        raise CalendarEnds(
            f"{counted(many, 'day')} of {days.size:,} cannot be counted from: the day or its answer lies outside the "
            f"bank holidays held here, {day_words(self.first)} to {day_words(self.last)}. The earliest is {example}. "
            "Check that day. If it is right, import the newer GOV.UK bank holidays."
        )


def months_after(day: date, n: int) -> date:
    """The same day of the month n calendar months later, or the last of a shorter month [lgsco:2.2].

    29 February 2024 and twelve months give 28 February 2025. A negative n counts back.
    Raises BadInput when no such year exists.
    """
    in_a_year = len(gregorian.month_name) - 1  # the first name is empty
    year, month = divmod(day.year * in_a_year + (day.month - 1) + n, in_a_year)
    if not date.min.year <= year <= date.max.year:
        raise BadInput(f"{counted(n, 'month')} from {day_words(day)} is no date. Check that the date is right.")
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def moves(
    old: WorkingDays, new: WorkingDays, items: Iterable[tuple[Key, date, int, date]], *, deemed_next: bool = False
) -> Iterator[Move[Key]]:
    """The dates a changed calendar moves, for showing before anything is moved (reading R23).

    `items` are (key, start, n, due) with n in working days and `due` as it stands now. An item the change does not
    touch, or whose date is already the new one, gives nothing. Pass open clocks only: a closed one never moves.
    Raises CalendarEnds when an item lies outside either calendar.
    """
    for key, start, n, due in items:
        becomes = new.after(start, n, deemed_next=deemed_next)
        if becomes not in (due, old.after(start, n, deemed_next=deemed_next)):
            yield Move(key=key, was=due, becomes=becomes)


def _whole_days(days: Days) -> npt.NDArray[np.int64]:
    if days.dtype != _DAY:
        raise RuntimeError(f"Whole days (datetime64[D]) are needed here, not {days.dtype}.")
    return days.view(np.int64)


def _too_short(n: int) -> BadInput:
    return BadInput(f"A period of {counted(n, 'working day')} cannot be counted. Give 1 or more.")


def _named(day: date, name: str) -> str:
    return day_words(day) if name in _WEEKEND.values() else f"{day_words(day)} ({name})"


def _ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    digits = f"0{n}"
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
    return f"{n}th" if digits[-2] == "1" else f"{n}{ending}"
