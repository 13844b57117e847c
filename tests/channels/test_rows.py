"""Rows into complaints: every bad cell is a sentence, the good rows go on, and nothing is merged or shifted."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels.columns import SAMPLE_ROWS, Mapping, guess
from core.channels.row_groups import overall
from core.channels.rows import (
    OUTCOMES,
    HistoryRow,
    RowProblem,
    Tally,
    digest,
    interpret,
    normal_outcome,
    normal_stage,
    on_time_flag,
)
from core.channels.safe_export import to_xlsx
from core.channels.spreadsheets import open_sheet
from core.errors import BadInput
from tests.channels.real_files import council_casework, real_file

TODAY = date(2026, 11, 22)
HEADER = "Ref,Date received,Acknowledged,Response date,Outcome,Details\n"


def read(
    file: Path | bytes, *, today: date = TODAY, mapping: Mapping | None = None, **change: object
) -> tuple[list[HistoryRow], list[RowProblem], Tally]:
    sheet = open_sheet(file, "list.csv")
    mapping = mapping or guess(sheet.header, sheet.sample(SAMPLE_ROWS))
    tally = Tally()
    results = list(interpret(sheet, mapping.model_copy(update=change), today=today, tally=tally))
    good = [result for result in results if isinstance(result, HistoryRow)]
    return good, [result for result in results if isinstance(result, RowProblem)], tally


def listed(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines)).encode()


# ------------------------------------------------------------------------------------------------------ real files


def test_council_casework_is_read_in_time_with_its_contradictions_shown() -> None:
    content = council_casework(60_000)
    started = time.perf_counter()
    good, problems, tally = read(content)
    assert time.perf_counter() - started < 5
    assert (tally.seen, tally.ready, tally.duplicates) == (60_000, len(good), 0)
    assert tally.ready + tally.problems == 60_000 and {problem.kind for problem in problems} == {"conflict"}
    assert all(len(problem.rows) == 2 and str(problem.rows[0]) in problem.what_to_do for problem in problems)
    assert any(row.postcode.startswith("@") for row in good) and any(row.closed_on is None for row in good)
    assert good[0].received_on is not None and good[0].received_on.on == date(2025, 1, 9)


@pytest.mark.parametrize(
    ("name", "both", "told_apart"),
    [
        ("boston311-100", 77, 77),
        ("boston311-dmy-100", 77, 77),
        # The times were cut off: one complaint closed late on its very due day, which days alone cannot show.
        ("boston311-100-notime", 77, 76),
        ("boston311-100-20dupes-random", 62, 62),
    ],
)
def test_the_old_system_s_on_time_mark_is_reproduced_from_its_dates(name: str, both: int, told_apart: int) -> None:
    good, problems, tally = read(real_file(f"complaints/{name}.csv"))
    flags = [(on_time_flag(row), row.on_time == "ONTIME", row) for row in good if on_time_flag(row) is not None]
    assert len(flags) == both and sum(ours == theirs for ours, theirs, _ in flags) == told_apart
    for ours, theirs, row in flags:
        if ours != theirs:
            assert row.closed_on is not None and row.target_on is not None
            assert row.closed_on.on == row.target_on.on and row.closed_on.at is None
    assert tally.duplicates == (20 if "dupes" in name else 0) == len(problems)


def test_two_shapes_of_one_list_give_the_same_days() -> None:
    one, two = (read(real_file(f"complaints/{name}.csv"))[0] for name in ("boston311-100", "boston311-dmy-100"))
    assert [(row.key, row.received_on.at, row.closed_on and row.closed_on.at) for row in one if row.received_on] == [
        (row.key, row.received_on.at, row.closed_on and row.closed_on.at) for row in two if row.received_on
    ]


def test_findings_of_several_rows_become_one_complaint_with_points() -> None:
    good, problems, tally = read(real_file("complaints/housing_ombudsman_findings.csv"))
    assert tally.seen == 4_494 and tally.ready == len(good) == 1_793
    assert sum(len(row.points) for row in good) == 4_494 - 18
    first = good[0]
    assert first.old_reference == "202347433" and first.source_rows == (2, 3)
    assert [(point.outcome, point.outcome_given) for point in first.points] == [
        ("resolved", "Reasonable Redress"), ("upheld", "Service Failure"),
    ]  # fmt: skip
    assert first.outcome == "partially_upheld" and first.closed_on and first.closed_on.on == date(2026, 5, 26)
    assert Counter(problem.kind for problem in problems) == {"unreadable": 13, "missing": 5}
    assert {problem.value for problem in problems if "re-issued" in problem.value} == {"13 February 2026 (re-issued)"}
    assert not {point.outcome for row in good for point in row.points} & {None}


def test_a_row_of_the_wrong_width_is_reported_and_the_others_go_on() -> None:
    good, problems, _ = read(real_file("spreadsheets/boston311-100-bad.tsv"))
    assert len(good) == 99 and [problem.row for problem in problems] == [41]
    assert "30 cells where the headings have 29" in problems[0].what_to_do


def test_the_other_real_spreadsheets_have_no_complaints_to_give_and_say_so() -> None:
    for name in ("311011.csv", "utf8-japanesedata.csv"):
        with pytest.raises(BadInput, match="column of dates"):
            read(real_file(f"spreadsheets/{name}"))


# ------------------------------------------------------------------------------------------------------- bad cells


@pytest.mark.parametrize(
    ("line", "kind", "column", "words"),
    [
        ("7,31/02/2026,,,,x", "unreadable", "Date received", "no such day"),
        ("7,soon,,,,x", "unreadable", "Date received", "not a date"),
        ("7,,14/01/2026,,,x", "missing", "Date received", "Fill it in"),
        ("7,20/01/2026,14/01/2026,,,x", "order", "Acknowledged", "Date received"),
        ("7,20/01/2026,,14/01/2026,,x", "order", "Response date", "20/01/2026"),
        ("7,23/11/2026,,,,x", "future", "Date received", "not come yet"),
        ("7,20/01/2026,,,,x,y", "shape", "", "7 cells"),
        ("7,20/01/2026,,", "shape", "", "4 cells"),
        (f"{'7' * 101},20/01/2026,,,,x", "too_long", "Ref", "100 characters"),
    ],
)
def test_each_bad_cell_is_reported_with_what_to_do(line: str, kind: str, column: str, words: str) -> None:
    good, problems, tally = read(listed("1,13/01/2026,14/01/2026,27/01/2026,Upheld,a", line, "3,14/01/2026,,,,b"))
    assert [row.old_reference for row in good] == ["1", "3"]
    assert [(problem.row, problem.kind, problem.column) for problem in problems] == [(3, kind, column)]
    assert words in problems[0].what_to_do and problems[0].what_to_do.endswith(".") and len(problems[0].value) <= 200
    assert (tally.seen, tally.ready, tally.problems) == (3, 2, 1)


def test_every_bad_cell_of_a_row_is_named_at_once() -> None:
    _, problems, _ = read(listed("1,13/01/2026,14/01/2026,,,a", "2,never,ages ago,,,b"))
    assert [(problem.row, problem.column) for problem in problems] == [(3, "Date received"), (3, "Acknowledged")]


def test_a_row_that_cannot_be_told_apart_is_reported() -> None:
    good, problems, _ = read(listed("1,13/01/2026,,,,a", '2,14/01/2026,,,,"b'))
    assert len(good) == 1 and [(problem.row, problem.kind) for problem in problems] == [(3, "shape")]
    assert "quotation mark" in problems[0].what_to_do


def test_a_workbook_s_days_moments_and_blanks_are_read_as_they_are() -> None:
    rows: list[list[str | date | None]] = [
        ["007", date(2026, 1, 13), datetime.fromisoformat("2026-01-14T09:30"), "  ", date(2026, 2, 1)],
        ["8", date(1926, 1, 13), None, None, " "],
    ]
    header = ["Ref", "Date received", "Acknowledged", "Details", "Category"]
    keys = ("old_reference", "received_on", "acknowledged_on", "text", "category")
    mapping = Mapping(columns=dict(zip(keys, header, strict=True)), date_order="dmy")
    good, problems, _ = read(to_xlsx(rows, header), mapping=mapping)
    row = good[0]
    assert row.received_on is not None and row.received_on.on == date(2026, 1, 13) and row.received_on.at is None
    assert row.acknowledged_on is not None and row.acknowledged_on.text == "2026-01-14 09:30:00"
    assert (row.old_reference, row.text, row.category) == ("007", "", "2026-02-01")
    assert [(problem.row, problem.kind) for problem in problems] == [(3, "unreadable")]
    assert "too early" in problems[0].what_to_do


def test_a_day_that_is_only_owed_may_lie_ahead() -> None:
    good, problems, _ = read(b"Ref,Date received,Due date\n1,13/11/2026,04/12/2026\n")
    assert not problems and good[0].target_on is not None and good[0].target_on.on == date(2026, 12, 4)


def test_nothing_is_read_while_the_order_of_dates_is_uncertain() -> None:
    content = listed("1,01/02/2026,,,,a")
    with pytest.raises(BadInput, match="not certain"):
        read(content)
    sheet = open_sheet(content, "list.csv")
    mapping = guess(sheet.header, sheet.sample(SAMPLE_ROWS))
    for order, day in (("dmy", date(2026, 2, 1)), ("mdy", date(2026, 1, 2))):
        good, _, _ = read(content, mapping=mapping.with_date_order(order))  # type: ignore[arg-type]
        assert good[0].received_on is not None and good[0].received_on.on == day


# ------------------------------------------------------------------------------------------ once, twice, or several


def test_an_exact_copy_is_left_out_and_a_contradiction_is_shown_with_both_rows() -> None:
    same, other = "1,13/01/2026,,,,a", "1,13/01/2026,,,,b"
    good, problems, tally = read(listed(same, "2,14/01/2026,,,,c", same, other))
    assert [row.source_row for row in good] == [2, 3]
    assert [(problem.kind, problem.rows) for problem in problems] == [("duplicate", (2, 4)), ("conflict", (2, 5))]
    assert (tally.ready, tally.duplicates, tally.problems) == (2, 1, 1)


def test_a_row_without_reference_gets_a_name_from_its_content() -> None:
    good, problems, _ = read(listed(",13/01/2026,,,,a", ",13/01/2026,,,,b", ",13/01/2026,,,,a"))
    assert [row.old_reference for row in good] == ["", ""] and good[0].key == f"row-{good[0].digest}" != good[1].key
    assert [problem.kind for problem in problems] == ["duplicate"]


GROUPED = "Case ID,Decision date,Category,Finding\n"


def test_one_bad_row_leaves_its_whole_complaint_out() -> None:
    lines = "1,13/01/2026,a,Upheld\n1,31/02/2026,b,Not upheld\n2,14/01/2026,a,Upheld\n"
    good, problems, _ = read((GROUPED + lines).encode(), group_rows=True)
    assert [(row.old_reference, row.outcome) for row in good] == [("2", "upheld")]
    assert [(problem.row, problem.kind) for problem in problems] == [(3, "unreadable"), (2, "left_out_with_another")]


def test_rows_of_one_complaint_must_agree_on_dates_and_stand_together() -> None:
    lines = (
        "1,13/01/2026,a,Upheld\n1,15/01/2026,b,Upheld\n2,14/01/2026,a,Upheld\n3,14/01/2026,a,\n2,14/01/2026,b,Upheld\n"
    )
    good, problems, _ = read((GROUPED + lines).encode(), group_rows=True)
    assert [row.old_reference for row in good] == ["2", "3"]
    assert [(problem.kind, problem.rows) for problem in problems] == [("conflict", (2, 3)), ("conflict", (4, 6))]
    assert good[1].outcome is None


def test_the_overall_finding_follows_from_the_points() -> None:
    assert overall([]) is None and overall(["upheld", "upheld"]) == "upheld"
    assert overall(["upheld", "not_upheld"]) == overall(["partially_upheld", "resolved"]) == "partially_upheld"
    assert overall(["resolved", "not_upheld"]) == "resolved" and overall(["not_upheld", "other"]) == "not_upheld"


@given(st.lists(st.text(max_size=20) | st.dates() | st.none(), max_size=6))
def test_the_digest_is_stable_and_tells_cells_apart(cells: list[object]) -> None:
    cells = [cell.replace("\0", "") if isinstance(cell, str) else cell for cell in cells]
    assert digest(cells) == digest(list(cells)) and len(digest(cells)) == 24  # type: ignore[arg-type]
    assert digest([*cells, "x"]) != digest(cells)  # type: ignore[arg-type,list-item]
    assert digest(["ab", "c"]) != digest(["a", "bc"])


# ------------------------------------------------------------------------------------------------ words and values


def test_findings_are_understood_and_their_own_word_is_kept() -> None:
    for outcome, words in OUTCOMES.items():
        for each in words:
            assert normal_outcome(each.title()) == normal_outcome(f" {each.upper()} ") == outcome
    assert normal_outcome("Severe Maladministration") == normal_outcome("Service Failure") == "upheld"
    assert normal_outcome("No Maladministration") == normal_outcome("Not-Upheld") == "not_upheld"
    assert normal_outcome("Reasonable Redress") == normal_outcome("Resolved with Intervention") == "resolved"
    assert normal_outcome("Outside Jurisdiction") == normal_outcome("Withdrawn") == normal_outcome("zzz") == "other"
    assert normal_outcome(" -- ") is None
    good, _, _ = read(listed("1,13/01/2026,,,PARTLY upheld,a"))
    assert (good[0].outcome, good[0].outcome_given) == ("partially_upheld", "PARTLY upheld")


def test_stages_are_one_two_or_unknown() -> None:
    assert [normal_stage(text) for text in ("1", "Stage 2", "s2", "STAGE ONE", "st-1", "ii", "3", "Closed", "")] == [
        1, 2, 2, 1, 1, 2, None, None, None,
    ]  # fmt: skip


def test_own_words_are_kept_exactly_and_formula_like_texts_survive() -> None:
    content = 'Ref,Date received,Details,Postcode,Category\n007,13/01/2026," =1+1\n ",@1121,\'=x\n'
    good, problems, _ = read(content.encode())
    row = good[0]
    assert not problems and (row.old_reference, row.text, row.postcode) == ("007", " =1+1\n ", "@1121")
    assert row.category == "=x", "the apostrophe an export put in front is taken off again"


def test_on_time_compares_moments_when_both_are_known_and_days_otherwise() -> None:
    header = "Ref,Date received,Due date,Response date\n"
    lines = (
        "1,13/01/2026,14/01/2026 09:00,14/01/2026 10:00\n2,13/01/2026,14/01/2026 09:00,14/01/2026\n"
        "3,13/01/2026,14/01/2026,15/01/2026\n4,13/01/2026,14/01/2026,\n"
    )
    good, _, _ = read((header + lines).encode())
    assert [on_time_flag(row) for row in good] == [False, True, False, None]
    assert good[0].target_on is not None and good[0].target_on.at == datetime.fromisoformat("2026-01-14T09:00")


@given(st.dates(date(2000, 1, 1), TODAY - timedelta(days=1)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"]))
def test_any_day_written_in_a_known_way_is_read_as_that_day(day: date, written: str) -> None:
    content = f"Ref,Date received\n1,{day.strftime(written)}\n2,31/12/2025\n".encode()
    mapping = Mapping(columns={"old_reference": "Ref", "received_on": "Date received"}, date_order="dmy")
    good, problems, _ = read(content, mapping=mapping)
    assert not problems and good[0].received_on is not None and good[0].received_on.on == day
