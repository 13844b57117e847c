"""Events of considering a complaint: who was heard and asked, who met, what was weighed, how it was judged first."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class PositionRecorded(Event):
    """The individual had their chance to state their position."""

    tag = "position.recorded"
    clauses = ("lgsco:5.4",)

    stage: int
    obtained_on: date
    reached_by: str
    nothing_to_add: bool
    said: PersonalText

    def sentence(self) -> str:
        heard = f"Heard the individual for stage {self.stage} on {day_words(self.obtained_on)}, {self.reached_by}"
        if self.nothing_to_add:
            return f"{heard}. They had nothing to add. {self.said}".rstrip()
        return f"{heard}: {self.said}"


class ClarificationAsked(Event):
    """The individual was asked about something that is not clear."""

    tag = "clarification.asked"
    clauses = ("lgsco:5.4",)

    stage: int
    asked_on: date
    reached_by: str
    question: PersonalText

    def sentence(self) -> str:
        return f"Asked on {day_words(self.asked_on)}, {self.reached_by}: {self.question} The clock goes on."


class ClarificationAnswered(Event):
    """What was not clear was answered."""

    tag = "clarification.answered"
    clauses = ("lgsco:5.4",)

    answered_on: date
    question: PersonalText
    answer: PersonalText

    def sentence(self) -> str:
        return f"Had the answer to “{self.question}” on {day_words(self.answered_on)}: {self.answer}"


class MeetingRecorded(Event):
    """A meeting with the individual was put on the record."""

    tag = "meeting.recorded"
    clauses = ("lgsco:3.6",)

    held_on: date
    place: PersonalText
    attended: PersonalText
    accompanied: PersonalText
    adjustments: PersonalText
    notes: PersonalText

    def sentence(self) -> str:
        company = self.accompanied or "nobody"
        made = f" Adjustments made: {self.adjustments}" if self.adjustments else ""
        said = f"Met on {day_words(self.held_on)}, {self.place}. Present: {self.attended}"
        return f"{said} With the individual: {company}.{made} {self.notes}".rstrip()


class EvidenceNoted(Event):
    """A piece of evidence without a file was written down."""

    tag = "evidence.noted"
    clauses = ("lgsco:5.4", "lgsco:5.8")

    what: PersonalText
    source: PersonalText

    def sentence(self) -> str:
        return f"Noted as evidence, from {self.source}: {self.what}"


class EvidenceWeighed(Event):
    """It was decided what weight evidence has."""

    tag = "evidence.weighed"
    clauses = ("lgsco:5.4",)

    considered: str
    items: PersonalText
    weight: PersonalText
    source: PersonalText

    def sentence(self) -> str:
        source = f" From: {self.source}." if self.source else ""
        return f"Evidence {self.considered}: {self.items}.{source} {self.weight}"


class ComplaintAssessed(Event):
    """It was judged how complex a complaint is, how soon it can be settled, and who is behind it."""

    tag = "complaint.assessed"
    clauses = ("lgsco:6.1",)

    complexity: str
    quick: bool
    handler_fit: str
    vulnerable: bool
    at_risk: bool
    why: PersonalText

    def sentence(self) -> str:
        quick = "can probably be settled quickly" if self.quick else "needs more work"
        told = f"Judged its complexity as {self.complexity}; it {quick}. The right handler: {self.handler_fit}."
        behind = " and ".join(
            word for word, holds in (("vulnerable", self.vulnerable), ("at risk", self.at_risk)) if holds
        )
        first = f" Somebody {behind} is behind it, so it comes first." if behind else ""
        return f"{told}{first} {self.why}".rstrip()
