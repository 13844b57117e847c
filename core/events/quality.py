"""Events of quality: the month's sample, what a check found, and that it was heard."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, month_words


class SampleDrawn(Event):
    """The complaints to check for a month were drawn."""

    tag = "quality_sample.drawn"
    clauses = ("lgsco:9.4",)

    month: date
    size: int
    answered: int
    seed: int

    def sentence(self) -> str:
        return (
            f"Drew {counted(self.size, 'complaint')} of the {self.answered} answered in {month_words(self.month)} to "
            f"check, with the number {self.seed} for the draw."
        )


class QualityChecked(Event):
    """A complaint of the sample was checked."""

    tag = "quality.checked"
    clauses = ("lgsco:9.4",)

    month: date
    passed: bool
    not_met: tuple[str, ...]
    words: PersonalText

    def sentence(self) -> str:
        found = "every item that applies is met" if self.passed else f"not met: {', '.join(self.not_met)}"
        return f"Checked its handling for {month_words(self.month)}: {found}. {self.words}".rstrip()


class FeedbackAcknowledged(Event):
    """The colleague whose work was checked has read what was found."""

    tag = "feedback.acknowledged"
    clauses = ("lgsco:9.8",)

    month: date
    reply: PersonalText

    def sentence(self) -> str:
        return f"Read what the check for {month_words(self.month)} found. {self.reply}".rstrip()
