"""Months counted from the record, as they are kept, and months put right by what was touched since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from core.model.months import MonthCount
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.category_rows import FOUND
from core.queries.kept_months import made_by, months_due, waiting
from core.queries.slice_counts import ByService, Tally, at_ends, of_month, of_slices, read, text_of, together
from core.store import months as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMonth:
    """A month as the tables keep it; `kept_at` is the entry it was kept at before, None where it is counted whole."""

    row: MonthCount
    slices: rows.Slices
    kept_at: int | None = None


@query(needs=Permission.FIGURES)
def month_counted(asking: Asking, month: date) -> CountedMonth:
    """The month that begins on this day, counted now: what the tables keep of it. BadInput where it has not begun.

    Nothing in it is of one person: how many rows there are of each kind, and how many took how many days [lgsco:8.1].
    """
    if month.day != 1 or month > asking.today:
        raise BadInput("Only a month that has begun is kept. Name it by its first day.")
    found = of_month(asking, month)
    return CountedMonth(
        row=MonthCount(
            month=month,
            height=rows.height(asking.connection),
            counted_on=asking.today,
            settled=month not in waiting(asking),
            made_by=made_by(),
            **_texts(_added(found.values())),
        ),
        slices={(of, number): text_of(counts) for (of, number), counts in found.items()},
    )


@query(needs=Permission.FIGURES)
def months_put_right(asking: Asking) -> tuple[CountedMonth, ...]:
    """The months that hold but for the slices touched since, with these counted again [lgsco:8.1].

    Those in which nothing came out differently are not among them.
    """
    due = months_due(asking)
    if not due.slices or not due.holding:
        return ()
    months = [*due.holding]
    kept = rows.slices_of(asking.connection, months, due.slices)
    now = together(of_slices(asking, due.slices), at_ends(asking, months, due.slices))
    told = {key: text_of(counts) for key, counts in now.items() if key[0] in due.holding}
    unsettled = waiting(asking)
    changed = {key[0] for key in kept.keys() | told.keys() if kept.get(key) != told.get(key)}
    changed |= unsettled & due.holding.keys()
    apart, found_of = (rows.texts_of(asking.connection, sorted(changed), part) for part in ("services", "categories"))
    found = []
    for month in sorted(changed):
        counts = _added([read(apart[month]), read(found_of[month])])
        _add(counts, (read(text) for (of, _slice), text in kept.items() if of == month), -1)
        _add(counts, (services for (of, _slice), services in now.items() if of == month), 1)
        row = MonthCount(
            month=month,
            height=due.height,
            counted_on=asking.today,
            settled=month not in unsettled,
            made_by=made_by(),
            **_texts(counts),
        )
        own = {key: text for key, text in told.items() if key[0] == month}
        found.append(CountedMonth(row=row, slices=own, kept_at=due.holding[month]))
    return tuple(found)


def _added(counted: Iterable[ByService]) -> ByService:
    found: ByService = {}
    _add(found, counted, 1)
    return found


def _add(to: ByService, counted: Iterable[ByService], times: int) -> None:
    for each in counted:
        for service, tally in each.items():
            to.setdefault(service, Tally()).add(tally, times)


def _texts(found: ByService) -> Mapping[str, str]:
    """What a month keeps: of the whole council, by service, and what was found by category beside."""
    whole = Tally()
    apart: ByService = {}
    by_category: ByService = {}
    for service, tally in found.items():
        apart[service] = _only(tally, found=False)
        by_category[service] = _only(tally, found=True)
        whole.add(apart[service])
    return {"whole": text_of({None: whole}), "services": text_of(apart), "categories": text_of(by_category)}


def _only(tally: Tally, *, found: bool) -> Tally:
    chosen = Tally()
    for key, count in tally.numbers.items():
        if (key[0] == FOUND) is found:
            chosen.numbers[key] = count
            chosen.amounts[key] = tally.amounts[key]
    chosen.days.update({} if found else tally.days)
    return chosen
