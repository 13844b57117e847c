"""The queue: duties, not cases. One filter gives the list, its count and its export, so they cannot disagree.

Complaints with somebody vulnerable or at risk behind them come first. They are few, so they are asked for by
themselves: everything else is then still read along the index of dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import Select

from core.errors import BadInput
from core.model.complaints import Complaint
from core.model.duties import Duty
from core.model.parties import Care
from core.model.people import Colleague, Person, Service
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.duties import TITLES, Nearness, nearness
from core.rules.facts import Standing
from core.store.search import matches, parse

_C = Complaint.__table__  # type: ignore[attr-defined]
_CA = Care.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
PAGE = 25
_FIRST = "first_"
_OURS = "ours_"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which duties: whose, about which service, at which stage, due by when, found by which words.

    `ours` asks for those of the council's own standards alone, or for all others. `every` asks for all that a complaint
    owes, and not for what comes next alone.
    """

    owner_id: int | None = None
    unassigned: bool = False
    service_id: int | None = None
    stage: int | None = None
    overdue: bool = False
    due_from: date | None = None
    due_until: date | None = None
    kind: str | None = None
    ours: bool | None = None
    every: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A complaint's next duty; `ours` for one of the council's own standards, of which it may have one beside.

    `at_risk` when somebody vulnerable or at risk is behind it.
    """

    duty_id: int
    reference: str
    version: int
    individual: str
    matter: str
    position: str
    stage: int
    kind: str
    title: str
    clause: str
    act_by: date
    ours: bool
    soon: Nearness
    owner: str
    service: str
    scheme: str
    received_on: date
    at_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class QueuePage:
    """One page of the queue; `after` opens the next one. `count` is a floor when `more` is true."""

    rows: tuple[QueueRow, ...]
    after: str
    count: int
    more: bool

    @property
    def count_words(self) -> str:
        """The count as it is shown."""
        return f"more than {self.count:,}" if self.more else f"{self.count:,}"


@query(needs=Permission.READ, kept=True)
def queue(asking: Asking, chosen: QueueFilter, *, after: str = "", limit: int = PAGE) -> QueuePage:
    """One page of open duties from below the row that `after` names: at risk first, then the nearest [lgsco:6.1]."""
    where = conditions(asking, chosen)
    count, more = counted_rows(asking, where)
    found: list[Any] = []
    for part in _parts(after):
        statement = _rows().where(*where, *part).order_by(_D.c.act_by, _D.c.ours, _D.c.id).limit(limit + 1 - len(found))
        found += asking.connection.execute(statement).all() if len(found) <= limit else []
    rows = tuple(_row(asking, row) for row in found[:limit])
    return QueuePage(rows=rows, after=_link_below(rows[-1]) if len(found) > limit else "", count=count, more=more)


def conditions(asking: Asking, chosen: QueueFilter) -> list[sa.ColumnElement[bool]]:
    """The filter as conditions on duties: every list, count, badge and export of the queue goes through here."""
    seen = asking.seen(_D.c.complaint_id, service_id=_D.c.service_id, owner_id=_D.c.owner_id)
    where: list[Any] = [*(_every_open() if chosen.every else [next_duty(asking)]), *seen]
    exactly = {
        "owner_id": chosen.owner_id,
        "service_id": chosen.service_id,
        "stage_number": chosen.stage,
        "kind": chosen.kind,
        "ours": chosen.ours,
    }
    where += [_D.c[name] == value for name, value in exactly.items() if value is not None]
    if chosen.unassigned:
        where.append(_D.c.owner_id.is_(None))
    if chosen.overdue:
        where.append(_D.c.act_by < asking.today)
    if chosen.due_from is not None:
        where.append(_D.c.act_by >= chosen.due_from)
    if chosen.due_until is not None:
        where.append(_D.c.act_by <= chosen.due_until)
    if chosen.text.strip():
        where.append(matches(parse(chosen.text), dialect=asking.dialect, column="duty.complaint_id"))
    return where


def _every_open() -> list[sa.ColumnElement[bool]]:
    return [_D.c.standing == Standing.OPEN.value, _D.c.kind.in_([*TITLES])]


def next_duty(asking: Asking) -> sa.TextClause:
    """That a duty is the one its complaint owes next, spelt as each database's index of these duties is.

    Spelt any other way (PostgreSQL: `is_next IS true`), the index is passed by and the whole table read.
    """
    return sa.text("duty.is_next" if asking.dialect == "postgresql" else "duty.is_next = 1")


def counted_rows(asking: Asking, where: Sequence[Any]) -> tuple[int, bool]:
    """How many duties the conditions leave, counted no further than the setting asks for."""
    limit = asking.settings.search_limit
    inner = sa.select(sa.literal(1)).select_from(_D).where(*where).limit(limit + 1).subquery()
    count = asking.connection.execute(sa.select(sa.func.count()).select_from(inner)).scalar_one()
    return (limit, True) if count > limit else (count, False)


def _rows() -> Select[Any]:
    joined = (
        _D.join(_C, _C.c.id == _D.c.complaint_id)
        .outerjoin(_P, _P.c.id == _C.c.person_id)
        .outerjoin(_S, _S.c.id == _C.c.service_id)
        .outerjoin(_W, _W.c.id == _D.c.owner_id)
        .outerjoin(_CA, _CA.c.complaint_id == _C.c.id)
    )
    return sa.select(
        _D.c.id,
        _D.c.kind,
        _D.c.stage_number,
        _D.c.clause,
        _D.c.act_by,
        _D.c.ours,
        _C.c.reference,
        _C.c.version,
        _C.c.matter,
        _C.c.position,
        _C.c.scheme,
        _C.c.received_on,
        _P.c.name.label("individual"),
        _S.c.name.label("service"),
        _W.c.name.label("owner"),
        _CA.c.risk,
    ).select_from(joined)


def _row(asking: Asking, row: Any) -> QueueRow:
    return QueueRow(
        duty_id=row.id,
        reference=row.reference,
        version=row.version,
        individual=row.individual or "",
        matter=row.matter,
        position=row.position,
        stage=row.stage_number,
        kind=row.kind,
        title=TITLES[row.kind],
        clause=row.clause,
        act_by=row.act_by,
        ours=row.ours,
        soon=nearness(row.act_by, today=asking.today, calendar=asking.calendars.of(False)),
        owner=row.owner or "",
        service=row.service or "",
        scheme=row.scheme,
        received_on=row.received_on,
        at_risk=bool(row.risk),
    )


def _parts(after: str) -> list[list[Any]]:
    """The two parts of the queue as conditions, from below a row on: who comes first, and everybody else."""
    flagged = sa.select(_CA.c.complaint_id).where(_CA.c.risk != "")
    first: list[Any] = [_D.c.complaint_id.in_(flagged)]
    # Asked of the row that is joined, PostgreSQL takes it for rare and reads all complaints instead of the index.
    others: list[Any] = [_D.c.complaint_id.not_in(flagged)]
    if not after:
        return [first, others]
    among_first = after.startswith(_FIRST)
    below = _below(after.removeprefix(_FIRST))
    return [[*first, below], others] if among_first else [[*others, below]]


def _link_below(row: QueueRow) -> str:
    own = _OURS if row.ours else ""
    return f"{_FIRST if row.at_risk else ''}{own}{row.act_by.isoformat()}_{row.duty_id}"


def _below(after: str) -> sa.ColumnElement[bool]:
    ours = after.startswith(_OURS)
    day, _, number = after.removeprefix(_OURS).partition("_")
    try:
        act_by, duty_id = date.fromisoformat(day), int(number)
        if not 0 <= duty_id <= LAST_ID:
            raise ValueError("no duty has this number")
    except ValueError as error:
        raise BadInput("That page link is damaged. Go back to the first page.") from error
    found = sa.tuple_(_D.c.act_by, _D.c.ours, _D.c.id)
    return found > sa.tuple_(sa.literal(act_by), sa.literal(ours), sa.literal(duty_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """What is owed: overdue, due today, due in the seven days after, and later."""

    overdue: int
    today: int
    week: int
    later: int

    @property
    def total(self) -> int:
        """Everything owed."""
        return self.overdue + self.today + self.week + self.later


@query(needs=Permission.READ, kept=True)
def queue_counts(asking: Asking, chosen: QueueFilter) -> QueueCounts:
    """How much is owed and how soon, for one filter."""
    today = asking.today
    week = date.fromordinal(today.toordinal() + 7)
    when = sa.case(
        (_D.c.act_by < today, "overdue"),
        (_D.c.act_by == today, "today"),
        (_D.c.act_by <= week, "week"),
        else_="later",
    )
    statement = sa.select(when, sa.func.count()).where(*conditions(asking, chosen)).group_by(when)
    found: dict[str, int] = {row[0]: row[1] for row in asking.connection.execute(statement)}
    return QueueCounts(**{name: found.get(name, 0) for name in ("overdue", "today", "week", "later")})


@query(needs=Permission.READ)
def queue_export(asking: Asking, chosen: QueueFilter) -> tuple[QueueRow, ...]:
    """Every duty the filter leaves: exactly what the pages show, one after another."""
    where = conditions(asking, chosen)
    return tuple(
        _row(asking, row)
        for part in _parts("")
        for row in asking.connection.execute(_rows().where(*where, *part).order_by(_D.c.act_by, _D.c.ours, _D.c.id))
    )
