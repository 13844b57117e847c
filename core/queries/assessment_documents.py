"""The council's own records and texts that speak to a clause of the self-assessment, each in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.learning import Cause, Improvement, Theme
from core.model.ledger import LedgerEntry
from core.model.letters import SharedWording
from core.model.organisation import PolicyVersion
from core.model.people import Colleague
from core.model.quality import QualityCheck
from core.model.refusals import RefusalReason
from core.model.remedies import Remedy
from core.model.requests import RequestReview, Respondent, TakenIn
from core.model.self_assessment import AssessmentSignOff, LargeChangeRow, SelfAssessment
from core.permissions import Role
from core.queries.base import Asking
from core.rules.s8_reporting import SignOff
from core.words import counted, day_words, listed

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = PolicyVersion.__table__  # type: ignore[attr-defined]
_LEADING = (Role.MANAGER, Role.SENIOR_LEAD, Role.LINK_OFFICER, Role.MEMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Over:
    """One question about documents: over which days, both included."""

    asking: Asking
    first: date
    last: date

    def count(self, model: Any, *where: Any) -> int:
        """How many rows of a table fulfil the conditions."""
        return int(self.asking.connection.execute(_counting(model).where(*where)).scalar_one())

    def within(self, column: Any) -> Any:
        """That a day lies in the period."""
        return column.between(self.first, self.last)


def _counting(model: Any) -> Any:
    return sa.select(sa.func.count()).select_from(model.__table__)


def _policy(over: _Over) -> str:
    newest = sa.select(_P.c.name, _P.c.in_force_from, _P.c.resolution).where(_P.c.in_force_from <= over.last)
    row = over.asking.connection.execute(newest.order_by(_P.c.in_force_from.desc()).limit(1)).first()
    if row is None:
        return "No policy was in force here in this period."
    decided = f" Decided: {row.resolution.rstrip('.')}." if row.resolution else ""
    return f"{row.name}, in force since {day_words(row.in_force_from)}.{decided}"


def _in_use(over: _Over, model: Any, noun: str) -> str:
    table = model.__table__
    until = table.c.in_force_until
    number = over.count(model, table.c.in_force_from <= over.last, sa.or_(until.is_(None), until >= over.last))
    return f"{counted(number, noun)} in use at the end of the period."


def _request_reviews(over: _Over) -> str:
    number = over.count(RequestReview, over.within(RequestReview.__table__.c.month))  # type: ignore[attr-defined]
    return f"{counted(number, 'month')} of service requests signed off."


def _channels(over: _Over) -> str:
    counts = sa.select(_C.c.channel, sa.func.count()).where(over.within(_C.c.received_on)).group_by(_C.c.channel)
    found = sorted(over.asking.connection.execute(counts).all(), key=lambda row: (-row[1], row[0]))
    if not found:
        return "No complaint came in."
    return f"Complaints came in {counted(len(found), 'way')}: {listed(f'{row[0]} {row[1]:,}' for row in found)}."


def _people(over: _Over) -> str:
    table = Colleague.__table__  # type: ignore[attr-defined]
    rows = over.asking.connection.execute(
        sa.select(table.c.role, sa.func.count()).where(table.c.active.is_(True)).group_by(table.c.role)
    )
    held = {row[0]: row[1] for row in rows}
    told = [f"{role.value} {held.get(role.value, 0)}" for role in _LEADING]
    return f"People with these roles today: {listed(told)}."


def _wording(over: _Over) -> str:
    table = SharedWording.__table__  # type: ignore[attr-defined]
    number = over.count(SharedWording, table.c.in_force_from <= over.last)
    return f"{counted(number, 'wording')} of the council’s own published for letters, each with who approved it."


def _themes(over: _Over) -> str:
    number = over.count(Theme, over.within(Theme.__table__.c.decided_on))  # type: ignore[attr-defined]
    return f"{counted(number, 'theme')} decided on in the period."


def _published(over: _Over) -> str:
    number = over.count(Improvement, over.within(Improvement.__table__.c.done_on))  # type: ignore[attr-defined]
    return f"{counted(number, 'improvement')} made in the period, in words for publication."


def _feedback(over: _Over) -> str:
    table = QualityCheck.__table__  # type: ignore[attr-defined]
    checked = over.within(table.c.checked_on)
    read = over.count(QualityCheck, checked, table.c.acknowledged_on.is_not(None))
    return f"{read:,} of {counted(over.count(QualityCheck, checked), 'check')} were read by whoever had answered."


def _third_parties(over: _Over) -> str:
    table = TakenIn.__table__  # type: ignore[attr-defined]
    joined = table.join(_C, _C.c.id == table.c.complaint_id)
    counting = sa.select(sa.func.count()).select_from(joined)
    about = counting.where(over.within(_C.c.received_on), table.c.respondent != Respondent.OURS.value)
    number = int(over.asking.connection.execute(about).scalar_one())
    return f"{counted(number, 'complaint')} received about somebody who works for the council."


def _undelivered(over: _Over) -> str:
    table = Remedy.__table__  # type: ignore[attr-defined]
    number = over.count(Remedy, over.within(table.c.undeliverable_on))
    return f"{counted(number, 'remedy', 'remedies')} could not be delivered; each has a letter that says why."


def _changes(over: _Over) -> str:
    table, opened = LargeChangeRow.__table__, SelfAssessment.__table__  # type: ignore[attr-defined]
    number = over.count(LargeChangeRow, over.within(table.c.changed_on))
    answered = over.count(LargeChangeRow, over.within(table.c.changed_on), table.c.assessment_id.is_not(None))
    assessed = over.count(SelfAssessment, over.within(opened.c.opened_on))
    return (
        f"{counted(number, 'large change')} recorded, {answered:,} followed by an assessment; "
        f"{counted(assessed, 'self-assessment')} opened in the period."
    )


def _signed(over: _Over) -> str:
    table = AssessmentSignOff.__table__  # type: ignore[attr-defined]
    last = over.within(table.c.signed_on)
    number = over.count(AssessmentSignOff, last, table.c.step == SignOff.GOVERNING_BODY.value)
    return f"{counted(number, 'self-assessment')} signed by the governing body in the period."


def _ledger(over: _Over) -> str:
    return f"{counted(over.count(LedgerEntry), 'entry', 'entries')} in a record that nobody can rewrite unnoticed."


_TOLD: Mapping[str, Callable[[_Over], str]] = {
    "policy": _policy,
    "refusal_reasons": lambda over: _in_use(over, RefusalReason, "reason"),
    "request_reviews": _request_reviews,
    "channels": _channels,
    "people": _people,
    "ledger": _ledger,
    "wording": _wording,
    "causes": lambda over: _in_use(over, Cause, "cause"),
    "themes": _themes,
    "published": _published,
    "feedback": _feedback,
    "third_parties": _third_parties,
    "undelivered": _undelivered,
    "changes": _changes,
    "signed": _signed,
}


def documents_told(asking: Asking, first: date, last: date) -> dict[str, str]:
    """What each document says over these days, both included, by its key."""
    over = _Over(asking=asking, first=first, last=last)
    return {key: told(over) for key, told in _TOLD.items()}
