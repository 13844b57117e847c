"""What can happen when a complaint is turned away, or when a point becomes a complaint of its own."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class ComplaintRefused(Event):
    """A complaint was not taken, for a reason in force and with the individual's circumstances weighed."""

    tag = "complaint.refused"
    clauses = ("lgsco:2.1", "lgsco:2.4", "lgsco:2.5")

    told_on: date
    ground: str
    reasons: PersonalText
    circumstances: PersonalText
    evidence: PersonalText
    other_route: PersonalText
    discretion: PersonalText

    def sentence(self) -> str:
        return (
            f"Refused the complaint (“{self.ground}”); the individual was told on {day_words(self.told_on)} with the "
            f"Ombudsman's details. Reasons: {self.reasons}"
        )


class RefusalReasonsAdopted(Event):
    """The list of reasons to refuse began."""

    tag = "refusal_reasons.adopted"
    clauses = ("lgsco:2.3",)

    titles: tuple[str, ...]

    def sentence(self) -> str:
        return f"Adopted {counted(len(self.titles), 'reason')} for which a complaint need not be considered."


class RefusalReasonAdded(Event):
    """A reason to refuse came onto the list."""

    tag = "refusal_reason.added"
    clauses = ("lgsco:2.3",)

    title: str
    in_force_from: date

    def sentence(self) -> str:
        return f"Added “{self.title}” to the reasons to refuse, in force from {day_words(self.in_force_from)}."


class RefusalReasonWithdrawn(Event):
    """A reason to refuse left the list; refusals that named it keep it."""

    tag = "refusal_reason.withdrawn"
    clauses = ("lgsco:2.3",)

    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Withdrew “{self.title}” from the reasons to refuse. Why: {self.why}"


class PointSplit(Event):
    """A point raised in one complaint was recorded as another."""

    tag = "point.split"
    clauses = ("lgsco:6.9",)

    raised_on: date
    becomes: str
    matter: PersonalText

    def sentence(self) -> str:
        raised = day_words(self.raised_on)
        return f"Recorded “{self.matter}”, raised on {raised}, as a complaint of its own: {self.becomes}."


class ComplaintSplit(Event):
    """A complaint began as a point raised in another."""

    tag = "complaint.split"
    clauses = ("lgsco:6.9",)

    raised_on: date
    came_from: str

    def sentence(self) -> str:
        return f"Split from {self.came_from}, where it was raised on {day_words(self.raised_on)}."
