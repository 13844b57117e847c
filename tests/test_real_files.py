"""Files that nobody on the project wrote, brought in from beginning to end on both databases.

How such files open and how their rows are read is told in tests/channels; here they become complaints, and what comes
of them is held against the files themselves.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from core.channels.columns import Mapping
from core.channels.rows import normal_outcome
from core.channels.spreadsheets import open_sheet
from core.errors import BadInput
from core.jobs import ImportResult, guess_mapping, import_history
from core.queries.cases import case_view
from core.queries.duties_check import duties_check
from core.queries.gap_report import gap_report
from core.queries.searching import search
from core.rules.facts import Standing
from tests.builders import Story, day
from tests.channels.real_files import council_casework, real_data, real_file
from tests.conftest import Desks

BOSTON = ("boston311-100", "boston311-dmy-100", "boston311-100-notime", "boston311-100-20dupes-random")
WRITTEN = ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d")


def bring_in(
    desks: Desks,
    file: Path | bytes,
    *,
    source: str = "Real file",
    sheet: str | None = None,
    mapping: Mapping | None = None,
) -> ImportResult:
    """Import a file as the manager does, with the mapping proposed unless one is given."""
    opened = open_sheet(file, "list.csv", sheet=sheet)
    return import_history(desks.manager, opened, mapping or guess_mapping(opened), source=source, file_name="list.csv")


def sheets_of(file: Path) -> tuple[str | None, ...]:
    """Each sheet of a workbook; of any other file the one list there is."""
    try:
        return open_sheet(file).sheets or (None,)
    except BadInput:
        return (None,)


def listed(file: Path) -> list[dict[str, str]]:
    """The file's rows by its own headings, read by Python's own reader."""
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def moment(text: str) -> datetime | None:
    """A moment as the Boston files write it."""
    for written in WRITTEN:
        try:
            return datetime.strptime(text, written)  # noqa: DTZ007 - local time without a zone, as the file has it
        except ValueError:
            continue
    return None


def whole_and_provable(story: Story, desks: Desks) -> None:
    """Every stored duty is what the facts say, and the history proves itself."""
    after: int | None = 0
    while after is not None:
        part = desks.manager.ask(duties_check, after=after, limit=2000)
        assert part.differing == ()
        after = part.after
    story.verified()


# -------------------------------------------------------------------------------------------------------- spreadsheets


def test_every_real_spreadsheet_is_imported_or_refused_with_a_sentence(story: Story, desks: Desks) -> None:
    """One of them is a list of requests and comes in but for its broken row; of the others not a row is taken."""
    files = [path for path in sorted((real_data() / "spreadsheets").rglob("*")) if path.is_file()]
    assert len(files) >= 20
    imported = {}
    for path in files:
        for sheet in sheets_of(path):
            before = len(story.rows("ledger_entry"))
            try:
                result = bring_in(desks, path, sheet=sheet, source=path.name)
                imported[path.name] = (result.rows, result.added, result.problem_count)
            except BadInput as refused:
                assert re.fullmatch(r"[A-Z“].{20,}\.", str(refused)), path.name
                assert len(story.rows("ledger_entry")) == before, path.name
    assert imported == {"boston311-100-bad.tsv": (100, 99, 1)}
    whole_and_provable(story, desks)


def test_a_column_chosen_by_hand_makes_complaints_of_a_list_of_payments(story: Story, desks: Desks) -> None:
    """Its dates are in short months, its numbers are texts with leading zeros, and both come out right."""
    file = real_file("spreadsheets/spendover25kdownloadSep.csv")
    sheet = open_sheet(file)
    mapping = (
        guess_mapping(sheet)
        .with_column("received_on", "Date of Payment")
        .with_column("individual_name", "Supplier")
        .with_column("matter", "Expense Type")
        .with_column("old_reference", None)
        .with_date_order("named")
    )
    result = bring_in(desks, file, mapping=mapping)
    rows = listed(file)
    assert result.rows == len(rows) and result.added + result.duplicates + result.problem_count == len(rows)
    assert result.problem_count == 0
    expected = Counter(datetime.strptime(row["Date of Payment"], "%d-%b-%y").date() for row in rows)  # noqa: DTZ007
    found = Counter(row["received_on"] for row in story.rows("complaint"))
    assert found.keys() == expected.keys() and all(found[on] <= expected[on] for on in found)
    assert sum(expected.values()) - sum(found.values()) == result.duplicates
    assert {row["name"] for row in story.rows("person")} == {row["Supplier"].strip() for row in rows}


def test_a_workbook_of_the_1904_calendar_gives_complaints_of_the_right_days(story: Story, desks: Desks) -> None:
    """Four years and a day would make every one of them late."""
    file = real_file("spreadsheets/excel-1904-epoch.xlsx")
    sheet = open_sheet(file)
    columns = {"old_reference": sheet.header[0], "received_on": sheet.header[1]}
    mapping = guess_mapping(sheet).model_copy(update={"columns": columns}).with_date_order("ymd")
    assert bring_in(desks, file, mapping=mapping).added == 2
    found = {row["old_reference"]: row["received_on"] for row in story.rows("complaint")}
    assert found == {"alpha": date(2024, 1, 15), "beta": date(2020, 7, 4)}


# ------------------------------------------------------------------------------------------------- the Boston requests


@pytest.mark.parametrize("name", BOSTON)
def test_the_old_system_s_own_on_time_mark_comes_out_of_its_dates(name: str, story: Story, desks: Desks) -> None:
    """Counted while importing and held against the file's own mark; days alone cannot show a moment's lateness."""
    file = real_file(f"complaints/{name}.csv")
    rows = list({row["case_enquiry_id"]: row for row in listed(file)}.values())
    result = bring_in(desks, file, source=name)
    assert (result.added, result.duplicates, result.problem_count) == (len(rows), result.rows - len(rows), 0)
    both = [row for row in rows if row["target_dt"] and row["closed_dt"]]
    marked = sum(row["ontime"] == "ONTIME" for row in both)
    on_the_very_day = sum(
        row["ontime"] != "ONTIME" and moment(row["closed_dt"]) == moment(row["target_dt"]) for row in both
    )
    assert on_the_very_day == (1 if "notime" in name else 0)
    assert result.own_dates == (marked + on_the_very_day, len(both))


def test_all_shapes_of_one_list_make_the_same_complaints(story: Story, desks: Desks) -> None:
    """Day first or year first, with times or without: the same days and the same duties, each kept once a list."""
    judged: dict[str, dict[str, object]] = {}
    for name in BOSTON[:3]:
        bring_in(desks, real_file(f"complaints/{name}.csv"), source=name)
        complaints = story.rows("complaint", source=name)
        duties: dict[int, list[object]] = {}
        for duty in story.rows("duty"):
            duties.setdefault(duty["complaint_id"], []).append(
                (duty["kind"], duty["start_on"], duty["due_on"], duty["met_on"], duty["standing"])
            )
        judged[name] = {
            row["old_reference"]: (row["received_on"], row["position"], sorted(duties[row["id"]])) for row in complaints
        }
        assert len(complaints) == 100
    assert judged[BOSTON[0]] == judged[BOSTON[1]] == judged[BOSTON[2]]
    whole_and_provable(story, desks)


def test_requests_closed_and_open_stand_as_the_file_says(story: Story, desks: Desks) -> None:
    """A closed one is answered on the day of closing, an open one is owed, and neither was seen acknowledged."""
    file = real_file("complaints/boston311-100.csv")
    bring_in(desks, file, source="Boston")
    rows = {row["case_enquiry_id"]: row for row in listed(file)}
    for case in story.rows("complaint"):
        row = rows[case["old_reference"]]
        opened, closed = moment(row["open_dt"]), moment(row["closed_dt"])
        assert opened is not None and case["received_on"] == opened.date()
        assert case["is_open"] is (closed is None)
        stage = story.stage(case["reference"], 1)
        assert stage["responded_on"] == (closed.date() if closed else None)
    found = desks.member.ask(gap_report, source="Boston")
    acknowledged, answered = found.clocks["acknowledge_stage_one"], found.clocks["respond_stage_one"]
    assert (acknowledged.unknown, acknowledged.judged) == (100, 0)
    assert answered.total == 100 and answered.open == sum(not row["closed_dt"] for row in rows.values())
    assert "lgsco:6.2" in dict(found.not_covered)


# ------------------------------------------------------------------------------------ the Housing Ombudsman's findings


@pytest.mark.slow
def test_the_ombudsman_s_findings_become_complaints_with_a_point_for_each(story: Story, desks: Desks) -> None:
    """Several rows a case, "26 May 2026" and "(re-issued)", curly quotes: each finding in its own word and ours."""
    file = real_file("complaints/housing_ombudsman_findings.csv")
    story.on(day("2026-11-24"))
    result = bring_in(desks, file, source="Findings")
    rows = listed(file)
    cases: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        cases.setdefault(row["Case ID"], []).append(row)
    assert (result.rows, result.added, result.unchanged, result.duplicates) == (len(rows), 1_793, 0, 0)
    left_out = {rows[problem.row - 2]["Case ID"] for problem in result.problems}
    held = {row["old_reference"]: row for row in story.rows("complaint")}
    assert set(held) == set(cases) - left_out
    points: dict[int, list[str]] = {}
    for point in sorted(story.rows("point"), key=lambda row: (row["complaint_id"], row["number"])):
        points.setdefault(point["complaint_id"], []).append(point["text"])
    for key, case in held.items():
        told = [row["Complaint Description"] for row in cases[key]]
        assert len(points[case["id"]]) == len(told), key
    outcomes = Counter(row["outcome"] for row in story.rows("answer"))
    assert outcomes == Counter(normal_outcome(row["Finding Outcome"]) for key in held for row in cases[key])
    first = desks.handler.ask(case_view, held["202347433"]["reference"])
    assert [point.answers[1][0] for point in first.points] == ["resolved", "upheld"]
    assert first.service == "London & Quadrant Housing Trust" and first.position == "Stage 1: answered"


@pytest.mark.slow
def test_without_a_day_of_receipt_no_finding_is_called_timely_or_late(story: Story, desks: Desks) -> None:
    """What a list does not hold is not known, and no percentage is made of it; reading R12."""
    story.on(day("2026-11-24"))
    bring_in(desks, real_file("complaints/housing_ombudsman_findings.csv"), source="Findings")
    found = desks.member.ask(gap_report, source="Findings")
    for kind in ("acknowledge_stage_one", "respond_stage_one"):
        assert (found.clocks[kind].judged, found.clocks[kind].unknown) == (0, 1_793)
    assert "none of 1,793 can be judged" in found.paragraph()
    assert {"lgsco:6.2", "lgsco:6.3"} <= set(dict(found.not_covered))


# ------------------------------------------------------------------------------------------------ the council casework


@pytest.mark.slow
def test_five_thousand_rows_of_casework_come_in_whole_and_only_once(story: Story, desks: Desks) -> None:
    """Every row is a complaint with its own reference and its own postcode, as odd as it is; again adds nothing."""
    content = council_casework(5_000)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    story.on(day("2026-11-24"))
    result = bring_in(desks, content, source="Casework")
    assert (result.rows, result.added, result.duplicates, result.problem_count) == (5_000, 5_000, 0, 0)
    held = {row["old_reference"]: row for row in story.rows("complaint")}
    people = {row["id"]: row["postcode"] for row in story.rows("person")}
    assert set(held) == {row["unique_key"] for row in rows}
    for row in rows:
        case = held[row["unique_key"]]
        assert case["received_on"].isoformat() == row["opendate"][:10]
        assert case["is_open"] is (not row["closedate"])
        assert people.get(case["person_id"], "") == row["zip"].strip().upper()
    found = desks.member.ask(gap_report, source="Casework")
    answered = found.clocks["respond_stage_one"]
    assert (answered.total, answered.open) == (5_000, sum(not row["closedate"] for row in rows))
    assert answered.in_time + answered.late + answered.unknown + answered.open == 5_000
    assert sum(each.counts["respond_stage_one"].late for each in found.months) == getattr(answered, Standing.LATE)
    wanted = rows[-1]["unique_key"]
    assert [row.reference for row in desks.handler.ask(search, wanted).rows] == [held[wanted]["reference"]]
    entries = len(story.rows("ledger_entry"))
    again = bring_in(desks, content, source="Casework")
    assert (again.added, again.unchanged, len(story.rows("ledger_entry"))) == (0, 5_000, entries)
    whole_and_provable(story, desks)
