"""How fast a date is counted to, as ratios measured in one run: `python -m bench.deadlines`.

One date against the holidays package's own walk; a million dates against a bare numpy gather of the same size, which
is the least any table can cost. One JSON line a figure; the exit status is 1 when a target is missed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import holidays
import numpy as np

from core.channels.bank_holidays import calendar_of, seed_rows
from core.rules.working_days import WorkingDays

SEEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
PERIODS = (5, 10, 20)
SCALAR_DATES, BULK_DATES = 2_000, 1_000_000
SCALAR_TARGET, BULK_TARGET = 20.0, 2.0


def best_of(work: Callable[[], object], *, rounds: int) -> float:
    """The shortest of several runs, in seconds: what the machine can do when nothing else disturbs it."""
    shortest = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        work()
        shortest = min(shortest, perf_counter() - began)
    return shortest


def scalar(calendar: WorkingDays) -> tuple[float, float]:
    """Seconds for one date by our table and by the package's walk; both must give the same dates."""
    package = holidays.country_holidays("GB", subdiv="ENG", years=range(2000, 2029), expand=False)
    offsets = np.random.default_rng(20260101).integers(0, 4_600, SCALAR_DATES).tolist()
    asked = [(date(2015, 1, 1) + timedelta(days=at), PERIODS[at % len(PERIODS)]) for at in offsets]

    assert [calendar.after(*each) for each in asked] == [package.get_nth_working_day(*each) for each in asked]
    ours = best_of(lambda: [calendar.after(start, n) for start, n in asked], rounds=15)
    theirs = best_of(lambda: [package.get_nth_working_day(start, n) for start, n in asked], rounds=5)
    return ours / len(asked), theirs / len(asked)


def bulk(calendar: WorkingDays) -> tuple[float, float]:
    """Seconds for a million dates by `bulk_after` and by one bare numpy gather from a table of the same days."""
    n = PERIODS[1]
    starts = np.datetime64("2015-01-01") + np.random.default_rng(20260102).integers(0, 4_600, BULK_DATES)
    inside = np.arange(np.datetime64(calendar.first), np.datetime64("2028-11-01"))
    table, at = calendar.bulk_after(inside, n), (starts - inside[0]).astype(np.int64)

    assert (calendar.bulk_after(starts, n) == table[at]).all()
    ours = best_of(lambda: calendar.bulk_after(starts, n), rounds=25)
    gather = best_of(lambda: table[at], rounds=25)
    return ours, gather


def main() -> int:
    calendar = calendar_of(seed_rows(seen_at=SEEN_AT), version="bench")
    one, walk = scalar(calendar)
    many, gather = bulk(calendar)
    faster, times = walk / one, many / gather
    least, most = f">= {SCALAR_TARGET:g}", f"<= {BULK_TARGET:g}"
    figures = [
        ("deadlines.scalar_times_faster_than_holidays", round(faster, 1), least, faster >= SCALAR_TARGET),
        ("deadlines.bulk_times_a_bare_gather", round(times, 2), most, times <= BULK_TARGET),
        ("deadlines.scalar_microseconds", round(one * 1e6, 3), None, True),
        ("deadlines.bulk_million_dates_milliseconds", round(many * 1e3, 2), None, True),
    ]
    for name, value, target, ok in figures:
        print(json.dumps({"name": name, "value": value, "target": target, "ok": ok}))
    return 0 if all(ok for *_, ok in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
