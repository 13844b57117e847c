"""How imported history, or any period of our own, stands against the Code's clocks: counted from the same duties."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.channels.columns import Mapping, clauses_not_covered
from core.code.catalogue import SCHEMES
from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.duties import Duty
from core.model.people import Service
from core.model.working import ImportRun
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import TITLES
from core.rules.facts import Standing
from core.words import counted, share

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_R = ImportRun.__table__  # type: ignore[attr-defined]
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
KINDS = ("acknowledge_stage_one", "respond_stage_one", "acknowledge_stage_two", "respond_stage_two")


@dataclass(slots=True)
class Counts:
    """One clock's duties by how they stand; a percentage leaves out what is open, void or not known."""

    in_time: int = 0
    extended: int = 0
    late: int = 0
    unknown: int = 0
    open: int = 0
    void: int = 0

    def add(self, standing: str, count: int) -> None:
        """Count some more."""
        setattr(self, standing, getattr(self, standing) + count)

    @property
    def judged(self) -> int:
        """Those that can be judged."""
        return self.in_time + self.extended + self.late

    @property
    def total(self) -> int:
        """Every one of them."""
        return self.judged + self.unknown + self.open + self.void

    def words(self) -> str:
        """The three numbers that are never merged, with what cannot be judged beside them."""
        if not self.judged:
            return f"none of {self.total:,} can be judged"
        parts = [f"{share(self.in_time, self.judged)} in time"]
        if self.extended:
            parts.append(f"{share(self.extended, self.judged)} within an extension")
        parts.append(f"{share(self.late, self.judged)} late")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service or one month, clock by clock."""

    name: str
    counts: dict[str, Counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """How a body of complaints stands against the Code.

    `apart` counts those under another scheme, by its key: none of them is in any other number here.
    """

    source: str
    complaints: int
    still_open: int
    clocks: dict[str, Counts]
    services: tuple[Line, ...]
    months: tuple[Line, ...]
    not_covered: tuple[tuple[str, str], ...] = field(default=())
    apart: dict[str, int] = field(default_factory=dict)

    def paragraph(self) -> str:
        """The whole report in one paragraph."""
        if not (self.complaints or self.apart):
            return "There is nothing to report yet. Import a file first."
        told = [f"{counted(self.complaints, 'complaint')}, {self.still_open:,} still open."]
        for kind in KINDS:
            counts = self.clocks[kind]
            if counts.total:
                told.append(f"{TITLES[kind]} ({_clause(kind)}): {counts.words()}.")
                if counts.judged and counts.unknown:
                    told.append(f"Another {counts.unknown:,} cannot be judged from these records.")
        for scheme, number in self.apart.items():
            told.append(f"Counted apart, {SCHEMES[scheme].short}: {counted(number, 'complaint')}.")
        return " ".join(told)


def _clause(kind: str) -> str:
    return {
        "acknowledge_stage_one": "6.2",
        "respond_stage_one": "6.3",
        "acknowledge_stage_two": "6.12",
        "respond_stage_two": "6.15",
    }[kind]


@query(needs=Permission.FIGURES)
def gap_report(asking: Asking, *, source: str | None = None, scheme: str = "lgsco") -> GapReport:
    """The Code's clocks over one import, or over everything here when no source is named [lgsco:8.1b].

    Only complaints under one scheme are counted; those that go by another are numbered beside them.
    """
    everything = [] if source is None else [_C.c.source == source]
    only = [_C.c.scheme == scheme, *everything]
    year, month = sa.extract("year", _C.c.received_on), sa.extract("month", _C.c.received_on)
    statement = (
        sa.select(_D.c.kind, _D.c.standing, _C.c.service_id, year, month, sa.func.count())
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(_D.c.kind.in_(KINDS), *only)
        .group_by(_D.c.kind, _D.c.standing, _C.c.service_id, year, month)
    )
    rows = asking.connection.execute(statement).all()
    names = {row[0]: row[1] for row in asking.connection.execute(sa.select(_S.c.id, _S.c.name))}
    total, is_open = asking.connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(_C.c.is_open, sa.Integer)), 0)).where(*only)
    ).one()
    return GapReport(
        source=source or "everything here",
        complaints=total,
        still_open=is_open,
        clocks=_one(rows),
        services=_lines(rows, lambda row: names.get(row[2], "No service named")),
        months=_lines(rows, lambda row: f"{int(row[3])}-{int(row[4]):02d}"),
        not_covered=_not_covered(asking, source),
        apart=_apart(asking, [_C.c.scheme != scheme, *everything]),
    )


def _apart(asking: Asking, where: list[Any]) -> dict[str, int]:
    found = asking.connection.execute(sa.select(_C.c.scheme, sa.func.count()).where(*where).group_by(_C.c.scheme))
    counts = {row[0]: row[1] for row in found}
    return {key: counts[key] for key in SCHEMES if key in counts}


def _one(rows: Iterable[Any]) -> dict[str, Counts]:
    clocks = {kind: Counts() for kind in KINDS}
    for row in rows:
        clocks[row[0]].add(row[1], row[5])
    return clocks


def _lines(rows: Iterable[Any], name: Any) -> tuple[Line, ...]:
    found: dict[str, dict[str, Counts]] = {}
    for row in rows:
        found.setdefault(name(row), {kind: Counts() for kind in KINDS})[row[0]].add(row[1], row[5])
    return tuple(Line(name=key, counts=found[key]) for key in sorted(found))


def _not_covered(asking: Asking, source: str | None) -> tuple[tuple[str, str], ...]:
    """The clauses an import's file cannot speak to, from the mapping it was read with."""
    if source is None:
        return ()
    latest = sa.select(_R.c.mapping).where(_R.c.source == source).order_by(_R.c.id.desc()).limit(1)
    mapping = asking.connection.execute(latest).scalar()
    if not mapping or not json.loads(mapping):
        return ()
    return clauses_not_covered(Mapping.from_json(mapping))


@query(needs=Permission.FIGURES)
def import_sources(asking: Asking) -> tuple[str, ...]:
    """Every name that records were imported under, the latest first."""
    statement = sa.select(_R.c.source).group_by(_R.c.source).order_by(sa.func.max(_R.c.id).desc())
    return tuple(asking.connection.execute(statement).scalars())


@query(needs=Permission.READ)
def counted_cases(
    asking: Asking,
    *,
    kind: str,
    standing: Standing,
    source: str | None = None,
    service: str | None = None,
    month: str | None = None,
    limit: int = 100,
) -> tuple[tuple[str, str], ...]:
    """The complaints behind one number of the report: reference and matter, the newest first.

    Raises BadInput for a month that is not written as the report writes it: 2026-07.
    """
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    where: list[Any] = [_C.c.scheme == "lgsco", _D.c.kind == kind, _D.c.standing == standing.value, *seen]
    if source is not None:
        where.append(_C.c.source == source)
    if service is not None:
        where.append(_S.c.name == service if service != "No service named" else _C.c.service_id.is_(None))
    if month is not None:
        year, number = _month(month)
        where += [sa.extract("year", _C.c.received_on) == year, sa.extract("month", _C.c.received_on) == number]
    statement = (
        sa.select(_C.c.reference, _C.c.matter)
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id).outerjoin(_S, _S.c.id == _C.c.service_id))
        .where(*where)
        .order_by(_C.c.id.desc())
        .limit(limit)
    )
    return tuple((row[0], row[1]) for row in asking.connection.execute(statement))


def _month(written: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(written)
    if found is None:
        raise BadInput("That month is not one of the report’s. Write it as 2026-07, or choose it in the report.")
    return int(found[1]), int(found[2])
