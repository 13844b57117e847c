"""Measure everything, or what is named: `python -m bench [deadlines|queries|letters|web_forms|pages …] [--million]`.

One JSON line a figure as it is taken, and a table of all of them at the end. Each bench runs in a process of its own.
The exit status is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

from bench.figures import load, table
from core.settings import ROOT

BENCHES = (
    "deadlines",
    "queries",
    "importing",
    "mail",
    "bundle",
    "letters",
    "web_forms",
    "pages",
    "sign_in",
    "themes",
    "dashboard",
    "what_if",
    "retention",
    "search",
    "moving",
    "cold_start",
    "load",
    "writes",
)


def measure(name: str, extra: list[str]) -> tuple[list[dict[str, Any]], int]:
    """Run one bench, passing its lines on as they come; its figures and its exit status."""
    command = [sys.executable, "-m", f"bench.{name}", *extra]
    figures = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            figures.append(json.loads(line))
    return figures, running.returncode


def main(arguments: list[str] | None = None) -> int:
    """Run the benches and sum them up."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"some of {', '.join(BENCHES)}; all if none")
    parser.add_argument("--million", action="store_true", help="queries: also at 1,000,000 complaints")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.name if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    figures: list[dict[str, Any]] = []
    failed = []
    before = load()
    for name in asked.name or BENCHES:
        found, code = measure(name, ["--million"] if asked.million and name == "queries" else [])
        figures += found
        if code:
            failed.append(name)
    print(f"\n{table(figures)}\n\nMachine load before {before}, after {load()}.")
    if failed:
        print(f"Missed or failed: {', '.join(failed)}.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
