"""Answers given before, good until something is recorded.

Whatever changes the record appends to the ledger in the same transaction, so the ledger's end names one state of the
record: as long as it stands, the same question by the same person on the same day has the same answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from core.permissions import Actor
from core.store.case_answers import CaseAnswers
from core.store.engine import Database

T = TypeVar("T")

_END = "SELECT n, mac FROM ledger_entry ORDER BY n DESC LIMIT 1"
_MOST = 500


def end_of_ledger(connection: Connection) -> tuple[int, str]:
    """The number and the chained hash of the last entry; (0, "") before the first one."""
    row = connection.exec_driver_sql(_END).first()
    return (row[0], row[1]) if row else (0, "")


def question_of(query: Any, given: tuple[Any, Any], actor: Actor, today: date) -> Hashable | None:
    """A question whose answer may be given again; None for one that is asked anew each time."""
    question = (query, given[0], tuple(sorted(given[1].items())), actor, today)
    return question if getattr(query, "kept", False) and _hashable(question) else None


def _case_of(question: Any) -> str:
    """The reference of the one case that a question's answer follows from; "" where it looks at others."""
    query, args = question[0], question[1]
    return args[0] if getattr(query, "of_one", False) and args and isinstance(args[0], str) else ""


def _hashable(question: object) -> bool:
    """Whether a question can be told from others."""
    try:
        hash(question)
    except TypeError:
        return False
    return True


class Answers:
    """The answers to questions about one state of the record, for every desk of a process.

    They lie in memory alone, and all of them are forgotten once the ledger has grown. Those about one case alone are
    in `cases`.
    """

    def __init__(self) -> None:
        self.cases = CaseAnswers()
        self._lock = threading.Lock()
        self._end: tuple[int, str] = (0, "")
        self._held: dict[Hashable, Any] = {}

    def known(self, question: Hashable, database: Database) -> tuple[Any] | None:
        """The answer in a tuple where it was given and nothing was recorded since; a glance at the ledger tells."""
        end = database.glance(_END)
        if end is None:
            return None
        case = _case_of(question)
        if case:
            return self.cases.known(end, case, question)
        with self._lock:
            if end == self._end and question in self._held:
                return (self._held[question],)
        return None

    def answer(self, connection: Connection, end: tuple[int, str], question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question in a view of the record, asked once while it holds; about one case, in its way."""
        case = _case_of(question)
        return self.cases.of(connection, end, case, question, ask) if case else self.of(end, question, ask)

    def of(self, end: tuple[int, str], question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question about the record as the ledger's end names it; asked once while it is kept."""
        with self._lock:
            if end == self._end and question in self._held:
                found: T = self._held[question]
                return found
        answer = ask()
        with self._lock:
            # Whoever looked at an older state answers from it, and leaves what is newer alone.
            if end[0] >= self._end[0]:
                if end != self._end or len(self._held) >= _MOST:
                    self._held.clear()
                self._end = end
                self._held[question] = answer
        return answer
