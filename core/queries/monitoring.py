"""Equality monitoring: whether a case was asked, and counts from which nobody can be picked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.code.monitoring import LIMITS, QUESTIONS, answers_to
from core.model.complaints import Complaint
from core.model.monitoring import EqualityCount, MonitoringAsked
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.monitoring import MonitoringReply, quarter_of, shown
from core.rules.working_days import months_after

_C = Complaint.__table__  # type: ignore[attr-defined]
_A = MonitoringAsked.__table__  # type: ignore[attr-defined]
_E = EqualityCount.__table__  # type: ignore[attr-defined]
_A_YEAR_IN_MONTHS = 12


@query(needs=Permission.READ, of_one=True)
def monitoring_asked(asking: Asking, reference: str) -> MonitoringReply | None:
    """What the individual of one case said to the equality questions; None when they were not asked [lgsco:3.1]."""
    statement = (
        sa.select(_A.c.reply)
        .select_from(_A.join(_C, _C.c.id == _A.c.complaint_id))
        .where(_C.c.reference == reference.strip().upper(), *asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    reply = asking.connection.execute(statement).scalar()
    return MonitoringReply(reply) if reply is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One answer and how many gave it; None where that is held back."""

    title: str
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFigures:
    """One question: how many answered it, and each answer; `answered` is None below the limit."""

    title: str
    answered: int | None
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityFigures:
    """Four quarters that are over, by the quarter in which the complaints were received; `until` is their last day."""

    since: date
    until: date
    fewest: int
    questions: tuple[QuestionFigures, ...]

    @property
    def anything(self) -> bool:
        """Whether enough people answered for anything to be shown."""
        return any(question.answered is not None for question in self.questions)


@query(needs=Permission.FIGURES)
def equality_figures(asking: Asking, *, service_id: int | None = None) -> EqualityFigures:
    """Who complains, of those who chose to say, in the last four quarters that are over [lgsco:3.1].

    A quarter under way is not shown, for whoever looked before and after an answer would see what it was. Without a
    service it is the whole council.
    """
    ends = quarter_of(asking.today)
    since = months_after(ends, -_A_YEAR_IN_MONTHS)
    statement = (
        sa.select(_E.c.question, _E.c.answer, sa.func.sum(_E.c.people).label("people"))
        .where(_E.c.quarter >= since, _E.c.quarter < ends)
        .group_by(_E.c.question, _E.c.answer)
    )
    if service_id is not None:
        statement = statement.where(_E.c.scope == service_id)
    counts = {(row.question, row.answer): int(row.people) for row in asking.connection.execute(statement)}
    return EqualityFigures(
        since=since,
        until=date.fromordinal(ends.toordinal() - 1),
        fewest=LIMITS.fewest,
        questions=tuple(_figures(key, counts) for key in QUESTIONS),
    )


def _figures(key: str, counts: dict[tuple[str, str], int]) -> QuestionFigures:
    titles = answers_to(key)
    given = {answer: counts.get((key, answer), 0) for answer in titles}
    total = sum(given.values())
    enough = total >= LIMITS.fewest
    people = shown(given, fewest=LIMITS.fewest)
    return QuestionFigures(
        title=QUESTIONS[key].title,
        answered=total if enough else None,
        lines=tuple(AnswerLine(title=title, people=people[answer]) for answer, title in titles.items()),
    )
