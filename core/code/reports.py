"""What a report is made of: its sections in the Code's order, their figures, and what the council writes itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from core.code.figures import FIGURES
from core.code.monitoring import Kept
from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, ClauseKey, Words

_FILE = "reports.toml"
Holds = Literal[
    "months", "timeliness", "services", "categories", "refusals", "findings", "improvements", "publications",
    "themes", "assessment", "letter",
]  # fmt: skip


class ReportKind(StrEnum):
    """The two reports of the Code: a year's for everybody, a quarter's for the Member [lgsco:8.1] [lgsco:9.7]."""

    YEARLY = "yearly report"
    QUARTERLY = "quarterly Member pack"

    @property
    def key(self) -> str:
        """Its key in the file."""
        return "yearly" if self is ReportKind.YEARLY else "quarterly"

    @property
    def named(self) -> str:
        """What it is called at the start of a line."""
        return f"{self.value[0].upper()}{self.value[1:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What the council writes in its own words, beforehand."""

    __pydantic_config__ = STRICT

    key: Kept
    title: Words
    help: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """One section of a report: the clause it answers, its figures, and what else stands in it."""

    __pydantic_config__ = STRICT

    key: Kept
    report: Literal["yearly", "quarterly"]
    title: Words
    clause: ClauseKey
    figures: tuple[Words, ...] = ()
    holds: tuple[Holds, ...] = ()
    box: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportText:
    """One kind of report, and how long a time it is about."""

    __pydantic_config__ = STRICT

    key: Literal["yearly", "quarterly"]
    title: Words
    clause: ClauseKey
    span: Literal["year", "quarter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Everything the file holds, by key, in its order."""

    kinds: Mapping[str, ReportText]
    sections: Mapping[str, SectionText]

    def of(self, kind: ReportKind) -> ReportText:
        """What a kind of report is called, and its clause."""
        return self.kinds[kind.key]

    def sections_of(self, kind: ReportKind) -> tuple[SectionText, ...]:
        """The sections of a kind of report, in order."""
        return tuple(each for each in self.sections.values() if each.report == kind.key)

    def boxes_of(self, kind: ReportKind) -> Mapping[str, Box]:
        """What the council writes for a kind of report, by key."""
        return {box.key: box for section in self.sections_of(kind) for box in section.box}


def load_reports(folder: Path) -> Reports:
    """Read the file; raises CatalogueBroken for anything that does not fit, and for a figure that does not exist."""
    tables = read_tables(folder, _FILE, tables=("report", "section"))
    sections = shaped(tables["section"], file=_FILE, table="section", shape=SectionText)
    unknown = sorted({each for section in sections.values() for each in section.figures} - FIGURES.keys())
    if unknown:
        raise CatalogueBroken(f"{_FILE}: there is no figure {unknown[0]}. Check its spelling.")
    return Reports(
        kinds=MappingProxyType(shaped(tables["report"], file=_FILE, table="report", shape=ReportText)),
        sections=MappingProxyType(sections),
    )


REPORTS = load_reports(Path(__file__).parent)
