"""What the figures of one period tell together, attacked by subtraction: any number shown less one or two others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product
from random import Random

import numpy as np
import pytest

from core.code.figures import FIGURES
from core.rules.showing import in_full, written
from tests.rules.test_showing import FEWEST, Number, of

JUDGED = ("in_target", "in_extension", "late", "unjudged")
FOUND = ("upheld", "partially_upheld", "not_upheld", "resolved")
COUNTS = ((0, 0, 0, 0, 0, 1, 2, 3, 4, 6, 9, 14), (0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 9), (0, 5, 6, 8, 9, 14, 0, 20, 1))
Atom = tuple[str, ...]


def atoms(random: Random) -> Counter[Atom]:
    """Kinds of row of a small council: answers with all that is said of them, and other rows."""
    some = random.choice(COUNTS)
    found: Counter[Atom] = Counter()
    for stage, judged, outcome in product(("one", "two"), JUDGED, FOUND):
        lengths = ("within", "beyond") if judged == "in_extension" else ("", "within")
        for length in lengths:
            before = ("not upheld before", "upheld before") if stage == "two" else ("",)
            for each in before:
                found["answer", stage, judged, outcome, length, each] = random.choice(some)
    for stage, how in product(("one", "two"), ("in time", "late")):
        found["acknowledged", stage, how] = random.choice(some)
    for kind in ("other dates missed", "unexplained"):
        found["missed", kind] = random.choice(some)
    for what in ("not investigated", "not upheld", "remedied before", "upheld"):
        found["ombudsman", what] = random.choice(some)
    for unhappy, raised in product(("unhappy", ""), ("raised", "")):
        found["request", unhappy, raised] = random.choice(some)
    for weeks in ("eight", "twelve"):
        found["open", weeks] = random.choice(some)
    return found


Chosen = Callable[[Atom], bool]


def kind(name: str) -> Chosen:
    """Rows of one kind."""
    return lambda each: each[0] == name


def both_of(one: Chosen, other: Chosen) -> Chosen:
    """Rows of which both hold."""
    return lambda each: one(each) and other(each)


def missed(each: Atom) -> bool:
    """A date of the Code that was missed: a late acknowledgement, or any other."""
    return each[0] == "missed" or (each[0] == "acknowledged" and each[2] == "late")


def numbers() -> dict[str, tuple[Chosen, Chosen | None]]:
    """Which rows each figure counts, and of which: told again from the catalogue, without the rules."""
    told: dict[str, tuple[Chosen, Chosen | None]] = {}

    def answers(stage: str, **given: str) -> Chosen:
        places = {"judged": 2, "outcome": 3}
        return lambda each: (
            each[:2] == ("answer", stage) and all(each[places[key]] == had for key, had in given.items())
        )

    for stage in ("one", "two"):
        of_all = answers(stage)
        judged = both_of(of_all, lambda each: each[2] != "unjudged")
        told |= {f"{name}_{stage}": (answers(stage, judged=name), judged) for name in JUDGED[:3]}
        told |= {f"{name}_{stage}": (answers(stage, outcome=name), of_all) for name in FOUND}
        told[f"not_judged_{stage}"] = (answers(stage, judged="unjudged"), None)
        told[f"acknowledged_in_time_{stage}"] = (
            lambda each, stage=stage: each == ("acknowledged", stage, "in time"),
            lambda each, stage=stage: each[:2] == ("acknowledged", stage),
        )
    both, outside, asked = (kind(name) for name in ("answer", "ombudsman", "request"))
    two = answers("two")
    told["extended"] = (lambda each: both(each) and each[4] != "", both)
    told["extended_beyond"] = (lambda each: both(each) and each[4] == "beyond", both)
    told["overturned"] = (lambda each: two(each) and each[3] in FOUND[:2] and each[5] == "not upheld before", two)
    told["breaches"] = (missed, None)
    told["breaches_unexplained"] = (lambda each: each == ("missed", "unexplained"), missed)
    fault = ("remedied before", "upheld")
    told["ombudsman_decided"] = (outside, None)
    told["ombudsman_investigated"] = (lambda each: outside(each) and each[1] != "not investigated", outside)
    told["ombudsman_upheld"] = (lambda each: outside(each) and each[1] in fault, told["ombudsman_investigated"][0])
    told["remedied_before"] = (lambda each: each == ("ombudsman", fault[0]), told["ombudsman_upheld"][0])
    told["requests"] = (asked, None)
    told["requests_unhappy"] = (lambda each: asked(each) and each[1] != "", asked)
    told["requests_converted"] = (lambda each: asked(each) and each[2] != "", asked)
    told["over_eight_weeks"] = (lambda each: each[0] == "open", None)
    told["over_twelve_weeks"] = (lambda each: each == ("open", "twelve"), None)
    return told


NUMBERS = numbers()


def shown(counts: Counter[Atom], *, protected: bool) -> list[np.ndarray]:
    """The numbers that a page shows of these rows, each as the kinds of row that it counts."""
    kinds = list(counts)
    rows = {
        key: [np.array([int(each is not None and each(kind)) for kind in kinds]) for each in NUMBERS[key]]
        for key in NUMBERS
    }
    line = np.array([counts[kind] for kind in kinds])
    figures = of(**{
        key: Number(int(part @ line), int(whole @ line) if FIGURES[key].denominator else None)
        for key, (part, whole) in rows.items()
    })  # fmt: skip
    told = written(figures, fewest=FEWEST)
    found = []
    for key, (part, whole) in rows.items():
        if not protected or in_full(figures, told, key):
            found += [part, whole] if FIGURES[key].denominator else [part]
        elif " of " in told[key]:
            found.append(whole)
    return [each for each in {tuple(each): each for each in found if each.any()}.values()]


def small_ones(counts: Counter[Atom], vectors: list[np.ndarray]) -> set[Atom]:
    """The kinds of row in any small number that is one shown number less one or two others, or a shown number."""
    kinds, line = list(counts), np.array([*counts.values()])
    if not vectors:
        return set()
    base = np.array([np.zeros(len(kinds), dtype=int), *vectors])
    pairs = (base[:, None, :] + base[None, :, :]).reshape(-1, len(kinds))
    found: set[Atom] = set()
    for whole in vectors:
        rests = whole - pairs
        sums = rests @ line
        for at in np.flatnonzero((rests.min(axis=1) >= 0) & (sums > 0) & (sums < FEWEST)):
            found |= {kind for kind, there in zip(kinds, rests[at], strict=True) if there and counts[kind]}
    return found


@pytest.mark.parametrize("seed", range(24))
def test_9_6_no_number_shown_less_one_or_two_others_is_small(seed: int) -> None:
    counts = atoms(Random(seed))
    assert small_ones(counts, shown(counts, protected=True)) == set()


def test_the_attack_finds_small_numbers_where_every_figure_is_shown() -> None:
    counts = atoms(Random(1))
    assert len(small_ones(counts, shown(counts, protected=False))) >= 4
