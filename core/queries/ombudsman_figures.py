"""The year at an Ombudsman in figures: its letter, our own records beside it, and KPI 20 to 24 from the counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from core.code.ombudsmen import ASSESSOR, BODIES, DECISIONS, YEARLY_LETTERS
from core.errors import BadInput
from core.model.complaints import Complaint, Stage
from core.model.ombudsman import AnnualLetter, HandlingComplaint, OmbudsmanCase, Recommendation
from core.model.people import Colleague
from core.permissions import SYSTEM, Permission
from core.queries.base import Asking, query
from core.queries.ombudsman import first_day
from core.rules.outside import HandlingOutcome
from core.rules.yearly_letter import Kpi, kpis_of
from core.store.scope import visible_ombudsman

_A = AnnualLetter.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_H = HandlingComplaint.__table__  # type: ignore[attr-defined]
_O = OmbudsmanCase.__table__  # type: ignore[attr-defined]
_R = Recommendation.__table__  # type: ignore[attr-defined]
_S = Stage.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_REPORTED = "lgsco"
_YEARS = range(1974, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One figure of a letter beside ours; either is None where it is not known, and ours for what we do not count."""

    key: str
    title: str
    kind: str
    theirs: Decimal | None
    ours: int | None

    @property
    def difference(self) -> Decimal | None:
        """Ours less theirs; None where one of the two is not known."""
        return self.ours - self.theirs if self.ours is not None and self.theirs is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanFigures:
    """One year of one body: each figure of its letter with ours, and the KPIs from the letter and from our records.

    `version` is 0 while no letter is entered. `entered` names who entered it and when, `file_name` what it was read
    from; `sha256` is that file's digest.
    """

    body: str
    title: str
    year: int
    version: int
    entered_by: str
    entered_on: date | None
    file_name: str
    sha256: str
    why: str
    lines: tuple[FigureLine, ...]
    letter_kpis: tuple[Kpi, ...]
    own_kpis: tuple[Kpi, ...]
    years: tuple[int, ...]
    """The years a letter is entered for, the newest first."""


@query(needs=Permission.FIGURES)
def ombudsman_figures(asking: Asking, body: str, year: int) -> OmbudsmanFigures:
    """A year's letter beside our own records of those complaints that are seen [lgsco:8.1].

    Whoever may open no case has the letter alone: our own counts stand, small ones held back, on the dashboard.
    `body` is an Ombudsman's key, or "assessor"; BadInput for any other, and for a year there cannot be.
    """
    letter = YEARLY_LETTERS.get(body)
    if letter is None or year not in _YEARS:
        raise BadInput("There is no such letter. Choose whose it is and the year from the lists.")
    row = asking.connection.execute(_newest(body, year)).first()
    theirs = {key: Decimal(value) for key, value in json.loads(row.figures).items()} if row is not None else {}
    reads = asking.actor.may(Permission.READ)
    ours: Mapping[str, int] = {}
    if reads:
        ours = _assessed(asking, year) if body == ASSESSOR else _own(asking, body, year)
    stage_one = _answered_at_stage_one(asking, year) if reads else None
    return OmbudsmanFigures(
        body=body,
        title=letter.title,
        year=year,
        version=row.version if row is not None else 0,
        entered_by=(row.who or "the console") if row is not None else "",
        entered_on=row.entered_on if row is not None else None,
        file_name=row.file_name if row is not None else "",
        sha256=row.sha256 if row is not None else "",
        why=row.why if row is not None else "",
        lines=tuple(
            FigureLine(key=key, title=each.title, kind=each.kind, theirs=theirs.get(key), ours=ours.get(key))
            for key, each in letter.figures.items()
        ),
        letter_kpis=kpis_of(_counts(theirs, letter), similar=_similar(theirs), stage_one=stage_one)
        if theirs and body != ASSESSOR
        else (),
        own_kpis=kpis_of({**ours, **_people(theirs)}, stage_one=stage_one) if reads and body != ASSESSOR else (),
        years=_years(asking, body),
    )


@query(needs=Permission.FIGURES)
def ombudsmen_together(asking: Asking, year: int) -> tuple[Kpi, ...]:
    """KPI 20 to 24 of every Ombudsman's letter of a year: their counts added up, and no rate averaged [lgsco:8.1].

    A count that one of the letters leaves out is not known of all. BadInput for a year there cannot be.
    """
    if year not in _YEARS:
        raise BadInput("There is no such year. Choose one from the list.")
    entered: list[dict[str, int]] = []
    for body in BODIES:
        row = asking.connection.execute(_newest(body, year)).first() if body in YEARLY_LETTERS else None
        if row is not None:
            figures = {key: Decimal(value) for key, value in json.loads(row.figures).items()}
            entered.append(_counts(figures, YEARLY_LETTERS[body]))
    if not entered:
        return ()
    known = set.intersection(*(set(each) for each in entered)) - {"population"}
    added = {key: sum(each[key] for each in entered) for key in known}
    reads = asking.actor.may(Permission.READ)
    return kpis_of(added, stage_one=_answered_at_stage_one(asking, year) if reads else None)


