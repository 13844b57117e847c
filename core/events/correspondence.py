"""Events of being in touch: contacts and their answers, how often somebody hears from us, and our own standards."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class ContactRecorded(Event):
    """Somebody was in touch with us, or we with them."""

    tag = "contact.recorded"
    clauses = ("lgsco:5.8",)

    number: int
    direction: str
    with_whom: str
    reached_by: str
    on_day: date
    at_time: str
    introduces: bool
    waits: bool
    name: PersonalText
    what: PersonalText

    def sentence(self) -> str:
        who = f"{self.with_whom} ({self.name})" if self.name else self.with_whom
        at = f" at {self.at_time}" if self.at_time else ""
        asked = " It waits for our reply." if self.waits else ""
        said = " It introduced the handler." if self.introduces else ""
        return (
            f"Contact with {who} on {day_words(self.on_day)}{at}, {self.reached_by} ({self.direction}): "
            f"{self.what}{asked}{said}"
        )


class ContactAnswered(Event):
    """A message that waited for our reply has one."""

    tag = "contact.answered"
    clauses = ("lgsco:5.8",)

    number: int
    answered_on: date
    answer: str
    what: PersonalText

    def sentence(self) -> str:
        return f"Answered the message “{self.what}” on {day_words(self.answered_on)}, by {self.answer}."


class UpdatesAgreed(Event):
    """It was agreed how often somebody hears from us."""

    tag = "updates.agreed"
    clauses = ("lgsco:5.8",)

    every_weeks: int
    with_whom: str
    agreed_on: date
    name: PersonalText

    def sentence(self) -> str:
        who = f"{self.with_whom} ({self.name})" if self.name else self.with_whom
        often = "every week" if self.every_weeks == 1 else f"every {counted(self.every_weeks, 'week')}"
        return f"Agreed with {who} on {day_words(self.agreed_on)} to give an update {often}."


class StandardsAdopted(Event):
    """The council's own service standards came into force, or went out of it."""

    tag = "standards.adopted"

    kept: bool
    in_force_from: date
    resolution: str

    def sentence(self) -> str:
        what = "Keeps its own service standards" if self.kept else "Keeps no service standards of its own"
        return f"{what} for complaints taken in from {day_words(self.in_force_from)} ({self.resolution})."
