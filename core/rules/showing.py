"""How the figures of a period are written: in full for those who may open the cases, or with small numbers held back.

Figures that make one total together are held back together, so that none is the total less the others. A year gives
way to its quarters: readers have had those, so a number of the year that would tell a hidden one of a quarter is held
back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from core.code.figures import FIGURES
from core.code.survey import SURVEY
from core.rules.suppression import Hidden, Shown, one, over, row, words
from core.rules.together import (
    BY_THE_WAY,
    NEVER_FEW,
    OF_NOBODY,
    OPEN_TO_ALL,
    PARTS,
    TOGETHER,
    Counted,
    Figures,
    giving_way,
)
from core.words import pounds, share

__all__ = ["AT_THE_END", "HELD", "TOGETHER", "Counted", "by_month", "headline", "in_full", "per_thousand", "written"]

HELD = words(Hidden.HELD, fewest=0)
AT_THE_END = (
    "over_eight_weeks",
    "over_twelve_weeks",
    "improvements_overdue",
    "adjustments",
    "restrictions",
    "reviews_overdue",
)
"""Figures of how things stood on the last day: those of a year are those of its last quarter, and add nothing up."""


def written(
    figures: Mapping[str, Counted], *, fewest: int | None, quarters: Sequence[Mapping[str, Counted]] = ()
) -> dict[str, str]:
    """Each figure in words, by its id; with a limit, so that no number from 1 to below it can be told [lgsco:9.6].

    `quarters` are the same figures of each quarter of a year: with them in hand, nothing more is told of any of them.
    What people said without their names is held back without a limit, too.
    """
    if fewest is None:
        of_nobody, *of_each = ({key: each[key] for key in OF_NOBODY if key in each} for each in (figures, *quarters))
        everybody = {key: _full(key, figure) for key, figure in figures.items()}
        return everybody | written(of_nobody, fewest=SURVEY.limits.fewest, quarters=of_each)
    lines = [(each, *_apart(each, (), fewest)[:2]) for each in quarters]
    told, _given, secret = _apart(figures, quarters, fewest)
    for key in figures if quarters else ():
        if key not in AT_THE_END and key not in OPEN_TO_ALL and _tells(key, figures, lines, told[key], fewest):
            told[key] = HELD
    # What the year holds back may be what another figure stands on.
    return _related(figures, told, secret, fewest)


def in_full(figures: Mapping[str, Counted], told: Mapping[str, str], *keys: str) -> bool:
    """Whether all of these figures are told as they are."""
    return all(told[key] == _full(key, figures[key]) for key in keys)


def _apart(
    figures: Figures, quarters: Sequence[Figures], fewest: int
) -> tuple[dict[str, str], frozenset[str], frozenset[int]]:
    """A period as it is told with all that its figures tell of each other, what gives way for that, and which wholes
    no share may name.
    """
    told = {key: _small(key, figure, fewest) for key, figure in figures.items()}
    secret: set[int] = set()
    for names in TOGETHER:
        if {*names} <= figures.keys():
            counts = [figures[name].numerator or 0 for name in names]
            shown, total = _together(counts, names, quarters, fewest)
            secret |= {sum(counts)} if isinstance(total, Hidden) else set()
            told |= {name: _share(each, total, fewest) for name, each in zip(names, shown, strict=True)}
    for whole, parts in PARTS.items():
        if {*parts} <= figures.keys():
            shown, total = _together([figures[name].numerator or 0 for name in parts], parts, quarters, fewest)
            told |= {name: words(each, fewest=fewest) for name, each in zip(parts, shown, strict=True)}
            told |= {whole: words(total, fewest=fewest)} if isinstance(total, Hidden) else {}
    found = _related(figures, told, secret, fewest)
    return found, frozenset(key for key in found if found[key] != told[key]), frozenset(secret)


def _share(part: Shown, whole: Shown, fewest: int) -> str:
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return words(part if isinstance(part, Hidden) else Hidden.HELD, fewest=fewest)
    return share(part, whole)


def _related(figures: Figures, told: Mapping[str, str], secret: Collection[int], fewest: int) -> dict[str, str]:
    """The same without what two of them would tell together."""
    found = {key: HELD if figures[key].denominator in secret else text for key, text in told.items()}
    untold = {key for key, text in found.items() if text != _full(key, figures[key])}
    return found | dict.fromkeys(giving_way(figures, untold, secret, fewest=fewest), HELD)


def _together(
    counts: Sequence[int], names: Sequence[str], quarters: Sequence[Figures], fewest: int
) -> tuple[tuple[Shown, ...], Shown]:
    """Counts that make a total: of one period, or of a year whose quarters are known."""
    if not quarters:
        return row(counts, fewest=fewest)
    lines = [[each[name].numerator or 0 for name in names] for each in quarters]
    return over(lines, [row(line, fewest=fewest) for line in lines], fewest=fewest)


Told = tuple[Figures, Mapping[str, str], frozenset[str]]
"""A quarter: its figures, how they are told, and what gives way to others there."""


def _tells(key: str, figures: Figures, quarters: Sequence[Told], year: str, fewest: int) -> bool:
    """Whether a year's figure, were it told, would tell what a quarter holds back."""
    if any(key in given for _figures, _told, given in quarters):
        return True
    if key in _GROUPED:
        return False
    of_each = [each[key] for each, _told, _given in quarters]
    wholes = [each.denominator or 0 for each in of_each]
    if FIGURES[key].kind == "count":
        return _narrows([each.numerator or 0 for each in of_each], fewest)
    if key in BY_THE_WAY:
        return _narrows([each.numerator or 0 for each in of_each], fewest) or _narrows(wholes, fewest)
    if any(0 < whole < fewest for whole in wholes):
        # A mean is the days added up, and a share of few says nothing of its part: neither may be had by subtraction.
        return True
    return FIGURES[key].kind == "share" and _shares_narrow(
        [(each, told[key]) for each, (_figures, told, _given) in zip(of_each, quarters, strict=True)],
        figures[key],
        year,
        fewest,
    )


