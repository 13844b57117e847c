"""The calendar the rules are tried on: the bank holidays of England, and what a test adds to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from holidays import country_holidays

from core.rules.working_days import Holiday, WorkingDays

FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)


@cache
def bank_holidays() -> tuple[Holiday, ...]:
    """The bank holidays of England, 2012 to 2028."""
    days = country_holidays("GB", subdiv="ENG", years=range(FIRST.year, LAST.year + 1))
    return tuple(Holiday(on=day, name=name) for day, name in sorted(days.items()))


@cache
def published() -> WorkingDays:
    """The calendar as it is published."""
    return WorkingDays.of(bank_holidays(), first=FIRST, last=LAST, version="tests")


def with_days(*days: date) -> WorkingDays:
    """The published calendar with bank holidays added."""
    return _built((*bank_holidays(), *(Holiday(on=day, name="Day of mourning") for day in days)))


def _built(holidays: Iterable[Holiday]) -> WorkingDays:
    return WorkingDays.of(holidays, first=FIRST, last=LAST, version="tests")
