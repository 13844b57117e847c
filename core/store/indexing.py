"""What a complaint or a service request is found by, kept up to date with it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

from core.model.complaints import Complaint
from core.model.people import Person
from core.model.requests import ServiceRequest
from core.model.working import RequestDoc
from core.store.engine import touch
from core.store.facts import ident
from core.store.search import pairs_of, words_of
from core.store.whole_case import note_said


def search_words(complaint: Complaint, person: Person | None) -> str:
    """The words of a complaint: references, matter, name, postcode with and without its space, and the text."""
    joined = complaint.reference.replace("-", "")
    parts = [complaint.reference, joined, complaint.old_reference or "", complaint.matter]
    parts += [*_of(person), complaint.category, complaint.words]
    return words_of(*parts)


def _of(person: Person | None) -> list[str]:
    if person is None:
        return []
    return [person.name, person.postcode, person.postcode.replace(" ", ""), person.email, person.address]


def index_case(session: Session, complaint: Complaint, person: Person | None) -> None:
    """Write the words a complaint is found by, in one statement past the session's own bookkeeping."""
    words, complaint_id = search_words(complaint, person), ident(complaint.id)
    row = {"complaint": complaint_id, "words": words, "pairs": pairs_of(words)}
    session.connection().execute(_WRITE, row)
    touch(session, "search_doc")
    note_said(session, [complaint_id])


_WRITE = sa.text(
    "INSERT INTO search_doc (complaint_id, words, pairs) VALUES (:complaint, :words, :pairs) "
    "ON CONFLICT (complaint_id) DO UPDATE SET words = excluded.words, pairs = excluded.pairs "
    "WHERE search_doc.words <> excluded.words"
)


def index_request(session: Session, request: ServiceRequest, person: Person) -> None:
    """Write the words a service request is found by: reference, matter, who asks, where they live, what they said."""
    joined = request.reference.replace("-", "")
    words = words_of(request.reference, joined, request.matter, *_of(person), request.words)
    session.add(RequestDoc(request_id=ident(request.id), words=words, pairs=pairs_of(words)))
