"""What a complaint made of a point of another has from the start: whom it is about, and how to treat the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from core.commands.base import Work
from core.commands.reviewing import owed_review, set_review
from core.events.base import Event
from core.events.people import (
    AdjustmentAgreed,
    AuthorityRecorded,
    ConflictDeclared,
    ContactRestricted,
    CorrespondentChosen,
    OfficersNamed,
    PartyAdded,
    PreferenceKept,
    RiskFlagged,
)
from core.model.parties import Adjustment, Care, Conflict, OfficerNamed, Party, Restriction
from core.model.people import Colleague
from core.rules.parties import AuthorityKind, ConflictKind
from core.store.facts import CaseRows


def carried_over(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    """Carry the people, their adjustments and restrictions, and who may not consider it over to a new complaint.

    Whoever the first complaint is about, or who declared a conflict in it, cannot be given the second [lgsco:5.4].
    What has ended stays behind; each review is owed on both, by the same day.
    """
    return [
        *_officers(case, new, work),
        *_conflicts(case, new, work),
        *_parties(case, new, work),
        *_care(case, new, work),
        *_adjustments(case, new, work),
        *_restrictions(case, new, work),
    ]


def _rows(kind: type[SQLModel], case: CaseRows, work: Work) -> Sequence[Any]:
    table: Any = kind
    return work.session.exec(select(table).where(col(table.complaint_id) == case.id)).all()


def _copy(row: Any, new: CaseRows, work: Work) -> Any:
    """The same row on the new complaint."""
    copied = type(row)(**{**row.model_dump(exclude={"id"}), "complaint_id": new.id})
    work.session.add(copied)
    work.session.flush()
    return copied


def _name(colleague_id: int, work: Work) -> str:
    return work.session.get_one(Colleague, colleague_id).name


def _officers(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    named = [_copy(row, new, work).colleague_id for row in _rows(OfficerNamed, case, work)]
    names = tuple(sorted(_name(each, work) for each in named))
    return [OfficersNamed(complaint_id=new.id, named=names)] if names else []


def _conflicts(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    declared = [row for row in _rows(Conflict, case, work) if row.kind != ConflictKind.NONE]
    return [
        ConflictDeclared(complaint_id=new.id, colleague=_name(row.colleague_id, work), kind=row.kind, detail=row.detail)
        for row in (_copy(row, new, work) for row in declared)
    ]


def _parties(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    events: list[Event] = []
    for row in sorted(_rows(Party, case, work), key=lambda each: each.id):
        party = _copy(row, new, work)
        events.append(PartyAdded(complaint_id=new.id, role=party.role, name=party.name, contact=party.contact))
        if party.authority != AuthorityKind.NONE_YET:
            told: dict[str, Any] = {part: getattr(party, part) for part in ("authority", "expires_on", "name", "scope")}
            events.append(AuthorityRecorded(complaint_id=new.id, recorded_on=party.recorded_on or work.today, **told))
        if party.written_to:
            events.append(CorrespondentChosen(complaint_id=new.id, name=party.name))
    return events


def _care(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    events: list[Event] = []
    for row in _rows(Care, case, work):
        care = _copy(row, new, work)
        if care.preference:
            events.append(PreferenceKept(complaint_id=new.id, preference=care.preference))
        if care.risk:
            events.append(RiskFlagged(complaint_id=new.id, reason=care.risk))
    return events


def _in_force(kind: type[SQLModel], case: CaseRows, work: Work) -> list[Any]:
    return sorted((row for row in _rows(kind, case, work) if row.ended_on is None), key=lambda each: each.id)


def _adjustments(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    events: list[Event] = []
    for row in _in_force(Adjustment, case, work):
        review, copied = owed_review(row, case), _copy(row, new, work)
        set_review(copied, new, work, set_on=review.set_on, due_on=review.due_on)
        told: dict[str, Any] = {part: getattr(copied, part) for part in ("what", "agreed_format", "starts_on")}
        events.append(AdjustmentAgreed(complaint_id=new.id, review_on=review.due_on, **told))
    return events


_RESTRICTION = (
    "what", "evidence", "lesser_measures", "equality", "way_to_complain", "challenge_told", "starts_on",
)  # fmt: skip


def _restrictions(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    events: list[Event] = []
    for row in _in_force(Restriction, case, work):
        review, copied = owed_review(row, case), _copy(row, new, work)
        set_review(copied, new, work, set_on=review.set_on, due_on=review.due_on)
        told: dict[str, Any] = {part: getattr(copied, part) for part in _RESTRICTION}
        events.append(ContactRestricted(complaint_id=new.id, review_on=review.due_on, **told))
    return events
