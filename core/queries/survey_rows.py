"""The feedback survey as sources of figures: surveys offered, and answers that belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.code.survey import SURVEY
from core.model.survey import SurveyCount, SurveyOffer
from core.queries.sources import Conditions, Source, Within, within
from core.rules.periods import Period
from core.rules.survey import SurveyReply, month_of

_K = SurveyCount.__table__  # type: ignore[attr-defined]
_O = SurveyOffer.__table__  # type: ignore[attr-defined]
_CONTENT = [(question, answer) for question in SURVEY.questions for answer in SURVEY.good(question)]


class Closed(Within):
    """Rows of a period once nobody who was asked in it can answer any more: it then says nothing of a single answer."""

    def __call__(self, period: Period, today: date) -> Conditions:
        """The conditions on a row; none is there before."""
        return [*super().__call__(period, today), *([] if closed(period, today) else [sa.false()])]


def closed(period: Period, today: date) -> bool:
    """Whether the last link of the surveys offered in a period works no longer."""
    return month_of(period.end) < month_of(today - timedelta(days=SURVEY.limits.link_days))


def _flag(condition: Any) -> Any:
    return sa.case((condition, 1), else_=0)


SURVEYS = Source(
    rows=_O,
    where=within(_O.c.offered_on, _O.c.reply.in_((SurveyReply.OFFERED.value, SurveyReply.ANSWERED.value))),
    facets={"answered": _flag(_O.c.reply == SurveyReply.ANSWERED.value)},
    complaint=_O.c.complaint_id,
)
FEEDBACK = Source(
    rows=_K,
    where=Closed(_K.c.month),
    facets={
        "question": _K.c.question,
        "content": _flag(sa.tuple_(_K.c.question, _K.c.answer).in_(_CONTENT)),
    },
    # By no service: what few said of one could be had from the others.
    service=sa.literal(0),
    amount=_K.c.people,
    of="survey",
)
