"""How a date or a clause stands: the words first, the colour second."""

from __future__ import annotations

from core.queries.cases import STANDING_WORDS, Clock
from core.rules.compliance import How
from core.rules.duties import Nearness
from core.rules.facts import Standing

_SOON = 2
_STANDING = {
    Standing.IN_TIME: "green",
    Standing.EXTENDED: "green",
    Standing.LATE: "red",
    Standing.UNKNOWN: "gray",
    Standing.VOID: "gray",
}
_HOW = {
    How.MET: "green",
    How.EXTENDED: "green",
    How.OPEN: "blue",
    How.LATE: "red",
    How.DEPARTED: "orange",
    How.UNEXPLAINED: "red",
    How.UNKNOWN: "gray",
}


def badge(words: str, colour: str) -> str:
    """Words of ours on a coloured ground."""
    return f":{colour}-badge[{words}]"


AT_RISK = badge("vulnerable or at risk", "orange")
"""What a row says of a complaint that comes first."""


def due(soon: Nearness) -> str:
    """How near a date is."""
    colour = "red" if soon.overdue else "orange" if soon.days <= _SOON else "gray"
    return badge(soon.words, colour)


def standing(clock: Clock) -> str:
    """How a duty stands: how near it is while open, how it was met afterwards."""
    if clock.soon is not None:
        return due(clock.soon)
    return settled(clock.standing)


def settled(standing: Standing) -> str:
    """How a clock that is over stands."""
    return badge(STANDING_WORDS[standing], _STANDING[standing])


def how(stands: How) -> str:
    """How a clause stands on a case."""
    return badge(stands.value, _HOW[stands])
