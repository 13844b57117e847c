"""The shapes of the Code's entries: what a clause, a period, a letter and a reading each hold; schemes stand beside.

All are frozen. The TOML files are checked against these types while they are read (reading_files.py), so a value that
does not fit stops the import with a sentence naming its file and entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

Words = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
Title = Annotated[str, StringConstraints(pattern=r"^\S+( \S+){2,6}$")]
ClauseKey = Annotated[str, StringConstraints(pattern=r"^lgsco:([1-9]\.[1-9]\d?[a-z]?|using\.[1-9])$")]
ReadingKey = Annotated[str, StringConstraints(pattern=r"^R[1-9]\d*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
Dotted = Annotated[str, StringConstraints(pattern=r"^core(\.[a-z_0-9]+)+\.[A-Za-z_0-9]+$")]
Day = Annotated[date, Strict()]
Switch = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(gt=0)]

Force = Literal["must", "should", "states"]
MetBy = Literal["clock", "gate", "letter", "record", "review", "report", "attested"]
Unit = Literal["working_days", "calendar_days", "weeks", "months"]
Anchor = Literal["issue_or_awareness", "received", "acknowledged", "requested", "respond_by"]
Setting = Literal["late_acknowledgement_buys_time", "closure_days_skip", "weekend_receipt_lenient"]

STRICT = ConfigDict(extra="forbid")


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
class Content:
    """One thing a letter carries, with the clause that asks for it or the reading where the Code is silent."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    help: Words
    clause: ClauseKey | None = None
    reading: ReadingKey | None = None

    def __post_init__(self) -> None:
        if self.clause is None and self.reading is None:
            raise ValueError("it cites neither a clause nor a reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterType:
    """A kind of letter: when it is owed and what it carries; `refused_without` when no reason replaces a content."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    when: Words
    contents: Annotated[tuple[Content, ...], Field(min_length=1)]
    stage: Literal[1, 2] | None = None
    refused_without: Switch = False

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
