"""What was asked of colleagues and others: on one case, and what is late or has come among all that somebody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.code.information import INFORMATION
from core.model.complaints import Complaint, Stage
from core.model.information import AnswerLink, InformationChase, InformationRequest
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness

_C = Complaint.__table__  # type: ignore[attr-defined]
_CH = InformationChase.__table__  # type: ignore[attr-defined]
_I = InformationRequest.__table__  # type: ignore[attr-defined]
_L = AnswerLink.__table__  # type: ignore[attr-defined]
_S = Stage.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it stands; `soon` is None once it is answered or withdrawn.

    `chased` counts the reminders, of which the last was on `chased_on`. `link` says whether a link to answer by works.
    """

    request_id: int
    number: int
    who: str
    email: str
    what: str
    documents: str
    asked_on: date
    asker: str
    due_on: date
    soon: Nearness | None
    chased: int
    chased_on: date | None
    escalated_on: date | None
    escalated_to: str
    answered_on: date | None
    answered_by: str
    answered_how: str
    answer: str
    withdrawn_on: date | None
    why_withdrawn: str
    link: bool

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.answered_on is None and self.withdrawn_on is None


@query(needs=Permission.READ)
def case_questions(asking: Asking, reference: str) -> tuple[Question, ...]:
    """Every question asked for one complaint, the open ones first and of them the nearest [lgsco:4.2]."""
    chased = sa.select(sa.func.count()).where(_CH.c.request_id == _I.c.id).scalar_subquery()
    last = sa.select(sa.func.max(_CH.c.chased_on)).where(_CH.c.request_id == _I.c.id).scalar_subquery()
    works = (_L.c.request_id == _I.c.id, _L.c.ended_at.is_(None), _L.c.ends_at > asking.now)
    statement = (
        sa.select(
            _I,
            _W.c.name.label("asker"),
            chased.label("chased"),
            last.label("chased_on"),
            sa.exists().where(*works).label("link"),
        )
        .select_from(_I.join(_C, _C.c.id == _I.c.complaint_id).outerjoin(_W, _W.c.id == _I.c.asked_by))
        .where(_C.c.reference == reference.strip().upper(), *asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    found = [_question(asking, row) for row in asking.connection.execute(statement)]
    return tuple(sorted(found, key=lambda each: (not each.is_open, each.due_on, each.number)))


def _question(asking: Asking, row: Any) -> Question:
    still = row.answered_on is None and row.withdrawn_on is None
    alike = {name: getattr(row, name) for name in Question.__dataclass_fields__ if name in _I.c}
    return Question(
        **alike,
        request_id=row.id,
        who=_who(row),
        asker=row.asker or "the console",
        soon=nearness(row.due_on, today=asking.today, calendar=asking.calendars.of(False)) if still else None,
        chased=row.chased,
        chased_on=row.chased_on,
        link=bool(row.link),
    )


def _who(row: Any) -> str:
    return ", ".join(filter(None, (row.name, row.organisation)))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """One question in a list of many complaints; `stands` says in words how far it was taken."""

    reference: str
    matter: str
    who: str
    due_on: date
    soon: Nearness | None
    stands: str
    answered_on: date | None
    answered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is late, and what has come in the last days; `late_count` and `late` differ when there are many."""

    late: tuple[QuestionLine, ...]
    late_count: int
    come: tuple[QuestionLine, ...]


@query(needs=Permission.READ, kept=True)
def questions(asking: Asking, *, own: bool = False) -> Questions:
    """Questions that are late, and answers that came of late; with `own`, of this person's cases alone [lgsco:4.2]."""
    seen: list[Any] = [*asking.seen(_C.c.id, service_id=_C.c.service_id)]
    if own:
        has = sa.exists().where(_S.c.complaint_id == _C.c.id, _S.c.handler_id == asking.actor.id)
        seen.append(sa.or_(_I.c.asked_by == asking.actor.id, has))
    late = (
        _I.c.answered_on.is_(None),
        _I.c.withdrawn_on.is_(None),
        _I.c.due_on < asking.today,
        _C.c.ended_on.is_(None),
    )
    since = asking.today - timedelta(days=INFORMATION.shown_days)
    come = (_I.c.answered_on >= since, _C.c.is_open.is_(True))
    count = sa.select(sa.func.count()).select_from(_joined()).where(*late, *seen)
    return Questions(
        late=_lines(asking, (*late, *seen), _I.c.due_on),
        late_count=int(asking.connection.execute(count).scalar_one()),
        come=_lines(asking, (*come, *seen), _I.c.answered_on.desc()),
    )


def _joined() -> Any:
    return _I.join(_C, _C.c.id == _I.c.complaint_id)


def _lines(asking: Asking, where: Sequence[Any], order: Any) -> tuple[QuestionLine, ...]:
    chased = sa.select(sa.func.count()).where(_CH.c.request_id == _I.c.id).scalar_subquery()
    statement = (
        sa.select(_C.c.reference, _C.c.matter, _I, chased.label("chased"))
        .select_from(_joined())
        .where(*where)
        .order_by(order, _I.c.id)
        .limit(_SHOWN)
    )
    return tuple(_line(asking, row) for row in asking.connection.execute(statement))


def _line(asking: Asking, row: Any) -> QuestionLine:
    still = row.answered_on is None
    return QuestionLine(
        reference=row.reference,
        matter=row.matter,
        who=_who(row),
        due_on=row.due_on,
        soon=nearness(row.due_on, today=asking.today, calendar=asking.calendars.of(False)) if still else None,
        stands=how_far(chased=row.chased, escalated_to=row.escalated_to),
        answered_on=row.answered_on,
        answered_by=row.answered_by,
    )


def how_far(*, chased: int, escalated_to: str) -> str:
    """How far a question without an answer was taken, in words."""
    reminded = {0: "not chased yet", 1: "chased once", 2: "chased twice"}.get(chased, f"chased {chased} times")
    return f"{reminded}, taken to {escalated_to}" if escalated_to else reminded
