"""The self-assessment's ten rows and every clause beneath them, with what speaks to each. Read once from its TOML.

Whatever does not fit raises CatalogueBroken: a row without a clause, a clause without evidence, an unknown document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import StringConstraints

from core.code.catalogue import CLAUSES
from core.code.figures import FIGURES
from core.code.quality import CHECKLIST
from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, ClauseKey, Count, Name, Switch, Words

_FILE = "self_assessment.toml"
RowKey = Annotated[str, StringConstraints(pattern=r"^[1-9](-[12])?$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedRow:
    """One of the ten rows: what the council says of itself in one section of the Code."""

    __pydantic_config__ = STRICT

    key: RowKey
    section: Count
    title: Words
    action: Words
    figures: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedClause:
    """One clause beneath its row, with what speaks to it; `attested` is what only a person can say."""

    __pydantic_config__ = STRICT

    key: ClauseKey
    row: RowKey
    action: Words
    figures: tuple[Name, ...] = ()
    duties: tuple[Name, ...] = ()
    quality: tuple[Name, ...] = ()
    documents: tuple[Name, ...] = ()
    departures: Switch = False
    attested: Words | None = None

    @property
    def has_evidence(self) -> bool:
        """Whether any record here speaks to it."""
        return bool(self.figures or self.duties or self.quality or self.documents or self.departures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record or text of the council that speaks to a clause, and the page it stands on."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    page: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentForm:
    """The whole form. `year_begins` is a month; `volumes` are the figures that are context and no measure."""

    rows: Mapping[str, AssessedRow]
    clauses: Mapping[str, AssessedClause]
    documents: Mapping[str, Document]
    volumes: frozenset[str]
    year_begins: int

    def year(self, begins_in: int) -> tuple[date, date]:
        """The first and the last day of the council's year that begins in a calendar year."""
        first = date(begins_in, self.year_begins, 1)
        return first, date.fromordinal(first.replace(year=begins_in + 1).toordinal() - 1)

    def last_year(self, today: date) -> tuple[date, date]:
        """The last of the council's years that is over."""
        first, last = self.year(today.year - 1)
        return (first, last) if last < today else self.year(today.year - 2)

    def beneath(self, row: str) -> tuple[AssessedClause, ...]:
        """The clauses of a row, in the Code's order."""
        return tuple(each for each in self.clauses.values() if each.row == row)

    def item(self, key: str) -> AssessedRow | AssessedClause | None:
        """A row or a clause by its key; None when there is none."""
        return self.rows.get(key) or self.clauses.get(key)


def load_self_assessment(folder: Path) -> AssessmentForm:
    """The form as the file has it; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("year_begins", "volumes", "row", "clause", "document"))
    told: Mapping[str, Any] = {
        "rows": shaped(tables["row"], file=_FILE, table="row", shape=AssessedRow),
        "clauses": shaped(tables["clause"], file=_FILE, table="clause", shape=AssessedClause),
        "documents": shaped(tables["document"], file=_FILE, table="document", shape=Document),
    }
    form = AssessmentForm(
        **{name: MappingProxyType(found) for name, found in told.items()},
        volumes=frozenset(tables["volumes"]),
        year_begins=tables["year_begins"],
    )
    _check(form)
    return form


def _check(form: AssessmentForm) -> None:
    if set(form.clauses) != set(CLAUSES):
        differ = sorted(set(form.clauses) ^ set(CLAUSES))
        raise CatalogueBroken(f"{_FILE}: the clauses are not the Code’s own; look at {', '.join(differ)}.")
    for each in form.clauses.values():
        if each.row not in form.rows:
            raise CatalogueBroken(f"{_FILE}, {each.key}: there is no row {each.row}.")
        unknown = [key for key in each.documents if key not in form.documents]
        unknown += [key for key in each.quality if key not in CHECKLIST]
        unknown += [key for key in (*each.figures, *form.rows[each.row].figures) if key not in FIGURES]
        if unknown:
            raise CatalogueBroken(f"{_FILE}, {each.key}: nothing is known of {', '.join(unknown)}.")
        if not (each.has_evidence or each.attested):
            raise CatalogueBroken(f"{_FILE}, {each.key}: names no evidence. Say what a person attests.")


FORM = load_self_assessment(Path(__file__).parent)
