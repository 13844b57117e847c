"""How fast themes are found, and how often chance alone names one: `python -m bench.themes`.

The casework of a large city, its descriptors taken as categories and its complaint types as services. For the false
alarms every row keeps its service and category and is given another row's day of the same service: nothing has risen
then, so whatever is named is chance. Where the data is not there, that is not measured.

Groups by words are looked for among invented texts, in which some were planted that say the same in other words.
"""

from __future__ import annotations

import csv
import lzma
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables
from bench.figures import Figure, tell
from bench.texts import Texts
from core.code.themes import THEME_RULE
from core.model.complaints import Complaint
from core.rules.alike_texts import Text, groups
from core.rules.steps import Position
from core.rules.themes import Candidate, Series, candidates
from core.settings import ROOT
from core.store.search import words_of
from core.store.themes import counted

SHARED = ROOT.parent / "shared/data/complaints/nyc_council_casework.csv.xz"
SECONDS = 10
YEAR_OF_A_CITY, TEXTS, TEXT_SECONDS = 20_000, 100_000, 15
PLANTED, EACH, LEAST = 100, 12, 95
SHUFFLES = 8
WINDOW, PAST = THEME_RULE.window_days, THEME_RULE.past_days
FALSE = THEME_RULE.false_alarms / 1_000
_C = Complaint.__table__  # type: ignore[attr-defined]
_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """Each row's day, service and category as numbers; `service_of` gives a category's service."""

    days: Numbers
    services: Numbers
    kinds: Numbers
    service_of: Numbers


def casework(path: Path) -> Casework:
    """The rows of the file; the same descriptor in two services is two categories."""
    with lzma.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        rows = [(row["opendate"], row["complaint_type"], row["descriptor"]) for row in csv.DictReader(file)]
    days = np.array([date.fromisoformat(row[0]).toordinal() for row in rows])
    services = {name: number for number, name in enumerate(sorted({row[1] for row in rows}))}
    kinds = {pair: number for number, pair in enumerate(sorted({row[1:] for row in rows}))}
    return Casework(
        days=days,
        services=np.array([services[row[1]] for row in rows]),
        kinds=np.array([kinds[row[1:]] for row in rows]),
        service_of=np.array([services[service] for service, _kind in kinds]),
    )


def look(found: Casework, days: Numbers, last: int) -> tuple[Candidate, ...]:
    """What is named on one day."""
    new = (days <= last) & (days > last - WINDOW)
    past = (days <= last - WINDOW) & (days > last - WINDOW - PAST)
    many, all_many = len(found.service_of), int(found.services.max()) + 1
    counts = [np.bincount(found.kinds[which], minlength=many) for which in (new, past)]
    totals = [np.bincount(found.services[which], minlength=all_many) for which in (new, past)]
    series = [
        Series(
            kind="category", key=str(kind), service_id=int(service), title="", new=int(counts[0][kind]),
            past=int(counts[1][kind]), all_new=int(totals[0][service]), all_past=int(totals[1][service]),
        )
        for kind, service in enumerate(found.service_of)
    ]  # fmt: skip
    return candidates(series, at_least=THEME_RULE.at_least, false_alarms=FALSE)


def shuffled(found: Casework, dice: np.random.Generator) -> Numbers:
    """The days, dealt out anew among the rows of each service."""
    days = found.days.copy()
    for service in np.unique(found.services):
        where = np.flatnonzero(found.services == service)
        days[where] = days[dice.permutation(where)]
    return days


