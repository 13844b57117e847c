"""What a query works with, and how it names the permission it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
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


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One question: who asks, when, and one consistent view of the database.

    The calendars and the policies are read once somebody counts by them: many questions are about no date.
    """

    connection: Connection
    actor: Actor
    now: datetime
    today: date
    settings: Settings
    reads_calendars: Callable[[Connection], Calendars]
    reads_policies: Callable[[Connection], dict[int, Policy]]

    @cached_property
    def calendars(self) -> Calendars:
        """The calendar in all its versions."""
        return self.reads_calendars(self.connection)

    @cached_property
    def policies(self) -> dict[int, Policy]:
        """Every version of the council's policy by its id."""
        return self.reads_policies(self.connection)

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
