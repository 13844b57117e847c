"""Events of reports: what was written, each one frozen, and its way through governance to the website."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class NarrativeKept(Event):
    """The council's own words for a report to come were kept."""

    tag = "narrative.kept"
    clauses = ("lgsco:8.1", "lgsco:9.7")

    kind: str
    starts_on: date
    box: str
    words: PersonalText

    def sentence(self) -> str:
        return f"Wrote “{self.box}” for the {self.kind} from {day_words(self.starts_on)}: {self.words}"


class SnapshotMade(Event):
    """A report was frozen."""

    tag = "report.made"
    clauses = ("lgsco:8.1", "lgsco:9.7")

    number: int
    kind: str
    starts_on: date
    ends_on: date
    sha256: str

    def sentence(self) -> str:
        span = f"{day_words(self.starts_on)} to {day_words(self.ends_on)}"
        return f"Made report {self.number}, the {self.kind} for {span}. Its digest is {self.sha256}."


class DifferenceExplained(Event):
    """It was said why a figure of a report now comes out differently."""

    tag = "difference.explained"
    clauses = ("lgsco:8.1",)

    number: int
    figure: str
    now: str
    reason: PersonalText

    def sentence(self) -> str:
        return f"Explained why “{self.figure}” of report {self.number} is now {self.now}: {self.reason}"


class ReportReceived(Event):
    """A report reached the Member or a body."""

    tag = "report.received"
    clauses = ("lgsco:9.7", "lgsco:8.2")

    number: int
    received_on: date
    receiver: str

    def sentence(self) -> str:
        return f"Report {self.number} was received by {self.receiver} on {day_words(self.received_on)}."


class GoverningResponseRecorded(Event):
    """The governing body's response to a report was recorded."""

    tag = "response.recorded"
    clauses = ("lgsco:8.2",)

    number: int
    body: str
    met_on: date
    minute: str
    words: PersonalText

    def sentence(self) -> str:
        where = f"{self.body}, {day_words(self.met_on)}, minute {self.minute}"
        return f"Recorded the response to report {self.number} ({where}): {self.words}"


class ReportPublished(Event):
    """A report appeared on the website."""

    tag = "report.published"
    clauses = ("lgsco:8.2",)

    number: int
    where: str
    published_on: date
    with_response: bool
    reason: PersonalText

    def sentence(self) -> str:
        without = "" if self.with_response else f" without the governing body's response. Why: {self.reason}"
        return f"Published report {self.number} on {day_words(self.published_on)} at {self.where}{without or '.'}"


class OmbudsmanPublicationAdded(Event):
    """Something the Ombudsman published was put on the list."""

    tag = "publication.added"
    clauses = ("lgsco:8.1",)

    title: str
    kind: str
    published_on: date

    def sentence(self) -> str:
        return f"Listed what the Ombudsman published on {day_words(self.published_on)}: {self.title} ({self.kind})."


class MemberReportKept(Event):
    """A report of the Member's findings was kept."""

    tag = "findings.kept"
    clauses = ("lgsco:9.6",)

    name: str
    about: str
    reported_on: date
    sha256: str

    def sentence(self) -> str:
        return f"Kept the Member’s report of {day_words(self.reported_on)}, “{self.about}”: {self.name}."