_GROUPED = frozenset(name for names in TOGETHER for name in names) | {
    name for parts in PARTS.values() for name in parts
}


def _narrows(counts: Sequence[int], fewest: int) -> bool:
    """Whether the sum of these counts would tell more of a small one than that it is small."""
    lines = [[count] for count in counts]
    shown = [((one(count, fewest=fewest),), one(count, fewest=fewest)) for count in counts]
    return over(lines, shown, fewest=fewest)[1] is Hidden.HELD


def _shares_narrow(quarters: Sequence[tuple[Counted, str]], year: Counted, told: str, fewest: int) -> bool:
    """Whether a year's share narrows a part or a rest that a quarter holds back; their wholes are known."""
    if told == HELD:
        return False
    real = [each.numerator or 0 for each, _said in quarters]
    tried = [[*_possible(each, said, fewest)] for each, said in quarters]
    sums = range(1, fewest) if told.startswith(words(Hidden.FEW, fewest=fewest)) else (year.numerator or 0,)
    left: list[set[int]] = [set() for _ in quarters]
    for numbers in product(*tried):
        if sum(numbers) in sums:
            for found, number in zip(left, numbers, strict=True):
                found.add(number)
    for (each, _said), number, options, found in zip(quarters, real, tried, left, strict=True):
        whole = each.denominator or 0
        wanted = {*range(1, fewest)} if number < fewest else set()
        wanted |= {*range(whole - fewest + 1, whole)} if whole - number < fewest else set()
        if len(options) > 1 and not wanted <= found:
            return True
    return False


def _possible(figure: Counted, told: str, fewest: int) -> Iterator[int]:
    """What the number of a share can be for somebody who knows of how many it is one, and how it is told."""
    number, whole = figure.numerator or 0, figure.denominator or 0
    if told == share(number, whole):
        yield number
        return
    few = {*range(1, fewest)}
    rest = {whole - each for each in few}
    yield from sorted(few if told != HELD else rest if whole > 2 * (fewest - 1) else few | rest)


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
    """A figure by itself: its number is small, is one of few, or leaves few."""
    kind, whole, number = FIGURES[key].kind, figure.denominator, figure.numerator or 0
    if key in OPEN_TO_ALL:
        return _full(key, figure)
    if whole is not None and isinstance(one(whole, fewest=fewest), Hidden):
        return HELD
    few = words(Hidden.FEW, fewest=fewest)
    if kind == "count" and isinstance(one(number, fewest=fewest), Hidden):
        return HELD if key in NEVER_FEW else few
    if kind == "share" and isinstance(one(number, fewest=fewest), Hidden):
        # Where the rest may be small as well, not even that much is said.
        return f"{few} of {whole:,}" if (whole or 0) > 2 * (fewest - 1) or key in BY_THE_WAY else HELD
    if kind == "share" and key not in BY_THE_WAY and isinstance(one((whole or 0) - number, fewest=fewest), Hidden):
        return HELD
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
