"""When complaints with something in common have risen by more than chance: counts in, candidates for a theme out.

The newest complaints of a service are held against its own past. If nothing had changed, those of one kind would lie
among all of the service's complaints as if drawn by lot; how often a lot gives as many new ones is exact (the
hypergeometric distribution), whatever the size of the service and however its complaints as a whole went up or down.
Many kinds are looked at in one go, so the share of false alarms among all that are named is held (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Complaints of one kind in one service: how many are new and how many past, beside the service's own totals."""

    kind: str
    key: str
    service_id: int | None
    title: str
    new: int
    past: int
    all_new: int
    all_past: int

    @property
    def expected(self) -> float:
        """How many new ones would be usual, if the kind had kept its share of the service's complaints."""
        everything = self.all_new + self.all_past
        return (self.new + self.past) * self.all_new / everything if everything else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible theme. `chance` is how often so many new ones come by chance alone; `risen` that it is too seldom."""

    series: Series
    chance: float
    risen: bool


def chance_of(series: Series) -> float:
    """How often chance alone gives at least so many new ones; 1 where there are no more than usual [lgsco:9.2]."""
    if series.new <= series.expected:
        return 1.0
    of_kind, everything = series.new + series.past, series.all_new + series.all_past
    others = everything - of_kind
    term = exp(
        _log_choose(of_kind, series.new)
        + _log_choose(others, series.all_new - series.new)
        - _log_choose(everything, series.all_new)
    )
    total = 0.0
    for new in range(series.new, min(of_kind, series.all_new) + 1):
        total += term
        left = series.all_new - new
        term *= (of_kind - new) * left / ((new + 1) * (others - left + 1))
        if term < total * 1e-12:
            break
    return min(total, 1.0)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def candidates(found: Sequence[Series], *, at_least: int, false_alarms: float) -> tuple[Candidate, ...]:
    """The kinds that have risen, and every cause that came up often enough by itself; the surest first [lgsco:9.2].

    `false_alarms` is the share of false ones among those named as risen. Kinds with fewer than `at_least` complaints
    in all are not looked at, which spoils nothing: that number would be the same whenever the complaints had come.
    """
    looked_at = sorted(((chance_of(each), each) for each in found if each.new + each.past >= at_least), key=_first)
    named = 0
    for rank, (chance, _series) in enumerate(looked_at, start=1):
        if chance <= false_alarms * rank / len(looked_at):
            named = rank
    return tuple(
        Candidate(series=series, chance=chance, risen=place < named)
        for place, (chance, series) in enumerate(looked_at)
        if series.new >= at_least and (place < named or series.kind == "cause")
    )


def _first(pair: tuple[float, Series]) -> tuple[float, str, str, int]:
    chance, series = pair
    return (chance, series.kind, series.key, series.service_id or 0)


def comes_back(*, count: int, count_decided: int) -> bool:
    """A theme that was dismissed or closed comes back only when there are more than there were then [lgsco:9.2]."""
    return count > count_decided
