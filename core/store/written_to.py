"""The e-mail address of whoever is written to on a complaint."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.complaints import Complaint
from core.model.parties import Party
from core.model.people import Person

_C = Complaint.__table__  # type: ignore[attr-defined]
_P = Party.__table__  # type: ignore[attr-defined]
_W = Person.__table__  # type: ignore[attr-defined]
_APART = re.compile(r"[\s,;<>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTo:
    """Whoever is written to, and their one e-mail address; "" where none is known, or more than one."""

    name: str
    address: str


def mail_address(connection: Connection, complaint_id: int) -> WrittenTo:
    """Somebody acting for the individual where letters go to them, or else the individual [lgsco:3.6]."""
    acting = sa.select(_P.c.name, _P.c.contact).where(_P.c.complaint_id == complaint_id, _P.c.written_to.is_(True))
    party = connection.execute(acting).first()
    if party is not None:
        return WrittenTo(name=party.name, address=_only_one(party.contact))
    person = connection.execute(
        sa.select(_W.c.name, _W.c.email)
        .select_from(_C.join(_W, _W.c.id == _C.c.person_id))
        .where(_C.c.id == complaint_id)
    ).first()
    return (
        WrittenTo(name="", address="")
        if person is None
        else WrittenTo(name=person.name, address=_only_one(person.email))
    )


def _only_one(contact: str) -> str:
    """The one word of a contact that may be an address."""
    found = [word for word in _APART.split(contact) if "@" in word]
    return found[0] if len(found) == 1 else ""
