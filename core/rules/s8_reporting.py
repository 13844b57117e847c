"""Section 8, Performance reporting and self-assessment: what an answer must say, and when an assessment is owed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.rules.findings import Finding
from core.words import counted, day_words


class Follows(StrEnum):
    """Whether the council follows a row or a clause. The words are shown as they are."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NONE = "does not arise here"


class WhyAssessed(StrEnum):
    """Why an assessment is made. The words are shown as they are."""

    YEARLY = "yearly"
    RESTRUCTURE = "a significant restructure"
    MERGER = "a merger"
    PROCEDURE = "changed procedures"


class LargeChange(StrEnum):
    """A change of the council that calls for a new assessment. The words are shown as they are."""

    RESTRUCTURE = "a significant restructure"
    MERGER = "a merger"
    PROCEDURE = "changed procedures"


class SignOff(StrEnum):
    """Who signs a frozen text, in this order. The words are shown as they are."""

    OWNER = "whoever answers for it"
    SENIOR_LEAD = "the senior lead"
    GOVERNING_BODY = "the governing body"


ORDER = tuple(SignOff)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """One answer: what was ticked and written, under a row or a clause of this force."""

    follows: Follows
    commentary: str
    action: str
    has_owner: bool
    has_date: bool
    force: str


def answer_complete(facts: AnswerFacts) -> dict[str, Finding]:
    """Whatever is not followed says why, what will be done, by whom and by when [lgsco:8.1a].

    The findings stand by the field that lacks it. A clause that only states something asks for no action; neither does
    what does not arise here.
    """
    asked: dict[str, tuple[bool, str]] = {}
    if facts.follows is not Follows.YES:
        asked["commentary"] = (bool(facts.commentary), "Say in words why the answer is not yes.")
    if facts.follows in (Follows.PARTLY, Follows.NO) and facts.force != "states":
        asked["action"] = (bool(facts.action), "Say what will be done about it.")
        asked["owner_id"] = (facts.has_owner, "Say who sees to it.")
        asked["due_on"] = (facts.has_date, "Say by when it is done.")
    return {
        name: Finding(clause="lgsco:8.1", sentence=sentence, force="structure")
        for name, (said, sentence) in asked.items()
        if not said
    }


def suggested_answer(kept: int, judged: int) -> Follows | None:
    """The record suggests yes where all was kept and no where nothing was; a person decides [lgsco:8.1a].

    None where nothing can be judged. How much is enough is for a person to say, so anything between is partly.
    """
    if judged == 0:
        return None
    if kept == judged:
        return Follows.YES
    return Follows.PARTLY if kept else Follows.NO


def next_to_sign(signed: Collection[SignOff]) -> SignOff | None:
    """A frozen text is signed by its owner, then the senior lead, then the governing body [lgsco:8.2].

    None when all have signed.
    """
    return next((step for step in ORDER if step not in signed), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFacts:
    """What decides whether an assessment is owed, for one of the two Codes.

    `begun_on` is the council's first day here; `covered` holds the last day of each period that was assessed.
    """

    begun_on: date
    last_year: tuple[date, date]
    covered: Sequence[date]
    policies_since: int
    changes: Sequence[tuple[LargeChange, date]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An assessment that is owed: why, and the sentence that says so."""

    why: WhyAssessed
    sentence: str


def assessments_owed(facts: OwedFacts) -> tuple[Owed, ...]:
    """The Code is self-assessed each year, and anew after a restructure, merger or changed procedures [lgsco:8.3]."""
    found = []
    first, last = facts.last_year
    if facts.begun_on <= last and not any(day >= last for day in facts.covered):
        said = f"The year from {day_words(first)} to {day_words(last)} has no self-assessment yet."
        found.append(Owed(why=WhyAssessed.YEARLY, sentence=said))
    for kind, day in facts.changes:
        said = f"Since {kind.value} on {day_words(day)} no self-assessment was opened."
        found.append(Owed(why=WhyAssessed(kind.value), sentence=said))
    if facts.policies_since and facts.covered:
        versions = counted(facts.policies_since, "version")
        said = f"The complaints policy has {versions} more than when it was last assessed."
        found.append(Owed(why=WhyAssessed.PROCEDURE, sentence=said))
    return tuple(found)
