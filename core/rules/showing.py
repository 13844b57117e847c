"""How the figures of a period are written: in full for those who may open the cases, or with small numbers held back.

Figures that make one total together are held back together, so that none is the total less the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from core.code.figures import FIGURES
from core.rules.suppression import Hidden, one, row, words
from core.words import pounds, share

HELD = words(Hidden.HELD, fewest=0)
_TWO_STAGES = ("one", "two")
_SHARES = (("in_target", "in_extension", "late"), ("upheld", "partially_upheld", "not_upheld", "resolved"))
TOGETHER = tuple(tuple(f"{name}_{stage}" for name in names) for stage in _TWO_STAGES for names in _SHARES)
"""Shares that are all of their responses together."""
_PARTS = {"refused": ("refused_start", "refused_escalation")}
"""Counts that make another figure's number together."""


class Counted(Protocol):
    """What is written: the numbers of one figure."""

    @property
    def numerator(self) -> int | None:
        """How many."""

    @property
    def denominator(self) -> int | None:
        """Of how many."""

    @property
    def value(self) -> Decimal | None:
        """The figure itself."""


def written(figures: Mapping[str, Counted], *, fewest: int | None) -> dict[str, str]:
    """Each figure in words, by its id; with a limit, so that no number from 1 to below it can be told [lgsco:9.6]."""
    if fewest is None:
        return {key: _full(key, figure) for key, figure in figures.items()}
    told = {key: _small(key, figure, fewest) for key, figure in figures.items()}
    secret: set[int] = set()
    for names in TOGETHER:
        counts = [figures[name].numerator or 0 for name in names]
        shown, total = row(counts, fewest=fewest)
        if isinstance(total, Hidden):
            secret.add(sum(counts))
        for name, each, count in zip(names, shown, counts, strict=True):
            told[name] = share(count, sum(counts)) if each == count else words(each, fewest=fewest)
    for whole, parts in _PARTS.items():
        shown, total = row([figures[name].numerator or 0 for name in parts], fewest=fewest)
        told |= {name: words(each, fewest=fewest) for name, each in zip(parts, shown, strict=True)}
        told |= {whole: words(total, fewest=fewest)} if isinstance(total, Hidden) else {}
    return {key: HELD if figures[key].denominator in secret else text for key, text in told.items()}


def _full(key: str, figure: Counted) -> str:
    kind = FIGURES[key].kind
    if kind == "pence":
        return pounds(figure.numerator or 0)
    if kind == "count":
        return f"{figure.numerator:,}"
    if kind == "share":
        return share(figure.numerator or 0, figure.denominator or 0)
    return "n/a" if figure.value is None else f"{figure.value} working days"


def _small(key: str, figure: Counted, fewest: int) -> str:
    """A figure by itself: its number is small, or is one of few."""
    kind = FIGURES[key].kind
    whole = figure.denominator
    if whole is not None and isinstance(one(whole, fewest=fewest), Hidden):
        return HELD
    if kind in ("count", "share") and isinstance(one(figure.numerator or 0, fewest=fewest), Hidden):
        few = words(Hidden.FEW, fewest=fewest)
        return few if whole is None else f"{few} of {whole:,}"
    return _full(key, figure)


def headline(figures: Mapping[str, Counted], earlier: Mapping[str, Counted], *, than: str, fewest: int | None) -> str:
    """The period in one or two sentences: how many came, against the period before, and how they were answered."""
    told = written(figures, fewest=fewest)
    now, before = figures["received"].numerator or 0, earlier["received"].numerator or 0
    count = told["received"]
    noun = "complaint" if count == "1" else "complaints"
    said = [f"{count[0].upper()}{count[1:]} {noun} received{_change(now, before, than, fewest)}."]
    in_time, extended, late = (told[name] for name in TOGETHER[0])
    if not figures["in_target_one"].denominator:
        said.append("No complaint was answered at stage 1.")
    elif {in_time, extended, late} == {HELD}:
        said.append("Too few were answered at stage 1 to show how.")
    else:
        said.append(f"Answered at stage 1: in time {in_time}, within an extension {extended}, late {late}.")
    return " ".join(said)


def _change(now: int, before: int, than: str, fewest: int | None) -> str:
    """More or fewer than in the period before, where neither number is a small one."""
    if not before or (fewest is not None and min(now, before) < fewest):
        return ""
    if now == before:
        return f", as many as in {than}"
    percent = share(abs(now - before), before).partition(" (")[0]
    return f", {percent} {'more' if now > before else 'fewer'} than in {than} ({before:,})"


def per_thousand(count: int, population: int) -> str:
    """A count for each 1,000 residents, to two decimals, half up."""
    hundredths = (count * 200_000 + population) // (2 * population)
    return f"{hundredths // 100}.{hundredths % 100:02d} for every 1,000 residents"
