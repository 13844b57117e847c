"""What figures of one period would tell together: numbers had by taking one shown number from another.

Each relation names what is counted within what. Where the difference is a small number, a figure gives way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.code.survey import SURVEY

STAGES = ("one", "two")
_SHARES = (("in_target", "in_extension", "late"), ("upheld", "partially_upheld", "not_upheld", "resolved"))
TOGETHER = tuple(tuple(f"{name}_{stage}" for name in names) for stage in STAGES for names in _SHARES)
"""Shares that are all of their responses together."""
PARTS: Mapping[str, tuple[str, ...]] = {"refused": ("refused_start", "refused_escalation")}
"""Counts that make another figure's number together."""
BY_THE_WAY = frozenset({"escalated", "refused"})
"""Shares whose number is no part of what they are shares of, so that there is no rest."""
OPEN_TO_ALL = frozenset({"improvements_identified", "learning_implemented", "improvements_overdue"})
"""Figures of what the council does, published one by one in words: nobody can be picked out by their number."""

NEVER_FEW = frozenset({"breaches", "departures"})
"""Counts that are not even called few: reports name the clauses that they are made up of."""

OF_NOBODY = tuple(f"feedback_{question}" for question in SURVEY.questions)
"""What people said without their names: small numbers are held back from everybody."""


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


Figures = Mapping[str, Counted]


def _number(*keys: str) -> Callable[[Figures], int]:
    return lambda figures: sum(figures[key].numerator or 0 for key in keys)


def _whole(*keys: str) -> Callable[[Figures], int]:
    return lambda figures: sum(figures[key].denominator or 0 for key in keys)


@dataclass(frozen=True, slots=True)
class _Within:
    """What is counted within what, and the figures that give way where the difference is small."""

    part: Callable[[Figures], int]
    whole: Callable[[Figures], int]
    gives: tuple[str, ...]


_ACKNOWLEDGED = ("acknowledged_in_time_one", "acknowledged_in_time_two")
_UPHELD = ("upheld_one", "partially_upheld_one", "upheld_two", "partially_upheld_two")
_WITHIN = (
    _Within(_whole("in_target_one"), _whole("upheld_one"), TOGETHER[0]),
    _Within(_whole("in_target_two"), _whole("upheld_two"), TOGETHER[2]),
    _Within(_whole("overturned"), _whole("upheld_two"), ("overturned",)),
    _Within(_number("overturned"), _number(*_UPHELD[2:]), ("overturned",)),
    _Within(_number("extended_beyond"), _number("extended"), ("extended_beyond",)),
    _Within(_whole("first_offered_late"), _number("remedies_offered"), ("first_offered_late",)),
    _Within(_whole("learning_identified"), _number(*_UPHELD), ("learning_identified",)),
    _Within(_number("over_twelve_weeks"), _number("over_eight_weeks"), ("over_twelve_weeks",)),
    # Acknowledgements that were late are breaches as well: what is left of the breaches is all other duties.
    _Within(
        lambda of: _whole(*_ACKNOWLEDGED)(of) - _number(*_ACKNOWLEDGED)(of),
        _number("breaches"),
        ("breaches", "breaches_unexplained"),
    ),
)
_STANDS_ON: Mapping[str, str] = {
    "refused": "received",
    "requests_unhappy": "requests",
    "requests_converted": "requests",
    "breaches_unexplained": "breaches",
    "ombudsman_investigated": "ombudsman_decided",
    "ombudsman_upheld": "ombudsman_investigated",
    "remedied_before": "ombudsman_upheld",
}
"""Shares of another figure's number, in order: where that one is not told, neither are they."""
_OF_BOTH_STAGES = ("extended", "extended_beyond")
_ANSWERS = ("upheld_one", "upheld_two")
_UNJUDGED = tuple((f"in_target_{stage}", f"upheld_{stage}", f"not_judged_{stage}") for stage in STAGES)


def giving_way(figures: Figures, untold: Collection[str], secret: Collection[int], *, fewest: int) -> frozenset[str]:
    """The figures of a period that are held back because two shown numbers would tell a small one [lgsco:9.6].

    `untold` are those held back already, `secret` the wholes that nothing may tell. Figures that were not counted stand
    in no relation.
    """
    gone, giving = {*untold}, set[str]()
    for each in _WITHIN:
        if {*each.gives} <= figures.keys():
            part, whole = each.part(figures), each.whole(figures)
            giving |= {*each.gives} if part and 0 < abs(whole - part) < fewest else set()
    if {*_ANSWERS, *_OF_BOTH_STAGES} <= figures.keys():
        # Both stages less one are the other: they are told where each of the two is.
        giving |= set() if all(_known(figures, key, secret, fewest) for key in _ANSWERS) else {*_OF_BOTH_STAGES}
        for judged, answered, rest in _UNJUDGED:
            known = _known(figures, judged, secret, fewest) and _known(figures, answered, secret, fewest)
            giving |= set() if known else {rest}
    for share, number in _STANDS_ON.items():
        giving |= {share} if number in gone | giving else set()
    # A share that says "fewer than 5 of 40" tells its whole; a count that says so tells nothing else.
    return frozenset(
        key for key in giving & figures.keys() if key not in untold or figures[key].denominator is not None
    )


def _known(figures: Figures, key: str, secret: Collection[int], fewest: int) -> bool:
    """Whether readers know of how many a figure is a share."""
    whole = figures[key].denominator or 0
    return not whole or (whole >= fewest and whole not in secret)
