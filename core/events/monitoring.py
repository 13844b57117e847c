"""What can happen with the equality questions: that they were asked, and never what was answered."""

from __future__ import annotations

from core.events.base import Event

_SAID = {
    "they answered": "They answered. The answers are kept apart, with no link to this complaint.",
    "they would rather not answer any": "They would rather not answer any, and are not asked again.",
    "offered, no answer yet": "No answer yet.",
}


class EqualityAsked(Event):
    """Somebody was offered the equality questions."""

    tag = "equality.asked"
    clauses = ("lgsco:3.1",)

    reply: str

    def sentence(self) -> str:
        return f"Offered the equality questions. {_SAID.get(self.reply, self.reply)}"
