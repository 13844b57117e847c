"""The feedback survey: which stages of a case were asked about, and figures from which nobody can be picked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.code.survey import HANDLING, SURVEY
from core.model.complaints import Complaint
from core.model.survey import SurveyComment, SurveyCount, SurveyOffer
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figures import figures
from core.queries.survey_rows import closed
from core.rules.facts import Outcome
from core.rules.periods import Period
from core.rules.showing import in_full, written
from core.rules.suppression import Hidden, Shown, beside_totals
from core.rules.survey import SurveyReply, month_of
from core.rules.working_days import months_after

_C = Complaint.__table__  # type: ignore[attr-defined]
_K = SurveyCount.__table__  # type: ignore[attr-defined]
_O = SurveyOffer.__table__  # type: ignore[attr-defined]
_W = SurveyComment.__table__  # type: ignore[attr-defined]


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
    """Surveys offered in the last quarter in which nobody can answer any more, and what was answered.

    `by_outcome` is about the handling alone. A number below `fewest`, and what would tell one, is held back: `offered`
    and `answered` are then None.
    """

    period: Period
    fewest: int
    offered: int | None
    answered: int | None
    questions: tuple[Content, ...]
    by_outcome: tuple[Content, ...]


@query(needs=Permission.FIGURES)
def survey_figures(asking: Asking) -> SurveyFigures:
    """How content people were with how we dealt with their complaint, and by what came out of it [lgsco:3.8].

    The same figures as on the dashboard, of one quarter: two times that overlap would tell a single answer.
    """
    period, fewest = _quarter(asking), SURVEY.limits.fewest
    found = figures(asking, period)
    told = written(found, fewest=fewest)

    def content(title: str, key: str) -> Content:
        shown = in_full(found, told, key)
        return Content(
            title=title,
            content=found[key].numerator if shown else None,
            answered=found[key].denominator if shown else None,
        )

    replies = content("", "surveys_answered")
    return SurveyFigures(
        period=period,
        fewest=fewest,
        offered=replies.answered,
        answered=replies.content,
        questions=tuple(content(each.title, f"feedback_{key}") for key, each in SURVEY.questions.items()),
        by_outcome=_by_outcome(asking, period) if in_full(found, told, f"feedback_{HANDLING}") else (),
    )


def _quarter(asking: Asking) -> Period:
    """The last quarter in which nobody can answer any more."""
    found = Period.quarter_with(asking.today)
    while not closed(found, asking.today):
        found = found.before()
    return found


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


def _by_outcome(asking: Asking, period: Period) -> tuple[Content, ...]:
    """The handling by outcome, beside its totals: nothing where a small number of one could be worked out."""
    content = sa.case((_K.c.answer.in_(SURVEY.good(HANDLING)), _K.c.people), else_=0)
    statement = (
        sa.select(_K.c.outcome, sa.func.sum(content), sa.func.sum(_K.c.people))
        .where(_K.c.month >= period.start, _K.c.month <= period.end, _K.c.question == HANDLING)
        .group_by(_K.c.outcome)
    )
    counts = {row[0]: (int(row[1]), int(row[2])) for row in asking.connection.execute(statement) if row[2]}
    lines = [(part, whole - part) for part, whole in counts.values()]
    shown = beside_totals(lines, fewest=SURVEY.limits.fewest) if lines else None
    if shown is None:
        return ()
    rows = {key: (cells[0], total) for key, cells, total in zip(counts, shown.cells, shown.row_totals, strict=True)}
    return tuple(_content(each, *rows.get(each.value, (Hidden.FEW, Hidden.FEW))) for each in Outcome)


def _content(outcome: Outcome, part: Shown, whole: Shown) -> Content:
    title = outcome.value.replace("_", " ").capitalize()
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return Content(title=title, content=None, answered=None)
    return Content(title=title, content=part, answered=whole)


@query(needs=Permission.READ)
def survey_comments(asking: Asking) -> tuple[str, ...]:
    """What was written in surveys, in no order that tells anything; nothing where too few answered [lgsco:3.8]."""
    since, ends = _months(asking)
    if _offers(asking, since, ends).get(SurveyReply.ANSWERED, 0) < SURVEY.limits.fewest:
        return ()
    statement = sa.select(_W.c.words).where(_W.c.month >= since, _W.c.month < ends).order_by(_W.c.id)
    return tuple(asking.connection.execute(statement).scalars())
