"""Officers type while what serves them is restarted and killed: no word is lost, and no step is taken twice.

Two replicas of the console serve one PostgreSQL. In turn a replica is told to stop, a replica is killed with -9, and
PostgreSQL is; each is started again. Officers fill forms in meanwhile and take steps, in tabs that come again by
themselves (bench/surviving.py), and note what becomes of every word (bench/typists.py).
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.data import KEY, set_up, settings_for
from bench.figures import Figure
from bench.load import settle
from bench.pages import wait_for
from bench.prove_kills import examine
from bench.surviving import SurvivingTab
from bench.typists import SPREAD, Failover, Form, Officer, compared
from core import entrance
from core.channels.secrets import token_hash
from core.desk import Desk, Office
from core.settings import ROOT
from tests.postgres import TestPostgres
from tests.web.serving import free_port

OFFICERS, THINK, CALM = 24, 1.5, 4.0
"""How many type, how many seconds they think between two acts, and how long nothing is broken between two events."""
LIMIT = 900.0
"""Seconds after which nothing more is broken, on a machine that is busy with other things."""
KINDS = ("restart", "kill", "database")
LONGEST_AWAY = 3.0
"""Seconds that PostgreSQL is away after it was killed."""
STOPS = 40.0
"""Seconds within which a replica that is told to stop has ended."""


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


def fail_over(
    *,
    times: int,
    officers: int = OFFICERS,
    replicas: int = 2,
    kinds: Sequence[str] = KINDS,
    think: float = THINK,
    calm: float = CALM,
    limit: float = LIMIT,
) -> Failover:
    """Restart a replica, kill one, and kill PostgreSQL, so many times each, under officers who type.

    `kinds` names those of the three that happen; none begins after `limit` seconds.
    """
    told = Failover()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(TestPostgres(fsync=True))
        url = server.url(server.create_database())
        office = Office(settings_for(url, folder), clock=lambda: datetime.now(UTC))
        set_up(office)
        serving = [Replica(folder, environment(url, folder)) for _ in range(replicas)]
        for each in serving:
            stack.callback(each.kill)
            each.start()
        people = at_work(office, [each.url for each in serving], officers, told)
        events = _events(serving, server, told, times, kinds)
        asyncio.run(_campaign(people, events, think=think, calm=calm, limit=limit))
        for each in serving:
            each.stop()
        told.fell_through += [fault for each in serving for fault in each.faults]
        compared(office, people, told)
        office.close()
        fresh = Office(office.settings, clock=office.clock)
        stack.callback(fresh.close)
        examine(fresh, "", told.found, everything=True)
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


def _events(
    replicas: Sequence[Replica], server: TestPostgres, told: Failover, times: int, kinds: Sequence[str]
) -> list[Event]:
    """What happens, one after another: in each turn all kinds in some order, each turn to another replica."""
    luck = random.Random(20261128)

    def restart(each: Replica) -> None:
        each.stop()
        each.start()
        told.restarts += 1

    def kill(each: Replica) -> None:
        each.kill()
        each.start()
        told.kills += 1

    def kill_the_database(_each: Replica) -> None:
        server.kill9()
        time.sleep(luck.uniform(0.0, LONGEST_AWAY))
        server.restart()
        told.database_kills += 1

    known = dict(zip(KINDS, (restart, kill, kill_the_database), strict=True))
    return [
        partial(known[kind], replicas[turn % len(replicas)])
        for turn in range(times)
        for kind in luck.sample(kinds, len(kinds))
    ]


async def _campaign(
    people: Sequence[Officer], events: Sequence[Event], *, think: float, calm: float, limit: float
) -> None:
    """Let all of them work, and break one thing after another meanwhile."""
    stop = asyncio.Event()
    until = time.monotonic() + limit
    works = [asyncio.create_task(each.works(stop, think)) for each in people]
    try:
        await asyncio.sleep(calm)
        for event in events:
            if time.monotonic() > until:
                break
            await asyncio.to_thread(event)
            await asyncio.sleep(calm * random.uniform(*SPREAD))
    finally:
        stop.set()
        await asyncio.gather(*works)
