"""Complaints about our own handling: raised, answered here, referred to an independent assessor, and assessed."""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import day_words


def _text(words: str) -> str:
    return f" {words}" if words not in ("", ERASED) else ""


class HandlingComplaintRaised(Event):
    """Somebody complained about how their complaint was handled."""

    tag = "handling.raised"
    clauses = ("lgsco:6.20",)

    raised_on: date
    words: PersonalText

    def sentence(self) -> str:
        on = day_words(self.raised_on)
        return f"Complained on {on} about how this was handled; it is no further stage: {self.words}"


class HandlingComplaintAnswered(Event):
    """A complaint about handling was answered by the handler or their manager."""

    tag = "handling.answered"
    clauses = ("lgsco:6.20",)

    answered_on: date
    answer: PersonalText

    def sentence(self) -> str:
        return f"Answered the complaint about our handling on {day_words(self.answered_on)}.{_text(self.answer)}"


class HandlingReferred(Event):
    """A complaint about handling went to an independent assessor, who sees this case from then on."""

    tag = "handling.referred"
    clauses = ("lgsco:6.20",)

    referred_on: date
    assessor: PersonalText
    referral: PersonalText

    def sentence(self) -> str:
        on = day_words(self.referred_on)
        return f"Referred our handling on {on} to {self.assessor}, who reads this case.{_text(self.referral)}"


class HandlingAssessed(Event):
    """An independent assessor said what they found about how a complaint was handled."""

    tag = "handling.assessed"
    clauses = ("lgsco:6.20",)

    assessed_on: date
    outcome: str
    findings: PersonalText

    def sentence(self) -> str:
        on = day_words(self.assessed_on)
        return f"Independent assessment of our handling on {on}: {self.outcome}.{_text(self.findings)}"
