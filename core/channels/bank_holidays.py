"""Bank holidays of England and Wales: read from GOV.UK's file or worked out, and added to what is held.

What is held is a list of rows that only grows: a day is added with its source and the moment it was first seen, and a
day that was taken back gets a second row saying so. Nothing is replaced, so any past calendar can be made again.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from core.errors import BadInput
from core.rules.working_days import Holiday, WorkingDays, day_words

with Path(__file__).with_name("seed_calendar.toml").open("rb") as _file:
    SEED: dict[str, Any] = tomllib.load(_file)

DIVISION: str = SEED["division"]
LARGEST_FILE = 1024 * 1024
"""Bytes; GOV.UK's file of all three divisions is about 30,000."""

_MOST_DAYS = 2000
_LONGEST_NAME = 200
_YEARS = range(1972, 2101)  # from the Act that made today's bank holidays to the last year anyone could mean
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FETCH = "Fetch https://www.gov.uk/bank-holidays.json again and import that file unchanged."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDay:
    """One bank holiday as a list gives it; `substitute` when it stands in for a day that fell on a weekend."""

    on: date
    name: str
    substitute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRow:
    """One row of the append-only list: a day added, or with `withdrawn` the same day taken back.

    `first_seen_at` is in UTC.
    """

    on: date
    name: str
    division: str
    source: str
    first_seen_at: datetime
    withdrawn: bool = False


class Merged(NamedTuple):
    """The rows an import adds: days newly listed, and days taken back. Both empty means nothing is new."""

    additions: tuple[HolidayRow, ...]
    withdrawals: tuple[HolidayRow, ...]


class Listed(Protocol):
    """Anything with a day and a name: a PublishedDay, a HolidayRow, a Holiday."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def name(self) -> str:
        """What the day is called."""


def read_govuk(data: bytes) -> tuple[PublishedDay, ...]:
    """The days of England and Wales in GOV.UK's bank-holidays.json, in order.

    Raises BadInput for anything that is not such a file: nothing of a doubtful file is used.
    """
    if len(data) > LARGEST_FILE:
        raise BadInput(f"The file is larger than a list of bank holidays can be ({len(data):,} bytes). {_FETCH}")
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise BadInput(f"The file is not readable as JSON. {_FETCH}") from None
    division = document.get(DIVISION) if isinstance(document, dict) else None
    events = division.get("events") if isinstance(division, dict) else None
    if not isinstance(events, list) or not events:
        raise BadInput(f'The file lists no days for "{DIVISION}". {_FETCH}')
    if len(events) > _MOST_DAYS:
        raise BadInput(f"The file lists {len(events):,} days, more than a list of bank holidays can hold. {_FETCH}")
    days = tuple(sorted((_event(event, place) for place, event in enumerate(events, 1)), key=lambda day: day.on))
    twice = [day for day, times in Counter(day.on for day in days).items() if times > 1]
    if twice:
        raise BadInput(f"The file lists {day_words(twice[0])} more than once. {_FETCH}")
    return days


def from_package(first_year: int, last_year: int) -> tuple[PublishedDay, ...]:
    """The days the `holidays` package works out, named and listed as GOV.UK does, in order.

    A holiday that falls on a weekend is left out: its substitute day is listed, as GOV.UK does.
    Past the last published year these are a forecast, and no clock may run on them.
    """
    if first_year > last_year or first_year not in _YEARS or last_year not in _YEARS:
        raise BadInput(f"Give years from {_YEARS[0]} to {_YEARS[-1]}, earlier first: not {first_year} to {last_year}.")
    import holidays  # takes 0.4 s, and only a new installation needs it

    worked_out = holidays.country_holidays(
        "GB", subdiv="ENG", years=range(first_year, last_year + 1), expand=False, language="en_GB"
    )
    return tuple(
        _named(day, name)
        for day in sorted(worked_out)
        for name in worked_out.get_list(day)[:1]
        if not worked_out.is_weekend(day)
    )


def published_year_end(days: Iterable[Listed]) -> date:
    """The horizon: 31 December of the last year listed whole, with no gap in the years before it.

    A year is whole when it has all eight usual holidays by name, from New Year to Boxing Day. Where the years listed
    have a gap, the longest unbroken run of them counts. Raises BadInput when no year is whole.
    """
    return date(_whole_years(days)[-1], 12, 31)


def merge(
    existing: Iterable[HolidayRow],
    incoming: Iterable[PublishedDay],
    *,
    source: str,
    seen_at: datetime,
    withdraw: bool = False,
) -> Merged:
    """The rows to append so that what is held agrees with a newer list; merging the same list again adds none.

    `existing` are the rows held, in the order they were written. A day already in force stays as it is, whatever the
    list calls it. With `withdraw`, a day in force that the list no longer shows is taken back, but only in a year the
    list gives whole: a shortened file withdraws nothing. `seen_at` must carry a time zone.
    """
    if seen_at.tzinfo is None:
        raise RuntimeError("The moment a list was seen needs a time zone.")
    held, listed = in_force(existing), tuple(incoming)
    known = {row.on for row in held}
    moment = seen_at.astimezone(UTC)

    def row(day: Listed, *, withdrawn: bool) -> HolidayRow:
        return HolidayRow(
            on=day.on, name=_full_name(day), division=DIVISION, source=source, first_seen_at=moment, withdrawn=withdrawn
        )

    gone = no_longer_listed(held, listed) if withdraw else ()
    return Merged(
        additions=tuple(row(day, withdrawn=False) for day in listed if day.on not in known),
        withdrawals=tuple(row(day, withdrawn=True) for day in gone),
    )


def in_force(rows: Iterable[HolidayRow]) -> tuple[HolidayRow, ...]:
    """The rows of this division that count, by date: of each day's rows the last written, unless it takes it back."""
    latest = {row.on: row for row in rows if row.division == DIVISION}
    return tuple(latest[day] for day in sorted(latest) if not latest[day].withdrawn)


