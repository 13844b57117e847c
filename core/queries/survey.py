"""The feedback survey: which stages of a case were asked about, and figures from which nobody can be picked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from core.code.survey import HANDLING, SURVEY
from core.model.complaints import Complaint
from core.model.survey import SurveyComment, SurveyCount, SurveyOffer
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.facts import Outcome
from core.rules.survey import SurveyReply, month_of
from core.rules.working_days import months_after

_C = Complaint.__table__  # type: ignore[attr-defined]
_K = SurveyCount.__table__  # type: ignore[attr-defined]
_O = SurveyOffer.__table__  # type: ignore[attr-defined]
_W = SurveyComment.__table__  # type: ignore[attr-defined]
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLine:
    """The survey about one stage of a case: how it was offered and whether it was answered, never what."""

    stage: int
    offered_on: date
    way: str
    reply: SurveyReply
    link_ends_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether an answer may still come."""
        return self.reply is SurveyReply.OFFERED


@query(needs=Permission.READ)
def case_surveys(asking: Asking, reference: str) -> tuple[SurveyLine, ...]:
    """The surveys offered about one case, the newest stage first [lgsco:3.8]."""
    statement = (
        sa.select(_O)
        .select_from(_O.join(_C, _C.c.id == _O.c.complaint_id))
        .where(_C.c.reference == reference.strip().upper(), *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_O.c.stage_number.desc())
    )
    return tuple(
        SurveyLine(
            stage=row.stage_number,
            offered_on=row.offered_on,
            way=row.way,
            reply=SurveyReply(row.reply),
            link_ends_at=row.link_ends_at,
        )
        for row in asking.connection.execute(statement)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Of those who answered one question, how many were content; both are None where too few answered."""

    title: str
    content: int | None
    answered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFigures:
    """Surveys offered in the months that are over, from `since` to `until`, and what was answered.

    `by_outcome` is about the handling alone. A figure from fewer than `fewest` answers is held back.
    """

    since: date
    until: date
    fewest: int
    offered: int
    answered: int | None
    questions: tuple[Content, ...]
    by_outcome: tuple[Content, ...]


@query(needs=Permission.FIGURES)
def survey_figures(asking: Asking) -> SurveyFigures:
    """How content people were with how we dealt with their complaint, and by what came out of it [lgsco:3.8].

    A month under way is not shown, for whoever looked before and after an answer would see what it was.
    """
    since, ends = _months(asking)
    offers = _offers(asking, since, ends)
    answered = offers.get(SurveyReply.ANSWERED, 0)
    counts = _counts(asking, since, ends)
    return SurveyFigures(
        since=since,
        until=ends - _A_DAY,
        fewest=SURVEY.limits.fewest,
        offered=answered + offers.get(SurveyReply.OFFERED, 0),
        answered=answered if answered >= SURVEY.limits.fewest else None,
        questions=tuple(_content(question.title, key, counts) for key, question in SURVEY.questions.items()),
        by_outcome=_by_outcome(counts),
    )


def _months(asking: Asking) -> tuple[date, date]:
    """The months looked back on: the first day of the first, and that of the month under way."""
    ends = month_of(asking.today)
    return months_after(ends, -SURVEY.limits.months), ends


def _offers(asking: Asking, since: date, ends: date) -> dict[str, int]:
    statement = (
        sa.select(_O.c.reply, sa.func.count())
        .where(_O.c.offered_on >= since, _O.c.offered_on < ends)
        .group_by(_O.c.reply)
    )
    return {row[0]: row[1] for row in asking.connection.execute(statement)}


Counts = Mapping[tuple[str, str, str], int]


def _counts(asking: Asking, since: date, ends: date) -> Counts:
    """How many gave each answer, by outcome, question and answer."""
    statement = (
        sa.select(_K.c.outcome, _K.c.question, _K.c.answer, sa.func.sum(_K.c.people).label("people"))
        .where(_K.c.month >= since, _K.c.month < ends)
        .group_by(_K.c.outcome, _K.c.question, _K.c.answer)
    )
    return {(row.outcome, row.question, row.answer): int(row.people) for row in asking.connection.execute(statement)}


def _by_outcome(counts: Counts) -> tuple[Content, ...]:
    """The handling by outcome; where exactly one outcome is held back, the next smallest is too.

    Otherwise the one held back could be worked out from the whole.
    """
    found = {each: _content(_in_words(each), HANDLING, counts, outcome=each.value) for each in Outcome}
    hidden = [each for each in Outcome if found[each].answered is None and _given(counts, each)]
    shown = sorted((each for each in Outcome if found[each].answered), key=lambda each: found[each].answered or 0)
    if len(hidden) == 1 and shown:
        found[shown[0]] = Content(title=_in_words(shown[0]), content=None, answered=None)
    return tuple(found.values())


def _given(counts: Counts, outcome: Outcome) -> int:
    return sum(people for (of, question, _answer), people in counts.items() if (of, question) == (outcome, HANDLING))


def _in_words(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ").capitalize()


def _content(title: str, question: str, counts: Counts, *, outcome: str | None = None) -> Content:
    given = {
        answer: sum(
            people
            for (of, about, said), people in counts.items()
            if about == question and said == answer and outcome in (None, of)
        )
        for answer in SURVEY.answers_to(question)
    }
    answered = sum(given.values())
    if answered < SURVEY.limits.fewest:
        return Content(title=title, content=None, answered=None)
    return Content(title=title, content=sum(given[each] for each in SURVEY.good(question)), answered=answered)


@query(needs=Permission.READ)
def survey_comments(asking: Asking) -> tuple[str, ...]:
    """What was written in surveys, in no order that tells anything; nothing where too few answered [lgsco:3.8]."""
    since, ends = _months(asking)
    if _offers(asking, since, ends).get(SurveyReply.ANSWERED, 0) < SURVEY.limits.fewest:
        return ()
    statement = sa.select(_W.c.words).where(_W.c.month >= since, _W.c.month < ends).order_by(_W.c.id)
    return tuple(asking.connection.execute(statement).scalars())
