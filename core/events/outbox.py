"""What can happen to a letter that goes by e-mail, from its being queued until it went, failed or came back."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class LetterQueued(Event):
    """A letter was given to go by e-mail; it has not gone yet."""

    tag = "letter.queued"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    channel: str
    step: str
    address: PersonalText

    def sentence(self) -> str:
        return (
            f"Queued a letter ({self.title}) to go by e-mail to {self.address}. "
            "It counts as sent on the day the mail server takes it."
        )


class LetterWithdrawn(Event):
    """A queued letter was taken back and is a draft again."""

    tag = "letter.withdrawn"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    tries: int

    def sentence(self) -> str:
        tried = f" It had been tried {counted(self.tries, 'time')}; a copy may have arrived." if self.tries else ""
        return f"Took a letter back before it went by e-mail: {self.title}.{tried}"


class LetterRetried(Event):
    """Somebody asked for another try at once."""

    tag = "letter.retried"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str

    def sentence(self) -> str:
        return f"Asked for another try to send a letter by e-mail: {self.title}."


class LetterFailed(Event):
    """A queued letter did not go and will not by itself."""

    tag = "letter.failed"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"A letter did not go by e-mail: {self.title}. {self.why}"


class LetterAccepted(Event):
    """The mail server took a letter, and the step it belongs to could not be recorded with it."""

    tag = "letter.accepted"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    accepted_on: date
    why: PersonalText

    def sentence(self) -> str:
        return (
            f"A letter went by e-mail on {day_words(self.accepted_on)} ({self.title}), but that could not be recorded "
            f"as its step. {self.why}"
        )


class LetterBounced(Event):
    """A letter that went out came back."""

    tag = "letter.bounced"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    came_back_on: date
    why: PersonalText

    def sentence(self) -> str:
        return f"A letter came back on {day_words(self.came_back_on)}: {self.title}. {self.why}".rstrip()


class BounceClosed(Event):
    """Something was done about a letter that came back."""

    tag = "bounce.closed"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    note: PersonalText

    def sentence(self) -> str:
        return f"Dealt with a letter that came back ({self.title}). {self.note}"
