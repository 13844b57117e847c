"""The tables of a report by name: services, categories, reasons, clauses, in which no small number can be had.

A quarter's table stands by itself beside its total. A year's gives way to those of its quarters: it shows of each name
what leaves every number that a quarter did not show as open as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.rules.suppression import Hidden, Shown, over, row

Counts = Mapping[str, int]
Lines = tuple[tuple[str, int], ...]
MOST = 20  # house: names of a table that is still read


@dataclass(frozen=True, slots=True)
class Named:
    """Counts by name, and the names whose counts readers have from elsewhere."""

    counts: Counts
    known: frozenset[str] = frozenset()


def each_shown(named: Named, *, fewest: int, quarters: Sequence[Named] = ()) -> Mapping[str, Shown] | None:
    """Each name with its count as it may stand beside their total, which readers have; None for no table [lgsco:9.6].

    `quarters` are those of a year.
    """
    if not quarters:
        return _alone(named, fewest)
    told = [_alone(each, fewest) for each in quarters]
    names = sorted(named.counts)
    lines = [[each.counts.get(name, 0) for name in names] for each in quarters]
    shown = [
        ([one.get(name, 0) for name in names], sum(line))
        for one, line in zip(told, lines, strict=True)
        if one is not None
    ]
    if len(shown) < len(lines):
        return None
    cells, total = over(lines, shown, fewest=fewest, known=_places(named, names))
    return None if isinstance(total, Hidden) else dict(zip(names, cells, strict=True))


def named_at_least(
    named: Named, *, fewest: int, total_told: bool, quarters: Sequence[Named] = ()
) -> Mapping[str, Shown]:
    """The same for names that have to stand there: where no number can be told, that there are any [lgsco:8.1c].

    Nothing stands there where even that would tell a small number: their total, less one for each other name.
    """
    shown = each_shown(named, fewest=fewest, quarters=quarters) if total_told else None
    if shown is not None:
        return shown
    left = [count for name, count in named.counts.items() if count and name not in named.known]
    if total_told and left and sum(left) - len(left) + 1 < fewest:
        return {}
    return {name: Hidden.HELD if count else 0 for name, count in named.counts.items()}


def _alone(named: Named, fewest: int) -> Mapping[str, Shown] | None:
    names = sorted(name for name, count in named.counts.items() if count)
    cells, total = row([named.counts[name] for name in names], fewest=fewest, known=_places(named, names))
    return None if isinstance(total, Hidden) else dict(zip(names, cells, strict=True))


def _places(named: Named, names: Sequence[str]) -> set[int]:
    """The places that are known from elsewhere, the total among them."""
    return {at for at, name in enumerate(names) if name in named.known} | {len(names)}


def listed(counts: Counts, *, fewest: int, rest: str, quarters: Sequence[Counts] = ()) -> Lines | None:
    """Counts by name, the largest first, and all that are not shown put together as `rest`; None for no table.

    The rest is no more than the total tells, which readers have.
    """
    shown = each_shown(Named(counts), fewest=fewest, quarters=[*map(Named, quarters)])
    return _put_together(counts, shown, rest, fewest)


def listed_of_typed(counts: Counts, *, fewest: int, rest: str, quarters: Sequence[Counts] = ()) -> Lines | None:
    """The same of names that somebody typed: one with few is never named, and nobody knows how many there are."""
    if not quarters:
        return _put_together(counts, _typed(counts, fewest), rest, fewest)
    told = [each for each in (_typed(one, fewest) for one in quarters) if each is not None]
    if len(told) < len(quarters):
        return None
    large = _large(counts, fewest)
    names = sorted({*large}.union(*told))
    lines = [_with_rest(each, names) for each in quarters]
    shown = [
        ((*(_cell(each.get(name, 0), one.get(name), fewest) for name in names), Hidden.HELD), sum(each.values()))
        for each, one in zip(quarters, told, strict=True)
    ]
    cells, total = over(lines, shown, fewest=fewest, known={len(names) + 1}, free={len(names)})
    if isinstance(total, Hidden):
        return None
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name in large}
    return _put_together(counts, named, rest, fewest)


def _large(counts: Counts, fewest: int) -> list[str]:
    largest = sorted(counts, key=lambda name: (-counts[name], name))[:MOST]
    return [name for name in largest if counts[name] >= fewest]


def _typed(counts: Counts, fewest: int) -> Mapping[str, Shown] | None:
    """The largest names as a quarter shows them beside its total."""
    names = _large(counts, fewest)
    line = _with_rest(counts, names)
    cells, total = row(line, fewest=fewest, known={len(line)})
    return None if isinstance(total, Hidden) else dict(zip(names, cells, strict=False))


def _with_rest(counts: Counts, names: Sequence[str]) -> list[int]:
    line = [counts.get(name, 0) for name in names]
    return [*line, sum(counts.values()) - sum(line)]


def _cell(count: int, shown: Shown | None, fewest: int) -> Shown:
    """What a reader at best knows of a name in a quarter that does not show it."""
    if isinstance(shown, int) or not count:
        return count
    return Hidden.FEW if count < fewest else Hidden.HELD


def _put_together(counts: Counts, shown: Mapping[str, Shown] | None, rest: str, fewest: int) -> Lines | None:
    if shown is None:
        return None
    told = sorted(
        ((name, count) for name, count in shown.items() if isinstance(count, int) and count),
        key=lambda each: (-each[1], each[0]),
    )
    left = sum(counts.values()) - sum(count for _name, count in told)
    while 0 < left < fewest and told:
        left += told.pop()[1]
    return (*told, (rest, left)) if left else (*told,)
