"""Months are counted once and kept, so that figures of many months are ready when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.queries.kept_months import months_due
from core.queries.month_counts import month_counted, months_put_right
from core.store import months


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsKept:
    """How many months were counted, and how many that were kept before still hold, some of them put right."""

    counted: int
    held: int


def keep_months(office: Office, *, stop: Callable[[], bool] = lambda: False) -> MonthsKept:
    """Count the months that are not kept, and put those right in which somebody worked since [lgsco:8.1].

    Each month is counted in one view of the record and kept with the ledger's end in that view, so that it may be
    stopped after any of them, and run beside another.
    """
    desk = Desk(office, SYSTEM)
    with desk.one_view():
        due, changed = desk.ask(months_due), desk.ask(months_put_right)
    for each in changed:
        if each.kept_at is not None:
            months.put_right(office.database, each.row, due.slices, each.slices, kept_at=each.kept_at)
    same = {
        month: n
        for month, n in due.holding.items()
        if n < due.height and month not in {one.row.month for one in changed}
    }
    for kept_at, group in groupby(sorted(same, key=lambda month: same[month]), key=lambda month: same[month]):
        months.still_good(office.database, group, kept_at=kept_at, n=due.height)
    counted = 0
    for month in due.lacking:
        if stop():
            break
        whole = desk.ask(month_counted, month)
        months.keep(office.database, whole.row, whole.slices)
        counted += 1
    return MonthsKept(counted=counted, held=len(due.holding))
