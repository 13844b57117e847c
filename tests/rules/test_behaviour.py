"""The policy on unreasonable behaviour goes with the letter that rests on it."""

from __future__ import annotations

from core.rules.behaviour import policy_goes_along


def test_5_10_a_letter_that_restricts_contact_brings_its_policy_or_a_reason() -> None:
    assert policy_goes_along(there=True) == ()
    (finding,) = policy_goes_along(there=False)
    assert (finding.clause, finding.force) == ("lgsco:5.10", "should")
    assert finding.sentence == (
        "No policy on unreasonable behaviour goes with this letter. The complaints manager adopts one on “Policy and "
        "departures”; or record why the letter goes without it."
    )
