"""Where a policy leaves the individual with less than the Code does, and so needs a reason."""

from __future__ import annotations

from core.code.policy import Departure, Policy
from core.rules.findings import Finding

GENEROUS_WHEN_LONGER = frozenset({"accept_within"})
"""Periods that run against the individual: more of them is better for them. Of every other less is better."""


def leaves_less(departure: Departure) -> bool:
    """Whether the individual waits longer, or is turned away sooner, than under the Code [lgsco:using.1].

    Each reading that a policy decides otherwise does so.
    """
    if departure.difference is None:
        return True
    return departure.difference < 0 if departure.key in GENEROUS_WHEN_LONGER else departure.difference > 0


def explained_departures(policy: Policy) -> tuple[Finding, ...]:
    """A policy that leaves the individual with less than the Code says why, for each thing [lgsco:using.1]."""
    return tuple(
        Finding(clause=each.clause, sentence=each.sentence) for each in policy.departures() if leaves_less(each)
    )
