"""Section 9, Scrutiny and oversight: what a complaint can teach, and how far an improvement has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.rules.findings import Finding


class Learned(StrEnum):
    """Whether a decision taught the council something. The words are shown as they are."""

    SOMETHING = "something can be learned"
    NOTHING = "nothing can be learned"


class Risk(StrEnum):
    """How much harm it does if nothing changes."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ImprovementState(StrEnum):
    """How far an improvement has come. The words are shown as they are."""

    PROPOSED = "planned"
    STARTED = "under way"
    COMPLETED = "completed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningFacts:
    """What a decision says of learning; `learned` is None when nobody answered the question."""

    learned: Learned | None
    lesson: str
    cause_named: bool


def learning_asked(facts: LearningFacts) -> tuple[Finding, ...]:
    """Each decision says whether something can be learned: what and its cause, or why nothing can [lgsco:9.1].

    It is asked whatever was found: a complaint that is not upheld can teach as much.
    """
    if facts.learned is None:
        return (
            _lacks("Nothing says whether something can be learned from this. Choose one and say what, or why not."),
        )
    if not facts.lesson.strip():
        what = "what can be learned" if facts.learned is Learned.SOMETHING else "why nothing can be learned"
        return (_lacks(f"Nothing says {what}. Write it in a sentence."),)
    if facts.learned is Learned.SOMETHING and not facts.cause_named:
        return (_lacks("No cause is chosen for what went wrong. Choose the one that comes closest."),)
    return ()


def _lacks(sentence: str) -> Finding:
    return Finding(clause="lgsco:9.1", sentence=sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementFacts:
    """The dates of an improvement; None where it has not come so far."""

    due_on: date
    started_on: date | None
    done_on: date | None
    dropped_on: date | None


def improvement_state(facts: ImprovementFacts) -> ImprovementState:
    """An improvement counts as made once it is completed, and only then [lgsco:9.2]."""
    if facts.dropped_on is not None:
        return ImprovementState.DROPPED
    if facts.done_on is not None:
        return ImprovementState.COMPLETED
    return ImprovementState.PROPOSED if facts.started_on is None else ImprovementState.STARTED


def improvement_overdue(facts: ImprovementFacts, *, today: date) -> bool:
    """Whether an improvement still to be made is past the day it was due [lgsco:9.4]."""
    unfinished = {ImprovementState.PROPOSED, ImprovementState.STARTED}
    return improvement_state(facts) in unfinished and facts.due_on < today
