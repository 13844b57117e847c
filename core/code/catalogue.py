"""The Code as data: clauses, periods, letters, readings, schemes and worked examples, read once from this folder.

Everything is checked while it is imported: each entry by itself (shapes.py), then each citation against what it cites.
Whatever does not fit raises CatalogueBroken, a sentence naming file and entry. That the `where` of a clause can be
imported is checked by a house test, because the Code's data knows nothing of what is built on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.code.example_shapes import Expect, Given, GivenExtension, WorkedExample
from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.scheme_shapes import DayOff, Ombudsman, RouteClock, RouteStep, Scheme
from core.code.shapes import (
    Block,
    Clause,
    Content,
    DatedValue,
    LetterType,
    Part,
    Period,
    Reading,
    Section,
    Standard,
    Timescale,
    Watch,
    named_in,
)
from core.errors import BadInput, NotFound
from core.words import day_words

__all__ = [
    "BLOCKS", "CLAUSES", "LETTERS", "PARTS", "PERIODS", "READINGS", "ROUTES", "SCHEMES", "SECTIONS", "STANDARDS",
    "USING", "WATCH", "WORKED_EXAMPLES",
    "Block", "Catalogue", "CatalogueBroken", "Clause", "RouteClock", "Content", "DatedValue", "DayOff", "Expect",
    "Given", "GivenExtension", "LetterType", "Ombudsman", "Part", "Period", "Reading", "RouteStep", "Scheme",
    "Standard", "Timescale", "Watch", "WorkedExample",
    "cited", "clause", "letter", "load_catalogue", "reading", "timescale",
]  # fmt: skip

Citation = tuple[str, str, tuple[str | None, ...]]
"""Where something is cited, what kind of thing, and the keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything the folder holds, by key, in the order of the Code."""

    sections: Mapping[int, str]
    clauses: Mapping[str, Clause]
    using: Mapping[str, Clause]
    periods: Mapping[str, Period]
    watch: Mapping[str, Watch]
    standards: Mapping[str, Standard]
    letters: Mapping[str, LetterType]
    blocks: Mapping[str, Block]
    readings: Mapping[str, Reading]
    schemes: Mapping[str, Scheme]
    worked_examples: Mapping[str, WorkedExample]

    @property
    def parts(self) -> dict[str, Part]:
        """The lettered parts of all clauses, by their own key."""
        return {part.key: part for each in self.clauses.values() for part in each.parts}


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check the Code's data in one folder.

    Raises CatalogueBroken, naming the file and the entry, for anything that does not fit.
    """
    file = "clauses.toml"
    clause_tables = read_tables(folder, file, tables=("section", "clause", "using"))
    sections = shaped(clause_tables["section"], file=file, table="section", shape=Section, name="number")
    clauses = shaped(clause_tables["clause"], file=file, table="clause", shape=Clause)
    using = shaped(clause_tables["using"], file=file, table="using", shape=Clause)
    times = read_tables(folder, "timescales.toml", tables=("timescale", "watch"))
    catalogue = Catalogue(
        sections=MappingProxyType({section.number: section.title for section in sections.values()}),
        clauses=MappingProxyType(clauses),
        using=MappingProxyType(using),
        periods=MappingProxyType(shaped(times["timescale"], file="timescales.toml", table="timescale", shape=Period)),
        watch=MappingProxyType(shaped(_keyed(times["watch"]), file="timescales.toml", table="watch", shape=Watch)),
        standards=_whole_file(folder, "standards.toml", table="standard", shape=Standard),
        letters=_whole_file(folder, "letters.toml", table="letter", shape=LetterType),
        blocks=_whole_file(folder, "blocks.toml", table="block", shape=Block, name="name"),
        readings=_whole_file(folder, "readings.toml", table="reading", shape=Reading),
        schemes=_whole_file(folder, "schemes.toml", table="scheme", shape=Scheme),
        worked_examples=_whole_file(folder, "worked_examples.toml", table="example", shape=WorkedExample, name="id"),
    )
    _check_clauses_complete(sections.values(), clauses)
    _check_numbered("clauses.toml", using, prefix="lgsco:using.")
    _check_numbered("readings.toml", catalogue.readings, prefix="R")
    _check_citations(catalogue)
    _check_schemes(catalogue)
    _check_blocks(catalogue)
    return catalogue


