"""How a figure is told: one JSON line each, and a table of all of them at the end."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value; `target` is a comparison such as "<= 20", or None for a figure that only informs."""

    name: str
    value: float | int | None
    unit: str
    target: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the target is met; a figure that only informs always is, one that could not be taken never."""
        return self.target is None or (self.value is not None and meets(self.value, self.target))

    def line(self) -> str:
        """The figure as one JSON line."""
        return json.dumps({**asdict(self), "ok": self.ok})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a campaign found: figures with targets, and the details behind them."""

    figures: tuple[Figure, ...]
    details: dict[str, Any]


def details_of(found: Any) -> dict[str, Any]:
    """What a campaign found, field by field; `asdict` takes the pairs of a counter for things to be counted."""
    held = {each.name: getattr(found, each.name) for each in fields(found)}
    return {name: dict(value) if isinstance(value, Counter) else value for name, value in held.items()}


def meets(value: float, target: str) -> bool:
    """Whether a value meets a target written as "<= 20", ">= 3000" or "= 0"."""
    sign, _, bound = target.partition(" ")
    checks: dict[str, Callable[[float, float], bool]] = {
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
        "<": lambda a, b: a < b,
        "=": lambda a, b: a == b,
    }
    return checks[sign](value, float(bound))


def tell(figures: Iterable[Figure]) -> int:
    """Print figures as they come; the exit status is 1 when a target is missed."""
    missed = 0
    for figure in figures:
        print(figure.line(), flush=True)
        missed += not figure.ok
    return int(missed > 0)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * (len(ordered) - 1))))]


def load() -> float:
    """How busy the machine is: the mean number of programs that wanted to run over the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0


def table(figures: Sequence[dict[str, Any]]) -> str:
    """All figures as a table for people; one without a target stands without a verdict."""
    rows = [("figure", "value", "unit", "target", "")]
    for each in figures:
        value = "not measured" if each["value"] is None else f"{each['value']:,}"
        verdict = "" if each.get("target") is None else "met" if each["ok"] else "MISSED"
        rows.append((each["name"], value, each.get("unit") or "", each.get("target") or "", verdict))
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    left = (0, 2, 3, 4)
    return "\n".join(
        "  ".join(c.ljust(w) if at in left else c.rjust(w) for at, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )
