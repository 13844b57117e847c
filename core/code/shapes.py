"""The shapes of the Code's entries: what a clause, a period, a letter and a reading each hold; schemes stand beside.

All are frozen. The TOML files are checked against these types while they are read (reading_files.py), so a value that
does not fit stops the import with a sentence naming its file and entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from core.words import counted

Words = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
Title = Annotated[str, StringConstraints(pattern=r"^\S+( \S+){2,6}$")]
ClauseKey = Annotated[str, StringConstraints(pattern=r"^lgsco:([1-9]\.[1-9]\d?[a-z]?|using\.[1-9])$")]
ReadingKey = Annotated[str, StringConstraints(pattern=r"^R[1-9]\d*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Dotted = Annotated[str, StringConstraints(pattern=r"^core(\.[a-z_0-9]+)+\.[A-Za-z_0-9]+$")]
Day = Annotated[date, Strict()]
Switch = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(gt=0)]
Passage = Annotated[str, StringConstraints(min_length=1, pattern=r"(?s)^\S.*\S$")]

Force = Literal["must", "should", "states"]
MetBy = Literal["clock", "gate", "letter", "record", "review", "report", "attested"]
Unit = Literal["working_days", "calendar_days", "weeks", "months"]
Anchor = Literal["issue_or_awareness", "received", "acknowledged", "requested", "respond_by", "checked"]
Step = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]+$")]
Setting = Literal["late_acknowledgement_buys_time", "closure_days_skip", "weekend_receipt_lenient"]

STRICT = ConfigDict(extra="forbid")

LETTER_FIELDS: Mapping[str, str] = {
    "alternative": "what we offer instead, or that there is nothing and why",
    "acknowledge_by": "the day by which we acknowledge",
    "answers": "what we found on each point, and why",
    "contact": "how to reach us, with a name, a phone number and an e-mail address",
    "decision": "what we decided",
    "equality": "what was considered under the Equality Act",
    "evidence": "what was done and when",
    "handler": "who is dealing with it",
    "how_to_escalate": "how to ask for stage 2",
    "new_date": "the new date",
    "ombudsman": "how to reach the Ombudsman",
    "other_route": "where else to take it, or that there is no other route",
    "outcomes_sought": "what they want, or ask them",
    "outstanding_actions": "what is still to be done and by when, or that nothing is",
    "reason": "why more time is needed",
    "reasons": "the reasons",
    "received_on": "the day it was received",
    "reference": "the reference",
    "remedy": "what we offer to put it right, or that there is no remedy and why",
    "requested_on": "the day they asked for stage 2",
    "respond_by": "the day we will answer",
    "restriction": "what is restricted",
    "review_on": "the day of the review",
    "understanding": "the points of the complaint, as we understand them",
    "way_to_complain": "how they can still make a new complaint",
}
"""What a letter's `start` may name in braces, and what is to be written where the case does not know it: facts of the
case, what was typed for a step, and the wording that letters share."""


def named_in(text: str) -> tuple[str, ...]:
    """The names that stand in braces in a text, in order."""
    return tuple(re.findall(r"\{([a-z_]+)\}", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of the nine sections; `clauses` is how many numbered clauses it has."""

    __pydantic_config__ = STRICT

    number: Count
    title: Words
    clauses: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A lettered part of a clause, such as lgsco:6.18a."""

    __pydantic_config__ = STRICT

    key: ClauseKey
    gist: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause in our words: its force, and either how and where this console meets it or that it does not yet.

    `structure` says that no reason gets past it. `where` is the dotted path of what meets it.
    """

    __pydantic_config__ = STRICT

    key: ClauseKey
    title: Title
    gist: Words
    force: Force
    met_by: MetBy
    structure: Switch = False
    how: Words | None = None
    where: Dotted | None = None
    not_yet: Words | None = None
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if self.where is not None and self.not_yet is not None:
            raise ValueError("it has both `where` and `not_yet`; a clause is met or it is not, so keep one")
        if self.where is None and self.not_yet is None:
            raise ValueError("it has neither `where` nor `not_yet`; say how it stands")
        if (self.how is None) != (self.where is None):
            raise ValueError("`how` and `where` go together; give both or neither")
        for letter, part in zip("abcdefghijklmnopqrstuvwxyz", self.parts, strict=False):
            if part.key != f"{self.key}{letter}":
                raise ValueError(f"part {part.key} stands where {self.key}{letter} belongs")

    @property
    def number(self) -> str:
        """The number as the Code prints it: "6.18"."""
        return self.key.partition(":")[2]

    @property
    def section(self) -> int:
        """The section the clause stands in; 0 for the unnumbered entries on using the Code."""
        head = self.number.partition(".")[0]
        return int(head) if head.isdigit() else 0

    @property
    def met(self) -> bool:
        """Whether this release meets the clause."""
        return self.where is not None

    @property
    def answer(self) -> str:
        """The sentence to show: how the clause is met, or what the council does meanwhile."""
        return self.how or self.not_yet or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """A period's value from one day on, with its source."""

    __pydantic_config__ = STRICT

    since: Annotated[Day, Field(alias="from")]
    value: Count
    source: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of the Code with all its dated values, oldest first."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    clause: ClauseKey
    unit: Unit
    anchor: Anchor
    values: tuple[DatedValue, ...]

    def __post_init__(self) -> None:
        firsts = [value.since for value in self.values]
        if not firsts:
            raise ValueError("it has no value")
        if firsts != sorted(set(firsts)):
            raise ValueError("its values are not in the order of their dates, or two begin on the same day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timescale:
    """One period as it stands on one day: `value` in `unit`, counted from `anchor`, with clause and source.

    `since` is the first day this value applies.
    """

    key: str
    title: str
    value: int
    unit: Unit
    anchor: Anchor
    clause: str
    since: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A flag of ours over the whole complaint; nothing is late because of it. `source` names its reading."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    value: Count
    unit: Unit
    anchor: Anchor
    source: Annotated[str, StringConstraints(pattern=r"^reading R[1-9]\d*$")]

    @property
    def reading(self) -> str:
        """The key of the reading it comes from."""
        return self.source.removeprefix("reading ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One of the council's own service standards: `value` in `unit`, counted from `anchor`. No clause asks for it.

    `source` names whose published standard it follows, or the reading that it comes from.
    """

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    gist: Words
    value: Count
    unit: Literal["working_days", "months"]
    anchor: Literal["allocated", "in_touch", "contacted_us", "told", "raised", "referred"]
    source: Words

    @property
    def reading(self) -> str | None:
        """The key of the reading it comes from; None where it follows somebody's published standard."""
        head, _, key = self.source.partition(" ")
        return key if head == "reading" else None

    @property
    def period(self) -> str:
        """The period in words: "5 working days"."""
        one = self.unit.removesuffix("s").replace("_", " ")
        return counted(self.value, one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One thing a letter carries, with the clause that asks for it or the reading where the Code is silent."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    help: Words
    clause: ClauseKey | None = None
    reading: ReadingKey | None = None
    start: Passage | None = None
    heading: Words | None = None

    def __post_init__(self) -> None:
        if self.clause is None and self.reading is None:
            raise ValueError("it cites neither a clause nor a reading")
        unknown = [name for name in named_in(self.start or "") if name not in LETTER_FIELDS]
        if unknown:
            raise ValueError(f"`start` names {{{unknown[0]}}}, which no case knows; choose one of the letter's fields")

    @property
    def field(self) -> str | None:
        """The one thing this content is, when its `start` is nothing but that; what is written there is then it."""
        names = named_in(self.start or "")
        return names[0] if names and self.start == f"{{{names[0]}}}" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterType:
    """A kind of letter: when it is owed and what it carries; `refused_without` when no reason replaces a content.

    `step` is the step on the case that it goes out with: one act of the officer, one entry in the history.
    `begun_within` is how many working days before the date it is about the console begins a draft; None for never.
    """

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    when: Words
    contents: Annotated[tuple[Content, ...], Field(min_length=1)]
    step: Step | None = None
    stage: Literal[1, 2] | None = None
    refused_without: Switch = False
    begun_within: Count | None = None

    def __post_init__(self) -> None:
        keys = [content.key for content in self.contents]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"content {twice[0]} stands twice")

    @property
    def names_ombudsman(self) -> bool:
        """Whether the letter owes the Ombudsman's details."""
        return any(content.key == "ombudsman" for content in self.contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Wording that letters and the pages for the website share. `moment` is the kind of letter it is for, if one.

    Without a `text` it is the council's to write. `checked` is the day somebody last compared it with its source.
    """

    __pydantic_config__ = STRICT

    key: Literal["contact", "how_to_escalate", "ombudsman", "how_to_complain", "publicity"]
    title: Words
    checked: Day
    moment: Name | None = None
    text: Passage | None = None

    @property
    def name(self) -> str:
        """The block's own name: "ombudsman.final_response"."""
        return f"{self.key}.{self.moment}" if self.moment else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the Code is silent: the question, how it is read here, and why. `setting` is the switch that changes it."""

    __pydantic_config__ = STRICT

    key: ReadingKey
    title: Words
    question: Words
    reading: Words
    why: Words
    since: Day
    clauses: Annotated[tuple[ClauseKey, ...], Field(min_length=1)]
    alternatives: tuple[Words, ...] = ()
    setting: Setting | None = None
    example: Words | None = None
