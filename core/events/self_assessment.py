"""Events of the self-assessment: opened, answered, frozen, signed, and the changes that call for another."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class AssessmentOpened(Event):
    """A self-assessment began."""

    tag = "self_assessment.opened"
    clauses = ("lgsco:8.1a", "lgsco:8.3")

    number: int
    scheme: str
    starts_on: date
    ends_on: date
    reason_kind: str
    owner: str

    def sentence(self) -> str:
        period = f"{day_words(self.starts_on)} to {day_words(self.ends_on)}"
        return f"Opened self-assessment {self.number} over {period} ({self.reason_kind}); {self.owner} answers for it."


class ClauseAnswered(Event):
    """A row or a clause was answered."""

    tag = "self_assessment.answered"
    clauses = ("lgsco:8.1a",)

    number: int
    item: str
    version: int
    follows: str
    commentary: PersonalText
    action: PersonalText

    def sentence(self) -> str:
        action = f" What will be done: {self.action}" if self.action else ""
        said = f"{self.commentary}{action}".strip()
        return f"Answered {self.item} of self-assessment {self.number}: {self.follows}. {said}".rstrip()


class AssessmentFrozen(Event):
    """A text of the assessment was frozen, with the digest that proves it."""

    tag = "self_assessment.frozen"
    clauses = ("lgsco:8.1a",)

    number: int
    edition: int
    sha256: str

    def sentence(self) -> str:
        return f"Froze text {self.edition} of self-assessment {self.number}. Its digest is {self.sha256}."


class AssessmentSigned(Event):
    """A frozen text was signed."""

    tag = "self_assessment.signed"
    clauses = ("lgsco:8.2",)

    number: int
    edition: int
    step: str
    signed_on: date
    committee: str
    minute: str
    response: PersonalText

    def sentence(self) -> str:
        who = f"{self.step}, {self.committee}," if self.committee else self.step
        minute = f" Minute {self.minute}." if self.minute else ""
        response = f" The response: {self.response}" if self.response else ""
        on = day_words(self.signed_on)
        return f"Text {self.edition} of self-assessment {self.number} was signed by {who} on {on}.{minute}{response}"


class LargeChangeRecorded(Event):
    """A restructure, a merger or changed procedures were recorded."""

    tag = "large_change.recorded"
    clauses = ("lgsco:8.3",)

    kind: str
    changed_on: date
    what: PersonalText

    def sentence(self) -> str:
        return f"Recorded {self.kind} on {day_words(self.changed_on)}: {self.what} A new self-assessment is owed."
