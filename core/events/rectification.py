"""Requests to correct or erase personal data: received, given more time, answered."""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import day_words


def _text(words: str) -> str:
    return f" {words}" if words not in ("", ERASED) else ""


class RectificationAsked(Event):
    """Somebody asked to have data about them corrected or erased."""

    tag = "rectification.asked"
    clauses = ("lgsco:5.8",)

    asks: str
    received_on: date
    due_on: date
    name: PersonalText
    what: PersonalText

    def sentence(self) -> str:
        asked = f"{self.name} asked for {self.asks} of personal data on {day_words(self.received_on)}"
        return f"{asked}; an answer is due by {day_words(self.due_on)}.{_text(self.what)}"


class RectificationExtended(Event):
    """More time is needed for such a request, and they were told why."""

    tag = "rectification.extended"
    clauses = ("lgsco:5.8",)

    told_on: date
    due_on: date
    why: PersonalText

    def sentence(self) -> str:
        until = f"until {day_words(self.due_on)}"
        return f"The request about personal data takes {until}, told on {day_words(self.told_on)}.{_text(self.why)}"


class RectificationAnswered(Event):
    """Such a request was answered: done, done in part, or refused."""

    tag = "rectification.answered"
    clauses = ("lgsco:5.8",)

    asks: str
    answered_on: date
    outcome: str
    rights_told: bool
    answer: PersonalText
    passed_on: PersonalText

    def sentence(self) -> str:
        told = " They were told of the Information Commissioner and the courts." if self.rights_told else ""
        also = f" Passed on to: {self.passed_on}." if self.passed_on not in ("", ERASED) else ""
        answered = f"The request for {self.asks} was answered on {day_words(self.answered_on)}: {self.outcome}."
        return f"{answered}{_text(self.answer)}{told}{also}"
