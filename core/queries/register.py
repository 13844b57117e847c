"""The departures register: the policy's and the complaints' in one shape, and what was late with no reason at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import BadInput
from core.model.complaints import Complaint, Departure
from core.model.duties import Duty
from core.model.organisation import PolicyVersion
from core.model.people import Colleague, Service
from core.model.policies import ExplainedBreach, PolicyDeparture
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import TITLES
from core.store.breaches import unexplained
from core.words import day_words

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_PD = PolicyDeparture.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_V = PolicyVersion.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_XB = ExplainedBreach.__table__  # type: ignore[attr-defined]
POLICY, EXPLAINED, UNEXPLAINED = "policy", "explained", "unexplained"
KINDS = (UNEXPLAINED, EXPLAINED, POLICY)
"""What the register holds, what needs somebody first."""
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """Which of it: a clause, a service, from and until a day, one kind. Empty means all of it.

    A policy's departures are the whole council's, so no service has any.
    """

    clause: str = ""
    service_id: int | None = None
    since: date | None = None
    until: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One departure of a policy or of a complaint, or something late that nobody has explained.

    `on` is the day it was recorded, or was due where nothing is recorded. `afterwards` says that the reason was given
    only later. `reference` and `duty_id` are set where it is about a complaint and about one of its duties.
    """

    kind: str
    on: date
    clause: str
    scheme: str
    finding: str
    reason: str
    recorded_by: str
    reference: str = ""
    policy: str = ""
    service: str = ""
    afterwards: bool = False
    duty_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The newest lines of each kind, and how many there are of it; `clauses` are those any departure is of."""

    lines: tuple[RegisterLine, ...]
    counts: dict[str, int]
    clauses: tuple[str, ...]


@query(needs=Permission.READ, kept=True)
def register(asking: Asking, chosen: RegisterFilter, *, limit: int | None = PAGE) -> RegisterPage:
    """Everything in which policy or handling departed from the Code, and what is unexplained [lgsco:8.1c].

    All of it without a limit. Raises BadInput for a kind that is not on the list.
    """
    if chosen.kind and chosen.kind not in KINDS:
        raise BadInput("There is no such part of the register. Choose one of the filter's own entries.")
    lines: list[RegisterLine] = []
    counts: dict[str, int] = {}
    for kind, statement, made in (
        (UNEXPLAINED, _late(asking, chosen), _from_duty),
        (EXPLAINED, _of_cases(asking, chosen), _from_case),
        (POLICY, _of_policies(chosen), _from_policy),
    ):
        if chosen.kind in ("", kind):
            number = asking.connection.execute(sa.select(sa.func.count()).select_from(statement.subquery())).scalar()
            counts[kind] = int(number or 0)
            lines += map(made, asking.connection.execute(statement.limit(limit)))
    return RegisterPage(lines=tuple(lines), counts=counts, clauses=_clauses(asking))


def _clauses(asking: Asking) -> tuple[str, ...]:
    """The clauses that any departure this person sees is of."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    cases = sa.select(_X.c.clause).select_from(_X.join(_C, _C.c.id == _X.c.complaint_id)).where(*seen)
    return tuple(sorted(asking.connection.execute(sa.union(cases, sa.select(_PD.c.clause))).scalars()))


def _chosen(asking: Asking, chosen: RegisterFilter, clause: Any, day: Any) -> list[Any]:
    where = asking.seen(_C.c.id, service_id=_C.c.service_id)
    if chosen.service_id is not None:
        where.append(_C.c.service_id == chosen.service_id)
    return where + _within(chosen, clause, day)


def _within(chosen: RegisterFilter, clause: Any, day: Any) -> list[Any]:
    where = []
    if chosen.clause:
        where.append(clause == chosen.clause)
    if chosen.since is not None:
        where.append(day >= chosen.since)
    if chosen.until is not None:
        where.append(day <= chosen.until)
    return where


def _late(asking: Asking, chosen: RegisterFilter) -> sa.Select[Any]:
    joined = _D.join(_C, _C.c.id == _D.c.complaint_id).outerjoin(_S, _S.c.id == _C.c.service_id)
    columns = (_D.c.id, _D.c.kind, _D.c.clause, _D.c.act_by, _D.c.met_on, _C.c.reference, _C.c.scheme)
    return (
        sa.select(*columns, _S.c.name.label("service"))
        .select_from(joined)
        .where(*unexplained(), *_chosen(asking, chosen, _D.c.clause, _D.c.act_by))
        .order_by(_D.c.act_by.desc(), _D.c.id.desc())
    )


def _from_duty(row: Any) -> RegisterLine:
    done = f"done on {day_words(row.met_on)}" if row.met_on else "not done"
    return RegisterLine(
        kind=UNEXPLAINED,
        on=row.act_by,
        clause=row.clause,
        scheme=row.scheme,
        finding=f"{TITLES[row.kind]} was due by {day_words(row.act_by)} and {done}.",
        reason="",
        recorded_by="",
        reference=row.reference,
        service=row.service or "",
        duty_id=row.id,
    )


def _of_cases(asking: Asking, chosen: RegisterFilter) -> sa.Select[Any]:
    joined = (
        _X.join(_C, _C.c.id == _X.c.complaint_id)
        .outerjoin(_S, _S.c.id == _C.c.service_id)
        .outerjoin(_W, _W.c.id == _X.c.recorded_by)
        .outerjoin(_XB, _XB.c.departure_id == _X.c.id)
    )
    columns = (_X.c.clause, _X.c.finding, _X.c.reason, _X.c.recorded_on, _C.c.reference, _C.c.scheme)
    return (
        sa.select(*columns, _S.c.name.label("service"), _W.c.name.label("who"), _XB.c.id.label("afterwards"))
        .select_from(joined)
        .where(*_chosen(asking, chosen, _X.c.clause, _X.c.recorded_on))
        .order_by(_X.c.id.desc())
    )


def _from_case(row: Any) -> RegisterLine:
    return RegisterLine(
        kind=EXPLAINED,
        on=row.recorded_on,
        clause=row.clause,
        scheme=row.scheme,
        finding=row.finding,
        reason=row.reason,
        recorded_by=row.who or "The console",
        reference=row.reference,
        service=row.service or "",
        afterwards=row.afterwards is not None,
    )


def _of_policies(chosen: RegisterFilter) -> sa.Select[Any]:
    columns = (_PD.c.clause, _PD.c.finding, _PD.c.reason, _PD.c.recorded_on, _V.c.name, _V.c.resolution)
    of_everybody = [] if chosen.service_id is None else [sa.false()]
    return (
        sa.select(*columns)
        .select_from(_PD.join(_V, _V.c.id == _PD.c.policy_id))
        .where(*of_everybody, *_within(chosen, _PD.c.clause, _PD.c.recorded_on))
        .order_by(_PD.c.id.desc())
    )


def _from_policy(row: Any) -> RegisterLine:
    return RegisterLine(
        kind=POLICY,
        on=row.recorded_on,
        clause=row.clause,
        scheme="lgsco",
        finding=row.finding,
        reason=row.reason,
        recorded_by=row.resolution,
        policy=row.name,
    )
