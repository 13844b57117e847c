"""What the console does by itself before a date passes, and who wants to be reminded."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class NoticeDrafted(Event):
    """The console began a letter about the date of an answer; nothing went out."""

    tag = "notice.drafted"
    clauses = ("lgsco:5.5",)

    letter_id: int
    title: str
    stage: int
    act_by: date

    def sentence(self) -> str:
        return f"Drafted a letter: {self.title}. The answer is owed by {day_words(self.act_by)}; nothing was sent."


class NoticeDropped(Event):
    """The console took back a draft of its own on which nobody had written."""

    tag = "notice.dropped"
    clauses = ("lgsco:5.5",)

    letter_id: int
    title: str

    def sentence(self) -> str:
        return f"Took its own draft away: {self.title}. Nobody had written on it, and its date is settled."


class RemindersChosen(Event):
    """A colleague chose where to be reminded of what is due, or not to be."""

    tag = "reminders.chosen"

    colleague: str
    wanted: bool
    address: PersonalText

    def sentence(self) -> str:
        if not self.wanted:
            return f"{self.colleague} gets no more reminders by e-mail."
        where = f"at {self.address}" if self.address else "at their sign-in name"
        return f"{self.colleague} is reminded by e-mail {where}."
