"""Section 2, Exclusions: when a complaint may be turned away."""

from __future__ import annotations

from datetime import date

from core.code.policy import Policy
from core.rules.findings import Finding
from core.rules.working_days import months_after
from core.words import day_words


def accept_until(*, issue_on: date | None, aware_on: date | None, policy: Policy) -> date | None:
    """The last day a complaint is in time: its period from the later of issue and awareness [lgsco:2.2].

    None when neither date is known, so that nothing is refused on a guess.
    """
    known = [day for day in (issue_on, aware_on) if day is not None]
    if not known:
        return None
    return months_after(max(known), policy.period("accept_within").value)


def accepted_in_time(
    received_on: date, *, issue_on: date | None, aware_on: date | None, policy: Policy
) -> tuple[Finding, ...]:
    """A complaint made within its period is accepted; a later one needs discretion to be considered [lgsco:2.2]."""
    until = accept_until(issue_on=issue_on, aware_on=aware_on, policy=policy)
    if until is None or received_on <= until:
        return ()
    sentence = (
        f"The time limit ran out on {day_words(until)}. Record why discretion lets it in, "
        "or why the limit is applied in this individual's circumstances."
    )
    return (Finding(clause="lgsco:2.2", sentence=sentence),)
