"""Answers about one case, good until something is recorded about that case or about no complaint.

Whatever changes a row of a complaint is recorded as an entry about that complaint, or as one of no complaint. So the
entries since an answer was given say whether it still holds; those that change no row of a complaint do not count.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.events.access import LOOKED_AT
from core.events.standing_still import BESIDE, LOOKED
from core.model.complaints import Complaint
from core.model.ledger import LedgerEntry

T = TypeVar("T")
End = tuple[int, str]
"""A state of the record: the number and the chained hash of the ledger's last entry."""

_C = Complaint.__table__  # type: ignore[attr-defined]
_L = LedgerEntry.__table__  # type: ignore[attr-defined]
_MOST = 2_500
_FAR = 1_000  # house: entries that are still looked through; after more, everything is forgotten


class CaseAnswers:
    """The answers about cases, and the last entry about each case that changed anything.

    They lie in memory alone. What is known of a case that was changed is forgotten at the next question about any.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followed: End | None = None
        self._everything = 0
        self._about: dict[str, int] = {}
        self._held: OrderedDict[str, dict[Hashable, tuple[int, Any]]] = OrderedDict()

    def of(self, connection: Connection, end: End, reference: str, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question about one case in the state that `end` names; asked once while it holds."""
        case = reference.strip().upper()
        if not self._follow(connection, end):
            return ask()
        with self._lock:
            n, answer = self._held.get(case, {}).get(question, (-1, None))
            if max(self._about.get(case, 0), self._everything) <= n <= end[0]:
                self._held.move_to_end(case)
                found: T = answer
                return found
        given = ask()
        with self._lock:
            self._keep(case, question, (end[0], given))
        return given

    def known(self, end: End, reference: str, question: Hashable) -> tuple[Any] | None:
        """The answer in a tuple where it was given and still holds at this end, without a look at the database."""
        case = reference.strip().upper()
        with self._lock:
            if end != self._followed:
                return None
            n, answer = self._held.get(case, {}).get(question, (-1, None))
            return (answer,) if max(self._about.get(case, 0), self._everything) <= n else None

    def _keep(self, case: str, question: Hashable, answer: tuple[int, Any]) -> None:
        if max(self._about.get(case, 0), self._everything) > answer[0]:
            return  # it was changed while this was asked in an older view
        self._held.setdefault(case, {})[question] = answer
        self._held.move_to_end(case)
        while len(self._held) > 1 and sum(map(len, self._held.values())) > _MOST:
            self._held.popitem(last=False)

    def _follow(self, connection: Connection, end: End) -> bool:
        """Learn what was recorded up to this end; False for a state before one that is known."""
        with self._lock:
            known = self._followed
            if known is None:
                self._forget(end)
                return True
        if known[0] >= end[0]:
            return self._is_known(known, end)
        rows = _recorded(connection, known[0], end[0])
        with self._lock:
            if self._followed == known:
                self._learn(known, end, rows)
            return self._followed is not None and self._followed[0] >= end[0]

    def _is_known(self, known: End, end: End) -> bool:
        if known[0] == end[0] and known != end:  # another record has been put in the place of this one
            with self._lock:
                self._forget(end)
        return known[0] == end[0]

    def _learn(self, known: End, end: End, rows: Sequence[Any]) -> None:
        begun = known[0] == 0 or (bool(rows) and (rows[0].n, rows[0].mac) == known)
        if not begun or len(rows) > _FAR:
            self._forget(end)
            return
        for row in rows:
            if row.n == known[0] or row.tag in LOOKED_AT:
                continue
            if row.complaint_id is not None:
                self._about[row.reference] = row.n
                self._held.pop(row.reference, None)
            elif row.tag not in LOOKED | BESIDE:
                self._everything = row.n
                self._held.clear()
        self._followed = end
        if len(self._about) > _MOST:
            self._forget(end)

    def _forget(self, end: End) -> None:
        self._held.clear()
        self._about.clear()
        self._everything = end[0]
        self._followed = end


def _recorded(connection: Connection, after: int, until: int) -> Sequence[Any]:
    """The entries up to one, from the last that is known: it shows whether the ledger is still the same."""
    statement = (
        sa.select(_L.c.n, _L.c.mac, _L.c.tag, _L.c.complaint_id, _C.c.reference)
        .select_from(_L.outerjoin(_C, _C.c.id == _L.c.complaint_id))
        .where(_L.c.n >= after, _L.c.n <= until)
        .order_by(_L.c.n)
        .limit(_FAR + 2)
    )
    return connection.execute(statement).all()
