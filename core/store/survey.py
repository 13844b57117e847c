"""Adding to the survey's counts and comments without leaving a trail from one of them to whoever gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from core.code.survey import SURVEY
from core.model.survey import SurveyComment, SurveyCount
from core.rules.facts import Outcome
from core.store.engine import touch

_K = SurveyCount.__table__  # type: ignore[attr-defined]
_W = SurveyComment.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What an answer is counted under: its month, stage and outcome, and the service or 0."""

    month: date
    stage_number: int
    scope: int
    outcome: Outcome


def add_survey(session: Session, answers: Mapping[str, str], words: str, *, under: Counted) -> None:
    """Raise the count of each answer by one, and keep what was written. The caller owes the event.

    PostgreSQL notes on every row which transaction wrote it last, and the ledger's entry is of the same one. So every
    count of the kind is written, under every outcome, and every comment of the month.
    """
    connection = session.connection()
    kind = {"month": under.month, "stage_number": under.stage_number, "scope": under.scope}
    cells = [
        {**kind, "outcome": outcome.value, "question": question, "answer": answer, "people": 0}
        for outcome in sorted(Outcome)
        for question in sorted(SURVEY.questions)
        for answer in sorted(SURVEY.answers_to(question))
    ]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(_K).on_conflict_do_nothing(), cells)
    here = tuple(_K.c[name] == value for name, value in kind.items())
    # Always locked in one order, so that two people who answer at once wait for each other and never both.
    order = (_K.c.outcome, _K.c.question, _K.c.answer)
    connection.execute(sa.select(_K.c.people).where(*here).order_by(*order).with_for_update())
    chosen = sa.and_(
        _K.c.outcome == under.outcome.value,
        sa.or_(sa.false(), *(sa.and_(_K.c.question == key, _K.c.answer == value) for key, value in answers.items())),
    )
    connection.execute(sa.update(_K).where(*here).values(people=_K.c.people + sa.case((chosen, 1), else_=0)))
    touch(session, str(SurveyCount.__tablename__))
    if words:
        session.add(SurveyComment(id=str(uuid4()), month=under.month, words=words))
        session.flush()
    connection.execute(sa.update(_W).where(_W.c.month == under.month).values(words=_W.c.words))
    touch(session, str(SurveyComment.__tablename__))
