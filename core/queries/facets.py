"""What a search is narrowed by: service, stage, outcome, time, whether it is open, and whose complaints."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from core.model.complaints import Complaint, Stage
from core.model.people import Person
from core.queries.base import Asking
from core.queries.same_person import people_like
from core.rules.facts import Outcome

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_REFERENCE = re.compile(r"(?i)^\s*(c|sr)-?(\d{4})-?(\d{1,6})\s*$")
Conditions = Callable[[Any], list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Which of the complaints found: `outcome` is that of the stage it stands at, `since` and `until` its receipt.

    `person_of` is the reference of a complaint whose individual made the ones wanted; it is among them.
    """

    service_id: int | None = None
    stage: int | None = None
    outcome: Outcome | None = None
    is_open: bool | None = None
    since: date | None = None
    until: date | None = None
    person_of: str = ""


EVERY_CASE = Facets()


class _Covered(sa.sql.elements.Grouping[bool]):
    """Whether a complaint is one of those chosen, read in the index that holds what a search is narrowed by.

    SQLite would go to the complaint's whole row by its number, which takes twice as long.
    """

    inherit_cache = True


@compiles(_Covered)
def _as_it_is(element: _Covered, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.element, **given))


@compiles(_Covered, "sqlite")
def _by_the_index(element: _Covered, compiler: Any, **given: Any) -> str:
    return _as_it_is(element, compiler, **given).replace(
        f"FROM {_C.name} ", f"FROM {_C.name} INDEXED BY ix_complaint_facets ", 1
    )


def reference_of(text: str) -> str | None:
    """The reference somebody typed, with or without its hyphens and zeros, as it is written; None for words."""
    found = _REFERENCE.match(text)
    return f"{found[1].upper()}-{found[2]}-{int(found[3]):06d}" if found else None


def chosen(asking: Asking, facets: Facets) -> Conditions:
    """The conditions under which the complaint in a column is one of those chosen."""
    about = [*_plain(facets), *_with_outcome(facets)]
    ends = _first_and_last(asking, facets)
    people = people_like(asking, facets.person_of) if facets.person_of else None

    def conditions(number: Any) -> list[Any]:
        where: list[Any] = []
        if ends is not None:
            where += [number >= ends[0], number <= ends[1]]
        if people is not None:
            where.append(number.in_(sa.select(_C.c.id).where(_C.c.person_id.in_(people))))
        if about and number is not _C.c.id:
            where.append(_Covered(sa.exists().where(_C.c.id == number, *about).correlate_except(_C, _ST)))
        return where if number is not _C.c.id else [*where, *about]

    return conditions


def _plain(facets: Facets) -> list[Any]:
    exactly = {"service_id": facets.service_id, "stage_number": facets.stage, "is_open": facets.is_open}
    where = [_C.c[name] == value for name, value in exactly.items() if value is not None]
    if facets.since is not None:
        where.append(_C.c.received_on >= facets.since)
    if facets.until is not None:
        where.append(_C.c.received_on <= facets.until)
    return where


def _with_outcome(facets: Facets) -> list[Any]:
    if facets.outcome is None:
        return []
    standing = sa.select(_ST.c.outcome).where(_ST.c.complaint_id == _C.c.id, _ST.c.number == _C.c.stage_number)
    # Compared, and not asked for by EXISTS: PostgreSQL would go through every stage first.
    return [standing.correlate(_C).scalar_subquery() == facets.outcome.value]


def _first_and_last(asking: Asking, facets: Facets) -> tuple[int, int] | None:
    """The lowest and highest number received in the time asked for, so that a search need not pass all the others."""
    from_now_on = facets.until is None and asking.dialect == "postgresql"  # which goes from the newest one on anyhow
    if from_now_on or (facets.since is None and facets.until is None):
        return None
    within = [condition for condition in _plain(Facets(since=facets.since, until=facets.until))]
    # A list of its own, or PostgreSQL would walk through the complaints from both ends to the first that fits.
    (number,) = (arrived := sa.select(_C.c.id).where(*within).offset(0).subquery()).c
    ends = sa.select(sa.func.min(number), sa.func.max(number)).select_from(arrived)
    first, last = asking.connection.execute(ends).one()
    return (first, last) if first is not None else (0, 0)
