"""What was asked of colleagues and others for a complaint: asked, chased, escalated, answered, withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class InformationAsked(Event):
    """A colleague, or somebody else, was asked something about a complaint."""

    tag = "information.asked"
    clauses = ("lgsco:4.2",)

    number: int
    colleague: bool
    due_on: date
    days: int
    name: PersonalText
    organisation: PersonalText
    email: PersonalText
    what: PersonalText
    documents: PersonalText

    def sentence(self) -> str:
        who = ", ".join(filter(None, (self.name, self.organisation)))
        why = f", {counted(self.days, 'working day')} from now, the usual time" if self.days else ""
        with_it = f" With it: {self.documents}" if self.documents else ""
        return f"Asked {who} for an answer by {day_words(self.due_on)}{why} (question {self.number}).{with_it}"


class InformationChased(Event):
    """Somebody was reminded of a question."""

    tag = "information.chased"
    clauses = ("lgsco:4.2",)

    number: int
    reached_by: str
    new_due_on: date | None
    name: PersonalText
    note: PersonalText

    def sentence(self) -> str:
        agreed = f" Agreed a new day: {day_words(self.new_due_on)}." if self.new_due_on is not None else ""
        note = f" {self.note}" if self.note else ""
        return f"Reminded {self.name} of question {self.number}, {self.reached_by}.{agreed}{note}"


class InformationEscalated(Event):
    """A question without an answer was taken to somebody more senior."""

    tag = "information.escalated"
    clauses = ("lgsco:4.2",)

    number: int
    name: PersonalText
    senior: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Took question {self.number} to {self.name} further, to {self.senior}: {self.why}"


class InformationAnswered(Event):
    """A question was answered: by a link, or in another way and written down here."""

    tag = "information.answered"
    clauses = ("lgsco:4.2", "lgsco:5.8")

    number: int
    answered_on: date
    came: str
    files: int
    name: PersonalText
    answer: PersonalText

    def sentence(self) -> str:
        files = f", with {counted(self.files, 'file')}" if self.files else ""
        return f"{self.name} answered question {self.number} on {day_words(self.answered_on)}, {self.came}{files}."


class InformationWithdrawn(Event):
    """A question is asked no longer; its link stopped working."""

    tag = "information.withdrawn"
    clauses = ("lgsco:4.2",)

    number: int
    name: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Took back question {self.number} to {self.name}: {self.why}"


class AnswerLinkMade(Event):
    """A link was made by which a question can be answered once; an earlier one stopped working."""

    tag = "answer_link.made"
    clauses = ("lgsco:4.2",)

    number: int
    ends_at: datetime
    name: PersonalText

    def sentence(self) -> str:
        return f"Made a link for {self.name} to answer question {self.number} by, once."
