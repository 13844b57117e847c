"""Officers at work: each walks through queue, case, a step with its form, search and dashboard, thinking in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

from bench.loadgen import Place, Run, Tab

SEARCHES = ("bins", "damp wall", "council tax", "noise*", "parking permit", "blue badge", "missed collection")
SPREAD = (0.5, 1.5)
"""Of the usual time to think: the least and the most somebody takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody at work: the server their browser stays with, their session, their case and whether it is to be
    acknowledged yet. `figures` when they look at the dashboard.
    """

    url: str
    token: str
    reference: str
    figures: bool = False

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What their browser sends with the socket."""
        return ("cookie", f"complaints={self.token}; _streamlit_xsrf=x"), ("origin", self.url)


@dataclass(slots=True)
class Walked:
    """What all officers did: seconds of every action by its kind, and the sentences of those that failed."""

    took: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def actions(self) -> list[float]:
        """The seconds of all actions."""
        return [each for some in self.took.values() for each in some]


Action = tuple[str, Callable[[], Awaitable[Run]]]


def _round(tab: Tab, officer: Officer, *, first: bool, dice: random.Random) -> Iterator[Action]:
    """One round of work: the case is acknowledged in the first, and gets a note in every other."""
    case = f"ref={officer.reference}"
    yield "queue", lambda: tab.goes(Place("my-cases"))
    yield "case", lambda: tab.goes(Place("case", case))
    if first and not officer.figures:
        yield "form", lambda: tab.goes(Place("case", f"{case}&step=Acknowledge"))
        yield "typing", lambda: tab.types("acknowledged_on", f"{date.today():%Y/%m/%d}")  # noqa: DTZ011 - as typed
        yield "typing", lambda: tab.types("understanding", "The bins in the close were missed four times.")
        yield "typing", lambda: tab.types("outcomes_sought", "A regular round, and an apology.")
    else:
        yield "form", lambda: tab.goes(Place("case", f"{case}&step=AddNote"))
        yield "typing", lambda: tab.types("text", f"Rang the individual; attempt {dice.randrange(10**6)}.")
    yield "step", lambda: tab.presses("send")
    yield "search", lambda: tab.goes(Place("search", f"text={dice.choice(SEARCHES)}"))
    if officer.figures:
        yield "dashboard", lambda: tab.goes(Place("dashboard"))
        yield "escalations", lambda: tab.goes(Place("escalations"))


async def _works(officer: Officer, number: int, until: float, think: float, walked: Walked) -> None:
    dice = random.Random(number)
    await asyncio.sleep(dice.uniform(0, think))
    async with Tab(officer.url, Place("", headers=officer.headers)) as tab:
        walked.took.setdefault("opening", []).append((await tab.run()).seconds)
        first = True
        while perf_counter() < until:
            for kind, action in _round(tab, officer, first=first, dice=dice):
                if perf_counter() >= until:
                    break
                walked.took.setdefault(kind, []).append((await action()).seconds)
                if kind == "step" and "step=" in tab.screen.query:
                    walked.failed.append(f"{officer.reference}: the step was not taken.")
                walked.failed += tab.errors
                tab.errors.clear()
                await asyncio.sleep(think * dice.uniform(*SPREAD))
            first = False


async def walk(officers: Sequence[Officer], *, seconds: float, think: float) -> Walked:
    """Let all of them work for so long, each thinking for `think` seconds or so between two actions."""
    walked, began = Walked(), perf_counter()
    works = [_works(each, number, began + seconds, think, walked) for number, each in enumerate(officers)]
    for came in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(came, BaseException):
            walked.failed.append(f"{type(came).__name__}: {came}"[:300])
    walked.seconds = perf_counter() - began
    return walked
