"""Officers type while what serves them is restarted and killed: no word is lost, and no step is taken twice.

Two replicas of the console serve one PostgreSQL. In turn a replica is told to stop, a replica is killed with -9, and
PostgreSQL is; each is started again. Officers fill forms in meanwhile and take steps, in tabs that come again by
themselves. Whatever was typed must be on the screen or in the draft once a page has run again after the trouble; at
the end every form that is still open has its draft, and every note is in its case once.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.data import KEY, set_up, settings_for
from bench.figures import Figure
from bench.load import settle
from bench.pages import wait_for
from bench.prove_kills import Kills, examine
from bench.surviving import SurvivingTab
from core import entrance
from core.channels.secrets import token_hash
from core.desk import Desk, Office
from core.errors import NotReady
from core.settings import ROOT
from tests.postgres import TestPostgres
from tests.web.serving import free_port

OFFICERS, THINK, CALM = 24, 1.5, 4.0
"""How many type, how many seconds they think between two acts, and how long nothing is broken between two events."""
STOPS = 40.0
"""Seconds within which a replica that is told to stop has ended."""
SPREAD = (0.5, 1.5)
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


def figures(found: Failover, times: int) -> tuple[Figure, ...]:
    """The figures of a campaign that broke each thing so many times."""
    return (
        Figure(name="failover.restarts", value=found.restarts, unit="restarts", target=f"= {times}"),
        Figure(name="failover.kills", value=found.kills, unit="kills", target=f"= {times}"),
        Figure(name="failover.database_kills", value=found.database_kills, unit="kills", target=f"= {times}"),
        Figure(name="failover.typed", value=found.typed, unit="fields left", target=">= 1"),
        Figure(name="failover.returns", value=found.returns, unit="times a tab came again", target=">= 1"),
        Figure(name="failover.drafts", value=found.drafts, unit="drafts at the end", target=">= 1"),
        Figure(name="failover.lost", value=len(found.lost), unit="words", target="= 0"),
        Figure(name="failover.steps", value=found.steps, unit="steps", target=">= 1"),
        Figure(name="failover.steps_lost", value=len(found.steps_lost), unit="steps", target="= 0"),
        Figure(name="failover.steps_doubled", value=len(found.steps_doubled), unit="steps", target="= 0"),
        Figure(name="failover.said_away", value=found.away, unit="sentences"),
        Figure(name="failover.fell_through", value=len(found.fell_through), unit="errors", target="= 0"),
        Figure(name="failover.faults_found", value=found.found.faults, unit="faults", target="= 0"),
        Figure(name="failover.longest_away", value=found.longest_away, unit="s", target="<= 30"),
    )


# ----------------------------------------------------------------------------------------------------------- an officer


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


# ------------------------------------------------------------------------------------------------------------ a replica


class Replica:
    """One process of the console, on a port of its own for good."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = env
        self._log = folder / f"replica-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "uvicorn", "app.server:app", "--host", "127.0.0.1", "--port", str(self.port)]
        with self._log.open("a+b") as log:
            self._process = subprocess.Popen(
                [*command, "--log-level", "warning"], cwd=ROOT, env=self._env, stdout=log, stderr=log
            )
            wait_for(self._process, self.url, log)

    def stop(self) -> None:
        """Tell it to stop, and wait until it has."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STOPS)
            self._process = None

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def faults(self) -> list[str]:
        """What it has said of faults of its own."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line[:300] for line in lines if "Traceback" in line or "was still running" in line]


# --------------------------------------------------------------------------------------------------------- the campaign


def fail_over(*, times: int, officers: int = OFFICERS, think: float = THINK, calm: float = CALM) -> Failover:
    """Restart a replica, kill one, and kill PostgreSQL, so many times each, under officers who type."""
    told = Failover()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(TestPostgres(fsync=True))
        url = server.url(server.create_database())
        office = Office(settings_for(url, folder), clock=lambda: datetime.now(UTC))
        set_up(office)
        env = environment(url, folder)
        replicas = [Replica(folder, env) for _ in range(2)]
        for each in replicas:
            stack.callback(each.kill)
            each.start()
        people = at_work(office, [each.url for each in replicas], officers, told)
        asyncio.run(_campaign(people, _events(replicas, server, told, times), think=think, calm=calm))
        told.fell_through += [fault for each in replicas for fault in each.faults]
        for each in replicas:
            each.stop()
        examined(office, people, told)
    return told


def environment(url: str, folder: Path) -> dict[str, str]:
    """What a replica is told: live, on this database, and without chores of its own."""
    told = {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder), "COMPLAINTS_LEDGER_KEY": KEY}
    return {**os.environ, **told, "COMPLAINTS_DATABASE_URL": url, "COMPLAINTS_TICK_SECONDS": "0", "PYTHONUTF8": "1"}


def at_work(office: Office, urls: list[str], officers: int, told: Failover) -> list[Officer]:
    """So many officers, each with a session and a case; drafts that belong to a person have one tab alone."""
    people: list[Officer] = []
    known: set[int] = set()
    for number, (token, reference, manages) in enumerate(settle(office, officers)):
        here = entrance.visit(office, token_hash(token), active=False)
        assert here is not None
        case = f"ref={reference}&step="
        forms = [Form("case", f"{case}AddNote", "text", f"AddNote:{reference}", sent=True)] * 2
        if not manages:
            forms.append(Form("case", f"{case}Acknowledge", "understanding", f"Acknowledge:{reference}"))
            if here.actor.id not in known:
                forms.append(Form("intake", "as=complaint", "words", "RecordComplaint:"))
        known.add(here.actor.id)
        first = number % len(urls)
        tab = SurvivingTab([*urls[first:], *urls[:first]], f"complaints={token}; _streamlit_xsrf=x")
        people.append(Officer(Desk(office, here.actor), tab, forms, told, seed=number + 1))
    return people


Event = Callable[[], None]


def _events(replicas: list[Replica], server: TestPostgres, told: Failover, times: int) -> list[Event]:
    luck = random.Random(20261128)

    def restart(each: Replica) -> None:
        each.stop()
        each.start()
        told.restarts += 1

    def kill(each: Replica) -> None:
        each.kill()
        each.start()
        told.kills += 1

    def kill_the_database() -> None:
        server.kill9()
        time.sleep(luck.uniform(0.0, 3.0))
        server.restart()
        told.database_kills += 1

    events: list[Event] = []
    for turn in range(times):
        each = replicas[turn % len(replicas)]
        three: list[Event] = [lambda one=each: restart(one), lambda one=each: kill(one), kill_the_database]  # type: ignore[misc]
        luck.shuffle(three)
        events += three
    return events


async def _campaign(people: list[Officer], events: list[Event], *, think: float, calm: float) -> None:
    """Let all of them work, and break one thing after another meanwhile."""
    stop = asyncio.Event()
    works = [asyncio.create_task(each.works(stop, think)) for each in people]
    try:
        await asyncio.sleep(calm)
        for event in events:
            await asyncio.to_thread(event)
            await asyncio.sleep(calm * random.uniform(*SPREAD))
    finally:
        stop.set()
        await asyncio.gather(*works)


def examined(office: Office, people: list[Officer], told: Failover) -> None:
    """Add what the database says at the end: drafts, notes, the ledger and every duty."""
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
    office.close()
    fresh = Office(office.settings, clock=office.now)
    try:
        examine(fresh, "", told.found, everything=True)
    finally:
        fresh.close()
