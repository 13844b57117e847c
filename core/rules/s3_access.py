"""Section 3, Accessibility and awareness: who may act for the individual."""

from __future__ import annotations

from datetime import date

from core.rules.findings import Finding
from core.rules.parties import AuthorityKind, PartyFacts
from core.words import day_words


def disclosure_allowed(party: PartyFacts | None, *, on: date) -> tuple[Finding, ...]:
    """Nothing is sent to somebody acting for the individual before their authority stands or after it ends [lgsco:3.6].

    `party` is who is written to in the individual's place; None is the individual.
    """
    if party is None:
        return ()
    if party.authority is AuthorityKind.NONE_YET or party.recorded_on is None:
        said = f"Nothing recorded yet lets {party.name} act for the individual."
    elif party.recorded_on > on:
        said = f"The authority of {party.name} was recorded only on {day_words(party.recorded_on)}."
    elif party.expires_on is not None and party.expires_on < on:
        said = f"The authority of {party.name} ended on {day_words(party.expires_on)}."
    else:
        return ()
    return (Finding(clause="lgsco:3.6", sentence=f"{said} Record their authority, or write to the individual."),)