@query(needs=Permission.FIGURES)
def letter_reported(asking: Asking, year: int) -> tuple[FigureLine, ...]:
    """The annual letter of a year beside the records of the whole council, as the yearly report has it [lgsco:8.1e].

    They are counts alone, and the same for everybody who makes the report. Nothing while no letter is entered.
    """
    found = ombudsman_figures(replace(asking, actor=SYSTEM), _REPORTED, year)
    return found.lines if found.version else ()


def _newest(body: str, year: int) -> sa.Select[Any]:
    columns = (_A.c.version, _A.c.figures, _A.c.file_name, _A.c.sha256, _A.c.why, _A.c.entered_on)
    return (
        sa.select(*columns, _W.c.name.label("who"))
        .select_from(_A.outerjoin(_W, _W.c.id == _A.c.entered_by))
        .where(_A.c.body == body, _A.c.year == year)
        .order_by(_A.c.version.desc())
        .limit(1)
    )


def _years(asking: Asking, body: str) -> tuple[int, ...]:
    statement = sa.select(_A.c.year).where(_A.c.body == body).distinct().order_by(_A.c.year.desc())
    return tuple(asking.connection.execute(statement).scalars())


def _counts(figures: Mapping[str, Decimal], letter: Any) -> dict[str, int]:
    return {key: int(value) for key, value in figures.items() if letter.figures[key].kind == "count"}


def _people(theirs: Mapping[str, Decimal]) -> dict[str, int]:
    """The area's population, which the letter alone knows."""
    return {"population": int(theirs["population"])} if "population" in theirs else {}


def _similar(theirs: Mapping[str, Decimal]) -> str:
    rate = theirs.get("similar_upheld_rate")
    return f"Similar authorities on average: {rate} %." if rate is not None else ""


def _within(day: Any, year: int) -> tuple[Any, ...]:
    return day >= first_day(year), day < first_day(year + 1)


def _own(asking: Asking, body: str, year: int) -> dict[str, int]:
    """What our own records say of the year: decided in it, and recommendations whose day came in it."""
    seen = visible_ombudsman(asking.actor, _O.c.complaint_id, _C.c.service_id)
    joined = _O.outerjoin(_C, _C.c.id == _O.c.complaint_id)
    of_year = (_O.c.ombudsman == body, *_within(_O.c.decided_on, year), *seen)
    statement = (
        sa.select(_O.c.outcome, _O.c.remedy_before, sa.func.count().label("n"))
        .select_from(joined)
        .where(*of_year)
        .group_by(_O.c.outcome, _O.c.remedy_before)
    )
    found = dict.fromkeys(("dealt_with", "not_for_us", "assessed_and_closed", "investigated", "upheld", "remedied"), 0)
    for row in asking.connection.execute(statement):
        decision = DECISIONS[row.outcome]
        found["dealt_with"] += row.n
        found[decision.group] += row.n
        found["upheld"] += row.n if decision.upheld else 0
        found["remedied"] += row.n if decision.upheld and row.remedy_before else 0
    found["not_upheld"] = found["investigated"] - found["upheld"]
    came = sa.select(sa.func.count()).select_from(joined).where(
        _O.c.ombudsman == body, *_within(_O.c.enquiry_on, year), *seen
    )  # fmt: skip
    found["received"] = int(asking.connection.execute(came).scalar_one())
    return found | _complied(asking, body, year)


def _complied(asking: Asking, body: str, year: int) -> dict[str, int]:
    late = sa.case((_R.c.complied_on > _R.c.due_on, 1))
    statement = (
        sa.select(sa.func.count(), sa.func.count(_R.c.complied_on), sa.func.count(late))
        .select_from(_R.join(_O, _O.c.id == _R.c.ombudsman_case_id).join(_C, _C.c.id == _R.c.complaint_id))
        .where(_O.c.ombudsman == body, _R.c.accepted.is_(True), *_within(_R.c.due_on, year))
        .where(sa.or_(_R.c.due_on <= asking.today, _R.c.complied_on.is_not(None)))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    due, complied, late_ones = asking.connection.execute(statement).one()
    return {"due": due, "complied": complied, "late": late_ones}


def _assessed(asking: Asking, year: int) -> dict[str, int]:
    """Complaints about our own handling by what the assessor found in a year."""
    statement = (
        sa.select(_H.c.outcome, sa.func.count())
        .select_from(_H.join(_C, _C.c.id == _H.c.complaint_id))
        .where(*_within(_H.c.assessed_on, year), *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .group_by(_H.c.outcome)
    )
    by = {row[0]: int(row[1]) for row in asking.connection.execute(statement)}
    keys = {
        "upheld": HandlingOutcome.UPHELD, "partly_upheld": HandlingOutcome.PARTLY,
        "not_upheld": HandlingOutcome.NOT_UPHELD,
    }  # fmt: skip
    return {key: by.get(found.value, 0) for key, found in keys.items()} | {"dealt_with": sum(by.values())}


def _answered_at_stage_one(asking: Asking, year: int) -> int:
    """How many answers went out at stage 1 in a year, of complaints that are seen."""
    statement = (
        sa.select(sa.func.count())
        .select_from(_S.join(_C, _C.c.id == _S.c.complaint_id))
        .where(_S.c.number == 1, *_within(_S.c.responded_on, year))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    return int(asking.connection.execute(statement).scalar_one())
