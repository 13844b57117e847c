"""How a complaint is considered: the words officers choose from, and the small facts that the fairness rules read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReachedBy(StrEnum):
    """How the individual was asked or heard."""

    PHONE = "by phone"
    EMAIL = "by e-mail"
    LETTER = "by letter"
    IN_PERSON = "in person"
    VIDEO = "by video call"
    OTHER = "in another way"


class Considered(StrEnum):
    """What became of a piece of evidence."""

    UNDECIDED = "not weighed yet"
    YES = "considered"
    NO = "left aside"


class Weighed(StrEnum):
    """What an officer can decide about a piece of evidence."""

    YES = Considered.YES.value
    NO = Considered.NO.value


class Complexity(StrEnum):
    """How much work a complaint needs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HandlerFit(StrEnum):
    """Whether the right person has a complaint."""

    RIGHT = "yes"
    WRONG = "no, it needs someone else"
    NOBODY = "nobody has it yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessFacts:
    """What is on file before an answer.

    `undeclared` names whoever considers it and has not said whether they have a conflict of interest. `undecided`
    names each piece of evidence that is not weighed yet. Nobody is `reachable` on an anonymous complaint.
    """

    undeclared: tuple[str, ...] = ()
    position_obtained: bool = False
    reachable: bool = True
    undecided: tuple[str, ...] = ()
