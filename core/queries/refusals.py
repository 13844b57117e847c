"""Refusals: the council's list of reasons, what a case was refused for, and kinds of complaint refused every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import ROUTES
from core.code.refusals import BLANKET_ALERT
from core.model.complaints import Complaint, Refusal, Stage
from core.model.people import Colleague, Service
from core.model.refusals import Discretion, RefusalReason
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.facts import Ending
from core.rules.working_days import months_after

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_R = Refusal.__table__  # type: ignore[attr-defined]
_RR = RefusalReason.__table__  # type: ignore[attr-defined]
_DI = Discretion.__table__  # type: ignore[attr-defined]
_S = Service.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]
_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReason:
    """One reason of the council's list, in force today or not, with the policy it was adopted under."""

    id: int
    title: str
    other_route: str
    equality_note: str
    time_limit: bool
    in_force_from: date
    in_force_until: date | None
    policy: str
    in_force: bool


@query(needs=Permission.CODE, kept=True)
def refusal_reasons(asking: Asking) -> tuple[ListedReason, ...]:
    """Every reason there is or was, those in force first."""
    found = []
    for row in asking.connection.execute(sa.select(_RR).order_by(_RR.c.id)):
        until = row.in_force_until
        found.append(
            ListedReason(
                id=row.id,
                title=row.title,
                other_route=row.other_route,
                equality_note=row.equality_note,
                time_limit=row.time_limit,
                in_force_from=row.in_force_from,
                in_force_until=until,
                policy=asking.policies[row.policy_id].name,
                in_force=row.in_force_from <= asking.today and (until is None or until >= asking.today),
            )
        )
    return tuple(sorted(found, key=lambda one: not one.in_force))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalView:
    """One refusal of a case: of the complaint at its start, or of stage 2."""

    stage: int
    ground: str
    reasons: str
    evidence: str
    circumstances: str
    other_route: str
    requested_on: date
    told_on: date
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscretionView:
    """How discretion over the time limit was used, and why."""

    used: bool
    in_time_until: date
    note: str
    decided_on: date
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRefusals:
    """What a case was refused for, and what was decided about its time limit; the newest first."""

    refusals: tuple[RefusalView, ...]
    discretion: tuple[DiscretionView, ...]


@query(needs=Permission.READ, of_one=True)
def case_refusals(asking: Asking, reference: str) -> CaseRefusals:
    """The refusals of one case and the discretion used on it; empty for one that this person does not see."""
    named = _C.c.reference == reference.strip().upper()
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    read = asking.connection.execute
    refused = (
        sa.select(_R, _RR.c.title, _W.c.name)
        .select_from(
            _R.join(_C, _C.c.id == _R.c.complaint_id)
            .outerjoin(_RR, _RR.c.id == _R.c.reason_id)
            .outerjoin(_W, _W.c.id == _R.c.decided_by)
        )
        .where(named, *seen)
        .order_by(_R.c.id.desc())
    )
    used = (
        sa.select(_DI, _W.c.name)
        .select_from(_DI.join(_C, _C.c.id == _DI.c.complaint_id).outerjoin(_W, _W.c.id == _DI.c.decided_by))
        .where(named, *seen)
        .order_by(_DI.c.id.desc())
    )
    return CaseRefusals(
        refusals=tuple(_refusal(row) for row in read(refused).mappings()),
        discretion=tuple(_discretion(row) for row in read(used).mappings()),
    )


def _refusal(row: Mapping[Any, Any]) -> RefusalView:
    return RefusalView(
        stage=row["stage_number"],
        ground=row["title"] or "",
        reasons=row["reasons"],
        evidence=row["evidence"],
        circumstances=row["circumstances"],
        other_route=row["other_route"],
        requested_on=row["requested_on"],
        told_on=row["told_on"],
        decided_by=row["name"] or "",
    )


