"""Events of putting things right: what was offered, what the individual said, what was paid and what became of it."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words, pounds


class RemedyOffered(Event):
    """Something was offered to put things right."""

    tag = "remedy.offered"
    clauses = ("lgsco:7.1", "lgsco:7.2", "lgsco:7.3", "lgsco:7.5")

    number: int
    kind: str
    moment: str
    point: int | None
    offered_on: date
    due_on: date | None
    owner: str
    owner_id: int
    offered_pence: int | None
    guidance: bool
    what: PersonalText
    impact: PersonalText
    circumstances: PersonalText
    guidance_note: PersonalText

    def sentence(self) -> str:
        money = f", {pounds(self.offered_pence)}" if self.offered_pence is not None else ""
        by = f", by {day_words(self.due_on)}" if self.due_on else ", with no day named"
        about = f" for point {self.point}" if self.point is not None else ""
        read = "looked at" if self.guidance else "not looked at"
        return (
            f"Offered remedy {self.number} {self.moment}{about} on {day_words(self.offered_on)}: {self.kind}{money}. "
            f"{self.what}{by}, by the hand of {self.owner}. The Ombudsman's guidance was {read}."
        )


class RemedyAgreed(Event):
    """The individual said whether they agree with a remedy."""

    tag = "remedy.agreed"
    clauses = ("lgsco:7.3",)

    number: int
    agreed: bool
    agreed_on: date
    said: PersonalText

    def sentence(self) -> str:
        said = f" They said: {self.said}" if self.said else ""
        answer = "agrees" if self.agreed else "does not agree"
        return f"The individual {answer} with remedy {self.number}, {day_words(self.agreed_on)}.{said}"


class PaymentRecorded(Event):
    """Money was paid for a remedy."""

    tag = "payment.recorded"
    clauses = ("lgsco:7.1", "lgsco:7.3")

    number: int
    pence: int
    paid_on: date
    how: PersonalText

    def sentence(self) -> str:
        how = f" ({self.how})" if self.how else ""
        return f"Paid {pounds(self.pence)} for remedy {self.number} on {day_words(self.paid_on)}{how}."


class RemedyCompleted(Event):
    """A remedy was done to its end."""

    tag = "remedy.completed"
    clauses = ("lgsco:7.3",)

    number: int
    done_on: date
    due_on: date | None
    file_id: int | None
    evidence: PersonalText

    def sentence(self) -> str:
        due = f", due by {day_words(self.due_on)}" if self.due_on else ""
        shown = self.evidence or "a file on the case"
        return f"Remedy {self.number} was done on {day_words(self.done_on)}{due}. What shows it: {shown}."


class RemedyFailed(Event):
    """A remedy cannot be delivered; the individual was told why, and what is offered instead."""

    tag = "remedy.failed"
    clauses = ("lgsco:7.4",)

    number: int
    told_on: date
    letter_id: int | None
    instead: int | None
    reasons: PersonalText
    alternative: PersonalText

    def sentence(self) -> str:
        letter = "by letter" if self.letter_id is not None else "without a letter from here"
        instead = f" Remedy {self.instead} takes its place." if self.instead is not None else ""
        return (
            f"Remedy {self.number} cannot be delivered: {self.reasons} Told on {day_words(self.told_on)}, {letter}. "
            f"Offered instead: {self.alternative}{instead}"
        )


class RemedyReassigned(Event):
    """A remedy was given to somebody else; its day stays."""

    tag = "remedy.reassigned"
    clauses = ("lgsco:7.3",)

    number: int
    owner: str
    owner_id: int | None
    before: str

    def sentence(self) -> str:
        now = self.owner or "nobody"
        return f"Remedy {self.number} is now with {now}; before: {self.before or 'nobody'}. Its day stays."
