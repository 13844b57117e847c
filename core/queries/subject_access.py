"""Requests for own data: all of them with their day, one with its cases and rulings, and who is likely the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.model.complaints import Complaint
from core.model.parties import Party
from core.model.people import EMAIL_KEY, POSTCODE_KEY, Person
from core.model.requests import ServiceRequest
from core.model.subject_access import (
    SubjectAccessRequest,
    SubjectCase,
    SubjectClarification,
    SubjectRequest,
    SubjectRuling,
)
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.duties import Nearness, nearness
from core.store.retaining import stands_open
from core.store.scope import visible_requests

_A = SubjectAccessRequest.__table__  # type: ignore[attr-defined]
_C = Complaint.__table__  # type: ignore[attr-defined]
_CL = SubjectClarification.__table__  # type: ignore[attr-defined]
_P = Person.__table__  # type: ignore[attr-defined]
_PA = Party.__table__  # type: ignore[attr-defined]
_Q = ServiceRequest.__table__  # type: ignore[attr-defined]
_SQ = SubjectRequest.__table__  # type: ignore[attr-defined]
_RU = SubjectRuling.__table__  # type: ignore[attr-defined]
_SC = SubjectCase.__table__  # type: ignore[attr-defined]
_SHOWN = 200
_MOST_LIKELY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLine:
    """One request; `soon` is None once it is answered or withdrawn, and while it waits since `stopped_on`."""

    id: int
    name: str
    contact: str
    asked: str
    received_on: date
    identity_asked: bool
    identity_on: date | None
    identity_how: str
    extended_on: date | None
    extended_why: str
    due_on: date
    answered_on: date | None
    withdrawn_on: date | None
    why_withdrawn: str
    sha256: str
    stopped_on: date | None
    soon: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyCase:
    """One complaint or service request that may be of the person who asks, and what is the same."""

    reference: str
    matter: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What they were asked in order to find their data, why, and what they answered; no day of it while it waits."""

    asked_on: date
    what: str
    why: str
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectView:
    """One request with its records, those that may be of the same person, and what was decided by piece.

    `cases` are complaints and then service requests; `hidden` counts those taken in that this person does not see.
    """

    line: SubjectLine
    cases: tuple[str, ...]
    hidden: int
    likely: tuple[LikelyCase, ...]
    rulings: Mapping[str, Mapping[str, Any]]
    questions: tuple[Question, ...] = ()


def _line(asking: Asking, row: Any) -> SubjectLine:
    owed = row.answered_on is None and row.withdrawn_on is None
    alike = {name: getattr(row, name) for name in SubjectLine.__dataclass_fields__ if name in _A.c}
    stopped = row.stopped_on if owed else None
    runs = owed and stopped is None
    soon = nearness(row.due_on, today=asking.today, calendar=asking.calendars.of(False)) if runs else None
    return SubjectLine(**alike, stopped_on=stopped, soon=soon)


_STOPPED = (
    sa.select(_CL.c.asked_on).where(_CL.c.request_id == _A.c.id, _CL.c.answered_on.is_(None)).scalar_subquery()
).label("stopped_on")


@query(needs=Permission.DISCLOSE)
def subject_requests(asking: Asking) -> tuple[SubjectLine, ...]:
    """Every request for own data: what is owed first, the nearest day before the others [lgsco:5.8]."""
    order = (sa.not_(stands_open(_A)), _A.c.due_on, _A.c.id)
    rows = asking.connection.execute(sa.select(_A, _STOPPED).order_by(*order).limit(_SHOWN))
    return tuple(_line(asking, row) for row in rows)


@query(needs=Permission.DISCLOSE)
def subject_request(asking: Asking, request_id: int) -> SubjectView:
    """One request by its number; NotFound where there is none [lgsco:5.8]."""
    found = None
    if 0 < request_id <= LAST_ID:
        found = asking.connection.execute(sa.select(_A, _STOPPED).where(_A.c.id == request_id)).first()
    if found is None:
        raise NotFound("There is no such request for own data. Choose one from its page.")
    taken = sa.select(_SC.c.complaint_id).where(_SC.c.request_id == request_id)
    ids = set(asking.connection.execute(taken).scalars())
    seen = asking.seen(_C.c.id, service_id=_C.c.service_id)
    cases = sa.select(_C.c.reference).where(_C.c.id.in_(taken), *seen).order_by(_C.c.received_on, _C.c.id)
    references = tuple(asking.connection.execute(cases).scalars())
    asked = sa.select(_SQ.c.service_request_id).where(_SQ.c.request_id == request_id)
    asked_ids = set(asking.connection.execute(asked).scalars())
    requests = sa.select(_Q.c.reference).where(_Q.c.id.in_(asked), *visible_requests(asking.actor)).order_by(_Q.c.id)
    references += tuple(asking.connection.execute(requests).scalars())
    rulings = asking.connection.execute(sa.select(_RU).where(_RU.c.request_id == request_id)).mappings()
    return SubjectView(
        line=_line(asking, found),
        cases=references,
        hidden=len(ids) + len(asked_ids) - len(references),
        likely=(*_likely(asking, found, ids), *_likely_requests(asking, found, asked_ids)),
        rulings={row["piece"]: dict(row) for row in rulings},
        questions=_questions(asking, request_id),
    )


