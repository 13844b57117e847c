"""What can happen with the feedback survey: that it was offered and answered, and never what was answered."""

from __future__ import annotations

from datetime import datetime

from core.events.base import Event

_SAID = {
    "they answered": "They answered. The answers are kept apart, with no link to this complaint.",
    "they do not want to be asked": "They do not want to be asked, and are not asked again about this stage.",
    "offered, no answer yet": "No answer yet.",
}


class SurveyOffered(Event):
    """Somebody was offered the survey about a stage, or said that they do not want it."""

    tag = "survey.offered"
    clauses = ("lgsco:3.8",)

    stage: int
    way: str
    reply: str

    def sentence(self) -> str:
        return f"Feedback survey about stage {self.stage}, {self.way}. {_SAID.get(self.reply, self.reply)}"


class SurveyAnswered(Event):
    """The survey about a stage was answered."""

    tag = "survey.answered"
    clauses = ("lgsco:3.8",)

    stage: int

    def sentence(self) -> str:
        return f"Feedback survey about stage {self.stage}. {_SAID['they answered']}"


class SurveyLinkMade(Event):
    """A link to the survey was made; an earlier one stopped working."""

    tag = "survey_link.made"
    clauses = ("lgsco:3.8",)

    stage: int
    ends_at: datetime

    def sentence(self) -> str:
        return f"Made a link to the feedback survey about stage {self.stage}."
