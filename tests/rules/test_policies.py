"""What a policy has to give a reason for: where it leaves the individual with less than the Code, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.policy import Departure, Policy
from core.rules.policies import explained_departures, leaves_less


def departure(key: str, difference: int | None) -> Departure:
    return Departure(key=key, clause="lgsco:6.3", sentence="Said.", source="Cabinet", difference=difference)


@pytest.mark.parametrize(
    ("key", "difference", "less"),
    [
        ("respond_stage_one", 1, True),
        ("respond_stage_one", 0, False),
        ("respond_stage_one", -1, False),
        # Time to complain is the individual's own: more of it is better for them.
        ("accept_within", -1, True),
        ("accept_within", 0, False),
        ("accept_within", 1, False),
        # A reading decided otherwise has no number, and always runs against them.
        ("closure_days_skip", None, True),
    ],
)
def test_using_1_to_wait_longer_or_be_turned_away_sooner_is_less(key: str, difference: int | None, less: bool) -> None:
    assert leaves_less(departure(key, difference)) is less


def test_using_1_a_reason_is_asked_for_each_thing_that_leaves_them_with_less() -> None:
    """Of four departures two are generous: nobody explains those [lgsco:using.1]."""
    policy = Policy(
        name="Sampleford policy",
        resolution="Cabinet, 12 March 2026, minute 41",
        in_force_from=date(2026, 4, 1),
        periods={"respond_stage_one": 15, "respond_stage_two": 10, "accept_within": 18, "acknowledge_stage_one": 6},
    )
    assert [(each.clause, each.force, each.sentence) for each in explained_departures(policy)] == [
        ("lgsco:6.3", "should", "Answer stage 1: 15 working days in Sampleford policy, 10 working days in the Code."),
        (
            "lgsco:6.2",
            "should",
            "Acknowledge stage 1: 6 working days in Sampleford policy, 5 working days in the Code.",
        ),
    ]
