"""How the figures of a period are written: in full for those who may open the cases, or with small numbers held back.

Figures that make one total together are held back together, so that none is the total less the others. A year gives
way to its quarters: readers have had those, so a number of the year that would tell a hidden one of a quarter is held
back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from core.code.figures import FIGURES
from core.rules.suppression import Hidden, Shown, one, over, row, words
from core.words import pounds, share

HELD = words(Hidden.HELD, fewest=0)
_TWO_STAGES = ("one", "two")
_SHARES = (("in_target", "in_extension", "late"), ("upheld", "partially_upheld", "not_upheld", "resolved"))
TOGETHER = tuple(tuple(f"{name}_{stage}" for name in names) for stage in _TWO_STAGES for names in _SHARES)
"""Shares that are all of their responses together."""
_PARTS = {"refused": ("refused_start", "refused_escalation")}
"""Counts that make another figure's number together."""
AT_THE_END = (
    "over_eight_weeks",
    "over_twelve_weeks",
    "improvements_overdue",
    "adjustments",
    "restrictions",
    "reviews_overdue",
)
"""Figures of how things stood on the last day: those of a year are those of its last quarter, and add nothing up."""


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


def written(
    figures: Mapping[str, Counted], *, fewest: int | None, quarters: Sequence[Mapping[str, Counted]] = ()
) -> dict[str, str]:
    """Each figure in words, by its id; with a limit, so that no number from 1 to below it can be told [lgsco:9.6].

    `quarters` are the same figures of each quarter of a year: with them in hand, nothing more is told of any of them.
    """
    if fewest is None:
        return {key: _full(key, figure) for key, figure in figures.items()}
    told = {key: _small(key, figure, fewest) for key, figure in figures.items()}
    secret: set[int] = set()
    for names in TOGETHER:
        counts = [figures[name].numerator or 0 for name in names]
        shown, total = _together(counts, names, quarters, fewest)
        if isinstance(total, Hidden):
            secret.add(sum(counts))
        for name, each, count in zip(names, shown, counts, strict=True):
            hidden = isinstance(each, Hidden) or isinstance(total, Hidden)
            told[name] = _hidden(each, fewest) if hidden else share(count, sum(counts))
    for whole, parts in _PARTS.items():
        shown, total = _together([figures[name].numerator or 0 for name in parts], parts, quarters, fewest)
        told |= {name: words(each, fewest=fewest) for name, each in zip(parts, shown, strict=True)}
        told |= {whole: words(total, fewest=fewest)} if isinstance(total, Hidden) else {}
    if quarters:
        told |= {key: HELD for key in figures if key not in _GROUPED and _tells(key, figures, quarters, fewest)}
    return {key: HELD if figures[key].denominator in secret else text for key, text in told.items()}


_GROUPED = frozenset(name for names in TOGETHER for name in names) | {
    name for parts in _PARTS.values() for name in parts
}


def _hidden(each: Shown, fewest: int) -> str:
    return words(each if isinstance(each, Hidden) else Hidden.HELD, fewest=fewest)


def _together(
    counts: Sequence[int], names: Sequence[str], quarters: Sequence[Mapping[str, Counted]], fewest: int
) -> tuple[tuple[Shown, ...], Shown]:
    """Counts that make a total: of one period, or of a year whose quarters are known."""
    if not quarters:
        return row(counts, fewest=fewest)
    lines = [[each[name].numerator or 0 for name in names] for each in quarters]
    return over(lines, [row(line, fewest=fewest) for line in lines], fewest=fewest)


def _tells(key: str, figures: Mapping[str, Counted], quarters: Sequence[Mapping[str, Counted]], fewest: int) -> bool:
    """Whether a year's figure, were it shown, would tell what a quarter holds back."""
    if key in AT_THE_END:
        return False
    of_each = [each[key] for each in quarters]
    wholes = [each.denominator or 0 for each in of_each]
    parts = [each.numerator or 0 for each in of_each]
    if FIGURES[key].kind not in ("count", "share") or any(0 < whole < fewest for whole in wholes):
        # A mean is the days added up, and a share of few says nothing of its part: neither may be had by subtraction.
        return any(0 < whole < fewest for whole in wholes)
    return _narrows(parts, fewest) or (figures[key].denominator is not None and _narrows(wholes, fewest))


def _narrows(counts: Sequence[int], fewest: int) -> bool:
    """Whether the sum of these counts would tell more of a small one than that it is small."""
    lines = [[count] for count in counts]
    shown = [((one(count, fewest=fewest),), one(count, fewest=fewest)) for count in counts]
    return over(lines, shown, fewest=fewest)[1] is Hidden.HELD


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


def by_month(key: str, months: Mapping[date, Mapping[str, Counted]], *, fewest: int) -> bool:
    """Whether a figure may be shown month by month beside what is shown of the quarters [lgsco:9.6].

    No month has a small number or a small remainder, and no quarter holds the figure back: its months add up to it.
    `months` are whole quarters, and hold the shares that stage 1 is told in besides the figure.
    """
    told = [each[key] for each in months.values()]
    numbers = [(each.numerator, each.denominator) for each in told]
    left = [whole - part for part, whole in numbers if FIGURES[key].kind == "share" and whole and part is not None]
    counts = [*(each for pair in numbers for each in pair if each), *left]
    if any(isinstance(one(each, fewest=fewest), Hidden) for each in counts):
        return False
    names = next((each for each in TOGETHER if key in each), TOGETHER[0] if FIGURES[key].denominator else ())
    added: dict[tuple[int, int], list[int]] = {}
    for month, figures in months.items():
        line = added.setdefault((month.year, (month.month - 1) // 3), [0] * len(names))
        line[:] = [count + (figures[name].numerator or 0) for count, name in zip(line, names, strict=True)]
    for line in added.values():
        shown, total = row(line, fewest=fewest) if line else ((), 0)
        at = shown[names.index(key)] if key in names else 0
        if isinstance(total, Hidden) or isinstance(at, Hidden):
            return False
    return True


def headline(
    figures: Mapping[str, Counted],
    earlier: Mapping[str, Counted],
    *,
    than: str,
    fewest: int | None,
    quarters: tuple[Sequence[Mapping[str, Counted]], Sequence[Mapping[str, Counted]]] = ((), ()),
) -> str:
    """The period in one or two sentences: how many came, against the period before, and how they were answered.

    `quarters` are those of the two periods, where they are years.
    """
    told = written(figures, fewest=fewest, quarters=quarters[0])
    held = {count["received"] for count in (told, written(earlier, fewest=fewest, quarters=quarters[1]))} & {HELD}
    now, before = figures["received"].numerator or 0, earlier["received"].numerator or 0
    count = told["received"]
    noun = "complaint" if count == "1" else "complaints"
    said = (
        ["How many complaints were received is not shown."]
        if count == HELD
        else [f"{count[0].upper()}{count[1:]} {noun} received{'' if held else _change(now, before, than, fewest)}."]
    )
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