def _whole_file(folder: Path, file: str, *, table: str, shape: type[Any], name: str = "key") -> Mapping[str, Any]:
    raw = read_tables(folder, file, tables=(table,))
    return MappingProxyType(shaped(raw[table], file=file, table=table, shape=shape, name=name))


def _keyed(tables: object) -> object:
    """Named tables as a list of entries, each carrying its name as `key`."""
    if not isinstance(tables, Mapping):
        return tables
    return [{"key": key, **fields} if isinstance(fields, Mapping) else fields for key, fields in tables.items()]


def _check_clauses_complete(sections: Iterable[Section], clauses: Mapping[str, Clause]) -> None:
    """Sections and clauses are numbered without a gap, in the order of the Code, and none is missing or too many."""
    expected = []
    for place, section in enumerate(sections, start=1):
        if section.number != place:
            raise CatalogueBroken(f"clauses.toml, section {section.number}: stands where section {place} belongs.")
        expected += [f"lgsco:{place}.{number}" for number in range(1, section.clauses + 1)]
    for key in expected:
        if key not in clauses:
            raise CatalogueBroken(f"clauses.toml, {key}: is missing. Add it; the Code has {len(expected)} clauses.")
    for key in clauses:
        if key not in expected:
            raise CatalogueBroken(f"clauses.toml, {key}: is not a clause of the Code. Its section has no such number.")
    for key, should_be in zip(clauses, expected, strict=True):
        if key != should_be:
            raise CatalogueBroken(f"clauses.toml, {key}: stands where {should_be} belongs. Keep the Code's order.")


def _check_numbered(file: str, keys: Iterable[str], *, prefix: str) -> None:
    """Keys count up from 1 without a gap, so that a number once cited stays."""
    for place, key in enumerate(keys, start=1):
        if key != f"{prefix}{place}":
            raise CatalogueBroken(f"{file}, {key}: stands where {prefix}{place} belongs. Number without a gap.")


def _check_citations(catalogue: Catalogue) -> None:
    """Every clause, reading and example that is cited exists."""
    known = {
        "clause": {*catalogue.clauses, *catalogue.parts, *catalogue.using},
        "reading": {*catalogue.readings},
        "example": {*catalogue.worked_examples},
    }
    for place, kind, keys in (*_citations_of_letters(catalogue), *_citations_elsewhere(catalogue)):
        for key in keys:
            if key is not None and key not in known[kind]:
                raise CatalogueBroken(f"{place}: cites {kind} {key}, which does not exist. Correct the key.")


def _citations_of_letters(catalogue: Catalogue) -> Iterator[Citation]:
    for held in catalogue.letters.values():
        for content in held.contents:
            yield f"letters.toml, {held.key}.{content.key}", "clause", (content.clause,)
            yield f"letters.toml, {held.key}.{content.key}", "reading", (content.reading,)


def _citations_elsewhere(catalogue: Catalogue) -> Iterator[Citation]:
    for period in catalogue.periods.values():
        yield f"timescales.toml, {period.key}", "clause", (period.clause,)
    for flag in catalogue.watch.values():
        yield f"timescales.toml, {flag.key}", "reading", (flag.reading,)
    for standard in catalogue.standards.values():
        yield f"standards.toml, {standard.key}", "reading", (standard.reading,)
    for held in catalogue.readings.values():
        yield f"readings.toml, {held.key}", "clause", held.clauses
        yield f"readings.toml, {held.key}", "example", (held.example,)
    for scheme in catalogue.schemes.values():
        yield f"schemes.toml, {scheme.key}", "clause", (*scheme.renumbered,)
    for example in catalogue.worked_examples.values():
        yield f"worked_examples.toml, {example.id}", "clause", example.clauses
        yield f"worked_examples.toml, {example.id}", "reading", example.readings


def _check_schemes(catalogue: Catalogue) -> None:
    """Both Codes use all the Code's periods and no other, and a renumbered clause carries its own scheme."""
    for scheme in catalogue.schemes.values():
        if scheme.regime == "code" and set(scheme.timescales) != set(catalogue.periods):
            odd = ", ".join(sorted(set(scheme.timescales) ^ set(catalogue.periods)))
            raise CatalogueBroken(f"schemes.toml, {scheme.key}: its timescales and timescales.toml differ in {odd}.")
        for ours, theirs in scheme.renumbered.items():
            if not theirs.startswith(f"{scheme.key}:"):
                raise CatalogueBroken(f"schemes.toml, {scheme.key}: {ours} becomes {theirs}; write {scheme.key}:N.M.")
    clocks = [(scheme.key, clock.key) for scheme in catalogue.schemes.values() for clock in scheme.clocks]
    for place, (scheme_key, key) in enumerate(clocks):
        if key in {other for _scheme, other in clocks[:place]}:
            raise CatalogueBroken(f"schemes.toml, {scheme_key}: clock {key} stands twice. Give it a key of its own.")


