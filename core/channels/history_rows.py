"""What one row of an old complaints list becomes, and how its own words for findings and stages are understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.channels.sheet_dates import SheetDate

Outcome = Literal["upheld", "partially_upheld", "not_upheld", "resolved", "other"]
ProblemKind = Literal[
    "shape", "unreadable", "missing", "order", "future", "too_long", "duplicate", "conflict", "left_out_with_another"
]

OUTCOMES: dict[Outcome, tuple[str, ...]] = {
    "upheld": (
        "upheld", "fully upheld", "upheld in full", "upheld fully", "justified", "well founded", "founded", "fault",
        "fault found", "maladministration", "severe maladministration", "service failure", "complaint upheld",
        "maladministration and injustice", "substantiated", "fault and injustice",
    ),
    "partially_upheld": (
        "partially upheld", "partly upheld", "part upheld", "upheld in part", "upheld partially", "partial",
        "partially justified", "partly justified", "partial upheld", "some fault", "partially substantiated",
    ),
    "not_upheld": (
        "not upheld", "unjustified", "not justified", "unfounded", "no fault", "no fault found", "no maladministration",
        "rejected", "dismissed", "complaint not upheld", "unsubstantiated", "not substantiated", "not founded",
    ),
    "resolved": (
        "resolved", "reasonable redress", "resolved with intervention", "settled", "early resolution", "mediation",
        "resolved no finding", "resolved at first contact", "resolved by agreement",
    ),
    "other": (
        "outside jurisdiction", "out of jurisdiction", "withdrawn", "not known", "no finding", "inconclusive", "other",
        "duplicate", "not accepted", "refused",
    ),
}  # fmt: skip
_OUTCOME_OF = {words: outcome for outcome, each in OUTCOMES.items() for words in each}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """One finding of a complaint whose findings stand on rows of their own."""

    source_row: int
    category: str
    matter: str
    text: str
    outcome: Outcome | None
    outcome_given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One complaint of the history: dates read, outcomes in our words beside theirs, texts as they stood.

    `digest` is the same for the same cells on every day and machine, so a second import can be told from a change.
    """

    source_row: int
    digest: str
    source_rows: tuple[int, ...] = ()
    points: tuple[PointRow, ...] = ()
    old_reference: str = ""
    received_on: SheetDate | None = None
    logged_on: SheetDate | None = None
    acknowledged_on: SheetDate | None = None
    target_on: SheetDate | None = None
    extended_to: SheetDate | None = None
    extension_told_on: SheetDate | None = None
    extension_reason: str = ""
    responded_on: SheetDate | None = None
    outcome: Outcome | None = None
    outcome_given: str = ""
    remedy: str = ""
    stage: Literal[1, 2] | None = None
    stage_given: str = ""
    stage_two_requested_on: SheetDate | None = None
    stage_two_acknowledged_on: SheetDate | None = None
    stage_two_target_on: SheetDate | None = None
    stage_two_extended_to: SheetDate | None = None
    stage_two_extension_told_on: SheetDate | None = None
    stage_two_responded_on: SheetDate | None = None
    stage_two_outcome: Outcome | None = None
    stage_two_outcome_given: str = ""
    closed_on: SheetDate | None = None
    withdrawn_on: SheetDate | None = None
    happened_on: SheetDate | None = None
    service: str = ""
    category: str = ""
    matter: str = ""
    text: str = ""
    channel: str = ""
    individual_name: str = ""
    representative_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    area: str = ""
    handler: str = ""
    stage_two_handler: str = ""
    adjustments: str = ""
    refusal_reason: str = ""
    learning: str = ""
    on_time: str = ""
    state: str = ""
    closing_note: str = ""

    @property
    def key(self) -> str:
        """The old reference, or a name made from the row's content when the file gives none."""
        return self.old_reference or f"row-{self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that is left out, with the cell to look at and what to do; `rows` names every row it is about."""

    row: int
    column: str
    value: str
    what_to_do: str
    kind: ProblemKind
    rows: tuple[int, ...] = ()


@dataclass(slots=True)
class Tally:
    """Running counts of one reading: rows seen, complaints ready, problems and exact duplicates left out."""

    seen: int = 0
    ready: int = 0
    problems: int = 0
    duplicates: int = 0


def on_time_flag(row: HistoryRow) -> bool | None:
    """Whether the complaint was answered, or closed, by the old system's own due date; None when a date is missing.

    Where both give a time of day the moments are compared, else the days.
    """
    done, due = row.responded_on or row.closed_on, row.target_on
    if done is None or due is None:
        return None
    if done.at is not None and due.at is not None:
        return done.at <= due.at
    return done.on <= due.on


def normal_outcome(given: str) -> Outcome | None:
    """Their word for a finding as one of ours; None for a blank, "other" for a word we do not know."""
    words = re.sub(r"[\W_]+", " ", given.lower()).strip()
    return _OUTCOME_OF.get(words, "other") if words else None


def normal_stage(given: str) -> Literal[1, 2] | None:
    """The stage a cell names; None when it names none of the two."""
    found = re.fullmatch(r"(?:stage|stg|st|s)?[ \-_.:]*(1|2|one|two|i|ii)", given.strip().lower())
    return None if found is None else 2 if found[1] in ("2", "two", "ii") else 1
