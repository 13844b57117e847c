"""The policy on unreasonable behaviour: the letter it goes with, and what is missing where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from core.rules.findings import Finding

RESTRICTION = "restriction"
"""The kind of letter that the policy goes with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A version that goes with a letter, or went: as its file, or with `sha256` "" as an address to read it at."""

    id: int
    name: str
    web_address: str
    file_name: str
    media_type: str
    sha256: str


def policy_goes_along(*, there: bool) -> tuple[Finding, ...]:
    """A letter that restricts contact brings the policy it rests on [lgsco:5.10]."""
    if there:
        return ()
    sentence = (
        "No policy on unreasonable behaviour goes with this letter. The complaints manager adopts one on “Policy and "
        "departures”; or record why the letter goes without it."
    )
    return (Finding(clause="lgsco:5.10", sentence=sentence),)
