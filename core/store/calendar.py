"""The calendar the record counts by: bank-holiday rows as they were published, and the council's own closure days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.errors import NotReady
from core.model.organisation import HolidayRow, Layer
from core.rules.working_days import Holiday, WorkingDays

_CALENDAR_LOCK = 20240403
_ROWS = HolidayRow.__table__  # type: ignore[attr-defined]
_NEWEST = sa.select(sa.func.max(_ROWS.c.id))  # put together once: every step and every page asks it


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    day: date
    name: str
    layer: str
    withdrawn: bool


class Calendars:
    """Every version of the calendar there has been, built when first asked for."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self.current = rows[-1].id if rows else 0
        self._built: dict[tuple[int, bool], WorkingDays] = {}

    def of(self, closure_days_skip: bool, *, as_at: int | None = None) -> WorkingDays:
        """The calendar a policy counts by, today's version or an earlier one."""
        key = (as_at or self.current, closure_days_skip)
        if key not in self._built:
            self._built[key] = self._build(*key)
        return self._built[key]

    def holidays(self, layer: Layer = Layer.BANK_HOLIDAY, *, as_at: int | None = None) -> dict[date, str]:
        """The days of one layer in force: for each day its newest row, unless that row withdraws it."""
        until = as_at or self.current
        days: dict[date, str] = {}
        for row in self._rows:
            if row.id > until or row.layer != layer:
                continue
            if row.withdrawn:
                days.pop(row.day, None)
            else:
                days[row.day] = row.name
        return days

    def changed(self, rows: Iterable[tuple[date, str, Layer, bool]]) -> Calendars:
        """These calendars with rows added after the newest: a look ahead, nothing is stored."""
        added = [
            _Row(self.current + step, day, name, layer, withdrawn)
            for step, (day, name, layer, withdrawn) in enumerate(rows, start=1)
        ]
        return Calendars([*self._rows, *added])

    def _build(self, as_at: int, closures_too: bool) -> WorkingDays:
        days = self.holidays(as_at=as_at)
        if not any((day.month, day.day) >= (12, 25) for day in days):
            raise NotReady("No bank holidays are loaded, so no date can be counted. Run `complaints setup`.")
        holidays = [Holiday(on=day, name=name, kind="bank_holiday") for day, name in sorted(days.items())]
        if closures_too:
            closed = self.holidays(Layer.CLOSURE, as_at=as_at)
            holidays += [Holiday(on=day, name=name, kind="closure") for day, name in closed.items() if day not in days]
        first, last = _published_years(days)
        return WorkingDays.of(holidays, first=date(first, 1, 1), last=date(last, 12, 31), version=str(as_at))


def _published_years(days: Iterable[date]) -> tuple[int, int]:
    """The run of years whose Christmas holiday is published; the calendar ends with the last of them."""
    years = sorted({day.year for day in days if (day.month, day.day) >= (12, 25)})
    last = years[0]
    for year in years:
        if year > last + 1:
            break
        last = year
    return years[0], last


def calendar_version(connection: Connection) -> int:
    """The newest row's id: it grows whenever the calendar changes."""
    return int(connection.execute(_NEWEST).scalar() or 0)


def hold_calendar(connection: Connection, *, to_change: bool) -> None:
    """Keep the calendar as it is until this transaction ends, so that no duty is counted by one that is passing.

    Whoever changes it waits until nobody counts by it. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock" if to_change else "pg_advisory_xact_lock_shared"
        connection.execute(sa.text(f"SELECT {lock}(:key)"), {"key": _CALENDAR_LOCK})


def load_calendars(connection: Connection) -> Calendars:
    """Every version of the calendar there has been."""
    columns = (_ROWS.c.id, _ROWS.c.day, _ROWS.c.name, _ROWS.c.layer, _ROWS.c.withdrawn)
    rows = [_Row(*row) for row in connection.execute(sa.select(*columns).order_by(_ROWS.c.id))]
    return Calendars(rows)


def add_rows(
    session: Session, rows: Iterable[tuple[date, str, Layer, bool]], *, source: str, seen_at: datetime
) -> None:
    """Append published or withdrawn days; nothing already there is changed."""
    for day, name, layer, withdrawn in rows:
        row = HolidayRow(
            day=day, name=name, layer=layer.value, source=source, first_seen_at=seen_at, withdrawn=withdrawn
        )
        session.add(row)
        session.flush()  # one at a time, so that the newest id is the newest row