def in_a_database(found: Casework) -> float:
    """Seconds to count everything in a database of all the rows and to decide what is named, on the last day."""
    last = date.fromordinal(int(found.days.max()))
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/themes.db")
        SQLModel.metadata.create_all(engine)
        fixed = {"scheme": "lgsco", "matter": "", "words": "", "outcomes_sought": "", "channel": "phone",
                 "received_by": "", "acknowledgement_possible": True, "ending_note": "", "policy_id": 1,
                 "position": Position.ONE_CONSIDERED.value, "stage_number": 1, "is_open": True,
                 "version": 1}  # fmt: skip
        with engine.begin() as connection:
            connection.execute(sa.insert(_C), [
                {**fixed, "reference": f"C-{number}", "category": f"kind {found.kinds[number]}",
                 "service_id": int(found.services[number]), "received_on": date.fromordinal(int(day)),
                 "logged_on": date.fromordinal(int(day)), "changed_at": _MOMENT}
                for number, day in enumerate(found.days)
            ])  # fmt: skip
        with engine.connect() as connection:
            began = perf_counter()
            first = last - timedelta(days=WINDOW - 1)
            series = counted(connection, past_from=first - timedelta(days=PAST), first=first, last=last)
            candidates(series, at_least=THEME_RULE.at_least, false_alarms=FALSE)
            took = perf_counter() - began
        engine.dispose()
    return took


def told(count: int) -> list[Text]:
    """Invented texts as they are compared, each of another person; in the first ones half of the words are planted."""
    invented = Texts(seed=20261128)
    dice = np.random.default_rng(20261128)
    words = [text.split() for text in invented.some(count)]
    for group in range(PLANTED):
        shared = dice.choice(invented.words[500:], 12, replace=False)
        for number in range(group * EACH, (group + 1) * EACH):
            words[number] = [*words[number][:10], *dice.choice(shared, 9, replace=False)]
    return [
        Text(id=number, person=str(number), pigeonhole="", words=frozenset(words_of(*each).split()))
        for number, each in enumerate(words)
    ]


def by_words(count: int, *, least: int) -> Iterator[Figure]:
    """Seconds to group so many texts, and how many of those planted came of it; the words of all are common ones."""
    texts = told(count)
    began = perf_counter()
    named = groups(texts, alike=THEME_RULE.alike / 1_000, at_least=THEME_RULE.at_least, people=THEME_RULE.people)
    took = round(perf_counter() - began, 1)
    yield Figure(name=f"themes: grouped by words, {count:,} texts", value=took, unit="s", target=f"<= {TEXT_SECONDS}")
    found = {number // EACH for group in named for number in group.ids if number < PLANTED * EACH}
    target = f">= {least}"
    yield Figure(name=f"themes: of {PLANTED} groups planted, found", value=len(found), unit="groups", target=target)
    false = sum(len({min(number // EACH, PLANTED) for number in group.ids}) > 1 for group in named)
    false += sum(min(group.ids) >= PLANTED * EACH for group in named)
    yield Figure(name="themes: groups of words by chance", value=false, unit="groups", target="= 0")


def figures() -> Iterator[Figure]:
    """The figures, as they are taken."""
    yield from by_words(YEAR_OF_A_CITY, least=PLANTED)
    yield from by_words(TEXTS, least=LEAST)
    if not SHARED.exists():
        yield Figure(name="themes: the casework is not here, nothing measured", value=0, unit="rows")
        return
    found = casework(SHARED)
    yield Figure(name="themes: rows", value=len(found.days), unit="rows")
    took = in_a_database(found)
    yield Figure(name="themes: found among all rows", value=round(took, 2), unit="s", target=f"<= {SECONDS}")
    lasts = range(int(found.days.min()) + WINDOW + PAST, int(found.days.max()) + 1, WINDOW)
    real = [look(found, found.days, last) for last in lasts]
    yield Figure(name="themes: named a look, as it was", value=round(sum(map(len, real)) / len(real), 1), unit="themes")
    dice = np.random.default_rng(20261128)
    looks = [look(found, days, last) for days in (shuffled(found, dice) for _ in range(SHUFFLES)) for last in lasts]
    share = 100 * sum(bool(each) for each in looks) / len(looks)
    yield Figure(name="themes: looks at shuffled days", value=len(looks), unit="looks")
    yield Figure(
        name="themes: of these with a false alarm", value=round(share, 1), unit="%", target=f"<= {100 * FALSE:g}"
    )


if __name__ == "__main__":
    sys.exit(tell(figures()))