def _questions(asking: Asking, request_id: int) -> tuple[Question, ...]:
    columns = (_CL.c[name] for name in Question.__dataclass_fields__)
    statement = sa.select(*columns).where(_CL.c.request_id == request_id).order_by(_CL.c.id)
    return tuple(Question(**row) for row in asking.connection.execute(statement).mappings())


def _name_and_emails(row: Any) -> tuple[str, list[str]]:
    """Who asks, and the e-mails they can be reached at, as they are compared."""
    emails = [each for each in row.contact.lower().replace(",", " ").replace(";", " ").split() if "@" in each]
    return " ".join(row.name.split()).lower(), emails


def _same_person(row: Any) -> Any:
    """That a person on record has the same name, e-mail or postcode as whoever asks."""
    name, emails = _name_and_emails(row)
    squeezed = row.contact.upper().replace(" ", "").replace("\n", "")
    by_mail = sa.literal_column(EMAIL_KEY).in_(emails) if emails else sa.false()
    postcode: Any = sa.literal_column(POSTCODE_KEY)
    by_postcode = sa.and_(_P.c.postcode != "", sa.literal(squeezed).like(sa.literal("%").concat(postcode).concat("%")))
    return sa.or_(sa.func.lower(_P.c.name) == name, by_mail, by_postcode)


def _likely_requests(asking: Asking, row: Any, leave_out: set[int]) -> tuple[LikelyCase, ...]:
    """Service requests of somebody with the same name, e-mail or postcode; nobody is sure yet."""
    name, emails = _name_and_emails(row)
    statement = (
        sa.select(_Q.c.id, _Q.c.reference, _Q.c.matter, _P.c.name, _P.c.email, sa.false().label("party"))
        .select_from(_Q.join(_P, _P.c.id == _Q.c.person_id))
        .where(_same_person(row), _Q.c.anonymised_on.is_(None), *visible_requests(asking.actor))
        .order_by(_Q.c.id.desc())
        .limit(_MOST_LIKELY + len(leave_out))
    )
    return tuple(
        LikelyCase(reference=each.reference, matter=each.matter, name=each.name, why=_why(each, name, emails))
        for each in asking.connection.execute(statement)
        if each.id not in leave_out
    )


def _likely(asking: Asking, row: Any, leave_out: set[int]) -> tuple[LikelyCase, ...]:
    """Complaints whose individual, or somebody on them, has the same name, e-mail or postcode; nobody is sure yet."""
    name, emails = _name_and_emails(row)
    on_case = sa.exists().where(_PA.c.complaint_id == _C.c.id, sa.func.lower(_PA.c.name) == name)
    statement = (
        sa.select(_C.c.id, _C.c.reference, _C.c.matter, _P.c.name, _P.c.email, on_case.label("party"))
        .select_from(_C.outerjoin(_P, _P.c.id == _C.c.person_id))
        .where(
            sa.or_(_same_person(row), on_case),
            *asking.seen(_C.c.id, service_id=_C.c.service_id),
        )
        .order_by(_C.c.id.desc())
        .limit(_MOST_LIKELY + len(leave_out))
    )
    return tuple(
        LikelyCase(reference=each.reference, matter=each.matter, name=each.name or "", why=_why(each, name, emails))
        for each in asking.connection.execute(statement)
        if each.id not in leave_out
    )


def _why(row: Any, name: str, emails: list[str]) -> str:
    said = []
    if (row.name or "").lower() == name:
        said.append("same name")
    if (row.email or "").lower() in emails:
        said.append("same e-mail")
    if row.party:
        said.append("somebody of this name is on it")
    return ", ".join(said) or "same postcode"
