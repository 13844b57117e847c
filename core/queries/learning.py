"""Learning: the council's causes, what the decisions taught, and the improvements that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint, Stage
from core.model.learning import Cause, Improvement, ImprovementCase, Learning, Theme
from core.model.people import Colleague, Service
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.facts import Outcome
from core.rules.s9_oversight import ImprovementFacts, ImprovementState, improvement_overdue, improvement_state

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_CA = Cause.__table__  # type: ignore[attr-defined]
_L = Learning.__table__  # type: ignore[attr-defined]
_I = Improvement.__table__  # type: ignore[attr-defined]
_IC = ImprovementCase.__table__  # type: ignore[attr-defined]
_T = Theme.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_UPHELD = (Outcome.UPHELD.value, Outcome.PARTIALLY_UPHELD.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCause:
    """One cause of the council's list, in use today or not."""

    id: int
    title: str
    help: str
    in_force_from: date
    in_force_until: date | None
    in_use: bool


@query(needs=Permission.CODE)
def listed_causes(asking: Asking) -> tuple[ListedCause, ...]:
    """Every cause there is or was, those in use first [lgsco:9.2]."""
    names = [name for name in ListedCause.__dataclass_fields__ if name != "in_use"]
    rows = asking.connection.execute(sa.select(*(_CA.c[name] for name in names)).order_by(_CA.c.id)).mappings()
    found = []
    for row in rows:
        until = row["in_force_until"]
        in_use = row["in_force_from"] <= asking.today and (until is None or until >= asking.today)
        found.append(ListedCause(**row, in_use=in_use))
    return tuple(sorted(found, key=lambda one: not one.in_use))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementView:
    """One improvement. `behind` holds the complaints it came from that whoever asks may see."""

    id: int
    what: str
    service: str
    cause: str
    theme: str
    owner_id: int
    owner: str
    due_on: date
    risk: str
    policy_to_revise: str
    proposed_on: date
    started_on: date | None
    before: str
    done_on: date | None
    after: str
    you_said: str
    we_did: str
    dropped_on: date | None
    dropped_why: str
    state: ImprovementState
    overdue: bool
    behind: tuple[str, ...]


@query(needs=Permission.LEARN)
def improvements(asking: Asking) -> tuple[ImprovementView, ...]:
    """Every improvement, those that are due first; which are made shows from their state [lgsco:8.1]."""
    behind: dict[int, list[str]] = {}
    linked = (
        sa.select(_IC.c.improvement_id, _C.c.reference)
        .select_from(_IC.join(_C, _C.c.id == _IC.c.complaint_id))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_C.c.reference)
    )
    for row in asking.connection.execute(linked):
        behind.setdefault(row.improvement_id, []).append(row.reference)
    others = {"service", "cause", "theme", "owner", "state", "overdue", "behind"}
    columns = [_I.c[name] for name in ImprovementView.__dataclass_fields__ if name not in others]
    names = {"service": _S.c.name, "cause": _CA.c.title, "theme": _T.c.title, "owner": _W.c.name}
    statement = (
        sa.select(*columns, *(sa.func.coalesce(column, "").label(name) for name, column in names.items()))
        .select_from(
            _I.join(_W, _W.c.id == _I.c.owner_id)
            .outerjoin(_S, _S.c.id == _I.c.service_id)
            .outerjoin(_CA, _CA.c.id == _I.c.cause_id)
            .outerjoin(_T, _T.c.id == _I.c.theme_id)
        )
        .order_by(_I.c.due_on, _I.c.id)
    )
    rows = asking.connection.execute(statement).mappings()
    return tuple(_viewed(row, tuple(behind.get(row["id"], ())), asking.today) for row in rows)


def _viewed(row: Any, behind: tuple[str, ...], today: date) -> ImprovementView:
    facts = _facts(row)
    return ImprovementView(
        **row, behind=behind, state=improvement_state(facts), overdue=improvement_overdue(facts, today=today)
    )


def _facts(row: Any) -> ImprovementFacts:
    return ImprovementFacts(**{name: row[name] for name in ("due_on", "started_on", "done_on", "dropped_on")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A completed improvement in the words written for publication, and nothing besides."""

    service: str
    you_said: str
    we_did: str
    done_on: date


@query(needs=Permission.CODE)
def you_said_we_did(asking: Asking) -> tuple[Published, ...]:
    """Completed improvements as they are told to everybody concerned, the newest first [lgsco:9.3]."""
    statement = (
        sa.select(sa.func.coalesce(_S.c.name, "").label("service"), _I.c.you_said, _I.c.we_did, _I.c.done_on)
        .select_from(_I.outerjoin(_S, _S.c.id == _I.c.service_id))
        .where(_I.c.done_on.is_not(None), _I.c.dropped_on.is_(None))
        .order_by(_I.c.done_on.desc(), _I.c.id.desc())
    )
    return tuple(Published(**row) for row in asking.connection.execute(statement).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningFigures:
    """Learning in figures: improvements, and the complaints found upheld in whole or in part that taught something."""

    identified: int
    implemented: int
    planned: int
    dropped: int
    overdue: int
    upheld: int
    upheld_with_learning: int
    not_upheld_with_learning: int


@query(needs=Permission.FIGURES)
def learning_figures(
    asking: Asking, *, answered_from: date | None = None, answered_until: date | None = None
) -> LearningFigures:
    """What came of improvements, and how many upheld complaints taught something [lgsco:9.1].

    Both days are included. They choose complaints by the day of the answer and improvements by the day they were
    planned. A complaint counts with its last answer.
    """
    planned_on = _between(_I.c.proposed_on, answered_from, answered_until)
    dates = sa.select(_I.c.due_on, _I.c.started_on, _I.c.done_on, _I.c.dropped_on).where(*planned_on)
    facts = [_facts(row) for row in asking.connection.execute(dates).mappings()]
    states = [improvement_state(each) for each in facts]
    upheld, taught, others = _taught(asking, _between(_ST.c.responded_on, answered_from, answered_until))
    return LearningFigures(
        identified=len(facts),
        implemented=states.count(ImprovementState.COMPLETED),
        planned=states.count(ImprovementState.PROPOSED) + states.count(ImprovementState.STARTED),
        dropped=states.count(ImprovementState.DROPPED),
        overdue=sum(improvement_overdue(each, today=asking.today) for each in facts),
        upheld=upheld,
        upheld_with_learning=taught,
        not_upheld_with_learning=others,
    )


def _between(column: Any, first: date | None, last: date | None) -> list[Any]:
    return [*([column >= first] if first else []), *([column <= last] if last else [])]


def _taught(asking: Asking, answered: list[Any]) -> tuple[int, int, int]:
    """Complaints upheld in whole or in part, those of them that taught something, and others that did."""
    later = _ST.alias()
    last = ~sa.exists().where(
        later.c.complaint_id == _ST.c.complaint_id, later.c.number > _ST.c.number, later.c.responded_on.is_not(None)
    )
    taught = sa.exists().where(_L.c.complaint_id == _C.c.id, _L.c.something.is_(True))
    upheld = _ST.c.outcome.in_(_UPHELD)
    statement = (
        sa.select(
            *(
                sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)
                for which in (upheld, upheld & taught, ~upheld & taught)
            )
        )
        .select_from(_ST.join(_C, _C.c.id == _ST.c.complaint_id))
        .where(_ST.c.responded_on.is_not(None), _ST.c.outcome.is_not(None), last, *answered)
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
    )
    one, two, three = asking.connection.execute(statement).one()
    return int(one), int(two), int(three)
