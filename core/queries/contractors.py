"""The scorecard of contractors and partners: what complaints about each came to, on the council's own clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint, Stage
from core.model.duties import Duty
from core.model.information import InformationRequest
from core.model.learning import Learning
from core.model.requests import Respondent, TakenIn
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.facts import Outcome, Standing
from core.rules.s6_stages import ACKNOWLEDGE, RESPOND
from core.store.scope import not_confidential

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_I = InformationRequest.__table__  # type: ignore[attr-defined]
_L = Learning.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_TI = TakenIn.__table__  # type: ignore[attr-defined]
_KEPT = (Standing.IN_TIME.value, Standing.EXTENDED.value)
_UPHELD = (Outcome.UPHELD.value, Outcome.PARTIALLY_UPHELD.value)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractorFigures:
    """What complaints about one contractor or partner came to; `name` is "" where nobody wrote it down.

    Acknowledgements and answers count once their day is settled or past. `upheld` of `decided` are complaints whose
    last answer found fault in whole or in part; `taught` are those from which something was learned. `asked` is how
    many questions the contractor was asked, `asked_late` those answered after their day or still open past it.
    """

    name: str
    complaints: int = 0
    acknowledged_in_time: int = 0
    acknowledged_late: int = 0
    answered_in_time: int = 0
    answered_late: int = 0
    decided: int = 0
    upheld: int = 0
    taught: int = 0
    asked: int = 0
    asked_late: int = 0


@query(needs=Permission.FIGURES, kept=True)
def contractor_scorecard(
    asking: Asking, *, since: date | None = None, until: date | None = None
) -> tuple[ContractorFigures, ...]:
    """Complaints about each contractor and partner, received from one day to another, both included [lgsco:6.22].

    The council answers for all of them: each stands in the council's own figures as well. Confidential complaints and
    records brought in from elsewhere are left out.
    """
    received: list[Any] = [_C.c.source.is_(None), not_confidential(_C.c.id)]
    received += [_C.c.received_on >= since] if since is not None else []
    received += [_C.c.received_on < until + _ONE_DAY] if until is not None else []
    found: dict[str, dict[str, Any]] = {}
    for row in asking.connection.execute(_about_them(asking, received)).mappings():
        _add(found.setdefault(row["name"].casefold(), {"name": row["name"]}), row)
    for row in asking.connection.execute(_asked_of_them(asking, received)).mappings():
        named = (row["organisation"].casefold(), row["name"].casefold())
        held = next((found[each] for each in named if each and each in found), None)
        if held is not None:
            _add(held, {name: row[name] for name in ("asked", "asked_late")})
    figures = [ContractorFigures(**each) for each in found.values()]
    return tuple(sorted(figures, key=lambda each: (-each.complaints, each.name)))


def _add(held: dict[str, Any], row: Any) -> None:
    """Add the counts of one spelling of a name to those of the others."""
    for name, value in row.items():
        if name != "name":
            held[name] = held.get(name, 0) + int(value or 0)


def _about_them(asking: Asking, received: Sequence[Any]) -> Any:
    """The counts of complaints, by the name as it was written."""
    outcome = (
        sa.select(_ST.c.outcome)
        .where(_ST.c.complaint_id == _C.c.id, _ST.c.responded_on.is_not(None))
        .order_by(_ST.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    taught = sa.exists().where(_L.c.complaint_id == _C.c.id, _L.c.something.is_(True))
    each = (
        sa.select(
            sa.func.trim(_TI.c.respondent_name).label("name"),
            outcome.label("outcome"),
            taught.label("taught"),
            _settled(asking, ACKNOWLEDGE.values(), late=False).label("acknowledged_in_time"),
            _settled(asking, ACKNOWLEDGE.values(), late=True).label("acknowledged_late"),
            _settled(asking, RESPOND.values(), late=False).label("answered_in_time"),
            _settled(asking, RESPOND.values(), late=True).label("answered_late"),
        )
        .select_from(_TI.join(_C, _C.c.id == _TI.c.complaint_id))
        .where(_TI.c.respondent != Respondent.OURS.value, *received)
        .subquery()
    )
    summed = ("acknowledged_in_time", "acknowledged_late", "answered_in_time", "answered_late")
    return sa.select(
        each.c.name,
        sa.func.count().label("complaints"),
        *(sa.func.sum(each.c[name]).label(name) for name in summed),
        sa.func.count(each.c.outcome).label("decided"),
        sa.func.sum(sa.case((each.c.outcome.in_(_UPHELD), 1), else_=0)).label("upheld"),
        sa.func.sum(sa.case((each.c.taught, 1), else_=0)).label("taught"),
    ).group_by(each.c.name)


def _settled(asking: Asking, kinds: Any, *, late: bool) -> Any:
    """How many duties of these kinds a complaint kept, or missed: those open past their day are missed already."""
    past = sa.and_(_D.c.standing == Standing.OPEN.value, _D.c.act_by < asking.today)
    stands = sa.or_(_D.c.standing == Standing.LATE.value, past) if late else _D.c.standing.in_(_KEPT)
    counted = sa.select(sa.func.count()).where(_D.c.complaint_id == _C.c.id, _D.c.kind.in_(list(kinds)), stands)
    return counted.scalar_subquery()


def _asked_of_them(asking: Asking, received: Sequence[Any]) -> Any:
    """The questions asked of anybody outside the console, by organisation and name."""
    open_late = sa.and_(_I.c.answered_on.is_(None), _I.c.due_on < asking.today)
    late = sa.or_(_I.c.answered_on > _I.c.due_on, open_late)
    organisation, name = sa.func.trim(_I.c.organisation), sa.func.trim(_I.c.name)
    return (
        sa.select(
            organisation.label("organisation"),
            name.label("name"),
            sa.func.count().label("asked"),
            sa.func.sum(sa.case((late, 1), else_=0)).label("asked_late"),
        )
        .select_from(_I.join(_C, _C.c.id == _I.c.complaint_id))
        .where(_I.c.colleague_id.is_(None), _I.c.withdrawn_on.is_(None), *received)
        .group_by(organisation, name)
    )
