"""Rows of one reference: exact copies, contradictions, and complaints whose findings stand on rows of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.channels.history_rows import HistoryRow, Outcome, PointRow, ProblemKind, RowProblem, Tally
from core.channels.sheet_dates import SheetDate

DIGEST_BITS = 96


@dataclass(frozen=True, slots=True)
class Failed:
    """A row that cannot be used: its reference, if it has one, and all that is wrong with it."""

    reference: str
    problems: list[RowProblem]


class Once:
    """Remembers each reference with its row and digest, in about 200 bytes each."""

    def __init__(self, column: str, tally: Tally) -> None:
        self._column, self._tally = column, tally
        self._seen: dict[str, int] = {}

    def problem(self, row: HistoryRow) -> RowProblem | None:
        """What is wrong with meeting this reference again; None the first time."""
        content = int(row.digest, 16)
        known = self._seen.setdefault(row.key, row.source_row << DIGEST_BITS | content)
        first = known >> DIGEST_BITS
        if first == row.source_row:
            return None
        if known & ((1 << DIGEST_BITS) - 1) == content:
            self._tally.duplicates += 1
            what = f"The same as row {first} in every cell, so it was left out. Nothing needs doing."
            return self._again(row, first, what, duplicate=True)
        what = (
            f"Row {first} has the same reference but other content. Row {first} was taken. "
            "Delete the row that is wrong, or give this one a reference of its own."
        )
        return self._again(row, first, what, duplicate=False)

    def _again(self, row: HistoryRow, first: int, what: str, *, duplicate: bool) -> RowProblem:
        return RowProblem(
            row=row.source_row,
            column=self._column,
            value=row.old_reference,
            what_to_do=what,
            kind="duplicate" if duplicate else "conflict",
            rows=(first, row.source_row),
        )


def grouped(read: Iterable[HistoryRow | Failed], *, column: str, tally: Tally) -> Iterator[HistoryRow | Failed]:
    """Rows of one reference that stand together become one complaint with a point for each.

    One bad row leaves the whole complaint out: a complaint without one of its findings would be counted wrongly.
    """
    group: list[HistoryRow | Failed] = []
    reference = ""
    for result in read:
        this = result.old_reference if isinstance(result, HistoryRow) else result.reference
        if group and (not this or this != reference):
            yield from _finished(group, column, tally)
            group = []
        group.append(result)
        reference = this
    if group:
        yield from _finished(group, column, tally)


def _finished(group: list[HistoryRow | Failed], column: str, tally: Tally) -> Iterator[HistoryRow | Failed]:
    rows = [row for row in group if isinstance(row, HistoryRow)]
    failed = [row for row in group if isinstance(row, Failed)]
    if not failed:
        yield _one_complaint(rows, column, tally)
        return
    yield from failed
    bad = tuple(problem.row for each in failed for problem in each.problems[:1])
    for row in rows:
        what = f"Left out because row {bad[0]} of the same complaint cannot be used. Mend that row."
        yield Failed(
            row.old_reference, [_problem(row, column, what, "left_out_with_another", rows=(*bad, row.source_row))]
        )


def _one_complaint(rows: Sequence[HistoryRow], column: str, tally: Tally) -> HistoryRow | Failed:
    """The first row's facts, one point for each row, an overall finding; contradicting dates are a conflict."""
    distinct: dict[str, HistoryRow] = {}
    for row in rows:
        if row.digest in distinct:
            tally.duplicates += 1
        distinct.setdefault(row.digest, row)
    kept = list(distinct.values())
    first = kept[0]
    for row in kept[1:]:
        if _days(row) != _days(first):
            what = f"Rows {first.source_row} and {row.source_row} are one complaint but differ in a date. Correct one."
            return Failed(
                first.old_reference, [_problem(row, column, what, "conflict", rows=(first.source_row, row.source_row))]
            )
    points = tuple(
        PointRow(
            source_row=row.source_row,
            category=row.category,
            matter=row.matter,
            text=row.text,
            outcome=row.outcome,
            outcome_given=row.outcome_given,
        )
        for row in kept
    )
    given = "; ".join(dict.fromkeys(row.outcome_given for row in kept if row.outcome_given))
    whole = hashlib.blake2b("".join(distinct).encode(), digest_size=DIGEST_BITS // 8).hexdigest()
    return replace(
        first,
        digest=whole,
        source_rows=tuple(row.source_row for row in kept),
        points=points,
        outcome=overall([row.outcome for row in kept if row.outcome]),
        outcome_given=given,
    )


def overall(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The finding on the whole complaint from those on its points: a mixture with something upheld is partly upheld."""
    found = set(outcomes)
    if len(found) <= 1:
        return next(iter(found), None)
    if found & {"upheld", "partially_upheld"}:
        return "partially_upheld"
    return "resolved" if "resolved" in found else "not_upheld"


def _days(row: HistoryRow) -> tuple[object, ...]:
    values = (getattr(row, name) for name in row.__slots__)
    return tuple((value.on, value.at) for value in values if isinstance(value, SheetDate))


def _problem(row: HistoryRow, column: str, what: str, kind: ProblemKind, *, rows: tuple[int, ...]) -> RowProblem:
    return RowProblem(row=row.source_row, column=column, value=row.old_reference, what_to_do=what, kind=kind, rows=rows)
