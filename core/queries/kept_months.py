"""Counted months that are kept: which of them still hold, what they add up to, and what the chore has to count.

Nothing here decides a number. A month that may have changed is counted again by whoever asks; why what is left is
exact is in decision record 22.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.events.cases import FactCorrected
from core.events.standing_still import BESIDE, LOOKED
from core.model.complaints import Complaint
from core.model.duties import Duty
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figure_rows import OVERDUE, SOURCES, Source, joined
from core.rules.periods import Period
from core.rules.working_days import months_after
from core.settings import ROOT
from core.store import months as rows

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
SCHEME = "lgsco"
"""The scheme whose months are kept: nearly all complaints go by it."""
KEPT = frozenset(name for name, each in SOURCES.items() if each.day is not None and each.of == "complaint")
"""What is kept: rows of complaints, each with the day that puts it into a month."""
AT_END = frozenset({"open_long"})
"""What is kept besides of how things stood at a month's end: it begins with the receipt of a complaint, too."""
_BACK = 60  # house: months that are kept, five years
RECEIPT = "the day of receipt"
"""The fact whose correction moves the day a complaint was received on: what it was counted by is then not known."""


@functools.cache
def made_by() -> str:
    """What the numbers are counted by: a digest of all our rules and queries, so that a new release counts afresh."""
    package = ROOT / "core"
    files = sorted(path for kind in ("py", "toml") for path in package.rglob(f"*.{kind}"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def standing(asking: Asking, period: Period) -> tuple[date, ...]:
    """The whole months of the period whose kept counts are what counting them now would give."""
    whole = [each for each in period.months() if _over(each, asking.today)]
    if not whole:
        return ()
    there = rows.months_there(asking.connection, whole[0].start, whole[-1].start, made_by(), asking.today)
    if not there:
        return ()
    until = changed_from(asking, min(row.height for row in there))
    wanted = {each.start: each.end for each in whole}
    return tuple(row.month for row in there if until is None or wanted.get(row.month, date.max) < until)


def _over(month: Period, today: date) -> bool:
    """Whether these days are a whole month, and that month is over."""
    return month.start.day == 1 and month.end == _last_of(month.start) and month.end < today


def _last_of(first: date) -> date:
    return date.fromordinal(months_after(first, 1).toordinal() - 1)


def changed_from(asking: Asking, n: int) -> date | None:
    """The first day on which something counted may have changed since entry `n`; None when nothing can have.

    A complaint is counted on no day before it was received, unless a row of it says so itself.
    """
    if (changed_from, n) not in asking.worked_out:
        asking.worked_out[changed_from, n] = _changed_from(asking, n)
    day: date | None = asking.worked_out[changed_from, n]
    return day


def _changed_from(asking: Asking, n: int) -> date | None:
    if rows.height(asking.connection) == n:
        return None
    found = rows.since(asking.connection, n, FactCorrected.tag)
    moved = any(json.loads(each)["fact"] == RECEIPT for each in found.said)
    if found.many or moved or found.beside - LOOKED - BESIDE:
        return date.min
    if not found.about - LOOKED:
        return None
    touched = rows.complaints_since(n, LOOKED)
    firsts = [sa.select(sa.func.min(_C.c.received_on).label("day")).where(_C.c.id.in_(touched))]
    for name in sorted(KEPT):
        source = SOURCES[name]
        if source.complaint is not _C.c.id:
            first = sa.select(sa.func.min(source.day)).select_from(source.rows)
            firsts.append(first.where(source.complaint.in_(touched)))
    every = sa.union_all(*firsts).subquery()
    earliest: date | None = asking.connection.execute(sa.select(sa.func.min(every.c.day))).scalar()
    return earliest


Group = tuple[str, tuple[Any, ...], int, int]
"""The source, the values of its facets, how many rows there are and what they add up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPart:
    """What was counted of one service or of all: groups, and at which stage how many days were taken how often."""

    groups: tuple[Group, ...]
    days: tuple[tuple[int, int, int], ...]


def parts(asking: Asking, months: Sequence[date], *, by_service: bool) -> Iterator[tuple[date, int | None, MonthPart]]:
    """What is kept of these months: month by month, and service by service where it is asked for."""
    for month, text in rows.texts_of(asking.connection, months, by_service=by_service).items():
        for service, part in json.loads(text).items():
            yield month, int(service) if service else None, _read(part)


def _read(part: Any) -> MonthPart:
    groups = tuple((name, tuple(values), count, total) for name, values, count, total in part["groups"])
    return MonthPart(groups=groups, days=tuple(map(tuple, part["days"])))


def written(found: Mapping[Any, MonthPart]) -> str:
    """Parts by service as the table keeps them, in one order, so that the same counts are the same text."""
    told = {
        "" if service is None else str(service): {"groups": sorted(part.groups, key=str), "days": sorted(part.days)}
        for service, part in found.items()
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsDue:
    """The months that hold and those to be counted, as the record stands at the ledger's entry `height`."""

    height: int
    holding: tuple[date, ...]
    lacking: tuple[date, ...]


@query(needs=Permission.FIGURES)
def months_due(asking: Asking) -> MonthsDue:
    """Which of the months that are over are kept and hold, and which are to be counted; five years at most [lgsco:8.1].

    Left out, because they are counted each time: a month with a row dated before its complaint was received, and one
    with a duty that is not late yet and will be without anything being recorded.
    """
    height = rows.height(asking.connection)
    first = asking.connection.execute(sa.select(sa.func.min(_C.c.received_on))).scalar()
    now = asking.today.replace(day=1)
    if first is None or first >= now:
        return MonthsDue(height=height, holding=(), lacking=())
    start = max(first.replace(day=1), months_after(now, -_BACK))
    span = Period(start, date.fromordinal(now.toordinal() - 1))
    holding = standing(asking, span)
    wanted = [each for each in span.months() if each.start not in {*holding}]
    waiting = _undecided(asking, wanted)
    lacking = (each.start for each in wanted if each.start not in waiting)
    return MonthsDue(height=height, holding=holding, lacking=tuple(lacking))


def _undecided(asking: Asking, wanted: Sequence[Period]) -> set[date]:
    """The months among these that cannot be kept."""
    if not wanted:
        return set()
    days = [sa.select(_day(_D.c.due_on)).where(_D.c.standing == OVERDUE, *_not_yet(wanted, asking.today))]
    days += [_early(SOURCES[name], wanted) for name in sorted(KEPT) if SOURCES[name].complaint is not _C.c.id]
    return {
        date.fromisoformat(f"{str(day)[:8]}01") for day in asking.connection.execute(sa.union(*days)).scalars() if day
    }


def _not_yet(wanted: Sequence[Period], today: date) -> list[Any]:
    within = [_D.c.due_on >= wanted[0].start, _D.c.due_on <= wanted[-1].end]
    return [*within, sa.or_(_D.c.due_on >= today, _D.c.act_by >= today)]


def _early(source: Source, wanted: Sequence[Period]) -> Any:
    within = [source.day >= wanted[0].start, source.day <= wanted[-1].end]
    rows_of = joined(source, to_complaint=True)
    return sa.select(_day(source.day)).select_from(rows_of).where(*within, source.day < _C.c.received_on)


def _day(column: Any) -> Any:
    """A day as the database holds it, which on SQLite is text."""
    return sa.type_coerce(column, sa.String)


__all__ = [
    "KEPT",
    "SCHEME",
    "MonthsDue",
    "MonthPart",
    "changed_from",
    "made_by",
    "months_due",
    "parts",
    "standing",
    "written",
]