def _discretion(row: Mapping[Any, Any]) -> DiscretionView:
    return DiscretionView(
        used=row["used"],
        in_time_until=row["in_time_until"],
        note=row["note"],
        decided_on=row["decided_on"],
        decided_by=row["name"] or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedKind:
    """One category or service: how many of its complaints were refused, of how many that were decided on."""

    what: str
    name: str
    refused: int
    decided: int
    every_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was refused among the complaints received since a day, by category and by service."""

    since: date
    kinds: tuple[RefusedKind, ...]

    @property
    def every_time(self) -> tuple[RefusedKind, ...]:
        """The kinds refused every time, which is what 2.5 warns of."""
        return tuple(kind for kind in self.kinds if kind.every_time)


@query(needs=Permission.FIGURES, kept=True)
def refusals_by_category(asking: Asking) -> Refused:
    """How often each category and each service was refused, and which of them every time [lgsco:2.5]."""
    since = months_after(asking.today, -BLANKET_ALERT.months)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    # Refusals are few: where there is none, the year's complaints are not counted at all.
    for row in _decided(asking, since) if _any_refused(asking, since) else ():
        for kind in (("category", row.category), ("service", row.service or "")):
            refused, decided = found.get(kind, (0, 0))
            found[kind] = (refused + row.refused, decided + row.decided)
    kinds = [
        RefusedKind(
            what=what,
            name=name,
            refused=refused,
            decided=decided,
            every_time=refused == decided and decided >= BLANKET_ALERT.cases,
        )
        for (what, name), (refused, decided) in found.items()
        if name and refused
    ]
    return Refused(
        since=since,
        kinds=tuple(sorted(kinds, key=lambda kind: (not kind.every_time, kind.what, -kind.refused, kind.name))),
    )


def _any_refused(asking: Asking, since: date) -> bool:
    statement = (
        sa.select(_R.c.id)
        .select_from(_R.join(_C, _C.c.id == _R.c.complaint_id))
        .where(_R.c.stage_number == 1, _C.c.ending == Ending.REFUSED.value, _C.c.received_on >= since)
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .limit(1)
    )
    return asking.connection.execute(statement).first() is not None


def _decided(asking: Asking, since: date) -> Iterable[Any]:
    """Complaints refused, or taken on by acknowledging or answering them, by category and service."""
    refused = _C.c.ending == Ending.REFUSED.value
    category = sa.func.trim(_C.c.category)
    stage_one = sa.and_(_ST.c.complaint_id == _C.c.id, _ST.c.number == 1)
    statement = (
        sa.select(
            category.label("category"),
            _S.c.name.label("service"),
            sa.func.sum(sa.case((refused, 1), else_=0)).label("refused"),
            sa.func.count().label("decided"),
        )
        .select_from(_C.join(_ST, stage_one).outerjoin(_S, _S.c.id == _C.c.service_id))
        .where(_C.c.received_on >= since)
        .where(_C.c.scheme.not_in(list(ROUTES)))
        .where(sa.or_(refused, _ST.c.acknowledged_on.is_not(None), _ST.c.responded_on.is_not(None)))
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .group_by(category, _S.c.name)
    )
    return asking.connection.execute(statement).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedCase:
    """One refused complaint."""

    reference: str
    matter: str
    category: str
    service: str
    ground: str
    told_on: date


@query(needs=Permission.READ, kept=True)
def refused_cases(asking: Asking) -> tuple[RefusedCase, ...]:
    """The refused complaints behind those counts, the newest first, as far as this person sees them."""
    since = months_after(asking.today, -BLANKET_ALERT.months)
    newest = sa.select(sa.func.max(_R.c.id)).where(_R.c.stage_number == 1).group_by(_R.c.complaint_id)
    statement = (
        sa.select(_C.c.reference, _C.c.matter, _C.c.category, _S.c.name, _RR.c.title, _R.c.told_on)
        .select_from(
            _R.join(_C, _C.c.id == _R.c.complaint_id)
            .join(_RR, _RR.c.id == _R.c.reason_id)
            .outerjoin(_S, _S.c.id == _C.c.service_id)
        )
        .where(_R.c.id.in_(newest), _C.c.ending == Ending.REFUSED.value, _C.c.received_on >= since)
        .where(*asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_R.c.told_on.desc(), _C.c.id.desc())
        .limit(_SHOWN)
    )
    return tuple(
        RefusedCase(
            reference=row.reference,
            matter=row.matter,
            category=row.category.strip(),
            service=row.name or "",
            ground=row.title,
            told_on=row.told_on,
        )
        for row in asking.connection.execute(statement)
    )
