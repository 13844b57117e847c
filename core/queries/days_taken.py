"""The working days that answers and extensions took, as they are counted for means and medians.

Days are taken as they are stored: making dates of them would take longer than counting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from core.model.complaints import Extension, Stage
from core.model.duties import Duty
from core.queries.base import Asking
from core.queries.figure_rows import SOURCES, joined
from core.queries.sources import Conditions
from core.rules.s6_stages import RESPOND

_D = Duty.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_ANSWERS = SOURCES["answers"]
ANSWERED = sa.type_coerce(_ST.c.responded_on, sa.String)
"""The day of an answer as the database holds it, which on SQLite is text."""
Taken = tuple[tuple[Any, ...], int, int, int]
"""The keys, the stage, days, and how many took them."""


def answers_taken(asking: Asking, where: Conditions, keys: Sequence[Any], *, to_complaint: bool) -> Iterator[Taken]:
    """Working days from receipt to answer, stage by stage, and how many answers took them [lgsco:6.3] [lgsco:6.15]."""
    received = sa.type_coerce(_ST.c.received_on, sa.String)
    columns = [*keys, _ST.c.number, received, ANSWERED]
    statement = (
        sa.select(*columns, sa.func.count())
        .select_from(joined(_ANSWERS, to_complaint=to_complaint))
        .where(*where, _ST.c.receipt_recorded.is_(True))
        .group_by(*(sa.literal_column(str(at)) for at in range(1, len(columns) + 1)))
    )
    rows = asking.connection.execute(statement).all()
    if not rows:
        return
    *named, number, began, ended, counts = zip(*rows, strict=True)
    found = zip(*named, strict=True) if named else [()] * len(rows)
    yield from zip(found, number, _between(asking, began, ended), counts, strict=True)


def lengthened(
    asking: Asking, where: Conditions, keys: Sequence[Any], *, to_complaint: bool
) -> Iterator[tuple[tuple[Any, ...], int]]:
    """By how many working days each answered stage was extended, with its keys [lgsco:6.4].

    From its first due day to the last of the new dates, however many extensions there were; a new date that is no
    later, as an old record may have, is no longer wait: 0.
    """
    # The kind follows from the stage, so each duty is one step of its unique index; with both kinds named, SQLite would
    # begin with all duties of these kinds.
    kind = sa.case({int(stage): name for stage, name in RESPOND.items()}, value=_ST.c.number)
    owed = sa.and_(_D.c.complaint_id == _ST.c.complaint_id, _D.c.stage_number == _ST.c.number, _D.c.kind == kind)
    rows = joined(_ANSWERS, to_complaint=to_complaint).join(_E, _E.c.stage_id == _ST.c.id).join(_D, owed)
    due, until = sa.type_coerce(_D.c.due_on, sa.String), sa.type_coerce(sa.func.max(_E.c.new_date), sa.String)
    statement = sa.select(due, until, *keys).select_from(rows).where(*where).group_by(_ST.c.id, _D.c.due_on, *keys)
    found = asking.connection.execute(statement).all()
    if not found:
        return
    began, ended, *named = zip(*found, strict=True)
    longer = (max(each, 0) for each in _between(asking, began, ended))
    yield from zip(zip(*named, strict=True) if named else [()] * len(found), longer, strict=True)


def _between(asking: Asking, began: Sequence[str], ended: Sequence[str]) -> list[int]:
    calendar = asking.calendars.of(closure_days_skip=False)
    taken = calendar.bulk_between(np.array(began, dtype="datetime64[D]"), np.array(ended, dtype="datetime64[D]"))
    return [int(each) for each in taken.tolist()]
