"""How quickly the figures of a period are counted: `python -m bench.dashboard`.

On SQLite and on PostgreSQL, 100,000 complaints of three years, with nothing kept between two questions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from statistics import median

from bench.data import AS_AT
from bench.figures import Figure, tell
from bench.queries import SMALL, in_turn, served
from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.queries.figures import Period, figures, figures_by_month, figures_by_service
from core.queries.lists import lists
from core.store.answers import Answers

ROUNDS = 9
LIMIT_MS = 100.0
TODAY = AS_AT.date()
QUARTER, YEAR = Period.quarter_with(TODAY).before(), Period.year_with(TODAY).before()
Questions = dict[str, Callable[[], object]]


def questions(office: Office) -> tuple[Questions, Questions]:
    """What has a target, and what only informs."""
    desk = Desk(office, SYSTEM)
    service = desk.ask(lists).services[0].id

    def afresh(ask: Callable[[], object]) -> Callable[[], object]:
        def asked() -> object:
            office.answers = Answers()
            return ask()

        return asked

    judged = {
        "figures.quarter": lambda: desk.ask(figures, QUARTER),
        "figures.quarter_of_service": lambda: desk.ask(figures, QUARTER, service_id=service),
    }
    told = {
        "figures.year": lambda: desk.ask(figures, YEAR),
        "figures.year_by_service": lambda: desk.ask(figures_by_service, YEAR),
        "figures.year_by_month": lambda: desk.ask(figures_by_month, YEAR),
    }
    return {name: afresh(ask) for name, ask in judged.items()}, {name: afresh(ask) for name, ask in told.items()}


def measured() -> Iterator[Figure]:
    """All figures of one run."""
    for kind in ("sqlite", "postgresql"):
        with served(kind, [SMALL]) as offices:
            judged, told = questions(offices[0][0])
            for asked, target in ((judged, f"<= {LIMIT_MS:g}"), (told, None)):
                for name, ask in asked.items():
                    [taken] = in_turn([ask], rounds=ROUNDS)
                    limit = target if kind == "sqlite" else None
                    yield Figure(name=f"{kind}.{name}", value=round(median(taken), 1), unit="ms", target=limit)


if __name__ == "__main__":
    sys.exit(tell(measured()))
