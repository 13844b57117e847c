"""The words of a whole case: the complaint's and those of all that was written and said about it.

A step that writes a text anywhere on a case has it found from the same commit on. What counts as a text is told once,
in `_SAID`; a session notes by itself which cases a change of these belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
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
from core.model.working import CaseDoc, SearchDoc
from core.store.engine import WriteSession
from core.store.search import case_words, pairs_of

_AT_ONCE = 500
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
_WATCHED: dict[type[Any], _Text] = {text.model: text for text in (_Text(SearchDoc, ("words",)), *_SAID)}


@event.listens_for(WriteSession, "after_flush")
def _note_what_is_said(session: Any, _context: Any) -> None:
    """Note whose words change; a row that changes in anything else is no text."""
    for row in (*session.new, *session.deleted, *session.dirty):
        text = _WATCHED.get(type(row))
        if text is not None and (row not in session.dirty or _reworded(row, text.columns)):
            whose = (text.parent or Complaint, getattr(row, text.link))
            session.info.setdefault(_NOTED, set()).add(whose)


def _reworded(row: SQLModel, columns: Iterable[str]) -> bool:
    states = sa.inspect(row).attrs
    return any(states[name].history.has_changes() for name in columns)


def index_what_is_said(session: Session) -> None:
    """Write the words of every case in which this session has written or changed a text."""
    ordered = sorted({_case_of(session, *noted) for noted in session.info.pop(_NOTED, set())} - {0})
    for start in range(0, len(ordered), _AT_ONCE):
        _index(session, ordered[start : start + _AT_ONCE])


def note_said(session: Session, complaint_ids: Iterable[int]) -> None:
    """Note cases whose texts were written past the session's own listener, as bulk inserts do."""
    session.info.setdefault(_NOTED, set()).update((Complaint, each) for each in complaint_ids)


def _case_of(session: Session, model: type[Any], number: int) -> int:
    """The case of a row; 0 of one that is gone, which has noted its case itself."""
    if model is Complaint:
        return number
    row = session.get(model, number)
    return int(row.complaint_id) if row is not None else 0


def _index(session: Session, ids: Sequence[int]) -> None:
    said: dict[int, list[str]] = {each: [] for each in ids}
    for row in sorted(session.connection().execute(_texts(), {"ids": list(ids)}).all()):
        said[row.complaint_id] += filter(None, row.said.split(_BREAK))
    for complaint_id, texts in said.items():
        own = session.get(SearchDoc, complaint_id)
        words = case_words(own.words if own is not None else "", texts)
        stored = session.get(CaseDoc, complaint_id)
        if stored is None:
            session.add(CaseDoc(complaint_id=complaint_id, words=words, pairs=pairs_of(words)))
        elif stored.words != words:
            stored.words, stored.pairs = words, pairs_of(words)


@cache
def _texts() -> sa.CompoundSelect[Any]:
    """Every text of some cases: the case, the text's table and row, and what it says."""
    return sa.union_all(*(_of(place, text) for place, text in enumerate(_SAID)))


def _of(place: int, text: _Text) -> sa.Select[Any]:
    table: sa.Table = text.model.__table__  # type: ignore[attr-defined]
    source: sa.FromClause = table
    case, number = table.c[text.link], table.c[text.link if text.model is LetterPart else "id"]
    if text.parent is not None:
        parent: sa.Table = text.parent.__table__  # type: ignore[attr-defined]
        source, case = table.join(parent, parent.c.id == case), parent.c.complaint_id
    first, *others = (table.c[name] for name in text.columns)
    said: Any = first
    for column in others:
        said = said + _BREAK + column
    columns = (case.label("complaint_id"), sa.literal(place).label("place"), number.label("number"), said.label("said"))
    return sa.select(*columns).select_from(source).where(case.in_(sa.bindparam("ids", expanding=True)))
