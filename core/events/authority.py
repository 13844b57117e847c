"""Events of limits of authority: what was set, what agreement was asked for, and the answer."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words, pounds


class LimitDecided(Event):
    """A limit was set for a role or a colleague, or ended."""

    tag = "limit.decided"
    clauses = ("lgsco:4.2",)

    role: str
    colleague_id: int | None
    colleague: PersonalText
    pence: int | None
    in_force_from: date
    why: PersonalText

    def sentence(self) -> str:
        who = self.colleague or f"the role “{self.role}”"
        since = f"from {day_words(self.in_force_from)}"
        if self.pence is None:
            return f"Ended the limit of {who} {since}. {self.why}"
        return f"Set the limit of {who} to {pounds(self.pence)} on one complaint {since}. {self.why}"


class AgreementAsked(Event):
    """Somebody asked for agreement to a sum above their limit."""

    tag = "agreement.asked"
    clauses = ("lgsco:4.2", "lgsco:7.1")

    number: int
    pence: int
    why: PersonalText

    def sentence(self) -> str:
        return f"Asked for agreement to {pounds(self.pence)} in all on this complaint. {self.why}"


class AgreementAnswered(Event):
    """A colleague agreed to a sum, or did not."""

    tag = "agreement.answered"
    clauses = ("lgsco:4.2", "lgsco:7.1")

    number: int
    pence: int
    agreed: bool
    note: PersonalText

    def sentence(self) -> str:
        what = "Agreed" if self.agreed else "Did not agree"
        return f"{what} to {pounds(self.pence)} in all on this complaint. {self.note}".rstrip()
