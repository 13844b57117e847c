"""Events about what comes in from outside: the forms that may send complaints, and what they were told."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class IntakeClientAdded(Event):
    """A form outside was given a key."""

    tag = "intake_client.added"

    client: str

    def sentence(self) -> str:
        return f"The web form “{self.client}” may send complaints in from now on."


class IntakeClientRevoked(Event):
    """A form's key was taken back."""

    tag = "intake_client.revoked"

    client: str
    why: PersonalText

    def sentence(self) -> str:
        return f"The web form “{self.client}” may send no complaints in any more. {self.why}"


class FormReceived(Event):
    """A complaint came through a web form, which was told its dates.

    `sent_sha256` is the digest of what was sent, so that a second try can be told from other words. Days are working
    days; `acknowledge_by` is None where nobody can be reached.
    """

    tag = "form.received"
    clauses = ("lgsco:3.2", "lgsco:6.2", "lgsco:6.3")

    client: str
    sent_sha256: str
    acknowledge_by: date | None
    acknowledge_days: int
    acknowledge_clause: str
    answer_by: date
    answer_days: int
    answer_clause: str

    def sentence(self) -> str:
        acknowledged = "no acknowledgement, since nobody can be reached"
        if self.acknowledge_by is not None:
            acknowledged = f"an acknowledgement by {day_words(self.acknowledge_by)}"
        answer = f"an answer by {day_words(self.answer_by)}"
        return f"Came through the web form “{self.client}”, which was told: {acknowledged}, and {answer}."
