"""Which answers need a letter about their date now, and which letters that the console began have lost their point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint, Extension, Stage
from core.model.duties import Duty
from core.model.letters import Letter
from core.model.outbox import Outbox
from core.model.reminders import NoticeDraft
from core.model.working import Draft
from core.rules.facts import StageNumber, Standing
from core.rules.notices import ANSWERS, EXTENSION, NOTICES, notice_for
from core.rules.steps import Position

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_E = Extension.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_N = NoticeDraft.__table__  # type: ignore[attr-defined]
_O = Outbox.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_T = Draft.__table__  # type: ignore[attr-defined]

TYPED_INTO = "%+letter "
"""How the name ends under which it is kept what somebody types on the page of a letter; its number follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedNotice:
    """An answer whose date comes near or has passed while nothing is written about it, and the letter it needs."""

    complaint_id: int
    reference: str
    stage_number: int
    act_by: date
    kind: str


def owed(connection: Connection, *, until: date, today: date, limit: int) -> list[OwedNotice]:
    """The answers owed by `until` about which nobody wrote and no such letter was begun yet, nearest first."""
    statement = (
        sa.select(_D.c.complaint_id, _C.c.reference, _D.c.stage_number, _D.c.act_by, _C.c.position, _begun())
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(_D.c.kind.in_(ANSWERS), _D.c.standing == Standing.OPEN.value, _D.c.act_by <= until, ~_written())
        .order_by(_D.c.act_by, _D.c.complaint_id)
    )
    found: list[OwedNotice] = []
    for row in connection.execute(statement):
        stage, position = StageNumber(row.stage_number), Position(row.position)
        kind = notice_for(stage=stage, position=position, act_by=row.act_by, today=today)
        if kind not in (row.begun or "").split(",") and len(found) < limit:
            told = {"reference": row.reference, "stage_number": row.stage_number, "act_by": row.act_by, "kind": kind}
            found.append(OwedNotice(complaint_id=row.complaint_id, **told))
    return found


def _begun() -> Any:
    """The kinds of letter that the console has begun about a duty's date, with commas between them."""
    own = (_N.c.complaint_id == _D.c.complaint_id, _N.c.stage_number == _D.c.stage_number, _N.c.act_by == _D.c.act_by)
    kinds = sa.func.aggregate_strings(_N.c.kind, ",")
    return sa.select(kinds).where(*own).correlate(_D).scalar_subquery().label("begun")


def _written() -> sa.ColumnElement[bool]:
    """That a letter about a duty's date is being written or has gone; the one that brought this date is none."""
    brought = (
        sa.select(sa.func.max(_E.c.told_on))
        .select_from(_E.join(_ST, _ST.c.id == _E.c.stage_id))
        .where(_ST.c.complaint_id == _D.c.complaint_id, _ST.c.number == _D.c.stage_number)
        .where(_E.c.new_date == _D.c.act_by)
        .correlate(_D)
        .scalar_subquery()
    )
    since = sa.and_(_L.c.sent_on >= _D.c.start_on, sa.or_(brought.is_(None), _L.c.sent_on > brought))
    about = (
        _L.c.complaint_id == _D.c.complaint_id,
        _L.c.stage_number == _D.c.stage_number,
        _L.c.kind.in_(NOTICES),
        sa.or_(_L.c.sent_on.is_(None), since),
    )
    return sa.exists().where(*about).correlate(_D)


def pointless(connection: Connection, *, today: date, limit: int) -> list[int]:
    """Drafts still as the console wrote them about a date that is no longer owed, or by when nothing was extended.

    A draft that somebody has typed into, and one on its way, is theirs and stays.
    """
    own = (_D.c.complaint_id == _N.c.complaint_id, _D.c.stage_number == _N.c.stage_number)
    still = (_D.c.act_by == _N.c.act_by, _D.c.kind.in_(ANSWERS), _D.c.standing == Standing.OPEN.value)
    too_late = sa.and_(_N.c.kind.in_(EXTENSION.values()), _N.c.act_by < today)
    typed_into = _T.c.form.like(sa.literal(TYPED_INTO) + sa.cast(_N.c.letter_id, sa.String))
    statement = (
        sa.select(_N.c.letter_id)
        .select_from(_N.join(_L, _L.c.id == _N.c.letter_id))
        .where(_L.c.sent_on.is_(None), sa.or_(too_late, ~sa.exists().where(*own, *still).correlate(_N)))
        .where(~sa.exists().where(_O.c.letter_id == _N.c.letter_id), ~sa.exists().where(typed_into))
        .order_by(_N.c.letter_id)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def written_on(connection: Connection, letter_id: int) -> None:
    """Note that a draft is the console's own no longer: somebody wrote on it, or it goes, and its number comes back."""
    connection.execute(sa.update(_N).where(_N.c.letter_id == letter_id).values(letter_id=None))
