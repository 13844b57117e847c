"""Long work, through the desk: bringing in a file of old records, checked first and then for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from core.channels.columns import Mapping, guess
from core.channels.past import past_complaint
from core.channels.rows import HistoryRow, RowProblem, Tally, interpret, on_time_flag
from core.channels.spreadsheets import Sheet
from core.commands.importing import AddServices, FinishImport, ImportBatch
from core.desk import Desk
from core.errors import BadInput, CalendarEnds
from core.queries.history import counting, known_complaints, known_names
from core.rules.duties import duties_of
from core.store.history import PastComplaint

BATCH = 1000
PROBLEMS_KEPT = 10_000
GUESS_FROM = 5000
SOURCE_LIMIT = 80  # characters
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_MARGIN = timedelta(weeks=26)  # far more than any clock of the Code runs
Progress = Callable[[int, str], None]


@dataclass(slots=True, kw_only=True)
class ImportResult:
    """What came of one file. `problems` holds the first ones; `problem_count` counts them all.

    `own_dates` counts complaints answered by the file's own target dates, of those that have both dates.
    """

    source: str
    rows: int = 0
    added: int = 0
    unchanged: int = 0
    duplicates: int = 0
    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    own_dates: tuple[int, int] = (0, 0)
    dry_run: bool = False

    def note(self, problem: RowProblem) -> None:
        """Count a problem and keep it while there is room."""
        if problem.kind == "duplicate":
            self.duplicates += 1
        else:
            self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)


def guess_mapping(sheet: Sheet) -> Mapping:
    """A proposal for how a file is to be read, from its headings and its first rows."""
    return guess(sheet.header, sheet.sample(GUESS_FROM))


def import_history(
    desk: Desk,
    sheet: Sheet,
    mapping: Mapping,
    *,
    source: str,
    file_name: str,
    dry_run: bool = False,
    progress: Progress = lambda _rows, _words: None,
) -> ImportResult:
    """Bring in a file of old complaints; with `dry_run`, only say what would come of it.

    Good rows are imported, every other row is listed with what to do. Importing the same file again changes nothing.
    Raises BadInput when the file or the mapping cannot be read at all.
    """
    source = source.strip()
    if not source:
        raise BadInput("Give the file a name to know its records by, such as “Complaints 2024-25”.")
    if len(source) > SOURCE_LIMIT:
        raise BadInput(f"“{source[:40]}…” is longer than the {SOURCE_LIMIT} characters of a name. Shorten it.")
    result = ImportResult(source=source, dry_run=dry_run)
    tally = Tally()
    work = _Reader(desk, mapping, result, source=source, dry_run=dry_run)
    rows = interpret(sheet, mapping, today=desk.office.today(desk.office.now()), tally=tally)
    while batch := list(islice(rows, BATCH)):
        work.take(batch)
        progress(tally.seen, f"{tally.seen:,} rows read, {result.added:,} complaints ready")
    result.rows = tally.seen
    if not dry_run and (result.added or result.problem_count):
        _finish(desk, result, mapping, sheet, file_name)
    return result


class _Reader:
    """One reading of a file: what is new goes to the desk in batches, what is known or contradicts is noted."""

    def __init__(self, desk: Desk, mapping: Mapping, result: ImportResult, *, source: str, dry_run: bool) -> None:
        self._desk, self._mapping, self._result = desk, mapping, result
        self._source, self._dry_run = source, dry_run
        self._names = desk.ask(known_names)
        self._policy, self._calendar = desk.ask(counting)
        self._channels: dict[str, str] = {}
        self._column = mapping.columns.get("old_reference", "")

    def take(self, batch: Sequence[HistoryRow | RowProblem]) -> None:
        """Import what is new in one part of the file."""
        rows = [item for item in batch if isinstance(item, HistoryRow)]
        for item in batch:
            if isinstance(item, RowProblem):
                self._result.note(item)
        self._compare_own_dates(rows)
        fresh = list(self._fresh(rows))
        self._learn_services(fresh)
        past = [self._past(row) for row in fresh]
        self._write(past)

    def _fresh(self, rows: Sequence[HistoryRow]) -> Iterator[HistoryRow]:
        known = self._desk.ask(known_complaints, self._source, [row.key for row in rows]) if rows else {}
        for row in rows:
            here = known.get(row.key)
            if here is None:
                yield row
            elif here.digest == row.digest:
                self._result.unchanged += 1
            else:
                what = _known_otherwise(here.reference)
                self._result.note(
                    RowProblem(row=row.source_row, column=self._column, value=row.key, what_to_do=what, kind="conflict")
                )

    def _learn_services(self, rows: Sequence[HistoryRow]) -> None:
        new = {row.service.casefold(): row.service for row in rows if row.service}
        missing = tuple(name for key, name in sorted(new.items()) if key not in self._names.services)
        if missing and not self._dry_run:
            self._desk.do(AddServices(source=self._source, names=missing))
            self._names = self._desk.ask(known_names)

    def _past(self, row: HistoryRow) -> PastComplaint:
        return past_complaint(
            row,
            self._mapping.columns,
            services=self._names.services,
            colleagues=self._names.colleagues,
            channels=self._channels,
        )

    def _write(self, past: list[PastComplaint]) -> None:
        """Write a batch; when a date in it lies outside the calendar, only that complaint is left out."""
        past = [complaint for complaint in past if self._countable(complaint)]
        if past and not self._dry_run:
            self._desk.do(ImportBatch(source=self._source, complaints=tuple(past)))
        self._result.added += len(past)

    def _countable(self, complaint: PastComplaint) -> bool:
        days = [day for stage in complaint.stages for day in (stage.received_on, stage.acknowledged_on) if day]
        if min(days) >= self._calendar.first and max(days) + _MARGIN <= self._calendar.last:
            return True
        try:
            duties_of(complaint.facts(), policy=self._policy, calendar=self._calendar)
        except CalendarEnds as end:
            self._result.note(
                RowProblem(
                    row=complaint.row, column="", value=complaint.old_reference, what_to_do=str(end), kind="unreadable"
                )
            )
            return False
        return True

    def _compare_own_dates(self, rows: Sequence[HistoryRow]) -> None:
        met, known = self._result.own_dates
        for row in rows:
            flag = on_time_flag(row)
            if flag is not None:
                met, known = met + flag, known + 1
        self._result.own_dates = (met, known)


def _known_otherwise(reference: str) -> str:
    """What to do about a row that is here with other content; without our reference for somebody not shown it."""
    if not reference:
        return "This reference is here already, with other content. Nothing was changed. Give this row one of its own."
    return (
        f"This reference is here already as {reference}, with other content. Nothing was changed. "
        f"Correct {reference} by hand, or give this row a reference of its own."
    )


def _finish(desk: Desk, result: ImportResult, mapping: Mapping, sheet: Sheet, file_name: str) -> None:
    desk.do(
        FinishImport(
            source=result.source,
            file_name=file_name[:255],
            sha256=sheet.sha256,
            mapping=mapping.to_json(),
            rows=result.rows,
            added=result.added,
            unchanged=result.unchanged,
            problem_count=result.problem_count,
            problems=tuple(result.problems),
        )
    )


def keep_upload(desk: Desk, content: bytes, *, file_name: str) -> Path:
    """Keep a file as it came, beside the database, under its digest: nothing in it is lost, whatever is imported."""
    folder = _uploads(desk)
    folder.mkdir(parents=True, exist_ok=True)
    suffix = Path(file_name).suffix.lower()
    suffix = suffix if suffix in _SUFFIXES else ".txt"
    kept = folder / f"{hashlib.sha256(content).hexdigest()}{suffix}"
    if not kept.exists():
        part = kept.with_suffix(".part")
        part.write_bytes(content)
        part.replace(kept)
    return kept


def kept_upload(desk: Desk, name: str) -> Path:
    """A kept file by its name; BadInput when there is none, or the name is not one of ours."""
    stem, _, suffix = name.partition(".")
    path = _uploads(desk) / name
    ours = len(stem) == 64 and all(c in "0123456789abcdef" for c in stem) and f".{suffix}" in _SUFFIXES
    if not ours or not path.is_file():
        raise BadInput("That file is not kept here. Drop it on the page again.")
    return path


def _uploads(desk: Desk) -> Path:
    return desk.office.settings.data_dir / "imports"
