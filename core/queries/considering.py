"""How a complaint is considered: what is still lacking before the answer, and what is on file of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.model.complaints import Complaint, Stage
from core.model.considering import Assessment, Clarification, EvidenceItem, Meeting, StatedPosition
from core.model.parties import Conflict
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.considering import Considered, FairnessFacts
from core.rules.findings import Finding
from core.rules.s5_process import evidence_weighed, individual_heard, interests_declared
from core.store.considering import fairness_facts

_A = Assessment.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_CL = Clarification.__table__  # type: ignore[attr-defined]
_CO = Conflict.__table__  # type: ignore[attr-defined]
_EI = EvidenceItem.__table__  # type: ignore[attr-defined]
_M = Meeting.__table__  # type: ignore[attr-defined]
_SP = StatedPosition.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing owed before the answer. `lacking` is what the gate would say; "" when it is done."""

    title: str
    lacking: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """What the individual said at a stage."""

    stage_number: int
    obtained_on: date
    reached_by: str
    nothing_to_add: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationView:
    """A question about what is not clear. `answered_on` is None while it is open."""

    id: int
    question: str
    asked_on: date
    reached_by: str
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting with the individual."""

    held_on: date
    place: str
    attended: str
    accompanied: str
    adjustments: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """A piece of evidence and what became of it; one with a `file_id` is a file on the case."""

    id: int
    file_id: int | None
    what: str
    source: str
    considered: str
    weight: str
    weighed_by: str
    weighed_on: date | None

    @property
    def undecided(self) -> bool:
        """Whether nobody has weighed it yet."""
        return self.considered == Considered.UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    """How a complaint was judged on receipt."""

    complexity: str
    quick: bool
    handler_fit: str
    vulnerable: bool
    at_risk: bool
    why: str
    assessed_on: date
    assessed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Considering:
    """How a complaint is considered. There are no `checks` where no answer is owed.

    `yours_to_declare`: whoever asks has the complaint and has not said whether they have a conflict of interest.
    """

    checks: tuple[Check, ...]
    yours_to_declare: bool
    positions: tuple[PositionView, ...]
    clarifications: tuple[ClarificationView, ...]
    meetings: tuple[MeetingView, ...]
    evidence: tuple[EvidenceView, ...]
    assessment: AssessmentView | None

    @property
    def asked(self) -> tuple[ClarificationView, ...]:
        """The questions without an answer."""
        return tuple(each for each in self.clarifications if each.answered_on is None)


@query(needs=Permission.READ, of_one=True)
def considering(asking: Asking, reference: str) -> Considering:
    """How one complaint is considered [lgsco:5.4]; NotFound when there is no such complaint to be seen."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    found = (
        sa.select(_C.c.id, _C.c.is_open, _C.c.acknowledgement_possible, _ST.c.number, _ST.c.handler_id)
        .select_from(_C.join(_ST, sa.and_(_ST.c.complaint_id == _C.c.id, _ST.c.number == _C.c.stage_number)))
        .where(_C.c.reference == reference.strip().upper(), *seen)
    )
    row = asking.connection.execute(found).first()
    if row is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    return Considering(
        checks=_checks(asking, row) if row.is_open else (),
        yours_to_declare=row.is_open and row.handler_id == asking.actor.id and not _declared(asking, row.id),
        positions=tuple(PositionView(**each) for each in _of(asking, _SP, PositionView, row.id)),
        clarifications=tuple(ClarificationView(**each) for each in _of(asking, _CL, ClarificationView, row.id)),
        meetings=tuple(MeetingView(**each) for each in _of(asking, _M, MeetingView, row.id)),
        evidence=_evidence(asking, row.id),
        assessment=_assessment(asking, row.id),
    )


def _checks(asking: Asking, row: Any) -> tuple[Check, ...]:
    """What the answer's gate asks, for whoever has the stage; while nobody has, for whoever asks."""
    facts = fairness_facts(
        asking.connection,
        row.id,
        row.number,
        considered_by=[row.handler_id or asking.actor.id],
        reachable=row.acknowledgement_possible,
    )
    return tuple(
        Check(title=title, lacking=" ".join(each.sentence for each in lacking), step=step)
        for title, step, lacking in _asked(facts)
    )


def _asked(facts: FairnessFacts) -> tuple[tuple[str, str, tuple[Finding, ...]], ...]:
    heard = individual_heard(facts.position_obtained, reachable=facts.reachable)
    title = "The individual was heard" if facts.reachable else "Nobody can be heard: they left no way to reach them"
    return (
        ("Whoever considers it has declared their interests", "DeclareConflict", interests_declared(facts.undeclared)),
        (title, "RecordPosition", heard),
        ("All evidence is weighed", "WeighEvidence", evidence_weighed(facts.undecided)),
    )


def _declared(asking: Asking, complaint_id: int) -> bool:
    statement = sa.select(_CO.c.kind).where(_CO.c.complaint_id == complaint_id, _CO.c.colleague_id == asking.actor.id)
    return asking.connection.execute(statement).first() is not None


def _of(asking: Asking, table: Any, view: Any, complaint_id: int) -> list[dict[str, Any]]:
    """What a view shows of a table's rows on one complaint, the first one first."""
    columns = [table.c[name] for name in view.__dataclass_fields__]
    statement = sa.select(*columns).where(table.c.complaint_id == complaint_id).order_by(table.c.id)
    return [dict(row) for row in asking.connection.execute(statement).mappings()]


def _evidence(asking: Asking, complaint_id: int) -> tuple[EvidenceView, ...]:
    names = [name for name in EvidenceView.__dataclass_fields__ if name != "weighed_by"]
    statement = (
        sa.select(*(_EI.c[name] for name in names), sa.func.coalesce(_W.c.name, "").label("weighed_by"))
        .select_from(_EI.outerjoin(_W, _W.c.id == _EI.c.weighed_by))
        .where(_EI.c.complaint_id == complaint_id)
        .order_by(_EI.c.id)
    )
    return tuple(EvidenceView(**row) for row in asking.connection.execute(statement).mappings())


def _assessment(asking: Asking, complaint_id: int) -> AssessmentView | None:
    names = [name for name in AssessmentView.__dataclass_fields__ if name != "assessed_by"]
    statement = (
        sa.select(*(_A.c[name] for name in names), sa.func.coalesce(_W.c.name, "The console").label("assessed_by"))
        .select_from(_A.outerjoin(_W, _W.c.id == _A.c.assessed_by))
        .where(_A.c.complaint_id == complaint_id)
    )
    row = asking.connection.execute(statement).mappings().first()
    return AssessmentView(**row) if row is not None else None
