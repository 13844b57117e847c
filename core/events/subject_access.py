"""A person's request for their own data: received, extended, decided piece by piece, answered."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class SubjectAccessRecorded(Event):
    """Somebody asked for their own data."""

    tag = "subject_access.recorded"

    request_id: int
    received_on: date
    due_on: date
    name: PersonalText

    def sentence(self) -> str:
        received, due = day_words(self.received_on), day_words(self.due_on)
        return f"{self.name} asked for their own data on {received} (request {self.request_id}); answer by {due}."


class IdentityRecorded(Event):
    """It was proved who asks."""

    tag = "identity.recorded"

    request_id: int
    identity_on: date
    due_on: date
    how: PersonalText

    def sentence(self) -> str:
        when, due = day_words(self.identity_on), day_words(self.due_on)
        return f"Request {self.request_id}: identity proved on {when}, {self.how}; answer by {due}."


class SubjectAccessExtended(Event):
    """Further months were taken, with the reason told."""

    tag = "subject_access.extended"

    request_id: int
    told_on: date
    due_on: date
    why: PersonalText

    def sentence(self) -> str:
        when, due = day_words(self.told_on), day_words(self.due_on)
        return f"Request {self.request_id}: told on {when} that the answer comes by {due}. Why: {self.why}"


class SubjectClarificationAsked(Event):
    """The person was asked for what is needed to find their data."""

    tag = "subject_clarification.asked"

    request_id: int
    asked_on: date
    what: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        asked = day_words(self.asked_on)
        return f"Request {self.request_id}: asked on {asked}, and the clock stands still. {self.what} Why: {self.why}"


class SubjectClarificationAnswered(Event):
    """They answered what they were asked."""

    tag = "subject_clarification.answered"

    request_id: int
    answered_on: date
    days: int
    due_on: date
    answer: PersonalText

    def sentence(self) -> str:
        came, due = day_words(self.answered_on), day_words(self.due_on)
        stood = counted(self.days, "day")
        return f"Request {self.request_id}: answered on {came}, {stood} later; answer by {due}. {self.answer}"


class SubjectCaseAdded(Event):
    """A complaint was confirmed to hold data of the person who asks."""

    tag = "subject_case.added"

    request_id: int
    service_request: str = ""
    why: PersonalText

    def sentence(self) -> str:
        why = f" {self.why}" if self.why else ""
        what = f"{self.service_request} belongs" if self.service_request else "Belongs"
        return f"{what} to request {self.request_id} for own data: it holds data of the person who asks.{why}"


class SubjectCaseRemoved(Event):
    """A complaint that had been confirmed turned out to be of somebody else."""

    tag = "subject_case.removed"

    request_id: int
    service_request: str = ""
    rulings: int
    reason: PersonalText

    def sentence(self) -> str:
        undone = f" What was decided on {counted(self.rulings, 'piece')} of it is undone." if self.rulings else ""
        what = f"{self.service_request}: taken" if self.service_request else "Taken"
        return f"{what} out of the request for own data {self.request_id}.{undone} Why: {self.reason}"


class SubjectAccessWithdrawn(Event):
    """Whoever asked for their own data does not ask any more."""

    tag = "subject_access.withdrawn"

    request_id: int
    withdrawn_on: date
    reason: PersonalText

    def sentence(self) -> str:
        return f"Request {self.request_id} withdrawn on {day_words(self.withdrawn_on)}. Why: {self.reason}"


class PieceDecided(Event):
    """It was decided what is done with one piece."""

    tag = "piece.decided"

    request_id: int
    piece: str
    whose: str
    ruling: str
    exemption: str
    taken_out: int
    reason: PersonalText

    def sentence(self) -> str:
        parts = f", {counted(self.taken_out, 'part')} taken out" if self.taken_out else ""
        ground = f" Ground: {self.exemption}." if self.exemption else ""
        why = f" Why: {self.reason}" if self.reason else ""
        told = f"Request {self.request_id}, piece {self.piece}: {self.ruling}{parts}. Data of {self.whose}."
        return f"{told}{ground}{why}"


class SubjectAccessAnswered(Event):
    """A request was answered with what may be disclosed."""

    tag = "subject_access.answered"

    request_id: int
    answered_on: date
    disclosed: int
    redacted: int
    withheld: int
    sha256: str

    def sentence(self) -> str:
        return (
            f"Request {self.request_id} answered: {counted(self.disclosed, 'piece')} disclosed, {self.redacted} with "
            f"parts taken out, {self.withheld} withheld."
        )


class DisclosureOpened(Event):
    """Somebody saved what was disclosed."""

    tag = "disclosure.opened"

    request_id: int

    def sentence(self) -> str:
        return f"Saved what was disclosed for request {self.request_id}."
