"""Events of the guidance shelf: what was put on it, looked at again, and taken down."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class GuidanceShelved(Event):
    """An entry was put on the shelf."""

    tag = "guidance.shelved"
    clauses = ("lgsco:4.3", "lgsco:7.5")

    title: str
    publisher: str
    questions: int
    review_by: date

    def sentence(self) -> str:
        asks = f", with {counted(self.questions, 'question')}" if self.questions else ""
        by = day_words(self.review_by)
        return f"Put “{self.title}” ({self.publisher}) on the guidance shelf{asks}; to be looked at again by {by}."


class GuidanceReviewed(Event):
    """An entry was looked at again."""

    tag = "guidance.reviewed"
    clauses = ("lgsco:4.3",)

    title: str
    found: str
    review_by: date

    def sentence(self) -> str:
        return f"Looked at “{self.title}” again, next by {day_words(self.review_by)}: {self.found}"


class GuidanceWithdrawn(Event):
    """An entry was taken off the shelf."""

    tag = "guidance.withdrawn"
    clauses = ("lgsco:4.3",)

    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Took “{self.title}” off the guidance shelf: {self.why}"


class GuidanceFileAttached(Event):
    """The council's own copy of an entry was added."""

    tag = "guidance_file.attached"
    clauses = ("lgsco:4.3",)

    title: str
    name: str
    sha256: str
    held: bool

    def sentence(self) -> str:
        held = " It is held back until it is known to be clean." if self.held else ""
        return f"Added the file “{self.name}” to “{self.title}” on the guidance shelf.{held}"


class QuestionFollowed(Event):
    """An improvement was planned for a question that a focus report asks."""

    tag = "question.followed"
    clauses = ("lgsco:9.4",)

    title: str
    number: int
    improvement: int

    def sentence(self) -> str:
        return f"Planned improvement {self.improvement} for question {self.number} of “{self.title}”."
