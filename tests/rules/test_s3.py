"""Section 3: what is sent to somebody acting for the individual waits for their authority."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.rules.parties import AuthorityKind, PartyFacts
from core.rules.s3_access import disclosure_allowed

SINCE, UNTIL = date(2026, 9, 7), date(2026, 9, 21)


def rowan(**facts: Any) -> PartyFacts:
    given = {"authority": AuthorityKind.CONSENT, "recorded_on": SINCE, "expires_on": UNTIL}
    return PartyFacts(name="Rowan", **(given | facts))


@pytest.mark.parametrize("on", [SINCE, date(2026, 9, 14), UNTIL], ids=["first day", "between", "last day"])
def test_what_is_sent_while_authority_stands_is_in_order(on: date) -> None:
    """The first day and the last are days of it [lgsco:3.6]."""
    assert disclosure_allowed(rowan(), on=on) == ()
    assert disclosure_allowed(rowan(expires_on=None), on=on) == ()


def test_the_individual_needs_no_authority() -> None:
    assert disclosure_allowed(None, on=SINCE) == ()


@pytest.mark.parametrize(
    ("facts", "on", "said"),
    [
        ({"authority": AuthorityKind.NONE_YET}, SINCE, "Nothing recorded yet lets Rowan act for the individual."),
        ({"recorded_on": None}, SINCE, "Nothing recorded yet lets Rowan act for the individual."),
        ({}, date(2026, 9, 6), "The authority of Rowan was recorded only on Mon 7 September 2026."),
        ({}, date(2026, 9, 22), "The authority of Rowan ended on Mon 21 September 2026."),
    ],
)
def test_what_is_sent_without_authority_needs_a_reason(facts: dict[str, Any], on: date, said: str) -> None:
    """None yet, not yet, or no longer [lgsco:3.6]."""
    (finding,) = disclosure_allowed(rowan(**facts), on=on)
    assert (finding.clause, finding.force) == ("lgsco:3.6", "should")
    assert finding.sentence == f"{said} Record their authority, or write to the individual."
