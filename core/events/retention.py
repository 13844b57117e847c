"""What can happen to a record that has come to its end: held, kept longer, proposed for erasure, anonymised."""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import counted, day_words


def _of(request: str) -> str:
    return f" of {request}" if request else ""


def _on(request: str) -> str:
    return f" on {request}" if request else ""


def _because(words: str) -> str:
    return f" {words}" if words not in ("", ERASED) else ""


class RetentionChanged(Event):
    """The council changed how long it keeps one kind of record."""

    tag = "schedule.changed"
    clauses = ("lgsco:5.8",)

    title: str
    years: int
    in_force_from: date
    source: str
    reason: PersonalText

    def sentence(self) -> str:
        return (
            f"Records of the kind “{self.title}” are kept {counted(self.years, 'year')} from "
            f"{day_words(self.in_force_from)} on. Source: {self.source}.{_because(self.reason)}"
        )


class HoldPlaced(Event):
    """A record is kept whatever its date says."""

    tag = "hold.placed"
    clauses = ("lgsco:5.8",)

    request: str = ""
    review_on: date
    reason: PersonalText

    def sentence(self) -> str:
        held = f"Put the record{_of(self.request)} on hold, to be reviewed by {day_words(self.review_on)}."
        return f"{held}{_because(self.reason)}"


class HoldReviewed(Event):
    """A hold was looked at again and kept."""

    tag = "hold.reviewed"
    clauses = ("lgsco:5.8",)

    request: str = ""
    due_on: date
    review_on: date
    found: PersonalText

    def sentence(self) -> str:
        return (
            f"Reviewed the hold{_on(self.request)}, due by {day_words(self.due_on)}, and kept it; "
            f"next by {day_words(self.review_on)}.{_because(self.found)}"
        )


class HoldLifted(Event):
    """A hold was ended."""

    tag = "hold.lifted"
    clauses = ("lgsco:5.8",)

    request: str = ""
    reason: PersonalText

    def sentence(self) -> str:
        return f"Lifted the hold on the record{_of(self.request)}.{_because(self.reason)}"


class RecordKeptLonger(Event):
    """A record that was due is kept to a later day."""

    tag = "record.kept"
    clauses = ("lgsco:5.8",)

    request: str = ""
    until: date
    reason: PersonalText

    def sentence(self) -> str:
        return f"Decided to keep the record{_of(self.request)} until {day_words(self.until)}.{_because(self.reason)}"


class ErasureProposed(Event):
    """Somebody proposed to anonymise a record that is due."""

    tag = "erasure.proposed"
    clauses = ("lgsco:5.8",)

    request: str = ""
    planned_on: date

    def sentence(self) -> str:
        due = f"Proposed to anonymise the record{_of(self.request)}, due on {day_words(self.planned_on)}."
        return f"{due} A second person decides."


class ErasureApproved(Event):
    """A second person approved it."""

    tag = "erasure.approved"
    clauses = ("lgsco:5.8",)

    request: str = ""
    proposed_by: int

    def sentence(self) -> str:
        return f"Approved that the record{_of(self.request)} is anonymised, as the second person."


class ErasureDropped(Event):
    """A proposal was taken back, or something happened that keeps the record."""

    tag = "erasure.dropped"
    clauses = ("lgsco:5.8",)

    request: str = ""
    why: PersonalText

    def sentence(self) -> str:
        return f"The record{_of(self.request)} is not anonymised for now.{_because(self.why)}"


class RecordAnonymised(Event):
    """Who it was about and what was written is gone; dates, outcomes, findings and money stay."""

    tag = "record.anonymised"
    clauses = ("lgsco:5.8",)

    request: str = ""
    run: int

    def sentence(self) -> str:
        return f"Anonymised the record{_of(self.request)}. Certificate {self.run} says by whose decision."


class ErasureFinished(Event):
    """What was approved has been carried out, and its certificate is kept."""

    tag = "erasure.finished"
    clauses = ("lgsco:5.8",)

    run: int
    records: int
    files: int
    sha256: str

    def sentence(self) -> str:
        return (
            f"Certificate {self.run}: {counted(self.records, 'record')} anonymised and "
            f"{counted(self.files, 'file')} removed. SHA-256 {self.sha256}."
        )


class StorageScrubbed(Event):
    """An administrator had the database's own files written anew, so that no page holds what was erased."""

    tag = "storage.scrubbed"
    clauses = ("lgsco:5.8",)

    runs: tuple[int, ...]
    tables: int
    log: bool

    def sentence(self) -> str:
        which = f" Certificates it completes: {', '.join(map(str, self.runs))}." if self.runs else ""
        log = "and turned its log over" if self.log else "and left its log as it was"
        return f"Wrote {counted(self.tables, 'table')} of the database anew {log}.{which}"


KEEPING_TAGS = frozenset(
    kind.tag
    for kind in (
        HoldPlaced,
        HoldReviewed,
        HoldLifted,
        RecordKeptLonger,
        ErasureProposed,
        ErasureApproved,
        ErasureDropped,
        RecordAnonymised,
    )
)
"""Entries about one record, which is a service request where they name no complaint."""
