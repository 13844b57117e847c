"""Commands on old records: import, gap-report."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core.channels.columns import TARGETS, Mapping
from core.channels.spreadsheets import Sheet, open_sheet
from core.cli.answers import Answer, command, tell
from core.cli.opening import at_the_desk, contents
from core.desk import Desk
from core.errors import BadInput, NotFound
from core.jobs import SOURCE_LIMIT, ImportResult, guess_mapping, import_history, keep_upload
from core.queries.gap_report import GapReport, Line, gap_report, import_sources
from core.queries.history import saved_mappings
from core.rules.duties import TITLES
from core.words import counted

_SHOWN = 25


class Order(StrEnum):
    """How a file writes its dates."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"
    NAMED_MONTH = "named"


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    command(app, "import")(import_file)
    command(app, "gap-report")(report)


# ------------------------------------------------------------------------------------------------------------ import


def import_file(
    file: Annotated[Path, typer.Argument(show_default=False, metavar="FILE")],
    *,
    map_with: Annotated[
        str | None, typer.Option("--map", metavar="M", show_default=False, help="A saved mapping, or a file of one.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(show_default=False, help="What these records are called; the file's name if not given."),
    ] = None,
    dates: Annotated[Order | None, typer.Option(show_default=False, help="The order of dates in this file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; change nothing.")] = False,
) -> Answer:
    """Bring in old records from a CSV or Excel file. Rows that cannot be used are listed with what to do."""
    sheet = open_sheet(file)
    with at_the_desk() as desk:
        mapping = _mapping(desk, sheet, map_with, dates)
        for line in (*sheet.understood(), *_columns(mapping)):
            tell(line)
        hindrances = mapping.hindrances(sheet.header)
        if hindrances:
            raise BadInput(" ".join((*hindrances, "Say --dates, or give a mapping with --map.")))
        if not dry_run:
            keep_upload(desk, contents(file), file_name=file.name)
        result = import_history(
            desk,
            sheet,
            mapping,
            source=source or file.stem[:SOURCE_LIMIT],
            file_name=file.name,
            dry_run=dry_run,
            progress=_progress,
        )
    return Answer(data={"mapping": mapping.columns, **_counts(result)}, lines=_came_of_it(result))


def _mapping(desk: Desk, sheet: Sheet, asked: str | None, dates: Order | None) -> Mapping:
    saved = desk.ask(saved_mappings)
    if asked is None:
        fitting = [one for one in map(Mapping.from_json, saved.values()) if one.fits(sheet.header)]
        mapping = fitting[0] if len(fitting) == 1 else guess_mapping(sheet)
    elif asked in saved:
        mapping = Mapping.from_json(saved[asked])
    elif Path(asked).is_file():
        mapping = Mapping.from_json(contents(Path(asked)).decode("utf-8", "replace"))
    else:
        names = "; ".join(saved) or "none yet"
        raise NotFound(f"There is no saved mapping and no file called “{asked}”. Saved mappings: {names}.")
    return mapping.with_date_order(dates.value) if dates is not None else mapping


def _columns(mapping: Mapping) -> Iterator[str]:
    for key, column in mapping.columns.items():
        yield f"“{TARGETS[key].title}” is read from “{column}”."
    if mapping.date_note:
        yield mapping.date_note


def _progress(_rows: int, words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{words}", nl=False, err=True)


def _counts(result: ImportResult) -> dict[str, object]:
    return {
        "source": result.source,
        "dry_run": result.dry_run,
        "rows": result.rows,
        "added": result.added,
        "unchanged": result.unchanged,
        "duplicates": result.duplicates,
        "problem_count": result.problem_count,
        "problems": result.problems,
    }


def _came_of_it(result: ImportResult) -> Iterator[str]:
    would = "would be added" if result.dry_run else "added"
    yield f"“{result.source}”: {counted(result.rows, 'row')} read, {counted(result.added, 'complaint')} {would}."
    yield f"{result.unchanged:,} here already, {counted(result.duplicates, 'duplicate')}, " + counted(
        result.problem_count, "problem"
    )
    for problem in result.problems[:_SHOWN]:
        where = f", column “{problem.column}”" if problem.column else ""
        value = f", “{problem.value}”" if problem.value else ""
        yield f"  Row {problem.row}{where}{value}: {problem.what_to_do}"
    if len(result.problems) > _SHOWN:
        yield f"  … and {result.problem_count + result.duplicates - _SHOWN:,} more. --json gives them all."


# -------------------------------------------------------------------------------------------------------- gap-report


def report(
    *,
    source: Annotated[str | None, typer.Option(show_default=False, help="Only the records imported as this.")] = None,
) -> Answer:
    """Show how the records stand against the Code's clocks, by service and by month."""
    with at_the_desk() as desk:
        known = desk.ask(import_sources)
        if source is not None and source not in known:
            raise NotFound(f"Nothing was imported as “{source}”. There are: {'; '.join(known) or 'no imports yet'}.")
        found = desk.ask(gap_report, source=source)
    return Answer(data=found, lines=_report(found))


def _report(found: GapReport) -> Iterator[str]:
    yield found.paragraph()
    yield from _table("By service", found.services)
    yield from _table("By month", found.months)
    if found.not_covered:
        yield "Clauses these records cannot speak to:"
        for clause, why in found.not_covered:
            yield f"  {clause.partition(':')[2]}: {why}"


def _table(heading: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        yield f"{heading}:"
    for line in lines:
        for kind, counts in line.counts.items():
            if counts.total:
                yield f"  {line.name} · {TITLES[kind]}: {counts.words()}"
