"""What can happen to a service request, from the first word to its end, and when a complaint comes of it."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words, month_words


class RequestRecorded(Event):
    """A service request was taken in."""

    tag = "request.recorded"
    clauses = ("lgsco:1.2", "lgsco:1.8")

    request: str
    received_on: date
    channel: str
    dissatisfied: bool
    individual: PersonalText
    matter: PersonalText
    words_sha256: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        who = self.individual or "someone not named"
        unhappy = " It sounds unhappy." if self.dissatisfied else ""
        return (
            f"Recorded service request {self.request}, “{self.matter}” from {who}, received "
            f"{day_words(self.received_on)}.{unhappy} Why it is a request: {self.why}"
        )


class RequestAssigned(Event):
    """A service request was given to a colleague, or nobody has it any more."""

    tag = "request.assigned"
    clauses = ("lgsco:1.3",)

    request: str
    colleague: str
    due_on: date | None = None
    before: str = ""

    def sentence(self) -> str:
        by = f", to be dealt with by {day_words(self.due_on)}" if self.due_on else ""
        handed = f", taking over from {self.before}" if self.before and self.colleague else ""
        if not self.colleague:
            return f"Nobody has {self.request} now: {self.before} left. It needs someone."
        return f"Gave {self.request} to {self.colleague}{handed}{by}."


class RequestAnswered(Event):
    """The individual was told what was done about a service request."""

    tag = "request.answered"
    clauses = ("lgsco:1.3", "lgsco:1.7")

    request: str
    answered_on: date
    unhappy: bool
    answer: PersonalText

    def sentence(self) -> str:
        unhappy = " They said they are unhappy with it." if self.unhappy else ""
        return f"Answered {self.request} on {day_words(self.answered_on)}: {self.answer}{unhappy}"


class RequestClosed(Event):
    """A service request ended."""

    tag = "request.closed"
    clauses = ("lgsco:1.3", "lgsco:5.3")

    request: str
    closed_on: date
    outcome: str
    note: PersonalText
    no_offer_because: PersonalText

    def sentence(self) -> str:
        said = f"Closed {self.request} on {day_words(self.closed_on)}: {self.outcome}. {self.note}".rstrip()
        departed = f" Departed from 5.3, as no complaint was offered. Reason: {self.no_offer_because}"
        return f"{said}{departed if self.no_offer_because else ''}"


class ComplaintOffered(Event):
    """Somebody who made a service request was offered a complaint."""

    tag = "complaint.offered"
    clauses = ("lgsco:5.3", "lgsco:1.7")

    request: str
    offered_on: date
    reply: str
    note: PersonalText

    def sentence(self) -> str:
        said = f"Offered a complaint about {self.request} on {day_words(self.offered_on)}; they said: {self.reply}."
        return f"{said} {self.note}".rstrip()


class ComplaintRaised(Event):
    """A complaint was raised from a service request, which goes on as it was."""

    tag = "complaint.raised"
    clauses = ("lgsco:1.7",)

    request: str
    expressed_on: date

    def sentence(self) -> str:
        return (
            f"Raised a complaint from service request {self.request}, unhappy since {day_words(self.expressed_on)}. "
            "The request goes on."
        )


class ComplaintTriaged(Event):
    """It was decided whether what was passed on is a complaint or a service request."""

    tag = "complaint.triaged"
    clauses = ("lgsco:1.6", "lgsco:1.7")

    decision: str
    request: str = ""
    why: PersonalText

    def sentence(self) -> str:
        goes_on = f" and goes on as {self.request}" if self.request else ""
        return f"Decided that this is {self.decision}{goes_on}. Why: {self.why}"


class RequestsReviewed(Event):
    """A month of service requests was looked back over and signed off."""

    tag = "requests.reviewed"
    clauses = ("lgsco:1.8",)

    month: date
    received: int
    dissatisfied: int
    still_open: int
    overdue: int
    note: PersonalText

    def sentence(self) -> str:
        return (
            f"Reviewed the service requests of {month_words(self.month)}: {counted(self.received, 'request')} "
            f"received, {self.dissatisfied:,} of them with dissatisfaction; {self.still_open:,} open today, "
            f"{self.overdue:,} of these overdue. {self.note}"
        )


ABOUT_ONE_REQUEST = frozenset(
    {kind.tag for kind in (RequestRecorded, RequestAssigned, RequestAnswered, RequestClosed, ComplaintOffered)}
)
"""Entries about one service request and no complaint: shown to whoever sees the request."""
