"""How long a policy takes to be tried on a whole history: `python -m bench.what_if [--size 100000] [--only sqlite]`.

Counts by service and month on all four clocks, and the list of the complaints that differ on one, with nothing kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from time import perf_counter

from bench.data import desks_of
from bench.figures import Figure, percentile, tell
from bench.queries import served
from core.desk import Desk
from core.queries.what_if import Trial, what_if, what_if_changed

SMALL = 100_000
SECONDS = 2
ROUNDS = 5
CLOCK = "respond_stage_one"


def figures(size: int, *, kinds: tuple[str, ...] = ("sqlite", "postgresql"), rounds: int = ROUNDS) -> Iterator[Figure]:
    """Seconds for the counts and for the list, on each database."""
    for kind in kinds:
        with served(kind, [size]) as ((office, _path),):
            for name, ask in questions(desks_of(office).manager).items():
                taken = []
                for number in range(1, rounds + 1):  # another policy each time, so that no answer is given again
                    began = perf_counter()
                    ask(Trial(periods=((CLOCK, number),)))
                    taken.append(perf_counter() - began)
                limit = f"<= {SECONDS}" if kind == "sqlite" else None
                value = round(percentile(taken, 0.5), 2)
                yield Figure(name=f"{kind}.{size}.what_if.{name}", value=value, unit="s", target=limit)


def questions(desk: Desk) -> dict[str, Callable[[Trial], object]]:
    """What is asked of a policy on trial."""
    return {
        "counts": lambda trial: desk.ask(what_if, trial),
        "changed": lambda trial: desk.ask(what_if_changed, trial, clock=CLOCK),
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.what_if", description=__doc__)
    parser.add_argument("--size", type=int, default=SMALL)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args(arguments)
    return tell(figures(asked.size, kinds=(asked.only,) if asked.only else ("sqlite", "postgresql")))


if __name__ == "__main__":
    sys.exit(main())
