"""Events of conduct and resourcing: appointments, training, and the objective that everyone concerned shares."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class AppointmentMade(Event):
    """Somebody was appointed to a post for complaints."""

    tag = "appointment.made"
    clauses = ("lgsco:4.1", "lgsco:9.4", "lgsco:9.5")

    post: str
    holder: PersonalText
    since: date
    appointed_by: PersonalText

    def sentence(self) -> str:
        return f"Appointed as {self.post}: {self.holder}, from {day_words(self.since)}, by {self.appointed_by}."


class AppointmentEnded(Event):
    """An appointment to a post for complaints was ended."""

    tag = "appointment.ended"
    clauses = ("lgsco:4.1",)

    post: str
    holder: PersonalText
    until: date
    why: PersonalText

    def sentence(self) -> str:
        return (
            f"Ended the appointment of {self.holder} as {self.post} with {day_words(self.until)}. {self.why}".rstrip()
        )


class TrainingRecorded(Event):
    """Somebody was trained."""

    tag = "training.recorded"
    clauses = ("lgsco:4.3",)

    who: PersonalText
    training: str
    done_on: date
    given_by: str

    def sentence(self) -> str:
        return f"Recorded training of {self.who} on {day_words(self.done_on)}: {self.training}, by {self.given_by}."


class ObjectiveAgreed(Event):
    """A colleague said that they work by the shared objective."""

    tag = "objective.acknowledged"
    clauses = ("lgsco:9.8",)

    who: PersonalText

    def sentence(self) -> str:
        return f"{self.who} works by the objective that everyone concerned with complaints shares.".strip()


class ContractorObjectiveRecorded(Event):
    """A contractor agreed to the shared objective."""

    tag = "contractor_objective.recorded"
    clauses = ("lgsco:6.22", "lgsco:9.8")

    contractor: str
    acknowledged_on: date
    signed_by: PersonalText

    def sentence(self) -> str:
        return (
            f"{self.contractor} agreed to the objective that everyone concerned with complaints shares, on "
            f"{day_words(self.acknowledged_on)}; signed by {self.signed_by}."
        )
