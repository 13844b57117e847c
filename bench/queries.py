"""How quickly questions are answered through Desk.ask: `python -m bench.queries [--million]`.

On SQLite and on PostgreSQL, with nothing kept between two questions. With --million the same questions are put to
ten times as many complaints in the same run, and the ratio is told.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from bench.data import copied, desks_of, office_at, ready, sqlite_url
from bench.figures import Figure, percentile, tell
from bench.texts import vocabulary
from core.desk import Desk, Office
from core.queries.cases import case_view
from core.queries.duplicates import Intaken, already_here, belonging
from core.queries.escalations import escalations
from core.queries.home import my_day
from core.queries.lists import lists
from core.queries.queue import QueueFilter, queue, queue_counts
from core.queries.searching import search
from core.store.answers import Answers

SMALL, LARGE = 100_000, 1_000_000
LIMIT_MS, GROWTH = 20.0, 2.0
LIMITS_MS = {"intake.already_here": 50.0, "case.belonging": 50.0}
ROUNDS, WARM = 60, 3
DEEP_PAGE = 200
Questions = dict[str, Callable[[], object]]


def questions(office: Office, words: dict[str, str]) -> Questions:
    """Every question with a target, put by a handler."""
    desk: Desk = desks_of(office).handler
    service = desk.ask(lists).services[0].id
    deep = page_before(desk, DEEP_PAGE)
    mine = QueueFilter(owner_id=desk.actor.id)
    typed = typed_again(desk, words["imported"])
    asked: Questions = {
        "queue.first_page": lambda: desk.ask(queue, QueueFilter()),
        "queue.mine": lambda: desk.ask(queue, mine),
        "queue.service": lambda: desk.ask(queue, QueueFilter(service_id=service)),
        "queue.deep_page": lambda: desk.ask(queue, QueueFilter(), after=deep),
        "case.lived": lambda: desk.ask(case_view, words["lived"]),
        "case.imported": lambda: desk.ask(case_view, words["imported"]),
        "case.belonging": lambda: desk.ask(belonging, words["imported"]),
        "intake.already_here": lambda: desk.ask(already_here, typed),
    }
    for name in ("rare", "middling", "common", "begun", "phrase", "reference", "postcode"):
        text = words[name]
        asked[f"search.{name}"] = lambda text=text: desk.ask(search, text)  # type: ignore[misc]
    return afresh(office, asked)


def afresh(office: Office, asked: Questions) -> Questions:
    """The questions, each put as if none had been put before."""

    def anew(ask: Callable[[], object]) -> Callable[[], object]:
        def asking() -> object:
            office.answers = Answers()
            return ask()

        return asking

    return {name: anew(ask) for name, ask in asked.items()}


def typed_again(desk: Desk, reference: str) -> Intaken:
    """What a colleague types who takes a complaint in that is here already."""
    case = desk.ask(case_view, reference)
    person = {name: case.individual[name] for name in ("name", "email", "phone", "postcode")}
    return Intaken(**person, matter=case.matter, words=case.words, received_on=case.received_on)


def others(office: Office, words: dict[str, str]) -> Questions:
    """Questions that only inform: they look through everything that is open, or through everything a word is in."""
    desk: Desk = desks_of(office).handler
    asked: Questions = {
        "queue.counts": lambda: desk.ask(queue_counts, QueueFilter()),
        "home.my_day": lambda: desk.ask(my_day),
        "escalations": lambda: desk.ask(escalations),
        "lists": lambda: desk.ask(lists),
        "queue.found_by_rare_word": lambda: desk.ask(queue, QueueFilter(text=words["rare"])),
        "queue.found_by_common_word": lambda: desk.ask(queue, QueueFilter(text=words["common"])),
    }
    return afresh(office, asked)


def page_before(desk: Desk, number: int) -> str:
    """The place after which a page of the queue begins, turning page after page as a reader would."""
    after = ""
    for _ in range(number - 1):
        page = desk.ask(queue, QueueFilter(), after=after)
        if not page.after:
            break
        after = page.after
    return after


def words_in(path: Path) -> dict[str, str]:
    """What to look for: a word in few texts, in one of a hundred, in most; one begun; a phrase with one; references."""
    connection = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
    try:
        last = connection.execute("SELECT reference FROM complaint ORDER BY id DESC LIMIT 1").fetchone()[0]
        middle = connection.execute(
            "SELECT c.reference, p.postcode, c.words FROM complaint c JOIN person p ON p.id = c.person_id "
            "WHERE c.id = (SELECT max(id) / 2 FROM complaint)"
        ).fetchone()
    finally:
        connection.close()
    one, two, three = middle[2].split()[:3]
    return {
        "rare": vocabulary()[-50],
        "middling": vocabulary()[400],
        "common": "the",
        "phrase": f'"{one} {two}" {three[:3]}*',
        "begun": "colle*",
        "reference": middle[0],
        "postcode": middle[1],
        "imported": middle[0],
        "lived": last,
    }


@contextlib.contextmanager
def served(kind: str, counts: list[int]) -> Iterator[list[tuple[Office, Path]]]:
    """An office on each size of database, side by side, with the SQLite file its rows come from."""
    paths = [ready(count) for count in counts]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if kind == "sqlite":
            urls = [sqlite_url(path) for path in paths]
        else:
            from tests.postgres import TestPostgres

            server = stack.enter_context(TestPostgres())
            urls = [copied(path, server, folder) for path in paths]
        offices = [office_at(url, folder) for url in urls]
        for office in offices:
            stack.callback(office.close)
        yield list(zip(offices, paths, strict=True))


def in_turn(asked: list[Callable[[], object]], *, rounds: int) -> list[list[float]]:
    """Milliseconds of each round of one question on every size in turn: a busy moment touches all sizes alike."""
    taken: list[list[float]] = [[] for _ in asked]
    for ask in asked * WARM:
        ask()
    for _ in range(rounds):
        for ask, times in zip(asked, taken, strict=True):
            began = perf_counter()
            ask()
            times.append((perf_counter() - began) * 1000)
    return taken


def figures(
    small: int, large: int | None, *, kinds: tuple[str, ...] = ("sqlite", "postgresql"), rounds: int = ROUNDS
) -> Iterator[Figure]:
    """All figures of one run; with `large`, also how much longer each question takes on the larger database."""
    counts = [small] if large is None else [small, large]
    for kind in kinds:
        with served(kind, counts) as offices:
            words = [words_in(path) for _office, path in offices]
            judged = [questions(office, each) for (office, _path), each in zip(offices, words, strict=True)]
            told = [others(office, each) for (office, _path), each in zip(offices, words, strict=True)]
            for name in judged[0]:
                taken = in_turn([asked[name] for asked in judged], rounds=rounds)
                limit = LIMITS_MS.get(name, LIMIT_MS)
                yield from _figures(f"{kind}.{{}}{name}", counts, taken, limit=limit)
            for name in told[0]:
                taken = in_turn([asked[name] for asked in told], rounds=max(3, rounds // 6))
                yield from _figures(f"{kind}.{{}}{name}", counts, taken, limit=None)


def _figures(name: str, counts: list[int], taken: list[list[float]], *, limit: float | None) -> Iterator[Figure]:
    medians = [percentile(times, 0.5) for times in taken]
    for at, (count, times) in enumerate(zip(counts, taken, strict=True)):
        target = f"<= {limit:g}" if limit is not None and at == 0 else None
        yield Figure(name=name.format(f"{count}."), value=round(medians[at], 2), unit="ms", target=target)
        yield Figure(name=name.format(f"{count}.") + ".p95", value=round(percentile(times, 0.95), 2), unit="ms")
    if len(counts) > 1:
        times_longer = round(medians[1] / medians[0], 2)
        target = f"<= {GROWTH:g}" if limit is not None else None
        yield Figure(name=name.format("") + ".growth", value=times_longer, unit="times", target=target)


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.queries", description=__doc__)
    parser.add_argument("--size", type=int, default=SMALL)
    parser.add_argument("--million", action="store_true", help=f"also measure at {LARGE:,} complaints")
    parser.add_argument("--large", type=int, help="another size than a million")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args(arguments)
    kinds = (asked.only,) if asked.only else ("sqlite", "postgresql")
    return tell(figures(asked.size, asked.large or (LARGE if asked.million else None), kinds=kinds))


if __name__ == "__main__":
    sys.exit(main())
