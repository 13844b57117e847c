"""How quickly the figures of a period come: `python -m bench.dashboard`.

On SQLite and on PostgreSQL, 100,000 complaints of three years, with no answer remembered between two questions: counted
from the record alone, with the months that are over kept, and on a working day, when somebody has just worked on a case
of two months ago and these months are counted again.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from bench.data import AS_AT, office_at, sqlite_url
from bench.figures import Figure, tell
from bench.queries import SMALL, in_turn, served
from core.commands.recording import AddNote
from core.desk import Desk, Office
from core.model.complaints import Complaint
from core.month_keeping import keep_months
from core.permissions import SYSTEM, Actor, Role
from core.queries.dashboard import dashboard
from core.queries.figures import Period, figures, figures_by_month, figures_by_service
from core.queries.lists import lists
from core.rules.working_days import months_after
from core.store.answers import Answers

ROUNDS = 5
LIMIT_MS = 100.0
TODAY = AS_AT.date()
QUARTER, YEAR = Period.quarter_with(TODAY).before(), Period.year_with(TODAY).before()
LAST_TWELVE = Period(months_after(TODAY.replace(day=1), -12), date.fromordinal(TODAY.replace(day=1).toordinal() - 1))
_C = Complaint.__table__  # type: ignore[attr-defined]
Questions = dict[str, Callable[[], object]]


def questions(office: Office) -> Questions:
    """What is asked, each time as if for the first time."""
    desk = Desk(office, SYSTEM)
    member = Desk(office, Actor(id=1, name="Mo Member", role=Role.MEMBER))
    service = desk.ask(lists).services[0].id

    def afresh(ask: Callable[[], object]) -> Callable[[], object]:
        def asked() -> object:
            office.answers = Answers()
            return ask()

        return asked

    asked: Questions = {
        "quarter": lambda: desk.ask(figures, QUARTER),
        "quarter_of_service": lambda: desk.ask(figures, QUARTER, service_id=service),
        "year": lambda: desk.ask(figures, YEAR),
        "last_twelve_months": lambda: desk.ask(figures, LAST_TWELVE),
        "year_by_service": lambda: desk.ask(figures_by_service, YEAR),
        "year_by_month": lambda: desk.ask(figures_by_month, YEAR),
        "member_quarter": lambda: member.ask(dashboard, QUARTER),
        "member_year": lambda: member.ask(dashboard, YEAR),
    }
    return {name: afresh(ask) for name, ask in asked.items()}


@contextlib.contextmanager
def apart(kind: str) -> Iterator[Office]:
    """An office whose records may be written to: the SQLite file is a copy, as PostgreSQL's rows are."""
    with served(kind, [SMALL]) as ((office, path),), tempfile.TemporaryDirectory() as folder:
        if kind == "postgresql":
            yield office
            return
        own = Path(folder) / path.name
        shutil.copy(path, own)
        copied = office_at(sqlite_url(own), own.parent)
        try:
            yield copied
        finally:
            copied.close()


def worked_on(office: Office) -> None:
    """Somebody notes something on a complaint that came in at the beginning of the month before last."""
    since = months_after(TODAY.replace(day=1), -2)
    with office.database.reading() as connection:
        newest = sa.select(_C.c.reference).where(_C.c.received_on >= since).order_by(_C.c.received_on).limit(1)
        reference = connection.execute(newest).scalar_one()
    Desk(office, SYSTEM).do(AddNote(reference=reference, text="Rang the individual."))


def measured() -> Iterator[Figure]:
    """All figures of one run."""
    for kind in ("sqlite", "postgresql"):
        with apart(kind) as office:
            asked = questions(office)
            yield from _told(f"{kind}.counted", asked, target=None)
            began = perf_counter()
            keep_months(office)
            yield Figure(name=f"{kind}.keeping", value=round(perf_counter() - began, 1), unit="s", target=None)
            yield from _told(f"{kind}.kept", asked, target=f"<= {LIMIT_MS:g}" if kind == "sqlite" else None)
            worked_on(office)
            yield from _told(f"{kind}.working_day", asked, target=None)


def _told(name: str, asked: Questions, *, target: str | None) -> Iterator[Figure]:
    for each, ask in asked.items():
        [taken] = in_turn([ask], rounds=ROUNDS)
        yield Figure(name=f"{name}.{each}", value=round(median(taken), 1), unit="ms", target=target)


if __name__ == "__main__":
    sys.exit(tell(measured()))
