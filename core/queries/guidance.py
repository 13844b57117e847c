"""The guidance shelf: its entries, what stands beside a step's form, and the questions of focus reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.code.guidance import SUGGESTED
from core.errors import BadInput, NotFound
from core.model.guidance import Guidance, GuidanceFile, GuidanceQuestion, GuidanceStep
from core.model.people import Service
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.guidance import ReviewStands, review_stands

_F = GuidanceFile.__table__  # type: ignore[attr-defined]
_G = Guidance.__table__  # type: ignore[attr-defined]
_GS = GuidanceStep.__table__  # type: ignore[attr-defined]
_Q = GuidanceQuestion.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrutinyQuestion:
    """One question of a focus report, and the improvement that was planned for it."""

    id: int
    number: int
    question: str
    improvement_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceView:
    """One entry. `stands` is None once it was withdrawn; `why_held` says why nobody opens its `file`."""

    id: int
    title: str
    publisher: str
    kind: str
    address: str
    edition: str
    service: str
    steps: tuple[str, ...]
    file: str
    why_held: str
    review_by: date
    stands: ReviewStands | None
    reviewed_on: date | None
    found: str
    withdrawn_on: date | None
    why_withdrawn: str
    questions: tuple[ScrutinyQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All entries: those on the shelf by title, then those withdrawn. `suggested` is how many may be put there."""

    entries: tuple[GuidanceView, ...]
    suggested: int

    @property
    def standing(self) -> tuple[GuidanceView, ...]:
        """What is on the shelf today."""
        return tuple(each for each in self.entries if each.withdrawn_on is None)

    @property
    def withdrawn(self) -> tuple[GuidanceView, ...]:
        """What was taken off it."""
        return tuple(each for each in self.entries if each.withdrawn_on is not None)

    @property
    def to_review(self) -> tuple[GuidanceView, ...]:
        """What is to be looked at again, now or soon, the longest overdue first."""
        due = [each for each in self.standing if each.stands is not ReviewStands.LATER]
        return tuple(sorted(due, key=lambda each: each.review_by))


@query(needs=Permission.CODE, kept=True)
def guidance_shelf(asking: Asking) -> Shelf:
    """Every entry with its steps, its file and its questions [lgsco:4.3]."""
    statement = sa.select(_G, _S.c.name.label("service")).select_from(_G.outerjoin(_S, _S.c.id == _G.c.service_id))
    rows = asking.connection.execute(statement.order_by(_G.c.withdrawn_on.is_not(None), _G.c.title, _G.c.id)).all()
    steps = _by_entry(asking, sa.select(_GS).order_by(_GS.c.step))
    asked = _by_entry(asking, sa.select(_Q).order_by(_Q.c.number))
    files = _by_entry(asking, sa.select(_F).order_by(_F.c.id))
    known = {row.suggested for row in rows} | {row.title for row in rows}
    return Shelf(
        entries=tuple(_entry(asking, row, steps, asked, files) for row in rows),
        suggested=sum(not {one.key, one.title} & known for one in SUGGESTED.values()),
    )


_Rows = Mapping[int, Sequence[Any]]


def _by_entry(asking: Asking, statement: Any) -> _Rows:
    found: dict[int, list[Any]] = {}
    for row in asking.connection.execute(statement):
        found.setdefault(row.guidance_id, []).append(row)
    return found


def _entry(asking: Asking, row: Any, steps: _Rows, asked: _Rows, files: _Rows) -> GuidanceView:
    alike = {name: getattr(row, name) for name in GuidanceView.__dataclass_fields__ if name in _G.c}
    newest = files.get(row.id, (None,))[-1]
    return GuidanceView(
        **alike,
        service=row.service or "",
        steps=tuple(each.step for each in steps.get(row.id, ())),
        file=newest.name if newest is not None else "",
        why_held=newest.why_held if newest is not None else "",
        stands=review_stands(row.review_by, today=asking.today) if row.withdrawn_on is None else None,
        questions=tuple(_question(each) for each in asked.get(row.id, ())),
    )


def _question(row: Any) -> ScrutinyQuestion:
    return ScrutinyQuestion(id=row.id, number=row.number, question=row.question, improvement_id=row.improvement_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepGuidance:
    """What helps with one step, for a line beside its form; `has_file` says whether a copy can be opened."""

    id: int
    title: str
    publisher: str
    address: str
    service: str
    has_file: bool


@query(needs=Permission.CODE, kept=True)
def step_guidance(asking: Asking) -> Mapping[str, tuple[StepGuidance, ...]]:
    """By step, the guidance on the shelf that helps with it; a step without any is left out [lgsco:4.3]."""
    newest = sa.select(sa.func.max(_F.c.id)).where(_F.c.guidance_id == _G.c.id).correlate(_G).scalar_subquery()
    opens = sa.exists().where(_F.c.id == newest, _F.c.why_held == "")
    statement = (
        sa.select(
            _GS.c.step, _G.c.id, _G.c.title, _G.c.publisher, _G.c.address, _S.c.name.label("service"),
            opens.label("has_file"),
        )
        .select_from(_GS.join(_G, _G.c.id == _GS.c.guidance_id).outerjoin(_S, _S.c.id == _G.c.service_id))
        .where(_G.c.withdrawn_on.is_(None))
        .order_by(_G.c.title, _G.c.id)
    )  # fmt: skip
    found: dict[str, list[StepGuidance]] = {}
    for row in asking.connection.execute(statement):
        alike = {name: getattr(row, name) for name in ("id", "title", "publisher", "address")}
        line = StepGuidance(**alike, service=row.service or "", has_file=bool(row.has_file))
        found.setdefault(row.step, []).append(line)
    return MappingProxyType({step: tuple(lines) for step, lines in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """The council's own copy of an entry, or its policy: its name and the digest its bytes lie under."""

    name: str
    sha256: str


@query(needs=Permission.CODE)
def guidance_file(asking: Asking, guidance_id: int) -> KeptFile:
    """The newest copy of an entry; NotFound when there is none, BadInput for one that is held back [lgsco:4.3]."""
    statement = sa.select(_F).where(_F.c.guidance_id == min(guidance_id, LAST_ID)).order_by(_F.c.id.desc()).limit(1)
    row = asking.connection.execute(statement).first()
    if row is None:
        raise NotFound("There is no such file. Open it from the Guidance page.")
    if row.why_held:
        raise BadInput(f"“{row.name}” is held back: {row.why_held} Ask the complaints manager for another copy.")
    return KeptFile(name=row.name, sha256=row.sha256)