def _check_blocks(catalogue: Catalogue) -> None:
    """Each block's moment is a kind of letter, and it names nothing but its Ombudsman."""
    for name, block in catalogue.blocks.items():
        if block.moment is not None and block.moment not in catalogue.letters:
            raise CatalogueBroken(f"blocks.toml, {name}: there is no letter {block.moment}. Correct its `moment`.")
        unknown = set(named_in(block.text or "")) - {"name", "post", "phone", "web"}
        if unknown:
            raise CatalogueBroken(f"blocks.toml, {name}: nothing fills in {{{min(unknown)}}}. Name the Ombudsman only.")


THE_CODE = load_catalogue(Path(__file__).parent)
SECTIONS = THE_CODE.sections
CLAUSES = THE_CODE.clauses
USING = THE_CODE.using
PARTS: Mapping[str, Part] = MappingProxyType(THE_CODE.parts)
PERIODS = THE_CODE.periods
WATCH = THE_CODE.watch
STANDARDS = THE_CODE.standards
LETTERS = THE_CODE.letters
BLOCKS = THE_CODE.blocks
READINGS = THE_CODE.readings
SCHEMES = THE_CODE.schemes
WORKED_EXAMPLES = THE_CODE.worked_examples

ROUTES: Mapping[str, Scheme] = MappingProxyType({key: each for key, each in SCHEMES.items() if not each.stays})
"""The routes that lead out of the two Codes, by key."""

_CITED: Mapping[str, Clause] = {
    **CLAUSES,
    **USING,
    **{part.key: each for each in CLAUSES.values() for part in each.parts},
}


def cited(key: str) -> bool:
    """Whether this key may be cited: a clause, a lettered part of one, or an entry on using the Code."""
    return key in _CITED


def clause(key: str) -> Clause:
    """The clause with this key, such as "lgsco:6.15"; a lettered part answers with the clause it belongs to.

    Raises NotFound for a key the Code does not have.
    """
    try:
        return _CITED[key]
    except KeyError:
        raise NotFound(f"The Code has no clause {key}. Give scheme and number, as in lgsco:6.15.") from None


def letter(key: str) -> LetterType:
    """The kind of letter with this key, such as "final_response".

    Raises NotFound for a kind that is not listed.
    """
    try:
        return LETTERS[key]
    except KeyError:
        raise NotFound(f"There is no letter of the kind {key}. Choose one of: {', '.join(LETTERS)}.") from None


def reading(key: str) -> Reading:
    """The reading with this key, such as "R6".

    Raises NotFound for one that is not written.
    """
    try:
        return READINGS[key]
    except KeyError:
        raise NotFound(f"There is no reading {key}. They are numbered R1 to R{len(READINGS)}.") from None


def timescale(key: str, *, on: date, yardstick: bool = False) -> Timescale:
    """The Code's own period as it stands on a day.

    For a day before the Code applied, `yardstick` answers with its first value (reading R36); without it BadInput is
    raised. Raises NotFound for a period the Code does not have.
    """
    period = PERIODS.get(key)
    if period is None:
        raise NotFound(f"The Code has no period {key}. Choose one of: {', '.join(PERIODS)}.")
    in_force = [value for value in period.values if value.since <= on]
    if not in_force and not yardstick:
        first = period.values[0].since
        raise BadInput(
            f"The Code's period to {period.title[0].lower()}{period.title[1:]} applies from {day_words(first)}; "
            f"there is none for {day_words(on)}. Ask for it as a yardstick, or use the policy of that time."
        )
    value = in_force[-1] if in_force else period.values[0]
    return Timescale(
        key=period.key,
        title=period.title,
        value=value.value,
        unit=period.unit,
        anchor=period.anchor,
        clause=period.clause,
        since=value.since,
        source=value.source,
    )
