"""What was measured, for readers: docs/figures.json, docs/proof.md and a part of README, made from figures alone.

`python -m bench.prove --report FILE …`: each file is what `go.py prove --out` wrote, or the lines of one bench.
"""

from __future__ import annotations

import json
import platform
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.settings import ROOT

PLACE, PAGE, README = Path("docs/figures.json"), Path("docs/proof.md"), Path("README.md")
"""Every figure in one document; the two others are made from it, and a test sees that they are."""
HEAD = """# What is proved by breaking it, and how fast it is

Made by `python -m bench.prove --report FILE …` from the figures that `python3 go.py prove --out FILE` and the benches
took, and not written by hand; the same figures stand in [figures.json](figures.json). Each campaign breaks something on
purpose and counts what must not happen. A figure without a target only informs.
"""
BEGINS, ENDS = "<!-- figures: made from docs/figures.json -->", "<!-- figures end -->"
ROWS = (
    ("`kill -9` of the console on SQLite, {sqlite.kills} times: steps lost", "{sqlite.lost} of {sqlite.acknowledged}"),
    (
        "`kill -9` of PostgreSQL under four consoles, {replicas.kills} times: steps lost",
        "{replicas.lost} of {replicas.acknowledged}",
    ),
    (
        "Attempts to change the same complaints from four consoles, on each database: updates lost",
        "{updates.sqlite.lost} and {updates.postgresql.lost} of {updates.sqlite.attempts}",
    ),
    ("Torn write-ahead logs: what opened was no state there had been", "{torn.wrong} of {torn.opened}"),
    (
        "Restarts, kills and failover under officers at work: typed words lost",
        "{failover.lost} of {failover.typed}",
    ),
    (
        "{simulation.council_years} years of councils by the dice: duties unlike the second opinion",
        "{simulation.duties_differing} of {simulation.duties_compared}",
    ),
    ("Mutants of the rules that the tests notice", "{mutation.score} %"),
    (
        "Rerun of the queue, Intake, a form, a case, the dashboard at 100,000 complaints",
        "{page.queue}, {page.intake}, {page.form}, {page.case}, {page.dashboard} times an empty page",
    ),
    (
        "A hundred officers at work on one process: half of the answers within, 95 % within",
        "{load.p50} ms, {load.p95} ms",
    ),
    (
        "Two processes beside one, on cores that they share with PostgreSQL and the officers; each on half a core",
        "{load.most} times; {load.two} times",
    ),
    ("Steps a second on SQLite for ten minutes: 99 % within", "{writes.p99} ms at {writes.rate} a second"),
    ("Old records brought in on SQLite", "{import.nyc.sqlite} rows a second"),
    ("From the start of a server to its first page", "{cold_start} s"),
)
"""What README says, and from which figures; a row whose figures were not taken is left out."""
_NAMED = re.compile(r"\{([\w.]+)\}")

Document = dict[str, Any]


def collect(files: Sequence[Path]) -> Document:
    """All figures of these files in one document, without the details behind them. ValueError for another file."""
    campaigns: dict[str, Any] = {}
    benches: dict[str, Any] = {}
    fast = False
    for path in files:
        text = path.read_text(encoding="utf-8")
        if text.lstrip().startswith("{\n"):
            told = json.loads(text)
            fast = fast or told["fast"]
            campaigns |= {
                name: {"seconds": found["seconds"], "figures": found["figures"]}
                for name, found in told["campaigns"].items()
            }
        else:
            benches[path.stem] = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
            if not benches[path.stem]:
                raise ValueError(f"{path} holds no figures.")
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return {**versions, "fast": fast, "campaigns": campaigns, "benches": benches}


def write(files: Sequence[Path], about: Mapping[str, str], *, root: Path = ROOT) -> int:
    """Write all three below `root`, with what each campaign is `about`; the status is 1 when a target is missed."""
    document = collect(files)
    readme = told_in((root / README).read_text(encoding="utf-8"), document)
    (root / PLACE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (root / PAGE).write_text(page(document, about), encoding="utf-8")
    (root / README).write_text(readme, encoding="utf-8")
    return int(not all(figure["ok"] for figure in figures(document).values()))


def figures(document: Document) -> dict[str, Any]:
    """Every figure by its name."""
    taken = [*(each["figures"] for each in document["campaigns"].values()), *document["benches"].values()]
    return {figure["name"]: figure for some in taken for figure in some}


def page(document: Document, about: Mapping[str, str]) -> str:
    """The page of one document of figures."""
    taken = f"Taken with Python {document['python']} and SQLite {document['sqlite']}"
    taken += ", some in the short form (`--fast`)." if document["fast"] else "."
    campaigns = (_campaign(name, found, about.get(name, "")) for name, found in document["campaigns"].items())
    benches = (f"\n## {name}\n\n{_table(found)}" for name, found in document["benches"].items())
    return "\n".join([HEAD, taken, *campaigns, *benches]) + "\n"


def told_in(readme: str, document: Document) -> str:
    """README with its part on figures made anew. ValueError where it has no place for them."""
    before, begun, rest = readme.partition(BEGINS)
    _told, ended, after = rest.partition(ENDS)
    if not begun or not ended:
        raise ValueError(f"README.md has no place for the figures, from {BEGINS} to {ENDS}.")
    known = figures(document)
    rows = [f"| {_filled(said, known)} | {_filled(value, known)} |" for said, value in ROWS if _all(said, value, known)]
    table = "\n".join(["| what | measured |", "|---|---|", *rows])
    return f"{before}{BEGINS}\n{table}\n{ENDS}{after}"


def _all(said: str, value: str, known: Mapping[str, Any]) -> bool:
    return all(name in known for name in _NAMED.findall(said + value))


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return _NAMED.sub(lambda named: _value(known[named[1]]), text)


def _campaign(name: str, found: Document, said: str) -> str:
    return "\n".join([f"\n## {name}\n", f"{said} It took {found['seconds']:,} s.\n".lstrip(), _table(found["figures"])])


def _table(some: Sequence[Document]) -> str:
    return "\n".join(["| figure | value | unit | target | |", "|---|---:|---|---|---|", *map(_row, some)])


def _row(figure: Document) -> str:
    verdict = "" if not figure["target"] else "met" if figure["ok"] else "**missed**"
    target = figure["target"] or ""
    return f"| `{figure['name']}` | {_value(figure)} | {figure['unit']} | {target} | {verdict} |"


def _value(figure: Document) -> str:
    return "not measured" if figure["value"] is None else f"{figure['value']:,}"
