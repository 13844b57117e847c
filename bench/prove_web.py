"""kill -9 of the console while web forms send, again and again: what was answered is there, and each complaint once.

Several threads send complaints over real sockets; the server is killed without warning in the middle and started again,
and every complaint that has no answer yet is sent once more under its key. At the end all of them are sent again.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2

from bench.pages import serving
from bench.web_forms import cases_by_key, council, environment, listener, sends
from core.desk import Desk, Office
from core.permissions import SYSTEM
from core.queries.duties_check import duties_check
from core.store import ledger

SERVER = "bench.forms_server:app"
THREADS = 6
LONGEST_LIFE = 1.5  # seconds of sending before the kill
PATIENCE = 60.0


@dataclass(slots=True)
class Sent:
    """What the forms know: the complaints they have, and the answer of each that has one."""

    waiting: set[str] = field(default_factory=set)
    answered: dict[str, str] = field(default_factory=dict)
    replayed: int = 0
    contradicted: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, answer: httpx2.Response) -> None:
        """Note an answer; it contradicts when a complaint was told another reference before."""
        reference = answer.json()["reference"]
        with self.lock:
            self.replayed += "idempotent-replayed" in answer.headers
            self.contradicted += self.answered.setdefault(key, reference) != reference
            self.waiting.discard(key)


@dataclass(slots=True, kw_only=True)
class WebKills:
    """What came of a campaign; the counts after `replayed` are of things that must not happen."""

    kills: int
    sent: int
    answered: int
    replayed: int
    lost: int
    doubled: int
    unknown: int
    contradicted: int
    ledger_broken: int
    duties_differing: int

    @property
    def faults(self) -> int:
        """Everything that must not happen."""
        return self.lost + self.doubled + self.unknown + self.contradicted + self.ledger_broken + self.duties_differing


def kill_and_send_again(*, times: int) -> WebKills:
    """The whole campaign on SQLite, its files removed afterwards."""
    luck = random.Random(20261116)
    with tempfile.TemporaryDirectory() as name:
        office, form_key = council(Path(name))
        sent = Sent()
        for _ in range(times):
            _one_life(Path(name), form_key, sent, luck.uniform(0.2, LONGEST_LIFE))
        with serving(SERVER, environment(Path(name))) as url:
            for key in [*sent.waiting, *sent.answered]:
                _send_once(url, form_key, key, sent)
        try:
            return _examined(office, sent, kills=times)
        finally:
            office.close()


def _one_life(folder: Path, form_key: str, sent: Sent, seconds: float) -> None:
    """Start the console, let every thread send, and kill it in the middle."""
    stop = threading.Event()
    with contextlib.ExitStack() as server:
        url = server.enter_context(serving(SERVER, environment(folder)))
        doomed = listener(url)
        waiting = list(sent.waiting)
        parts = [waiting[at::THREADS] for at in range(THREADS)]
        threads = [threading.Thread(target=_send_on, args=(url, form_key, part, sent, stop)) for part in parts]
        before = len(sent.answered)
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE
        while len(sent.answered) == before and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(seconds)
        doomed.kill()
        doomed.wait()
        stop.set()
        for thread in threads:
            thread.join()


def _send_on(url: str, form_key: str, waiting: list[str], sent: Sent, stop: threading.Event) -> None:
    """Send what is waiting and then new complaints, until nobody answers any more."""
    with httpx2.Client(base_url=url, timeout=PATIENCE) as client:
        for key in _endless(waiting, sent):
            if stop.is_set():
                return
            try:
                answer = sends(client, form_key, key)
            except httpx2.TransportError:
                return
            if answer.status_code == 201:
                sent.take(key, answer)


def _endless(waiting: list[str], sent: Sent) -> Iterator[str]:
    yield from waiting
    while True:
        key = str(uuid4())
        with sent.lock:
            sent.waiting.add(key)
        yield key


def _send_once(url: str, form_key: str, key: str, sent: Sent) -> None:
    with httpx2.Client(base_url=url, timeout=PATIENCE) as client:
        answer = sends(client, form_key, key)
    if answer.status_code != 201:
        raise RuntimeError(f"At the end a complaint was answered with {answer.status_code}: {answer.text}")
    sent.take(key, answer)


def _examined(office: Office, sent: Sent, *, kills: int) -> WebKills:
    held = cases_by_key(office)
    broken = 0
    with office.database.reading() as connection:
        references = set(connection.exec_driver_sql("SELECT reference FROM complaint").scalars())
        try:
            ledger.verify(connection, key=office.key)
        except Exception:  # whatever it stumbles over, the chain does not prove itself
            broken = 1
    return WebKills(
        kills=kills,
        sent=len(sent.answered),
        answered=len(set(sent.answered.values())),
        replayed=sent.replayed,
        lost=sum(reference not in references for reference in sent.answered.values()),
        doubled=sum(times - 1 for times in held.values()),
        unknown=len(set(held) - set(sent.answered)),
        contradicted=sent.contradicted,
        ledger_broken=broken,
        duties_differing=len(Desk(office, SYSTEM).ask(duties_check).differing),
    )
