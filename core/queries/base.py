"""What a query works with, and how it names the permission it needs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Connection

from core.code.policy import Policy
from core.permissions import Actor, Permission
from core.settings import Settings
from core.store.calendar import Calendars
from core.store.scope import visible

Q = ParamSpec("Q")
T = TypeVar("T")

QUERIES: dict[str, Permission] = {}
LAST_ID = 2**31 - 1  # PostgreSQL numbers its rows no further, and refuses to be asked for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question: who asks, when, and one consistent view of the database."""

    connection: Connection
    actor: Actor
    now: datetime
    today: date
    calendars: Calendars
    policies: dict[int, Policy]
    settings: Settings
    worked_out: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What several parts of one question need, worked out by the first of them: it follows from the view alone."""

    def seen(self, complaint_id: Any, *, service_id: Any = None, owner_id: Any = None) -> list[Any]:
        """The conditions that leave the rows of complaints this person may see."""
        return visible(self.actor, complaint_id, service_id=service_id, owner_id=owner_id)

    @property
    def dialect(self) -> str:
        """The database's kind."""
        return self.connection.dialect.name


def query(
    needs: Permission, *, kept: bool = False, of_one: bool = False
) -> Callable[[Callable[Concatenate[Asking, Q], T]], Callable[Concatenate[Asking, Q], T]]:
    """Mark a function as a query and name the permission it needs.

    The answer of a `kept` one follows from the record, from who asks, what and on which day, and from nothing else: not
    from the hour, and not from a table that changes without an entry in the ledger. It is given again until something
    is recorded, so nobody may change what is in it.

    The answer of one `of_one` case follows, of all complaints, from the rows of the one alone whose reference is asked
    for first; it is given again until something is recorded about that one, or about no complaint.
    """

    def mark(function: Callable[Concatenate[Asking, Q], T]) -> Callable[Concatenate[Asking, Q], T]:
        function.needs = needs  # type: ignore[attr-defined]
        function.kept = kept or of_one  # type: ignore[attr-defined]
        function.of_one = of_one  # type: ignore[attr-defined]
        QUERIES[function.__name__] = needs
        return function

    return mark
