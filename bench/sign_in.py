"""How long a right password takes while eight attackers guess, and what the session check costs a page:
`python -m bench.sign_in`.

The attackers are of two kinds: some stay at one address each and are soon stopped by the throttle, before a password
is looked at; the others come from a new address every few guesses, so that each guess is a password to be checked.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx2

from bench.figures import Figure, percentile, tell
from bench.loadgen import Place, reruns
from bench.pages import serving
from core import entrance
from core.channels.secrets import token_hash
from core.commands.accounts import GiveAccount
from core.desk import Desk, Office
from core.installing import install
from core.permissions import SYSTEM, Role
from core.settings import Settings

ATTACKERS, TRIES, ROUNDS, SESSIONS, ASKED = 8, 40, 200, 1000, 2000
NAME, PASSWORD = "handler@council.example", "seven green bottles of a handler"
_SEAL = re.compile(r'name="seal" value="([0-9a-f]+)"')


def council(folder: Path) -> Office:
    """An installation with one handler who has a password."""
    office = Office(Settings(_env_file=None, mode="live", data_dir=folder), clock=lambda: datetime.now(UTC))
    install(office, council="Bench", services=("Waste",), colleagues=(("Hana Handler", Role.HANDLER),))
    console = Desk(office, SYSTEM)
    console.do(GiveAccount(colleague_id=1, sign_in_name=NAME))
    entrance.accept(office, entrance.make_link(console, 1).rpartition("/")[2], password=PASSWORD, address="")
    return office


class Browser:
    """A browser at an address of its own: the server believes a web server on its own machine about that."""

    def __init__(self, url: str, address: str) -> None:
        self.client = httpx2.Client(base_url=url, headers={"x-forwarded-for": address, "origin": url}, timeout=60)
        self.seal = ""

    def tries(self, name: str, password: str) -> tuple[int, float]:
        """One sign-in: its status, and how many seconds its answer took."""
        if not self.seal:
            found = _SEAL.search(self.client.get("/sign-in").text)
            assert found is not None
            self.seal = found.group(1)
        told = {"seal": self.seal, "next": "/", "name": name, "password": password, "code": ""}
        began = time.perf_counter()
        answer = self.client.post("/sign-in", data=told)
        return answer.status_code, time.perf_counter() - began


def addresses(attacker: int, *, moving: bool) -> Iterator[str]:
    """Where an attacker comes from, try by try."""
    for number in count():
        step = number // 8 if moving else 0
        yield f"198.18.{attacker}.{step % 250}" if step < 250 else f"198.19.{attacker}.{step % 250}"


def attack(url: str, attacker: int, *, moving: bool, stop: threading.Event, seen: list[int]) -> None:
    """Guess, each time at another colleague's password, until told to stop."""
    browser = Browser(url, "")
    for number, address in enumerate(addresses(attacker, moving=moving)):
        if stop.is_set():
            browser.client.close()
            return
        browser.client.headers["x-forwarded-for"] = address
        seen.append(browser.tries(f"colleague{attacker}-{number // 8}@council.example", f"guess {number}")[0])


def right_passwords(url: str, tries: int) -> list[float]:
    """How long a colleague who knows the password waits, again and again."""
    browser = Browser(url, "192.0.2.1")
    took = []
    for _ in range(tries):
        status, seconds = browser.tries(NAME, PASSWORD)
        if status != 303:
            raise RuntimeError(f"A right password was answered with {status}.")
        took.append(seconds)
        time.sleep(0.05)
    browser.client.close()
    return took


def under_attack(url: str, *, moving: bool, tries: int) -> tuple[list[float], list[int]]:
    """The same with eight attackers at work, and what these were answered."""
    stop, seen = threading.Event(), [[] for _ in range(ATTACKERS)]
    attackers = [
        threading.Thread(target=attack, args=(url, each), kwargs={"moving": moving, "stop": stop, "seen": seen[each]})
        for each in range(ATTACKERS)
    ]
    for each in attackers:
        each.start()
    time.sleep(1.0)
    try:
        took = right_passwords(url, tries)
    finally:
        stop.set()
        for each in attackers:
            each.join()
    return took, [status for part in seen for status in part]


