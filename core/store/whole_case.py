"""The words of a whole case: the complaint's and those of all that was written and said about it.

A step that writes a text anywhere on a case has it found from the same commit on. What counts as a text is told once,
in `_SAID`; a session notes by itself which cases a change of these belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, SQLModel

from core.model.complaints import Answer, Complaint, Extension, Note, Point, Refusal, Response, Stage
from core.model.considering import Clarification, Meeting, StatedPosition
from core.model.correspondence import Contact
from core.model.evidence import CaseFile
from core.model.information import InformationRequest
from core.model.letters import Letter, LetterPart
from core.model.parties import Party
from core.model.working import SearchDoc
from core.store.engine import POSTPONED, Database, WriteSession, changed_in, touch
from core.store.search import case_words, pairs_of

_BREAK = "\x1f"
_NOTED = "said"


@dataclass(frozen=True, slots=True)
class _Text:
    """A table that holds texts of cases: which columns, in which order, and the row whose case a row belongs to."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    parent: type[SQLModel] | None = None

    @property
    def link(self) -> str:
        """The column that leads to the case, or to the row that does."""
        if self.model is Complaint:
            return "id"
        return f"{self.parent.__tablename__}_id" if self.parent is not None else "complaint_id"


_SAID = (
    _Text(Complaint, ("outcomes_sought", "ending_note")),
    _Text(Party, ("name", "contact")),
    _Text(Point, ("text",)),
    _Text(Stage, ("request_words", "understanding", "outcomes_sought")),
    _Text(Extension, ("reason",), parent=Stage),
    _Text(Contact, ("name", "what")),
    _Text(Note, ("text",)),
    _Text(Letter, ("addressee",)),
    _Text(LetterPart, ("text",), parent=Letter),
    _Text(CaseFile, ("name", "about")),
    _Text(Answer, ("reasons",), parent=Point),
    _Text(Response, ("understanding", "decision", "reasons", "remedy", "outstanding_actions"), parent=Stage),
    _Text(Refusal, ("reasons", "circumstances", "other_route", "evidence")),
    _Text(StatedPosition, ("said",)),
    _Text(Clarification, ("question", "answer")),
    _Text(Meeting, ("place", "attended", "accompanied", "notes")),
    _Text(InformationRequest, ("name", "organisation", "what", "documents", "answer")),
)
_DOC, _OWN = _Text(SearchDoc, ("words",)), 0
"""The complaint's own words, which are stored already and read first."""
_WATCHED: dict[type[Any], _Text] = {text.model: text for text in (_DOC, *_SAID)}


@event.listens_for(WriteSession, "after_flush")
def _note_what_is_said(session: Any, _context: Any) -> None:
    """Note whose words change; a row that changes in anything else is no text."""
    for row in (*session.new, *session.deleted, *session.dirty):
        text = _WATCHED.get(type(row))
        if text is not None and (row not in session.dirty or changed_in(row, text.columns)):
            whose = (text.parent or Complaint, getattr(row, text.link))
            session.info.setdefault(_NOTED, set()).add(whose)


def index_what_is_said(session: Session) -> None:
    """Write the words of every case in which this session has written or changed a text."""
    cases = {_case_of(session, *noted) for noted in session.info.pop(_NOTED, set())} - {0}
    if (later := session.info.get(POSTPONED)) is not None:
        later |= cases
        return
    for complaint_id in sorted(cases):
        _index(session, complaint_id)


@contextmanager
def words_at_the_end(database: Database) -> Iterator[None]:
    """Write each case's words once when all is done, not after every step: for records that nobody searches yet."""
    database.postponed = noted = set[int]()
    try:
        yield
    finally:
        database.postponed = None
    with database.writing() as session:
        for complaint_id in sorted(noted):
            _index(session, complaint_id)


def note_said(session: Session, complaint_ids: Iterable[int]) -> None:
    """Note cases whose texts were written past the session's own listener, as bulk inserts do."""
    session.info.setdefault(_NOTED, set()).update((Complaint, each) for each in complaint_ids)


def _case_of(session: Session, model: type[Any], number: int) -> int:
    """The case of a row; 0 of one that is gone, which has noted its case itself."""
    if model is Complaint:
        return number
    row = session.get(model, number)
    return int(row.complaint_id) if row is not None else 0


def _index(session: Session, complaint_id: int) -> None:
    """In two statements past the session's own bookkeeping: nothing else reads these rows through it."""
    connection = session.connection()
    found = sorted(map(tuple, connection.execute(_TEXTS, {"case": complaint_id, "between": _BREAK})))
    own = "".join(said for place, _row, said in found if place == _OWN)
    texts = [text for place, _row, said in found if place != _OWN for text in said.split(_BREAK) if text]
    words = case_words(own, texts)
    connection.execute(_WRITE, {"case": complaint_id, "words": words, "pairs": pairs_of(words)})
    touch(session, "case_doc")


def _of(place: int, text: _Text) -> str:
    """Every text of one case in a table: the table's place, the row, and what it says."""
    table, number = text.model.__tablename__, text.link if text.model in (LetterPart, SearchDoc) else "id"
    said = " || :between || ".join(f"t.{column}" for column in text.columns)
    parent = text.parent.__tablename__ if text.parent is not None else ""
    joined = f"JOIN {parent} p ON p.id = t.{text.link}" if parent else ""
    case = "p.complaint_id" if parent else f"t.{text.link}"
    return f"SELECT {place}, t.{number}, {said} FROM {table} t {joined} WHERE {case} = :case"  # noqa: S608 - our names


_TEXTS = sa.text(" UNION ALL ".join(_of(place, text) for place, text in enumerate((_DOC, *_SAID))))
_WRITE = sa.text(
    "INSERT INTO case_doc (complaint_id, words, pairs) VALUES (:case, :words, :pairs) "
    "ON CONFLICT (complaint_id) DO UPDATE SET words = excluded.words, pairs = excluded.pairs "
    "WHERE case_doc.words <> excluded.words"
)
