"""The Ombudsmen, what they decide, and the figures of their yearly letters. Read once from their file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Switch, Words

_FILE = "ombudsmen.toml"
_LONGEST_SHORT = 14
ASSESSOR = "assessor"
"""The letter that is no Ombudsman's: the independent assessor's report on complaints about our own handling."""

Parts = Annotated[tuple[Name, ...], Field(min_length=1)]
Group = Literal["not_for_us", "assessed_and_closed", "investigated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One Ombudsman; `short` is how a duty names it."""

    __pydantic_config__ = STRICT

    key: Name
    short: Annotated[Words, StringConstraints(max_length=_LONGEST_SHORT)]
    name: Words

    @property
    def cite(self) -> str:
        """Who asks, where a duty of the Code has its clause: "asked:LGSCO"."""
        return f"asked:{self.short}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing an Ombudsman can decide, in the words of earlier years' letters and in today's."""

    __pydantic_config__ = STRICT

    key: Name
    of: Name
    older: Words
    present: Words
    group: Group
    upheld: Switch

    def __post_init__(self) -> None:
        if self.upheld and self.group != "investigated":
            raise ValueError("only what was investigated can be upheld")

    @property
    def words(self) -> str:
        """Both terms, or the one where they are the same."""
        return self.present if self.older == self.present else f"{self.present} (earlier: {self.older})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a letter; a letter without a `needed` one is not taken."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    kind: Literal["count", "percent", "rate"]
    needed: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A figure that its parts add up to."""

    __pydantic_config__ = STRICT

    total: Name
    parts: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A figure that is one out of another, times `per`."""

    __pydantic_config__ = STRICT

    figure: Name
    part: Name
    whole: Name
    per: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A figure that is no more than another."""

    __pydantic_config__ = STRICT

    part: Name
    whole: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyLetter:
    """What one body's yearly letter holds, and how its figures hang together."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    figure: tuple[Figure, ...]
    sum: tuple[Sum, ...] = field(default=())
    share: tuple[Share, ...] = field(default=())
    within: tuple[Within, ...] = field(default=())

    def __post_init__(self) -> None:
        keys = [each.key for each in self.figure]
        if len(set(keys)) != len(keys):
            raise ValueError("a figure stands twice")
        unknown = [key for key in self._named() if key not in keys]
        if unknown:
            raise ValueError(f"it counts with {unknown[0]}, which is none of its figures")

    def _named(self) -> Iterator[str]:
        for each in self.sum:
            yield from (each.total, *each.parts)
        for share in self.share:
            yield from (share.figure, share.part, share.whole)
        for within in self.within:
            yield from (within.part, within.whole)

    @property
    def figures(self) -> dict[str, Figure]:
        """Its figures by key."""
        return {each.key: each for each in self.figure}


Held = tuple[Mapping[str, Body], Mapping[str, Decision], Mapping[str, YearlyLetter]]


def load_ombudsmen(folder: Path) -> Held:
    """The Ombudsmen, their decisions and the letters, by key; raises CatalogueBroken for what does not fit."""
    tables = read_tables(folder, _FILE, tables=("ombudsman", "outcome", "letter"))
    bodies = shaped(tables["ombudsman"], file=_FILE, table="ombudsman", shape=Body)
    decisions = shaped(tables["outcome"], file=_FILE, table="outcome", shape=Decision)
    letters = shaped(tables["letter"], file=_FILE, table="letter", shape=YearlyLetter)
    for each in decisions.values():
        if each.of not in bodies:
            raise CatalogueBroken(f"{_FILE}, {each.key}: there is no Ombudsman {each.of}. Correct its `of`.")
    for key in letters:
        if key not in bodies and key != ASSESSOR:
            raise CatalogueBroken(f"{_FILE}, {key}: this letter is nobody's. Give it an Ombudsman's key.")
    return MappingProxyType(bodies), MappingProxyType(decisions), MappingProxyType(letters)


BODIES, DECISIONS, YEARLY_LETTERS = load_ombudsmen(Path(__file__).parent)


def decisions_of(body: str) -> dict[str, str]:
    """What one Ombudsman can decide, by key, in both vocabularies."""
    return {each.key: each.words for each in DECISIONS.values() if each.of == body}
