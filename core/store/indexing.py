"""What a complaint or a service request is found by, kept up to date with it."""

from __future__ import annotations

from sqlmodel import Session

from core.model.complaints import Complaint
from core.model.people import Person
from core.model.requests import ServiceRequest
from core.model.working import RequestDoc, SearchDoc
from core.store.facts import ident
from core.store.search import pairs_of, words_of


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
    """Write the words a complaint is found by."""
    words = search_words(complaint, person)
    complaint_id = ident(complaint.id)
    stored = session.get(SearchDoc, complaint_id)
    if stored is None:
        session.add(SearchDoc(complaint_id=complaint_id, words=words, pairs=pairs_of(words)))
    elif stored.words != words:
        stored.words, stored.pairs = words, pairs_of(words)


def index_request(session: Session, request: ServiceRequest, person: Person) -> None:
    """Write the words a service request is found by: reference, matter, who asks, where they live, what they said."""
    joined = request.reference.replace("-", "")
    words = words_of(request.reference, joined, request.matter, *_of(person), request.words)
    session.add(RequestDoc(request_id=ident(request.id), words=words, pairs=pairs_of(words)))