def no_longer_listed(held: Iterable[HolidayRow], incoming: Iterable[PublishedDay]) -> tuple[HolidayRow, ...]:
    """What `withdraw` would take back: days in force, in years the newer list gives whole, that it does not show."""
    listed = tuple(incoming)
    shown, years = {day.on for day in listed}, _years_given_whole(listed)
    return tuple(row for row in in_force(held) if row.on not in shown and row.on.year in years)


def seed_rows(*, seen_at: datetime) -> tuple[HolidayRow, ...]:
    """The rows a new installation starts with, to the last year GOV.UK had published."""
    days = from_package(SEED["first_year"], SEED["last_published_year"])
    return merge((), days, source=SEED["source"], seen_at=seen_at).additions


def calendar_of(rows: Iterable[HolidayRow], *, version: str, closures: Iterable[Holiday] = ()) -> WorkingDays:
    """The working days the held rows give, from their first whole year to the end of the last.

    `closures` are the council's own closure days: pass them only where its policy says so.
    """
    days = in_force(rows)
    years = _whole_years(days)
    holidays = [Holiday(on=day.on, name=day.name) for day in days]
    return WorkingDays.of(
        [*holidays, *closures], first=date(years[0], 1, 1), last=date(years[-1], 12, 31), version=version
    )


def _years_given_whole(days: Iterable[Listed]) -> set[int]:
    names: dict[int, list[str]] = {}
    for day in days:
        names.setdefault(day.on.year, []).append(day.name.casefold())
    return {
        year
        for year, given in names.items()
        if all(any(name.startswith(wanted) for name in given) for wanted in SEED["whole_year"])
    }


def _whole_years(days: Iterable[Listed]) -> range:
    whole = _years_given_whole(days)
    if not whole:
        raise BadInput(f"No year of bank holidays is listed whole, from New Year to Boxing Day. {_FETCH}")
    runs = [_run(year, whole) for year in sorted(whole) if year - 1 not in whole]
    return max(runs, key=len)


def _run(first: int, whole: set[int]) -> range:
    last = first
    while last + 1 in whole:
        last += 1
    return range(first, last + 1)


def _full_name(day: Listed) -> str:
    if isinstance(day, PublishedDay) and day.substitute:
        return f"{day.name} (substitute day)"
    return day.name


def _named(day: date, name: str) -> PublishedDay:
    plain = name.removesuffix(" (observed)")
    return PublishedDay(on=day, name=SEED["names"].get(plain, plain), substitute=plain != name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _event(event: object, place: int) -> PublishedDay:
    given = event if isinstance(event, dict) else {}
    on, title, notes = given.get("date"), given.get("title"), given.get("notes")
    name = " ".join(title.split()) if isinstance(title, str) else ""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadInput(f"Entry {place} of the list has no usable name. {_FETCH}")
    return PublishedDay(
        on=_date(on, place),
        name=name,
        substitute=isinstance(notes, str) and notes.strip().casefold().startswith("substitute"),
    )


def _date(written: object, place: int) -> date:
    try:
        if isinstance(written, str) and _DATE.fullmatch(written) and int(written[:4]) in _YEARS:
            return date.fromisoformat(written)
    except ValueError:
        pass  # a date that is in no calendar, such as 30 February, is refused below with the others
    raise BadInput(f"Entry {place} of the list has no usable date: {ascii(written)[:40]}. {_FETCH}")
