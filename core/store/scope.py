"""Row scope: which complaints a person sees. Every list, count, search, export and command asks here and nowhere else.

A confidential complaint is seen by the people named on it. Someone whose work is limited to services sees the cases of
these, and those they consider themselves; so it is with service requests, of which none is confidential. An
independent assessor sees the complaints referred to them, and a confidential one of these only when named on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint, Stage
from core.model.evidence import ConfidentialCase, NamedPerson
from core.model.ombudsman import HandlingComplaint
from core.model.requests import RequestStep, ServiceRequest
from core.permissions import Actor, Permission, Role

_C = Complaint.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_H = HandlingComplaint.__table__  # type: ignore[attr-defined]
_X = ConfidentialCase.__table__  # type: ignore[attr-defined]
_N = NamedPerson.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_QS = RequestStep.__table__  # type: ignore[attr-defined]

_PART = 500
Condition = sa.ColumnElement[bool]


def visible(actor: Actor, complaint_id: Any, *, service_id: Any = None, owner_id: Any = None) -> list[Condition]:
    """The conditions under which a row about a complaint is seen; empty for the console itself.

    `complaint_id` is the row's column; `service_id` and `owner_id` are the row's own copies where it has them.
    """
    if actor.whole:
        return []
    conditions = [complaint_id.not_in(_kept_from(actor))]
    if actor.role is Role.ASSESSOR:
        conditions.append(complaint_id.in_(_referred_to(actor)))
    if actor.services:
        conditions.append(_in_services(actor, complaint_id, service_id, owner_id))
    return conditions


def visible_requests(actor: Actor) -> list[Condition]:
    """The conditions under which a service request is seen: of one's services, or in one's own hands.

    An independent assessor sees none: nothing but complaints is referred to them.
    """
    if actor.role is Role.ASSESSOR and not actor.whole:
        return [sa.false()]
    if actor.whole or not actor.services:
        return []
    return [sa.or_(_Q.c.service_id.in_(sorted(actor.services)), _Q.c.owner_id == actor.id)]


def visible_ombudsman(actor: Actor, complaint_id: Any, service_id: Any) -> list[Condition]:
    """The conditions under which a matter at an Ombudsman is seen: as the complaint it is about.

    One without a complaint here is seen by those who deal with the Ombudsman and by those who see all figures.
    """
    if actor.whole:
        return []
    of_its_complaint = sa.and_(complaint_id.is_not(None), *visible(actor, complaint_id, service_id=service_id))
    if not (actor.may(Permission.OMBUDSMAN) or actor.may(Permission.FIGURES)):
        return [of_its_complaint]
    return [sa.or_(complaint_id.is_(None), of_its_complaint)]


def of_hidden_request(actor: Actor, command_id: Any) -> Condition:
    """That an entry of the ledger was written by a step on a service request this person does not see."""
    seen = sa.select(_Q.c.id).where(*visible_requests(actor))
    condition: Condition = command_id.in_(sa.select(_QS.c.command_id).where(_QS.c.request_id.not_in(seen)))
    return condition


def not_confidential(complaint_id: Any) -> Condition:
    """That a row is about no confidential complaint: for counts that people with different sight compare."""
    condition: Condition = complaint_id.not_in(sa.select(_X.c.complaint_id))
    return condition


def seen_among(connection: Connection, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Those of some complaints that this person sees."""
    found: set[int] = set()
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        found.update(connection.execute(_seen_of(actor), {"ids": part}).scalars())
    return found


@lru_cache(maxsize=512)
def _seen_of(actor: Actor) -> Any:
    among = _C.c.id.in_(sa.bindparam("ids", expanding=True))
    return sa.select(_C.c.id).where(among, *visible(actor, _C.c.id, service_id=_C.c.service_id))


def _kept_from(actor: Actor) -> Any:
    """Confidential complaints on which this person is not named. Few, so they are read once for a whole list."""
    named = sa.exists().where(_N.c.complaint_id == _X.c.complaint_id, _N.c.colleague_id == actor.id)
    return sa.select(_X.c.complaint_id).where(~named)


def _referred_to(actor: Actor) -> Any:
    """Complaints whose handling this person from outside was asked to assess."""
    return sa.select(_H.c.complaint_id).where(_H.c.assessor_id == actor.id)


def _in_services(actor: Actor, complaint_id: Any, service_id: Any, owner_id: Any) -> Condition:
    allowed = sorted(actor.services)
    if service_id is not None:
        of_service = service_id.in_(allowed)
    else:
        of_service = sa.exists().where(_C.c.id == complaint_id, _C.c.service_id.in_(allowed)).correlate_except(_C)
    considers = sa.exists().where(_ST.c.complaint_id == complaint_id, _ST.c.handler_id == actor.id)
    ways = [of_service, considers.correlate_except(_ST), complaint_id.in_(_named_on(actor))]
    if owner_id is not None:
        ways.insert(1, owner_id == actor.id)
    return sa.or_(*ways)


def _named_on(actor: Actor) -> Any:
    return sa.select(_N.c.complaint_id).where(_N.c.colleague_id == actor.id)
