"""Checking the quality of complaint handling: which complaints are looked at, and what a check says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from random import Random
from typing import TypeVar

from core.rules.findings import Finding

S = TypeVar("S", bound=tuple[str, ...])
T = TypeVar("T")


class Mark(StrEnum):
    """What a check found on one item. The words are shown as they are."""

    MET = "met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "does not apply"


def draw(strata: Mapping[S, Sequence[int]], *, size: int, seed: int) -> tuple[int, ...]:
    """The complaints to check: in proportion to each kind, and at least one of each where `size` allows it [lgsco:9.4].

    The same complaints, size and seed give the same sample, in whatever order they come. With fewer places than kinds
    the kinds with a place are chosen by lot, a larger one no likelier than a small one.
    """
    random = Random(seed)  # noqa: S311 - a draw that anybody can repeat is what is wanted
    shuffled = {kind: _by_lot(sorted(strata[kind]), random) for kind in sorted(strata) if strata[kind]}
    if size < len(shuffled):
        chosen = _by_lot(sorted(shuffled), random)[:size]
        return tuple(sorted(shuffled[kind][0] for kind in chosen))
    places = _places({kind: len(ids) for kind, ids in shuffled.items()}, size)
    return tuple(sorted(one for kind, ids in shuffled.items() for one in ids[: places[kind]]))


def _by_lot(of: Iterable[T], random: Random) -> list[T]:
    """In an order drawn by lot; `random()` alone is promised to stay the same from one Python to the next."""
    return [one for _lot, _n, one in sorted((random.random(), n, one) for n, one in enumerate(of))]


def _places(counts: Mapping[S, int], size: int) -> dict[S, int]:
    """One place for each kind, and the others where the most is lacking to a kind's share of them."""
    total = sum(counts.values())
    places = dict.fromkeys(counts, 1)
    for _place in range(min(size, total) - len(counts)):
        open_kinds = [kind for kind in counts if places[kind] < counts[kind]]
        neediest = max(open_kinds, key=lambda kind: (counts[kind] * size / total - places[kind], kind))
        places[neediest] += 1
    return places


def checked_by_somebody_else(checker: int, hands: Iterable[int]) -> tuple[Finding, ...]:
    """Nobody checks a complaint that they had in their own hands [lgsco:9.4]."""
    if checker not in set(hands):
        return ()
    sentence = "You had this complaint in your own hands, so somebody else checks it. Leave it to a colleague."
    return (Finding(clause="lgsco:9.4", sentence=sentence, force="structure"),)


def passes(marks: Iterable[Mark]) -> bool:
    """Whether a check is passed: no item is failed, and at least one applies [lgsco:9.4]."""
    found = set(marks)
    return Mark.MET in found and Mark.NOT_MET not in found
