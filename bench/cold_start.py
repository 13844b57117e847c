"""How long it takes from starting the console to the first page in a browser: `python -m bench.cold_start`.

Each start is a new process on a copy of the records; its modules are compiled and in the disk's cache, as after any
start but the very first.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.data import KEY, ready, settings_for, sqlite_url
from bench.figures import Figure, load, percentile, tell
from bench.load import settle
from bench.loadgen import Place, Run, Tab
from bench.pages import serving
from bench.walking import Officer
from core.desk import Office

SIZE, STARTS = 20_000, 5


def first_page(url: str, token: str) -> tuple[Run, list[str]]:
    """The first run of the queue by the first visitor."""
    officer = Officer(url=url, token=token, reference="")

    async def visit() -> tuple[Run, list[str]]:
        async with Tab(url, Place("my-cases", headers=officer.headers)) as tab:
            return await tab.run(), tab.errors

    return asyncio.run(visit())


def figures(*, size: int, starts: int) -> Iterator[Figure]:
    """The figures of one run."""
    answered, opened, memory = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ready(size), folder / "complaints.db")
        office = Office(settings_for(sqlite_url(folder / "complaints.db"), folder), clock=lambda: datetime.now(UTC))
        ((token, _reference, _manages),) = settle(office, 1)
        office.close()
        env = {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder), "COMPLAINTS_LEDGER_KEY": KEY}
        for _start in range(starts + 1):
            began = time.perf_counter()
            with serving("app.server:app", env) as url:
                answered.append(time.perf_counter() - began)
                _run, errors = first_page(url, token)
                opened.append(time.perf_counter() - began)
                memory.append(max(each.memory_info().rss for each in psutil.Process().children()) / 1e6)
                if errors:
                    raise RuntimeError(f"The page showed an error: {errors[0]}")
    # The first start compiles what has changed, and brings the libraries into the disk's cache.
    yield Figure(name="cold_start.machine", value=load(), unit="programs that want to run")
    yield Figure(name="cold_start.ready", value=round(percentile(answered[1:], 0.5), 2), unit="s")
    yield Figure(name="cold_start", value=round(percentile(opened[1:], 0.5), 2), unit="s", target="<= 5")
    yield Figure(name="cold_start.memory", value=round(percentile(memory[1:], 0.5)), unit="MB")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.cold_start", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--starts", type=int, default=STARTS)
    asked = parser.parse_args(arguments)
    return tell(figures(size=asked.size, starts=asked.starts))


if __name__ == "__main__":
    sys.exit(main())
