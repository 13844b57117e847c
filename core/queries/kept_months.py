"""Counted months that are kept: which of them still hold, what they add up to, and what the chore has to count.

Nothing here decides a number. Of a month that may have changed, the few complaints that somebody worked on are counted
again by whoever asks; why that is exact is in decision record 28.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from core.events.standing_still import BESIDE, LOOKED
from core.model.complaints import Complaint
from core.model.duties import Duty
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_rows import LATE_KINDS, OVERDUE
from core.queries.slice_counts import SLICE, Counted, Tally, at_ends, month_with, of_slices, read
from core.rules.periods import Period
from core.rules.working_days import months_after
from core.settings import ROOT
from core.store import months as rows

T = TypeVar("T")
_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_BACK = 60  # house: months that are kept, five years
_MOST, _MOST_AT_LEISURE = 150, 400  # house: slices that are counted again while somebody waits, and while nobody does


@functools.cache
def made_by() -> str:
    """What the numbers are counted by: a digest of all our rules and queries, so that a new release counts afresh."""
    package = ROOT / "core"
    files = sorted(path for kind in ("py", "toml") for path in package.rglob(f"*.{kind}"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Holding:
    """Months whose kept counts are what counting now would give, once these slices are counted again."""

    months: tuple[date, ...] = ()
    slices: frozenset[int] = frozenset()


def standing(asking: Asking, period: Period, *, most: int = _MOST) -> Holding:
    """The whole months of the period that are kept and hold; none where too much was recorded since."""
    whole = [each.start for each in period.months() if each == month_with(each.start)]
    if not whole:
        return Holding()
    there = rows.months_there(asking.connection, whole[0], whole[-1], made_by(), asking.today)
    if not there:
        return Holding()
    slices = touched(asking, min(row.height for row in there))
    slices = None if slices is None or len(slices) > most else slices
    return Holding() if slices is None else Holding(tuple(row.month for row in there), slices)


def touched(asking: Asking, n: int) -> frozenset[int] | None:
    """The slices in which something may be counted otherwise since entry `n`; None where that is not known."""
    if (now := rows.height(asking.connection)) == n:
        return frozenset()

    def found() -> frozenset[int] | None:
        since = rows.since(asking.connection, n, LOOKED)
        if since.many or since.beside - BESIDE:
            return None
        return frozenset(each // SLICE for each in since.about)

    return _once(asking, ("touched", n, now), found)


def _once(asking: Asking, key: tuple[Any, ...], found: Callable[[], T]) -> T:
    """What was found under this key on this connection; the key says how far the record had come."""
    held = asking.connection.info.setdefault("months", {})
    if held.get("at") != key[-1]:
        held.clear()
        held["at"] = key[-1]
    if key not in held:
        held[key] = found()
    answer: T = held[key]
    return answer


def slices_now(asking: Asking, holding: Holding) -> Counted:
    """What the slices that were touched put into each month now, counted once for every question of a page."""
    key = ("slices", holding.slices, asking.today, rows.height(asking.connection))
    return _once(asking, key, lambda: of_slices(asking, holding.slices))


def _ends_now(asking: Asking, holding: Holding, ends: Collection[date]) -> Counted:
    key = ("ends", holding.slices, frozenset(ends), asking.today, rows.height(asking.connection))
    return _once(asking, key, lambda: at_ends(asking, sorted(ends), holding.slices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is taken of kept months: of some services or of all, which sources, and told apart by service or not."""

    services: tuple[int, ...]
    names: frozenset[str]
    by_service: bool


def parts(
    asking: Asking, holding: Holding, wanted: Wanted, ends: Collection[date]
) -> Iterator[tuple[date, int | None, Tally, int]]:
    """What is kept of these months, and what is to be put to it (1) or taken away (-1): month by month.

    How things stood at a month's end is right for the months in `ends`.
    """
    apart = wanted.by_service or bool(wanted.services)
    for month, text in rows.texts_of(asking.connection, holding.months, "services" if apart else "whole").items():
        yield from (
            (month, service, tally, 1)
            for service, tally in read(text, services=wanted.services, names=wanted.names).items()
        )
    if not holding.slices:
        return
    for (month, _slice), text in rows.slices_of(asking.connection, holding.months, holding.slices).items():
        yield from (
            (month, service, tally, -1)
            for service, tally in read(text, services=wanted.services, names=wanted.names).items()
        )
    for counted in (slices_now(asking, holding), _ends_now(asking, holding, ends)):
        for (month, _slice), found in counted.items():
            for service, tally in found.items() if month in holding.months else ():
                if not wanted.services or service in wanted.services:
                    yield month, service, tally, 1


def categories(asking: Asking, holding: Holding) -> Iterator[tuple[int | None, Tally, int]]:
    """What was found at stage 1 by category in all of these months together, service by service, as `parts` has it."""
    for text in rows.texts_of(asking.connection, holding.months, "categories").values():
        yield from ((service, tally, 1) for service, tally in read(text).items())
    if not holding.slices:
        return
    for text in rows.slices_of(asking.connection, holding.months, holding.slices).values():
        yield from ((service, tally, -1) for service, tally in read(text).items())
    for (month, _slice), found in slices_now(asking, holding).items():
        if month in holding.months:
            yield from ((service, tally, 1) for service, tally in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsDue:
    """The months that hold, by the entry they were kept at, and those to be counted; the ledger's end is `height`.

    `slices` were touched since the first of these entries.
    """

    height: int
    holding: Mapping[date, int]
    slices: frozenset[int]
    lacking: tuple[date, ...]


@query(needs=Permission.FIGURES)
def months_due(asking: Asking) -> MonthsDue:
    """Which months are kept and hold, and which are to be counted; five years at most [lgsco:8.1]."""
    height = rows.height(asking.connection)
    first = asking.connection.execute(sa.select(sa.func.min(_C.c.received_on))).scalar()
    now = asking.today.replace(day=1)
    if first is None or first > asking.today:
        return MonthsDue(height=height, holding={}, slices=frozenset(), lacking=())
    span = Period(max(first.replace(day=1), months_after(now, -_BACK)), month_with(now).end)
    held = standing(asking, span, most=_MOST_AT_LEISURE)
    there = rows.months_there(asking.connection, span.start, now, made_by(), asking.today) if held.months else ()
    return MonthsDue(
        height=height,
        holding={row.month: row.height for row in there},
        slices=held.slices,
        lacking=tuple(each.start for each in span.months() if each.start not in {*held.months}),
    )


def waiting(asking: Asking) -> set[date]:
    """The months that are not settled: the one under way, and those with an open duty that is yet to be late."""
    today = asking.today
    open_ones = [_D.c.kind.in_(LATE_KINDS), _D.c.standing == OVERDUE]
    day = sa.type_coerce(_D.c.due_on, sa.String)
    dues = sa.select(day).where(*open_ones, _D.c.due_on < today, _D.c.act_by >= today).distinct()
    found = {date.fromisoformat(f"{str(day)[:8]}01") for day in asking.connection.execute(dues).scalars()}
    return found | {today.replace(day=1)}


__all__ = [
    "Holding",
    "MonthsDue",
    "Wanted",
    "categories",
    "made_by",
    "months_due",
    "parts",
    "standing",
    "touched",
    "waiting",
]
