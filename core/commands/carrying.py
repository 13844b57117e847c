"""What a complaint made of a point of another has from the start: whom it is about, and how to treat the person."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from core.commands.base import Work
from core.commands.reviewing import owed_review, set_review
from core.events.base import Event
from core.events.people import TreatmentCarried
from core.model.parties import Adjustment, Care, Conflict, OfficerNamed, Party, Restriction
from core.model.people import Colleague
from core.rules.parties import ConflictKind
from core.store.facts import CaseRows

Row = TypeVar("Row", bound=SQLModel)


def carried_over(case: CaseRows, new: CaseRows, work: Work) -> list[Event]:
    """Carry the people, their adjustments and restrictions, and who may not consider it over to a new complaint.

    Whoever the first complaint is about, or who declared a conflict in it, cannot be given the second [lgsco:5.4].
    What has ended stays behind; each review is owed on both, by the same day.
    """
    named = [_copied(row, new, work) for row in _rows(OfficerNamed, case, work)]
    conflicts = [_copied(row, new, work) for row in _rows(Conflict, case, work) if row.kind != ConflictKind.NONE]
    barred = sorted({row.colleague_id for row in named} | {row.colleague_id for row in conflicts})
    people = [_copied(row, new, work) for row in sorted(_rows(Party, case, work), key=lambda each: each.id or 0)]
    care = [_copied(row, new, work) for row in _rows(Care, case, work)]
    adjusted, restricted = (_in_force(kind, case, new, work) for kind in (Adjustment, Restriction))
    told = {
        "people": [f"{party.name}, {party.role}" for party in people],
        "needs": [*(text for row in care for text in (row.preference, row.risk) if text), *adjusted],
        "limits": restricted,
    }
    if not (barred or any(told.values())):
        return []
    names = tuple(work.session.get_one(Colleague, each).name for each in barred)
    said = {name: "; ".join(texts) for name, texts in told.items()}
    return [TreatmentCarried(complaint_id=new.id, barred=names, **said)]


def _rows(kind: type[Row], case: CaseRows, work: Work) -> list[Row]:
    table: Any = kind
    return list(work.session.exec(select(kind).where(col(table.complaint_id) == case.id)).all())


def _copied(row: Row, new: CaseRows, work: Work) -> Row:
    """The same row on the new complaint."""
    copied = type(row)(**{**row.model_dump(exclude={"id"}), "complaint_id": new.id})
    work.session.add(copied)
    work.session.flush()
    return copied


def _in_force(kind: type[Adjustment | Restriction], case: CaseRows, new: CaseRows, work: Work) -> list[str]:
    """Copy what has not ended, each with the review it is owed; what each says."""
    rows = sorted((row for row in _rows(kind, case, work) if row.ended_on is None), key=lambda each: each.id or 0)
    for row in rows:
        review = owed_review(row, case)
        set_review(_copied(row, new, work), new, work, set_on=review.set_on, due_on=review.due_on)
    return [row.what for row in rows]
