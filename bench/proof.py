"""docs/proof.md, made from the figures of the campaigns: `python -m bench.prove --report FILE`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.settings import ROOT

PLACE = ROOT / "docs" / "proof.md"
HEAD = """# What is proved by breaking it

Made by `python -m bench.prove --report FILE` from the figures that `python3 go.py prove --out FILE` took, and not
written by hand. Each campaign breaks something on purpose and counts what must not happen. A figure without a target
only informs.
"""


def write(figures: Path, about: Mapping[str, str], *, place: Path = PLACE) -> int:
    """Write the page, with what each campaign is `about`; the exit status is 1 when a target is missed."""
    document = json.loads(figures.read_text(encoding="utf-8"))
    place.write_text(page(document, about), encoding="utf-8")
    return int(any(not figure["ok"] for each in document["campaigns"].values() for figure in each["figures"]))


def page(document: dict[str, Any], about: Mapping[str, str]) -> str:
    """The page of one document of figures."""
    taken = f"Taken with Python {document['python']} and SQLite {document['sqlite']}"
    taken += ", in the short form (`--fast`)." if document["fast"] else "."
    told = (_campaign(name, found, about.get(name, "")) for name, found in document["campaigns"].items())
    return "\n".join([HEAD, taken, *told]) + "\n"


def _campaign(name: str, found: dict[str, Any], said: str) -> str:
    rows = [_row(figure) for figure in found["figures"]]
    table = ["| figure | value | unit | target | |", "|---|---:|---|---|---|", *rows]
    return "\n".join([f"\n## {name}\n", f"{said} It took {found['seconds']:,} s.\n".lstrip(), *table])


def _row(figure: dict[str, Any]) -> str:
    value = "not measured" if figure["value"] is None else f"{figure['value']:,}"
    target = figure["target"] or ""
    verdict = "" if not target else "met" if figure["ok"] else "**missed**"
    return f"| `{figure['name']}` | {value} | {figure['unit']} | {target} | {verdict} |"
