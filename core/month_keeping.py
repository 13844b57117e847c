"""Months that are over are counted once and kept, so that figures of many months are ready when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.queries.kept_months import months_due
from core.queries.month_counts import month_counted
from core.store import months


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsKept:
    """How many months were counted, and how many that were kept before still hold."""

    counted: int
    held: int


def keep_months(office: Office, *, stop: Callable[[], bool] = lambda: False) -> MonthsKept:
    """Count the months that are over and not kept, or that may have changed since; the others stay [lgsco:8.1].

    Each month is counted in one view of the record and kept with the ledger's end in that view, so that it may be
    stopped after any of them, and run beside another.
    """
    desk = Desk(office, SYSTEM)
    due = desk.ask(months_due)
    months.still_good(office.database, due.holding, n=due.height)
    counted = 0
    for month in due.lacking:
        if stop():
            break
        months.keep(office.database, desk.ask(month_counted, month))
        counted += 1
    return MonthsKept(counted=counted, held=len(due.holding))
