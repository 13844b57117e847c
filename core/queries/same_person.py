"""Whose complaint it is, told by what they wrote of themselves: an address, a number, or a name with a postcode."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.model.people import EMAIL_KEY, PHONE_KEY, POSTCODE_KEY, Person
from core.queries.base import Asking

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]


def people_like(asking: Asking, reference: str) -> Any:
    """The rows of people who are likely the individual of a complaint, as a question to ask within another.

    The same e-mail address or telephone number, or the same name at the same postcode. A household or an adviser may
    share one, so it is said by what they were found and never that they are one. Nobody for a complaint not seen.
    """
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    named = _C.c.reference == reference.strip().upper()
    keys = (EMAIL_KEY, PHONE_KEY, POSTCODE_KEY, "lower(name)")
    signs = [sa.literal_column(key, sa.String).label(f"sign_{at}") for at, key in enumerate(keys)]
    joined = _C.join(_P, _P.c.id == _C.c.person_id)
    known = asking.connection.execute(sa.select(*signs).select_from(joined).where(named, *seen)).first()
    email, phone, postcode, name = map(str, known if known is not None else ("", "", "", ""))
    ways = []
    if email:
        ways.append(_alike(EMAIL_KEY, email))
    if phone:
        ways.append(_alike(PHONE_KEY, phone))
    if postcode and name:
        ways.append(_alike(POSTCODE_KEY, postcode).where(sa.literal_column("lower(name)", sa.String) == name))
    return sa.union(*ways) if ways else sa.select(_P.c.id).where(sa.false())


def other_complaints(asking: Asking, reference: str) -> int:
    """How many other complaints, of those this person sees, came from whoever is likely the individual of one."""
    people = people_like(asking, reference)
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    others = _C.c.reference != reference.strip().upper()
    counting = sa.select(sa.func.count()).select_from(_C).where(_C.c.person_id.in_(people), others, *seen)
    return int(asking.connection.execute(counting).scalar_one())


def _alike(key: str, value: str) -> sa.Select[Any]:
    return sa.select(_P.c.id).where(sa.literal_column(key, sa.String) == value)
