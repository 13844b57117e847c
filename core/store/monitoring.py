"""Adding to the equality counts without leaving a trail from a count to whoever raised it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from core.code.monitoring import QUESTIONS, answers_to
from core.model.complaints import Complaint
from core.model.monitoring import EqualityCount
from core.rules.monitoring import quarter_of
from core.rules.working_days import months_after
from core.store.engine import touch

_E = EqualityCount.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_QUARTER_IN_MONTHS = 3


def received_in_quarter(session: Session, quarter: date, *, service_id: int) -> int:
    """How many complaints about a service were received in the quarter that begins on a day."""
    after = quarter_of(months_after(quarter, _QUARTER_IN_MONTHS))
    statement = (
        sa.select(sa.func.count())
        .select_from(_C)
        .where(_C.c.service_id == service_id, _C.c.received_on >= quarter, _C.c.received_on < after)
    )
    return int(session.connection().execute(statement).scalar_one())


def add_answers(session: Session, answers: Mapping[str, str], *, quarter: date, scope: int) -> None:
    """Raise the count of each answer by one. The caller owes the event.

    PostgreSQL notes on every row which transaction wrote it last, and the ledger's entry is of the same one. So every
    count of the quarter is written, those that stay as they are too: which of them rose is not to be seen from that.
    """
    connection = session.connection()
    cells = [
        {"quarter": quarter, "scope": scope, "question": question, "answer": answer, "people": 0}
        for question in sorted(QUESTIONS)
        for answer in sorted(answers_to(question))
    ]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(_E).on_conflict_do_nothing(), cells)
    here = (_E.c.quarter == quarter, _E.c.scope == scope)
    # Always locked in one order, so that two people who answer at once wait for each other and never both.
    connection.execute(sa.select(_E.c.people).where(*here).order_by(_E.c.question, _E.c.answer).with_for_update())
    chosen = sa.or_(
        *(sa.and_(_E.c.question == question, _E.c.answer == answer) for question, answer in answers.items())
    )
    connection.execute(sa.update(_E).where(*here).values(people=_E.c.people + sa.case((chosen, 1), else_=0)))
    touch(session, str(EqualityCount.__tablename__))
