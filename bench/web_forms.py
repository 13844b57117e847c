"""How many complaints a minute web forms can send in, and what one costs: `python -m bench.web_forms`.

The console runs on one core. Fifty complaints a second are sent at their own pace, whether or not the ones before have
been answered; some are sent twice. A bare route of the same library is asked in turn, so that a busy moment touches
both; the processor time of a request says what the machine can do when nobody else wants it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil

from app.web import places
from bench.figures import Figure, percentile, tell
from bench.pages import serving
from core import web_intake
from core.desk import Desk, Office
from core.installing import install
from core.permissions import SYSTEM, Role
from core.settings import Settings

A_SECOND, SECONDS, AGAIN_EVERY = 50, 20, 10
AT_ONCE, ROUNDS, FLAT_OUT = 16, 300, 1_500
ANY_RATE = {"COMPLAINTS_INTAKE_PER_MINUTE": "1000000"}


def council(folder: Path) -> tuple[Office, str]:
    """An installation with one web form, and the form's key."""
    office = Office(Settings(_env_file=None, mode="live", data_dir=folder), clock=lambda: datetime.now(UTC))  # type: ignore[call-arg]
    install(office, council="Bench", services=("Waste",), colleagues=(("Ada Administrator", Role.ADMINISTRATOR),))
    return office, web_intake.add_client(Desk(office, SYSTEM), "Bench")


def environment(folder: Path) -> dict[str, str]:
    """What the server is started with."""
    return {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder), **ANY_RATE}


def sends(client: httpx2.Client, form_key: str, key: str) -> httpx2.Response:
    """Send one complaint, the same words for the same key."""
    headers = {"authorization": f"Bearer {form_key}", "idempotency-key": key}
    body = {
        "words": f"The bins in Sample Close were missed again, and nobody rang back. {key}",
        "outcome_wanted": "That they are emptied, and that somebody says why.",
        "name": "Sam Sample",
        "email": "sam@sample.example",
    }
    return client.post(places.INTAKE, json=body, headers=headers)


def listener(address: str) -> psutil.Process:
    """The process of ours that listens at this address."""
    port = int(address.rpartition(":")[2])
    for child in psutil.Process().children(recursive=True):
        if any(each.laddr.port == port for each in child.net_connections(kind="tcp") if each.status == "LISTEN"):
            return child
    raise RuntimeError(f"Nobody listens at {address}.")


def keep_on_one_core(server: psutil.Process) -> None:
    """Keep a process with all its threads, and those it starts from now on, on one core."""
    for thread in server.threads():
        os.sched_setaffinity(thread.id, {min(os.sched_getaffinity(0))})


def busy(server: psutil.Process) -> float:
    """Seconds of processor time a process has had so far."""
    times = server.cpu_times()
    return float(times.user + times.system)


def at_pace(send: Callable[[str], int], keys: list[str]) -> list[float]:
    """Send each key at its moment; seconds from that moment to the answer, so that waiting counts."""
    began = time.perf_counter() + 0.2
    took = [0.0] * len(keys)

    def one(at: int) -> None:
        moment = began + at / A_SECOND
        time.sleep(max(0.0, moment - time.perf_counter()))
        status = send(keys[at])
        if status != 201:
            raise RuntimeError(f"A complaint was answered with {status}.")
        took[at] = time.perf_counter() - moment

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(len(keys))))
    return took


def senders(url: str, form_key: str) -> Callable[[str], int]:
    """A way to send from any thread; each has a connection of its own."""
    held = threading.local()

    def send(key: str) -> int:
        if not hasattr(held, "client"):
            held.client = httpx2.Client(base_url=url, timeout=60)
        return sends(held.client, form_key, key).status_code

    return send


def cases_by_key(office: Office) -> dict[str, int]:
    """How many complaints the records hold for each key, which stands at the end of the words."""
    with office.database.reading() as connection:
        words = connection.exec_driver_sql("SELECT words FROM complaint").scalars().all()
    found: dict[str, int] = {}
    for each in words:
        key = each.rpartition(" ")[2]
        found[key] = found.get(key, 0) + 1
    return found


def in_turn(url: str, bare: str, form_key: str, rounds: int) -> tuple[list[float], list[float]]:
    """One complaint and one bare request after the other: seconds for each kind."""
    ours, theirs = [], []
    with httpx2.Client(base_url=url, timeout=60) as console, httpx2.Client(base_url=bare, timeout=60) as empty:
        for _ in range(rounds):
            for client, kept in ((console, ours), (empty, theirs)):
                began = time.perf_counter()
                sends(client, form_key, str(uuid4())).raise_for_status()
                kept.append(time.perf_counter() - began)
    return ours, theirs


def figures(folder: Path) -> Iterator[Figure]:
    """The figures of one run."""
    office, form_key = council(folder)
    with (
        serving("app.server:app", environment(folder)) as url,
        serving("bench.bare_server:app", {}) as bare,
    ):
        server = listener(url)
        keep_on_one_core(server)
        list(map(senders(url, form_key), [str(uuid4()) for _ in range(AT_ONCE)]))  # the first ones load and prepare
        first = [str(uuid4()) for _ in range(A_SECOND * SECONDS)]
        keys = [first[max(0, at - 5)] if at % AGAIN_EVERY == 0 else key for at, key in enumerate(first)]
        began, busy_before = time.perf_counter(), busy(server)
        took = at_pace(senders(url, form_key), keys)
        rate = len(keys) / (time.perf_counter() - began)
        yield Figure(name="web_forms.sent", value=len(keys), unit="requests")
        yield Figure(name="web_forms.rate", value=round(rate, 1), unit="requests/s", target=f">= {A_SECOND * 0.95:g}")
        cost = (busy(server) - busy_before) / len(keys) * 1_000
        yield Figure(name="web_forms.processor", value=round(cost, 2), unit="ms", target=f"<= {1_000 / A_SECOND:g}")
        yield from _times("web_forms.at_50_a_second", took)
        found = cases_by_key(office)
        yield Figure(name="web_forms.lost", value=len(set(keys) - set(found)), unit="cases", target="= 0")
        yield Figure(name="web_forms.doubled", value=sum(n - 1 for n in found.values()), unit="cases", target="= 0")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            began = time.perf_counter()
            list(pool.map(senders(url, form_key), [str(uuid4()) for _ in range(FLAT_OUT)]))
            flat_out = FLAT_OUT / (time.perf_counter() - began)
        yield Figure(name="web_forms.flat_out", value=round(flat_out, 1), unit="requests/s", target=f">= {A_SECOND}")
        ours, theirs = in_turn(url, bare, form_key, ROUNDS)
        yield from _times("web_forms.alone", ours)
        yield from _times("web_forms.bare_route", theirs)
        ratio = percentile(ours, 0.5) / percentile(theirs, 0.5)
        yield Figure(name="web_forms.times_a_bare_route", value=round(ratio, 2), unit="times")
    office.close()


def _times(name: str, took: list[float]) -> Iterator[Figure]:
    for share in (50, 95):
        value = round(percentile(took, share / 100) * 1_000, 2)
        yield Figure(name=f"{name}.p{share}", value=value, unit="ms")


def main() -> int:
    """Measure and tell."""
    with tempfile.TemporaryDirectory() as folder:
        return tell(figures(Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
