"""What happens with an Ombudsman and an independent assessor: enquiries, decisions, recommendations, yearly letters."""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import day_words

_CLAUSES = ("lgsco:4.1",)


def _by(day: date | None, what: str) -> str:
    return f" {what} by {day_words(day)}." if day is not None else ""


def _text(words: str) -> str:
    return f" {words}" if words not in ("", ERASED) else ""


class EnquiryRecorded(Event):
    """An Ombudsman wrote to us about something."""

    tag = "enquiry.recorded"
    clauses = _CLAUSES

    ombudsman: str
    their_reference: str
    enquiry_on: date
    respond_by: date | None
    subject: PersonalText
    investigator: PersonalText

    def sentence(self) -> str:
        who = f" Investigator: {self.investigator}." if self.investigator not in ("", ERASED) else ""
        due = _by(self.respond_by, "To be answered")
        return (
            f"{self.ombudsman} wrote on {day_words(self.enquiry_on)}, reference {self.their_reference}.{due}{who} "
            f"About: {self.subject}"
        )


class OmbudsmanCaseLinked(Event):
    """Something at an Ombudsman was put with the complaint it is about."""

    tag = "ombudsman_case.linked"
    clauses = _CLAUSES

    ombudsman: str
    their_reference: str

    def sentence(self) -> str:
        return f"{self.their_reference} at the {self.ombudsman} is about this complaint."


class EnquiryAnswered(Event):
    """An Ombudsman's enquiry was answered."""

    tag = "enquiry.answered"
    clauses = _CLAUSES

    their_reference: str
    answered_on: date
    respond_by: date | None
    answer: PersonalText

    def sentence(self) -> str:
        late = self.respond_by is not None and self.answered_on > self.respond_by
        when = f" It was due by {day_words(self.respond_by)}." if late and self.respond_by is not None else ""
        return (
            f"Answered the enquiry {self.their_reference} on {day_words(self.answered_on)}.{when}{_text(self.answer)}"
        )


class DraftDecisionRecorded(Event):
    """An Ombudsman sent a draft decision."""

    tag = "draft_decision.recorded"
    clauses = _CLAUSES

    their_reference: str
    draft_on: date
    comments_due_on: date
    draft: PersonalText

    def sentence(self) -> str:
        due = _by(self.comments_due_on, "Comments are due")
        return f"Draft decision on {self.their_reference} came on {day_words(self.draft_on)}.{due}{_text(self.draft)}"


class DraftCommented(Event):
    """The council wrote back about a draft decision, or said it has no comment."""

    tag = "draft_decision.commented"
    clauses = _CLAUSES

    their_reference: str
    commented_on: date
    grounds: tuple[str, ...]
    comments: PersonalText

    def sentence(self) -> str:
        grounds = ", ".join(self.grounds)
        on = day_words(self.commented_on)
        return (
            f"Wrote back on {on} about the draft decision on {self.their_reference}: {grounds}.{_text(self.comments)}"
        )


class OmbudsmanDecided(Event):
    """An Ombudsman decided; `older` and `present` are the two terms for it."""

    tag = "ombudsman_case.decided"
    clauses = ("lgsco:4.1", "lgsco:8.1")

    their_reference: str
    decided_on: date
    outcome: str
    older: str
    present: str
    remedy_before: bool
    published_on: date | None
    decision: PersonalText

    def sentence(self) -> str:
        earlier = "" if self.older == self.present else f" (earlier: {self.older})"
        remedy = " It found the remedy we had offered satisfactory." if self.remedy_before else ""
        public = f" Published on {day_words(self.published_on)}." if self.published_on is not None else ""
        return (
            f"Decision on {self.their_reference} on {day_words(self.decided_on)}: {self.present}{earlier}."
            f"{remedy}{public}{_text(self.decision)}"
        )


class OmbudsmanCaseClosed(Event):
    """Nothing is left to do about something at an Ombudsman."""

    tag = "ombudsman_case.closed"
    clauses = _CLAUSES

    their_reference: str
    closed_on: date
    note: PersonalText

    def sentence(self) -> str:
        return f"Closed {self.their_reference} on {day_words(self.closed_on)}.{_text(self.note)}"


class RecommendationAdded(Event):
    """Something was recommended, and the council accepted it or did not."""

    tag = "recommendation.added"
    clauses = ("lgsco:7.3",)

    source: str
    kind: str
    due_on: date
    accepted: bool
    what: PersonalText
    why_not: PersonalText

    def sentence(self) -> str:
        if not self.accepted:
            return f"Recommended by {self.source}, and not accepted: {self.what} Why not: {self.why_not}"
        return f"Recommended by {self.source}, {self.kind}, by {day_words(self.due_on)}: {self.what}"


class RecommendationComplied(Event):
    """A recommendation was complied with."""

    tag = "recommendation.complied"
    clauses = ("lgsco:7.3",)

    due_on: date
    complied_on: date
    file: PersonalText
    what: PersonalText
    evidence: PersonalText

    def sentence(self) -> str:
        late = f" It was due by {day_words(self.due_on)}." if self.complied_on > self.due_on else ""
        shown = f" Evidence: the file {self.file}." if self.file not in ("", ERASED) else ""
        done = f"Complied on {day_words(self.complied_on)} with: {self.what.rstrip('.')}."
        return f"{done}{late}{shown}{_text(self.evidence)}"


class AnnualLetterEntered(Event):
    """The figures of a year's letter were entered, or entered again."""

    tag = "annual_letter.entered"
    clauses = ("lgsco:8.1",)

    title: str
    year: int
    version: int
    file_name: str
    why: PersonalText

    def sentence(self) -> str:
        again = f", version {self.version}. Why: {self.why}" if self.version > 1 else ""
        source = f" Read from {self.file_name}." if self.file_name else ""
        return f"Entered the figures of {self.title}, year from April {self.year}{again}.{source}"
