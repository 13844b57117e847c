"""How quickly the figures of a period come: `python -m bench.dashboard`.

On SQLite and on PostgreSQL, 100,000 complaints of three years, with no answer remembered between two questions: counted
from the record alone, with the months kept, and on a working day, when somebody has just worked on cases of two months
ago and of this month, and the few complaints about them are counted again. In processor time of this process: what
PostgreSQL itself works stands in the time on the wall, which is told besides.
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
from time import perf_counter, process_time

import sqlalchemy as sa

from bench.data import AS_AT, office_at, sqlite_url
from bench.figures import Figure, tell
from bench.queries import SMALL, served
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
UNDER_WAY = Period.quarter_with(TODAY)
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
        "officer_quarter": lambda: desk.ask(dashboard, QUARTER),
        "officer_quarter_under_way": lambda: desk.ask(dashboard, UNDER_WAY),
        "officer_year_under_way": lambda: desk.ask(dashboard, Period.year_with(TODAY)),
        "officer_year_of_service": lambda: desk.ask(dashboard, YEAR, service_id=service),
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
    """Somebody notes something on complaints that came in from the month before last on, two of each month."""
    months = [months_after(TODAY.replace(day=1), -back) for back in (2, 1, 0)]
    for since in months:
        with office.database.reading() as connection:
            newest = sa.select(_C.c.reference).where(_C.c.received_on >= since).order_by(_C.c.received_on).limit(2)
            references = connection.execute(newest).scalars().all()
        for reference in references:
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
            yield from _told(f"{kind}.kept", asked, target=f"<= {LIMIT_MS:g}")
            worked_on(office)
            yield from _told(f"{kind}.working_day", asked, target=f"<= {LIMIT_MS:g}")
            began = perf_counter()
            keep_months(office)
            yield Figure(name=f"{kind}.putting_right", value=round(perf_counter() - began, 2), unit="s", target=None)


def _told(name: str, asked: Questions, *, target: str | None) -> Iterator[Figure]:
    for each, ask in asked.items():
        wall, cpu = [], []
        for _ in range(ROUNDS):
            began, worked = perf_counter(), process_time()
            ask()
            wall.append(1_000 * (perf_counter() - began))
            cpu.append(1_000 * (process_time() - worked))
        yield Figure(name=f"{name}.{each}", value=round(median(cpu), 1), unit="ms", target=target)
        yield Figure(name=f"{name}.{each}.wall", value=round(median(wall), 1), unit="ms", target=None)


if __name__ == "__main__":
    sys.exit(tell(measured()))
