"""The people on a case: who acts for the individual, what was agreed or restricted, and who may not consider it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.parties import Adjustment, Care, Conflict, OfficerNamed, Party, Restriction, Review
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness
from core.rules.parties import AuthorityKind, ConflictKind, PartyFacts
from core.rules.s3_access import disclosure_allowed

_A = Adjustment.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_CA = Care.__table__  # type: ignore[attr-defined]
_CO = Conflict.__table__  # type: ignore[attr-defined]
_O = OfficerNamed.__table__  # type: ignore[attr-defined]
_P = Party.__table__  # type: ignore[attr-defined]
_R = Review.__table__  # type: ignore[attr-defined]
_RS = Restriction.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """Somebody beside the individual. `barred` says why nothing may be sent to them today; "" when it may."""

    id: int
    role: str
    name: str
    contact: str
    authority: str
    scope: str
    recorded_on: date | None
    expires_on: date | None
    written_to: bool
    barred: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentView:
    """An adjustment. `review_on` is None once it has ended."""

    id: int
    what: str
    agreed_format: str
    starts_on: date
    ended_on: date | None
    review_on: date | None
    soon: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionView:
    """A limit on contact with what was weighed. `review_on` is None once it was lifted."""

    id: int
    what: str
    evidence: str
    lesser_measures: str
    equality: str
    way_to_complain: str
    challenge_told: bool
    starts_on: date
    ended_on: date | None
    review_on: date | None
    soon: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """What a colleague declared."""

    colleague: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePeople:
    """Everybody on a case beyond the individual and its handlers, and what holds for them."""

    parties: tuple[PartyView, ...]
    adjustments: tuple[AdjustmentView, ...]
    restrictions: tuple[RestrictionView, ...]
    conflicts: tuple[ConflictView, ...]
    officers_named: Mapping[int, str]
    preference: str
    risk: str

    @property
    def written_to(self) -> PartyView | None:
        """Who is written to in the individual's place; None is the individual."""
        return next((party for party in self.parties if party.written_to), None)

    @property
    def adjustments_now(self) -> tuple[AdjustmentView, ...]:
        """The adjustments in force."""
        return tuple(each for each in self.adjustments if each.ended_on is None)

    @property
    def restrictions_now(self) -> tuple[RestrictionView, ...]:
        """The restrictions in force."""
        return tuple(each for each in self.restrictions if each.ended_on is None)


@query(needs=Permission.READ, of_one=True)
def case_people(asking: Asking, reference: str) -> CasePeople:
    """The people on one complaint [lgsco:3.6]; NotFound when there is no such complaint to be seen."""
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    found = sa.select(_C.c.id).where(_C.c.reference == reference.strip().upper(), *seen)
    complaint_id = asking.connection.execute(found).scalar()
    if complaint_id is None:
        raise NotFound(f"There is no complaint {reference}. Check the reference, or search by name or postcode.")
    care = asking.connection.execute(sa.select(_CA).where(_CA.c.complaint_id == complaint_id)).first()
    reviews = [row for row in _of(asking, _R, complaint_id) if row["reviewed_on"] is None and row["dropped_on"] is None]
    by_adjustment = {row["adjustment_id"]: row["due_on"] for row in reviews}
    by_restriction = {row["restriction_id"]: row["due_on"] for row in reviews}
    return CasePeople(
        parties=tuple(_party(row, asking.today) for row in _of(asking, _P, complaint_id)),
        adjustments=tuple(
            AdjustmentView(**row, **_review(asking, by_adjustment.get(row["id"])))
            for row in _of(asking, _A, complaint_id)
        ),
        restrictions=tuple(
            RestrictionView(
                **{name: value for name, value in row.items() if name != "decided_by"},
                **_review(asking, by_restriction.get(row["id"])),
            )
            for row in _of(asking, _RS, complaint_id)
        ),
        conflicts=_conflicts(asking, complaint_id),
        officers_named=_officers_named(asking, complaint_id),
        preference=care.preference if care is not None else "",
        risk=care.risk if care is not None else "",
    )


def _of(asking: Asking, table: Any, complaint_id: int) -> list[dict[str, Any]]:
    """The rows of a table on one complaint, the first one first, without the number of the complaint."""
    statement = sa.select(table).where(table.c.complaint_id == complaint_id).order_by(table.c.id)
    rows = [dict(row) for row in asking.connection.execute(statement).mappings()]
    return [{name: value for name, value in row.items() if name != "complaint_id"} for row in rows]


def _party(row: Mapping[str, Any], today: date) -> PartyView:
    facts = PartyFacts(
        name=row["name"],
        authority=AuthorityKind(row["authority"]),
        recorded_on=row["recorded_on"],
        expires_on=row["expires_on"],
    )
    return PartyView(**row, barred=" ".join(each.sentence for each in disclosure_allowed(facts, on=today)))


def _review(asking: Asking, due_on: date | None) -> dict[str, Any]:
    if due_on is None:
        return {"review_on": None, "soon": None}
    soon = nearness(due_on, today=asking.today, calendar=asking.calendars.of(False))
    return {"review_on": due_on, "soon": soon}


def _conflicts(asking: Asking, complaint_id: int) -> tuple[ConflictView, ...]:
    statement = (
        sa.select(_W.c.name.label("colleague"), _CO.c.kind, _CO.c.detail)
        .select_from(_CO.join(_W, _W.c.id == _CO.c.colleague_id))
        .where(_CO.c.complaint_id == complaint_id, _CO.c.kind != ConflictKind.NONE.value)
        .order_by(_W.c.name)
    )
    return tuple(ConflictView(**row) for row in asking.connection.execute(statement).mappings())


def _officers_named(asking: Asking, complaint_id: int) -> dict[int, str]:
    statement = (
        sa.select(_W.c.id, _W.c.name)
        .select_from(_O.join(_W, _W.c.id == _O.c.colleague_id))
        .where(_O.c.complaint_id == complaint_id)
        .order_by(_W.c.name)
    )
    return {row.id: row.name for row in asking.connection.execute(statement)}