def signing_in(folder: Path, tries: int) -> Iterator[Figure]:
    """The figures of signing in, quietly and under attack, against a server of its own process."""
    with serving("app.server:app", {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder)}) as url:
        quiet = right_passwords(url, tries)
        yield Figure(name="sign_in.quiet.p95", value=round(percentile(quiet, 0.95) * 1000), unit="ms")
        for kind, moving in (("stopped_attackers", False), ("moving_attackers", True)):
            began = time.perf_counter()
            took, seen = under_attack(url, moving=moving, tries=tries)
            seconds = time.perf_counter() - began
            let_in = sum(status not in {401, 429} for status in seen)
            yield Figure(name=f"sign_in.{kind}.median", value=round(percentile(took, 0.5) * 1000), unit="ms")
            yield Figure(name=f"sign_in.{kind}.p95", value=round(percentile(took, 0.95) * 1000), unit="ms")
            yield Figure(name=f"sign_in.{kind}.guesses", value=round(len(seen) / seconds, 1), unit="a second")
            yield Figure(name=f"sign_in.{kind}.stopped", value=seen.count(429), unit=f"of {len(seen)} guesses")
            yield Figure(name=f"sign_in.{kind}.let_in", value=let_in, unit="guesses", target="= 0")


def timed(work: Callable[[], object], times: int) -> list[float]:
    """How many seconds each of some calls took."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return took


def checking(office: Office, token: str) -> Iterator[Figure]:
    """What one look-up of a session takes among a thousand others, and what the whole check adds to a page."""
    for _ in range(SESSIONS - 1):
        entrance.open_session(office, 1, how=entrance.PASSWORD, address="192.0.2.1")
    session_id = token_hash(token)
    took = timed(lambda: entrance.visit(office, session_id, active=True), ASKED)
    yield Figure(name="session.look_up.median", value=round(percentile(took, 0.5) * 1000, 3), unit="ms", target="<= 2")
    yield Figure(name="session.look_up.p95", value=round(percentile(took, 0.95) * 1000, 3), unit="ms")


def reloading(folder: Path, token: str, rounds: int) -> Iterator[Figure]:
    """An empty page rerun with the gate in front and without, in turn."""
    live = {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder)}
    with serving("bench.empty_server:app", {}) as empty, serving("bench.gated_server:app", live) as gated:
        told = (("cookie", f"complaints={token}"), ("origin", gated))
        bare, checked = reruns([(empty, Place("")), (gated, Place("", headers=told))], rounds=rounds)
    without = percentile([run.seconds for run in bare[1:]], 0.5) * 1000
    with_it = percentile([run.seconds for run in checked[1:]], 0.5) * 1000
    yield Figure(name="session.page_without.median", value=round(without, 2), unit="ms")
    yield Figure(name="session.page_with.median", value=round(with_it, 2), unit="ms")
    yield Figure(name="session.check_per_rerun", value=round(with_it - without, 2), unit="ms", target="<= 2")


def figures(*, tries: int = TRIES, rounds: int = ROUNDS) -> Iterator[Figure]:
    """The figures of one run."""
    for name in [name for name in os.environ if name.startswith("COMPLAINTS_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = council(folder)
        token = entrance.open_session(office, 1, how=entrance.PASSWORD, address="192.0.2.1")
        try:
            yield from checking(office, token)
            yield from reloading(folder, token, rounds)
            yield from signing_in(folder, tries)
        finally:
            office.close()


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.sign_in", description=__doc__)
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    return tell(figures(tries=asked.tries, rounds=asked.rounds))


if __name__ == "__main__":
    sys.exit(main())
