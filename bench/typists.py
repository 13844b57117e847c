"""Officers who fill forms in and take steps, and note what becomes of every word.

Whatever was typed must be on the screen or in the draft once a page has run again after any trouble; at the end every
form that is still open has its draft, and every note is in its case once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlalchemy as sa

from bench.prove_kills import Kills
from bench.surviving import SurvivingTab
from core.desk import Desk, Office
from core.errors import NotReady

SPREAD = (0.5, 1.5)
"""Of the usual time to think: the least and the most somebody takes."""
WORDS = "The bins in the close were missed again and nobody rang back although the depot had said so".split()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that officers fill in: where it is, its field, the name of its draft, and whether they send it."""

    page: str
    query: str
    field: str
    draft: str
    sent: bool = False


@dataclass(slots=True)
class Failover:
    """What came of a campaign; `lost`, `steps_lost` and `steps_doubled` are things that must not happen.

    `away` counts the sentences of refusal that officers read, `fell_through` is whatever else went wrong.
    """

    restarts: int = 0
    kills: int = 0
    database_kills: int = 0
    typed: int = 0
    returns: int = 0
    away: int = 0
    drafts: int = 0
    lost: list[str] = field(default_factory=list)
    steps: int = 0
    pressed_again: int = 0
    steps_lost: list[str] = field(default_factory=list)
    steps_doubled: list[str] = field(default_factory=list)
    fell_through: list[str] = field(default_factory=list)
    longest_away: float = 0.0
    found: Kills = field(default_factory=Kills)


class Officer:
    """Somebody at one tab: what they typed into each form and have not sent, and the notes that they were told of."""

    def __init__(self, desk: Desk, tab: SurvivingTab, forms: list[Form], told: Failover, *, seed: int) -> None:
        self.desk = desk
        self.tab = tab
        self.forms = forms
        self.told = told
        self.open: dict[Form, str] = {}
        self.sent: list[str] = []
        self.dice = random.Random(seed)
        self._numbers = count(seed * 100_000)

    async def works(self, stop: asyncio.Event, think: float) -> None:
        """Fill in form after form until told to stop, and then one field more in each that is open."""
        await asyncio.sleep(self.dice.uniform(0, think))
        while not stop.is_set():
            form = self.dice.choice(self.forms)
            await self._safely(self._fills(form, stop, think))
        await self._safely(self._leaves_each_once_more())
        self.told.returns += self.tab.returns
        self.told.longest_away = max(self.told.longest_away, round(self.tab.longest, 1))
        await self.tab.closes()

    async def _safely(self, work: Any) -> None:
        """Whatever goes wrong that is no sentence on the page is a fault, and they load the page again."""
        try:
            await work
        except (RuntimeError, TimeoutError, LookupError) as fault:
            self.told.fell_through.append(f"{type(fault).__name__}: {fault}"[:300])
            try:
                await self.tab.loads_anew()
            except (RuntimeError, TimeoutError) as again:
                self.told.fell_through.append(f"and again: {again}"[:300])

    async def _fills(self, form: Form, stop: asyncio.Event, think: float) -> None:
        await self._goes(form)
        for _word in range(self.dice.randint(2, 5)):
            await self._pauses(think)
            await self.types(form, self._words())
            if stop.is_set():
                return
        if form.sent and self.dice.random() < 0.7:
            await self._pauses(think)
            await self._sends(form)

    async def _leaves_each_once_more(self) -> None:
        for form in list(self.open):
            await self._goes(form)
            await self.types(form, self._words())

    async def _goes(self, form: Form) -> None:
        """Open a form; what was typed into it before stands there again."""
        await self.tab.opens(form.page, form.query)
        await self._reads_until(form)
        if form in self.open:
            await self._finds(form, self.open[form])

    async def types(self, form: Form, text: str) -> None:
        """Type into the field and leave it; after any trouble the words are looked for."""
        self.told.typed += 1
        request = self.tab.screen.types(form.field, text)
        self.open[form] = text
        well = await self.tab.does(request)
        refused = await self._reads_until(form)
        if refused or not well or self.tab.screen.holds(form.field) != text:
            await self._finds(form, text)

    async def _sends(self, form: Form) -> None:
        """Press the button until the page goes on, as somebody does who sees the form still there."""
        text = self.open[form]
        for _try in range(20):
            await self.tab.does(self.tab.screen.presses("send"))
            await self._reads_until(form)
            if "step=" not in self.tab.screen.query:
                self.told.steps += 1
                self.sent.append(text)
                del self.open[form]
                return
            self.told.pressed_again += 1
            await self._pauses(1.0)
            await self._finds(form, text)
        raise RuntimeError(f"The step was not taken: {self.tab.screen.errors}")

    async def _reads_until(self, form: Form) -> bool:
        """Read what the page refuses and ask for it again, until it has the form or has gone on; whether it refused."""
        refused = False
        for _try in range(60):
            said, self.tab.screen.errors[:] = list(self.tab.screen.errors), []
            self._note(said)
            refused = refused or bool(said)
            gone_on = "step=" in form.query and "step=" not in self.tab.screen.query
            if gone_on or self.tab.screen.holds(form.field) is not None:
                return refused
            await asyncio.sleep(0.5)
            await self.tab.does(self.tab.screen.comes_again())
        raise RuntimeError(f"The form did not come back: {form.query}")

    def _note(self, said: list[str]) -> None:
        for each in said:
            if "cannot be reached" in each or "records are busy" in each:
                self.told.away += 1
            else:
                self.told.fell_through.append(each)

    async def _finds(self, form: Form, text: str) -> None:
        """Look for what was typed: on the screen, or else in the draft."""
        if self.tab.screen.holds(form.field) == text or await self.drafted(form) == text:
            return
        self.told.lost.append(f"{form.draft}: {text!r}, and on the screen {self.tab.screen.holds(form.field)!r}")

    async def drafted(self, form: Form) -> str:
        """What the draft holds; while the database is away this waits for it."""
        while True:
            try:
                return str((await asyncio.to_thread(self.desk.kept, form.draft)).get(form.field) or "")
            except NotReady:
                await asyncio.sleep(0.3)

    def _words(self) -> str:
        said = " ".join(self.dice.choices(WORDS, k=self.dice.randint(2, 12)))
        return f"{said} ({next(self._numbers)})"

    async def _pauses(self, think: float) -> None:
        await asyncio.sleep(think * self.dice.uniform(*SPREAD))


def compared(office: Office, people: Sequence[Officer], told: Failover) -> None:
    """Add what the database says at the end of every draft and every note."""
    for each in people:
        for form, text in each.open.items():
            told.drafts += 1
            held = each.desk.kept(form.draft).get(form.field)
            if held != text:
                told.lost.append(f"at the end {form.draft}: {text!r}, and the draft {held!r}")
    with office.database.reading() as connection:
        written = list(connection.execute(sa.text("SELECT text FROM note")).scalars())
    sent = [text for each in people for text in each.sent]
    told.steps_lost += [text for text in sent if text not in written]
    told.steps_doubled += sorted({text for text in written if written.count(text) > 1})
