"""Complaints at an Ombudsman: the list with what is due next, one of them, and what was recommended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.ombudsmen import BODIES, DECISIONS, Body, Decision
from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.evidence import CaseFile
from core.model.ombudsman import HandlingComplaint, OmbudsmanCase, Recommendation
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.duties import TITLES, Nearness, nearness
from core.rules.facts import AskedKind
from core.rules.outside import AtTheOmbudsman, steps_at
from core.store.scope import visible_ombudsman

_C = Complaint.__table__  # type: ignore[attr-defined]
_F = CaseFile.__table__  # type: ignore[attr-defined]
_H = HandlingComplaint.__table__  # type: ignore[attr-defined]
_O = OmbudsmanCase.__table__  # type: ignore[attr-defined]
_R = Recommendation.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_SHOWN = 200
APRIL = 4


def year_of(day: date) -> int:
    """The year in which the year of a day began, in April: the years of councils and of Ombudsmen."""
    return day.year - (day.month < APRIL)


def first_day(year: int) -> date:
    """The first day of the year that begins in April."""
    return date(year, APRIL, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationView:
    """One recommendation: from whom, for whom, by when, and what became of it. `soon` while it is owed."""

    id: int
    complaint: str
    ombudsman_case_id: int | None
    handling_id: int | None
    kind: str
    what: str
    set_on: date
    due_on: date
    owner: str
    accepted: bool
    why_not: str
    complied_on: date | None
    evidence: str
    file: str
    soon: Nearness | None

    @property
    def owed(self) -> bool:
        """Whether it is still to be complied with."""
        return self.accepted and self.complied_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanRow:
    """One matter at an Ombudsman; `complaint` is our reference, "" where it stands by itself.

    `next_title` and `act_by` are what is due next, with how near that is; None where nothing is.
    """

    id: int
    ombudsman: Body
    their_reference: str
    complaint: str
    matter: str
    subject: str
    enquiry_on: date
    decided_on: date | None
    decision: Decision | None
    remedy_before: bool
    published_on: date | None
    closed_on: date | None
    next_title: str
    act_by: date | None
    soon: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanList:
    """What is open, the nearest date first; what was decided since April; and what is still to be complied with."""

    open: tuple[OmbudsmanRow, ...]
    decided: tuple[OmbudsmanRow, ...]
    since: date
    owed: tuple[RecommendationView, ...]
    most: int = _SHOWN

    @property
    def undecided(self) -> tuple[OmbudsmanRow, ...]:
        """What an Ombudsman still has."""
        return tuple(row for row in self.open if row.decided_on is None)

    @property
    def to_close(self) -> tuple[OmbudsmanRow, ...]:
        """What is decided and not closed here yet."""
        return tuple(row for row in self.open if row.decided_on is not None)

    @property
    def overdue(self) -> int:
        """How many recommendations are past their day."""
        return sum(each.soon is not None and each.soon.overdue for each in self.owed)


@dataclass(frozen=True, slots=True, kw_only=True)
class OmbudsmanView:
    """One matter with everything that came and went, its recommendations, and the steps open now.

    `told` are the days and words of its course, in their order. `files` are those of its complaint, by id.
    """

    row: OmbudsmanRow
    investigator: str
    told: tuple[tuple[str, date | None, str], ...]
    recommendations: tuple[RecommendationView, ...]
    steps: tuple[str, ...]
    files: Mapping[int, str]


@query(needs=Permission.READ)
def ombudsman_list(asking: Asking) -> OmbudsmanList:
    """Everything that is at an Ombudsman, as far as its complaint is seen [lgsco:4.1]."""
    since = first_day(year_of(asking.today))
    recommended = _recommendations(asking, _R.c.accepted.is_(True), _R.c.complied_on.is_(None), _not_closed())
    owed: dict[int, list[RecommendationView]] = {}
    for each in recommended:
        owed.setdefault(each.ombudsman_case_id or 0, []).append(each)
    still = [_row(asking, row, owed.get(row.id, ())) for row in _rows(asking, _O.c.closed_on.is_(None))]
    decided = _rows(asking, _O.c.decided_on >= since)
    return OmbudsmanList(
        open=tuple(sorted(still, key=lambda row: (row.act_by is None, row.act_by or row.enquiry_on, row.id))),
        decided=tuple(_row(asking, row, owed.get(row.id, ())) for row in decided),
        since=since,
        owed=recommended,
    )


@query(needs=Permission.READ)
def ombudsman_case(asking: Asking, ombudsman_case_id: int) -> OmbudsmanView:
    """One matter at an Ombudsman [lgsco:4.1]; NotFound where there is none to be seen."""
    found = _rows(asking, _O.c.id == ombudsman_case_id) if 0 < ombudsman_case_id <= LAST_ID else []
    if not found:
        raise NotFound("There is no such case at the Ombudsman. Open it again from the list.")
    row = found[0]
    recommended = _recommendations(asking, _R.c.ombudsman_case_id == row.id)
    owed = [each for each in recommended if each.owed]
    at = AtTheOmbudsman(
        linked=row.complaint_id is not None,
        still_to_comply=len(owed),
        **{name: row._mapping[name] for name in _DAYS},
    )
    files = sa.select(_F.c.id, _F.c.name).where(_F.c.complaint_id == row.complaint_id).order_by(_F.c.id)
    return OmbudsmanView(
        row=_row(asking, row, owed),
        investigator=row.investigator,
        told=_told(row),
        recommendations=recommended,
        steps=steps_at(at),
        files={each.id: each.name for each in asking.connection.execute(files)} if row.complaint_id else {},
    )


@query(needs=Permission.READ)
def case_at_ombudsman(asking: Asking, reference: str) -> tuple[OmbudsmanRow, ...]:
    """What an Ombudsman has of one complaint; nothing where it has none of it, or nothing to see [lgsco:4.1]."""
    rows = _rows(asking, _C.c.reference == reference.strip().upper())
    return tuple(_row(asking, row, ()) for row in rows)


_DAYS = ("respond_by", "answered_on", "draft_on", "commented_on", "decided_on", "closed_on")


def _rows(asking: Asking, *where: Any) -> list[Any]:
    statement = (
        sa.select(_O, _C.c.reference, _C.c.matter)
        .select_from(_O.outerjoin(_C, _C.c.id == _O.c.complaint_id))
        .where(*where, *visible_ombudsman(asking.actor, _O.c.complaint_id, _C.c.service_id))
        .order_by(_O.c.decided_on.desc(), _O.c.id.desc())
        .limit(_SHOWN)
    )
    return list(asking.connection.execute(statement))


def _row(asking: Asking, row: Any, owed: Iterable[RecommendationView]) -> OmbudsmanRow:
    title, act_by = _next(row, owed)
    return OmbudsmanRow(
        id=row.id,
        ombudsman=BODIES[row.ombudsman],
        their_reference=row.their_reference,
        complaint=row.reference or "",
        matter=row.matter or "",
        subject=row.subject,
        enquiry_on=row.enquiry_on,
        decided_on=row.decided_on,
        decision=DECISIONS[row.outcome] if row.outcome else None,
        remedy_before=row.remedy_before,
        published_on=row.published_on,
        closed_on=row.closed_on,
        next_title=title,
        act_by=act_by,
        soon=_soon(asking, act_by),
    )


def _next(row: Any, owed: Iterable[RecommendationView]) -> tuple[str, date | None]:
    """What is due next: the nearest of what they asked and have not had."""
    due: list[tuple[date, str]] = []
    if row.closed_on is None and row.decided_on is None:
        if row.respond_by is not None and row.answered_on is None:
            due.append((row.respond_by, TITLES[AskedKind.ENQUIRY.value]))
        if row.comments_due_on is not None and row.commented_on is None:
            due.append((row.comments_due_on, TITLES[AskedKind.DRAFT.value]))
    due += [(each.due_on, TITLES[AskedKind.RECOMMENDATION.value]) for each in owed]
    day, title = min(due, default=(None, ""))
    return title, day


def _soon(asking: Asking, day: date | None) -> Nearness | None:
    return nearness(day, today=asking.today, calendar=asking.calendars.of(False)) if day is not None else None


def _told(row: Any) -> tuple[tuple[str, date | None, str], ...]:
    commented = f"{row.comment_grounds}. {row.comments}".rstrip() if row.comment_grounds else ""
    course = (
        ("Their enquiry", row.enquiry_on, row.subject),
        ("Our answer", row.answered_on, row.answer),
        ("Draft decision", row.draft_on, row.draft),
        ("Our comments", row.commented_on, commented),
        ("Decision", row.decided_on, row.decision),
        ("Published", row.published_on, ""),
        ("Closed", row.closed_on, row.closing_note),
    )
    return tuple(each for each in course if each[1] is not None)


def _not_closed() -> Any:
    return sa.or_(_O.c.id.is_(None), _O.c.closed_on.is_(None))


def _recommendations(asking: Asking, *where: Any) -> tuple[RecommendationView, ...]:
    """Recommendations on complaints that are seen, the nearest day first."""
    joined = (
        _R.join(_C, _C.c.id == _R.c.complaint_id)
        .outerjoin(_O, _O.c.id == _R.c.ombudsman_case_id)
        .outerjoin(_W, _W.c.id == _R.c.owner_id)
        .outerjoin(_F, _F.c.id == _R.c.evidence_file_id)
    )
    statement = (
        sa.select(_R, _C.c.reference, _W.c.name.label("owner"), _F.c.name.label("file"))
        .select_from(joined)
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_R.c.due_on, _R.c.id)
        .limit(_SHOWN)
    )
    return tuple(_recommendation(asking, row) for row in asking.connection.execute(statement))


def _recommendation(asking: Asking, row: Any) -> RecommendationView:
    names = ("id", "ombudsman_case_id", "handling_id", "kind", "what", "set_on", "due_on", "accepted", "why_not")
    told = {name: row._mapping[name] for name in (*names, "complied_on", "evidence")}
    owed = row.accepted and row.complied_on is None
    return RecommendationView(
        complaint=row.reference,
        owner=row.owner or "",
        file=row.file or "",
        soon=_soon(asking, row.due_on if owed else None),
        **told,
    )
