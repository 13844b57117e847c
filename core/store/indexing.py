"""What a complaint is found by, kept up to date with it."""

from __future__ import annotations

from sqlmodel import Session

from core.model.complaints import Complaint
from core.model.people import Person
from core.model.working import SearchDoc
from core.store.facts import ident
from core.store.search import pairs_of, words_of


def search_words(complaint: Complaint, person: Person | None) -> str:
    """The words of a complaint: references, matter, name, postcode with and without its space, and the text."""
    joined = complaint.reference.replace("-", "")
    parts = [complaint.reference, joined, complaint.old_reference or "", complaint.matter]
    if person is not None:
        parts += [person.name, person.postcode, person.postcode.replace(" ", ""), person.email, person.address]
    parts += [complaint.category, complaint.words]
    return words_of(*parts)


def index_case(session: Session, complaint: Complaint, person: Person | None) -> None:
    """Write the words a complaint is found by."""
    words = search_words(complaint, person)
    complaint_id = ident(complaint.id)
    stored = session.get(SearchDoc, complaint_id)
    if stored is None:
        session.add(SearchDoc(complaint_id=complaint_id, words=words, pairs=pairs_of(words)))
    elif stored.words != words:
        stored.words, stored.pairs = words, pairs_of(words)
