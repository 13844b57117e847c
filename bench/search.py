"""How quickly a search goes through whole cases: `python -m bench.search`.

100,000 complaints with 1,000,000 entries of correspondence, on SQLite and on PostgreSQL; both must find the same.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from bench.data import AS_AT, copied, desks_of, office_at, ready, sqlite_url
from bench.figures import Figure, percentile, tell
from bench.queries import LIMIT_MS, in_turn, words_in
from bench.texts import Texts, vocabulary
from core.desk import Desk, Office
from core.queries.facets import Facets
from core.queries.lists import lists
from core.queries.searching import search
from core.rules.facts import Outcome
from core.store.search import CASES as WHOLE_CASES
from core.store.search import case_words, newest_found, pairs_of, parse
from tests.store.recorded_searches import RECORDED

CASES, EACH, ROUNDS = 100_000, 10, 30
SHORTEST, LONGEST = 8, 25  # words of an entry: a call or a message in a line or two
_CONTACT = (
    "INSERT INTO contact (complaint_id, number, direction, with_whom, name, reached_by, on_day, at_time, what, "
    "introduces, waits) VALUES (?, ?, ?, 'the individual', '', ?, ?, '', ?, 0, 0)"
)
_WAYS = (("they contacted us", "by phone"), ("we contacted them", "by e-mail"))
_AT_ONCE = 2_000


def with_correspondence(cases: int) -> Path:
    """The made-up council with ten entries of correspondence on every case, made on first use."""
    plain = ready(cases)
    path = plain.with_name("with-correspondence.db")
    if not path.exists():
        making = path.with_suffix(".making")
        shutil.copyfile(plain, making)
        with contextlib.closing(sqlite3.connect(making)) as connection:
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-400000")
            _write(connection)
        making.rename(path)
    return path


def _write(connection: sqlite3.Connection) -> None:
    """Each case's entries and its words, as the steps would have written them; the index of all in one go."""
    random, texts = np.random.default_rng(20261118), Texts(seed=20261119)
    for trigger in ("added", "removed", "changed"):
        connection.execute(f"DROP TRIGGER case_doc_{trigger}")
    known = connection.execute("SELECT complaint_id, words FROM case_doc ORDER BY complaint_id").fetchall()
    taken = dict(connection.execute("SELECT complaint_id, max(number) FROM contact GROUP BY complaint_id"))
    for start in range(0, len(known), _AT_ONCE):
        part = known[start : start + _AT_ONCE]
        said = _entries(texts, random, len(part) * EACH)
        contacts, docs = [], []
        for at, (number, words) in enumerate(part):
            own = said[at * EACH : (at + 1) * EACH]
            first = taken.get(number, 0) + 1
            contacts += [
                (number, first + n, *_WAYS[n % 2], AS_AT.date().isoformat(), text) for n, text in enumerate(own)
            ]
            whole = case_words(words, own)
            docs.append((whole, pairs_of(whole), number))
        connection.executemany(_CONTACT, contacts)
        connection.executemany("UPDATE case_doc SET words = ?, pairs = ? WHERE complaint_id = ?", docs)
    connection.execute("INSERT INTO case_fts(case_fts) VALUES ('rebuild')")
    connection.execute("ANALYZE")
    connection.commit()


def _entries(texts: Texts, random: np.random.Generator, count: int) -> list[str]:
    lengths = random.integers(SHORTEST, LONGEST + 1, count).tolist()
    return [" ".join(text.split()[:length]) for text, length in zip(texts.some(count), lengths, strict=True)]


# ----------------------------------------------------------------------------------------------------------- questions


def questions(office: Office, words: dict[str, str]) -> dict[str, Callable[[], object]]:
    """A page of results with its count, by words and by what a search is narrowed by, asked by a handler."""
    desk: Desk = desks_of(office).handler
    service = desk.ask(lists).services[0].id
    deep = desk.ask(search, words["middling"]).before
    late, soon = AS_AT.date() - timedelta(weeks=100), AS_AT.date() - timedelta(weeks=96)
    narrowed = {
        "service": Facets(service_id=service),
        "stage_two": Facets(stage=2),
        "outcome": Facets(outcome=Outcome.NOT_UPHELD),
        "open": Facets(is_open=True),
        "old_month": Facets(since=late, until=soon),
        "all": Facets(service_id=service, stage=2, is_open=False, since=late),
    }
    told = ("rare", "middling", "common", "begun", "phrase", "reference", "postcode", "two", "three", "left_out")
    asked: dict[str, Callable[[], object]] = {name: partial(desk.ask, search, words[name]) for name in told}
    asked["middling.second_page"] = partial(desk.ask, search, words["middling"], before=deep)
    for name, facets in narrowed.items():
        for word in ("middling", "common"):
            asked[f"{word}.{name}"] = partial(desk.ask, search, words[word], facets=facets)
    asked["person"] = partial(desk.ask, search, "", facets=Facets(person_of=words["reference"]))
    return asked


def looked_for(path: Path) -> dict[str, str]:
    """What to look for: as the bench of queries does, with words of a letter, and of a letter and its complaint."""
    words = words_in(path)
    with contextlib.closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)) as connection:
        told, said = connection.execute(
            "SELECT t.what, c.words FROM contact t JOIN complaint c ON c.id = t.complaint_id "
            "WHERE t.complaint_id = (SELECT max(id) / 2 FROM complaint) ORDER BY t.number LIMIT 1"
        ).fetchone()
    one, two, three = told.split()[:3]
    rarest = max(said.split(), key=vocabulary().index)
    return {
        **words,
        "phrase": f'"{one} {two} {three}"',
        "two": f"{rarest} {three}",
        "three": " ".join(vocabulary()[at] for at in (40, 90, 140)),
        "left_out": f"{vocabulary()[60]} -{vocabulary()[61]}",
    }


def figures(cases: int, *, kinds: tuple[str, ...], rounds: int) -> Iterator[Figure]:
    """The medians of one run, and how many of the recorded searches found something else on PostgreSQL."""
    path = with_correspondence(cases)
    answers: list[list[list[int]]] = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for kind in kinds:
            office = office_at(_served(kind, path, folder, stack), folder)
            stack.callback(office.close)
            for name, ask in questions(office, looked_for(path)).items():
                (times,) = in_turn([ask], rounds=rounds)
                median = round(percentile(times, 0.5), 2)
                yield Figure(name=f"{kind}.{cases}.search.{name}", value=median, unit="ms", target=f"<= {LIMIT_MS:g}")
            answers.append([_found(office, text) for text in RECORDED])
    if len(answers) > 1:
        differ = sum(one != other for one, other in zip(*answers, strict=True))
        yield Figure(name=f"{cases}.search.recorded_that_differ", value=differ, unit="of 50", target="<= 0")


def _served(kind: str, path: Path, folder: Path, stack: contextlib.ExitStack) -> str:
    if kind == "sqlite":
        return sqlite_url(path)
    from tests.postgres import TestPostgres

    return copied(path, stack.enter_context(TestPostgres()), folder)


def _found(office: Office, text: str) -> list[int]:
    """The ids of all that one search finds."""
    with office.database.reading() as connection:
        terms = parse(text)
        return newest_found(connection, terms, seen=lambda _number: [], limit=CASES * 2, index=WHOLE_CASES)


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--size", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args(arguments)
    kinds = (asked.only,) if asked.only else ("sqlite", "postgresql")
    return tell(figures(asked.size, kinds=kinds, rounds=asked.rounds))


if __name__ == "__main__":
    sys.exit(main())
