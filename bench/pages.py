"""How long a page takes to rerun, as a multiple of an empty Streamlit page in the same run: `python -m bench.pages`.

The console and an empty page are served side by side, each in a process of its own and with the same settings; their
pages are rerun in turn, so that whatever else the machine does touches all of them alike.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.data import KEY, ready
from bench.figures import Figure, percentile, tell
from bench.loadgen import Place, Run, reruns
from core.settings import ROOT

SIZE, ROUNDS = 100_000, 60
PATIENCE = 90.0
TIMES = {"queue": 3.0, "intake": 3.0, "form": 3.0, "case": 4.0, "dashboard": 6.0}
"""The most an empty page's time a page may take; the others only inform. `form` is one rerun by itself, as it is when
one of its fields is left."""


def places(path: Path) -> dict[str, Place]:
    """The pages measured, as the first handler sees them; the case has been through every step to stage 2."""
    connection = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True)
    try:
        handler, manager = (
            connection.execute("SELECT min(id) FROM colleague WHERE role = ?", (role,)).fetchone()[0]
            for role in ("handler", "complaints manager")
        )
        lived = connection.execute(
            "SELECT reference FROM complaint WHERE source IS NULL AND position LIKE 'Stage 2%' ORDER BY id LIMIT 1"
        ).fetchone()[0]
    finally:
        connection.close()
    who = f"who={handler}"
    return {
        "queue": Place("my-cases", f"{who}&whose=all"),
        "intake": Place("intake", who),
        "case": Place("case", f"{who}&ref={lived}"),
        "form": Place("case", f"{who}&ref={lived}&step=RespondFinal", field="decision"),
        "case_with_form": Place("case", f"{who}&ref={lived}&step=RespondFinal"),
        "dashboard": Place("dashboard", f"who={manager}"),
        "home": Place("", who),
        "escalations": Place("escalations", who),
        "the_code": Place("the-code", who),
    }


@contextlib.contextmanager
def serving(application: str, env: dict[str, str]) -> Iterator[str]:
    """A server of its own process, from when it answers until it is ended; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*command, "--log-level", "warning"], cwd=ROOT, env={**os.environ, **env}, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(server, url, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(server: subprocess.Popen[bytes], url: str, log: object) -> None:
    """Wait until a server answers; RuntimeError with its own words when it does not."""
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
            return
        if server.poll() is not None or time.monotonic() > until:
            log.seek(0)  # type: ignore[attr-defined]
            raise RuntimeError(f"The server did not start: {log.read().decode()[-2000:]}")  # type: ignore[attr-defined]
        time.sleep(0.1)


def figures(*, size: int = SIZE, rounds: int = ROUNDS) -> Iterator[Figure]:
    """The figures of one run."""
    path = ready(size)
    chosen = places(path)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(path, folder / "complaints.db")
        env = {"COMPLAINTS_MODE": "demo", "COMPLAINTS_DATA_DIR": str(folder), "COMPLAINTS_LEDGER_KEY": KEY}
        with serving("bench.empty_server:app", {}) as empty, serving("app.server:app", env) as console:
            asked = [(empty, Place("")), *((console, place) for place in chosen.values())]
            taken = reruns(asked, rounds=rounds)
    yield from _figures(dict(zip(["empty", *chosen], taken, strict=True)))


def _figures(taken: dict[str, list[Run]]) -> Iterator[Figure]:
    # The first run is cold: it loads the page's own modules and fills the short lists.
    floor = percentile([run.seconds for run in taken["empty"][1:]], 0.5)
    for name, runs in taken.items():
        warm = [run.seconds for run in runs[1:]]
        median = percentile(warm, 0.5)
        yield Figure(name=f"page.{name}.median", value=round(median * 1000, 1), unit="ms")
        if name == "empty":
            continue
        target = f"<= {TIMES[name]:g}" if name in TIMES else None
        yield Figure(name=f"page.{name}", value=round(median / floor, 2), unit="times an empty page", target=target)
        yield Figure(name=f"page.{name}.p95", value=round(percentile(warm, 0.95) * 1000, 1), unit="ms")
        yield Figure(name=f"page.{name}.size", value=round(runs[-1].size / 1000, 1), unit="kB")
        yield Figure(name=f"page.{name}.elements", value=runs[-1].elements, unit="elements")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    return tell(figures(size=asked.size, rounds=asked.rounds))


if __name__ == "__main__":
    sys.exit(main())
