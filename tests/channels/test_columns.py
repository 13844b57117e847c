"""Which column means what: the guess on real headings, the order of dates, and the clauses a file cannot speak to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.channels.columns import (
    SAMPLE_ROWS,
    TARGETS,
    Mapping,
    clauses_not_covered,
    guess,
    header_fingerprint,
)
from core.channels.history_rows import HistoryRow
from core.channels.sheet_dates import DateReader, SheetDate, detect_order, looks_like_date
from core.channels.spreadsheets import open_sheet
from core.errors import BadInput
from tests.channels.real_files import council_casework, real_file

COUNCIL = {
    "Ref No": "C/001", "Date received": "03/04/2024", "Ack sent": "05/04/2024", "Stage 1 due": "19/04/2024",
    "S1 response date": "18/04/2024", "S1 Outcome": "Upheld", "Escalated": "25/05/2024", "S2 ack": "26/05/2024",
    "Stage 2 due": "30/06/2024", "Stage 2 response": "29/06/2024", "Outcome S2": "Not upheld", "Directorate": "Place",
    "Ward": "Abbey", "Complainant Name": "Sam Sample", "E-mail": "sam@example.org", "Post Code": "ZZ1 1ZZ",
    "Investigating Officer": "A. Officer", "Reviewer": "B. Reviewer", "Extended?": "Yes",
    "Extension date": "01/05/2024", "Remedy": "Apology", "Lessons learned": "", "Date closed": "30/06/2024",
    "Details of complaint": "The bins were missed.",
}  # fmt: skip
MEANT = {
    "old_reference": "Ref No", "received_on": "Date received", "acknowledged_on": "Ack sent",
    "target_on": "Stage 1 due", "extended_to": "Extension date", "responded_on": "S1 response date",
    "outcome": "S1 Outcome", "remedy": "Remedy", "stage_two_requested_on": "Escalated",
    "stage_two_acknowledged_on": "S2 ack", "stage_two_target_on": "Stage 2 due",
    "stage_two_responded_on": "Stage 2 response", "stage_two_outcome": "Outcome S2", "closed_on": "Date closed",
    "service": "Directorate", "text": "Details of complaint", "individual_name": "Complainant Name",
    "email": "E-mail", "postcode": "Post Code", "area": "Ward", "handler": "Investigating Officer",
    "stage_two_handler": "Reviewer", "learning": "Lessons learned",
}  # fmt: skip


def guessed(file: Path | bytes) -> Mapping:
    sheet = open_sheet(file, "list.csv")
    return guess(sheet.header, sheet.sample(SAMPLE_ROWS))


def test_every_field_is_documented_and_has_its_place_in_the_row() -> None:
    for key, target in TARGETS.items():
        assert key in HistoryRow.__slots__ and target.title and target.help.endswith(".") and target.words
        assert all(clause.startswith("lgsco:") for clause in target.clauses)
        assert (target.kind == "date") == (key.endswith(("_on", "_to"))), key


def test_a_typical_council_list_is_understood_with_reasons() -> None:
    mapping = guess(list(COUNCIL), [list(COUNCIL.values())])
    assert mapping.columns == MEANT
    assert set(mapping.why) == set(MEANT) and all(mapping.why.values())
    assert mapping.date_order == "dmy" and not mapping.ambiguous and not mapping.group_rows


@pytest.mark.parametrize(
    ("heading", "value", "key"),
    [
        ("DateReceived", "2025-01-02", "received_on"),
        ("Complaint Rec'd", "2 Jan 2025", "received_on"),
        ("ACKNOWLEDGEMENT DATE", "02/01/2025", "acknowledged_on"),
        ("Stage One Acknowledged", "02/01/2025", "acknowledged_on"),
        ("Stage Two Acknowledged", "02/01/2025", "stage_two_acknowledged_on"),
        ("2nd stage response", "02/01/2025", "stage_two_responded_on"),
        ("Final response sent", "02/01/2025", "stage_two_responded_on"),
        ("Stage 2 requested", "02/01/2025", "stage_two_requested_on"),
        ("S2 outcome", "Upheld", "stage_two_outcome"),
        ("Stage 1 extended to", "02/01/2025", "extended_to"),
        ("Stage 2 extended to", "02/01/2025", "stage_two_extended_to"),
        ("Service area", "Housing", "service"),
        ("Case Ref.", "17", "old_reference"),
        ("Tel no.", "01234", "phone"),
        ("Holding letter sent", "02/01/2025", "extension_told_on"),
        ("Stage", "2", "stage"),
    ],
)
def test_single_headings_are_understood(heading: str, value: str, key: str) -> None:
    assert guess([heading], [[value]]).columns == {key: heading}


@pytest.mark.parametrize(
    ("heading", "values"),
    [("Escalated", ["Yes", "No"]), ("Response", ["We wrote to say sorry"]), ("Email", ["none", "by post"])],
)
def test_a_heading_alone_is_not_enough_when_the_values_are_something_else(heading: str, values: list[str]) -> None:
    assert guess([heading], [[value] for value in values]).columns == {}


def test_council_casework_is_guessed() -> None:
    mapping = guessed(council_casework(2_000))
    assert mapping.columns == {
        "old_reference": "unique_key", "received_on": "opendate", "closed_on": "closedate",
        "category": "complaint_type", "matter": "descriptor", "postcode": "zip", "area": "council_dist",
    }  # fmt: skip
    assert mapping.date_order == "ymd" and not mapping.ambiguous and not mapping.group_rows


@pytest.mark.parametrize(
    ("name", "order"),
    [("boston311-100", "ymd"), ("boston311-100-notime", "ymd"), ("boston311-dmy-100", "dmy"),
     ("boston311-100-20dupes-random", "ymd")],
)  # fmt: skip
def test_the_four_shapes_of_one_list_are_guessed_alike(name: str, order: str) -> None:
    mapping = guessed(real_file(f"complaints/{name}.csv"))
    wanted = {
        "old_reference": "case_enquiry_id", "received_on": "open_dt", "target_on": "target_dt", "matter": "case_title",
        "closed_on": "closed_dt", "service": "department", "on_time": "ontime",
    }  # fmt: skip
    assert wanted.items() <= mapping.columns.items()
    assert mapping.date_order == order and not mapping.ambiguous and not mapping.group_rows


def test_findings_of_several_rows_each_are_put_together_by_the_case() -> None:
    mapping = guessed(real_file("complaints/housing_ombudsman_findings.csv"))
    assert mapping.columns == {
        "old_reference": "Case ID", "outcome": "Finding Outcome", "closed_on": "Decision Date",
        "service": "Landlord Name", "category": "Category", "text": "Complaint Description",
    }  # fmt: skip
    assert mapping.group_rows and not mapping.ambiguous
    assert any(clause == "lgsco:6.2" for clause, _ in clauses_not_covered(mapping))


# ------------------------------------------------------------------------------------------------- order of dates


@pytest.mark.parametrize(
    ("values", "order", "ambiguous"),
    [
        (["01/02/2022", "31/01/2022"], "dmy", False),
        (["01/02/2022", "01/31/2022"], "mdy", False),
        (["01/02/2022", "05/06/2022"], "dmy", True),
        (["02/02/2022"], "dmy", True),
        (["31/01/2022", "01/31/2022"], "dmy", True),
        (["2022-01-02", "2022-02-31"], "ymd", False),
        (["26 May 2026", "09 March 2026"], "named", False),
        (["26 May 2026", "2026-03-09", "14.3.2026"], "dmy", False),
        ([], "ymd", False),
    ],
)
def test_the_order_of_day_and_month_is_proved_or_asked(values: list[str], order: str, ambiguous: bool) -> None:
    found = detect_order(values)
    assert (found.order, found.ambiguous) == (order, ambiguous) and found.note


def test_a_proof_deep_in_the_file_is_found() -> None:
    content = b"Ref,Date received\n" + b"1,01/02/2022\n" * 3_000 + b"2,02/13/2022\n"
    assert (guessed(content).date_order, guessed(content).ambiguous) == ("mdy", False)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2022-01-21 13:47:00", "dmy", date(2022, 1, 21)),
        ("2022-01-21T13:47:00.123Z", "ymd", date(2022, 1, 21)),
        ("2025-06-30T23:30:00Z", "ymd", date(2025, 7, 1)),
        ("20220121", "ymd", date(2022, 1, 21)),
        ("01/02/2022", "dmy", date(2022, 2, 1)),
        ("01/02/2022", "mdy", date(2022, 1, 2)),
        ("1.2.22", "dmy", date(2022, 2, 1)),
        ("26 May 2026", "named", date(2026, 5, 26)),
        ("09 March 2026", "dmy", date(2026, 3, 9)),
        ("23-Sep-11", "named", date(2011, 9, 23)),
        ("3rd of Sept 2024", "named", date(2024, 9, 3)),
        ("Wednesday, March 14, 2012", "named", date(2012, 3, 14)),
        ("Wed 14 Mar 2012 9:05 pm", "named", date(2012, 3, 14)),
        ("  21/01/2022   08:30 ", "dmy", date(2022, 1, 21)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, order: str, day: date) -> None:
    read = DateReader(order, latest_year=2027)(text)  # type: ignore[arg-type]
    assert isinstance(read, SheetDate) and read.on == day and read.text == text and looks_like_date(text)


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("13/25/2022", "dmy", "no such month|no such day"),
        ("01/25/2022", "dmy", "change the order"),
        ("31/02/2022", "dmy", "no such day"),
        ("01/02/2022", "ymd", "the same way"),
        ("01/02/75", "dmy", "four digits"),
        ("03/04/1066", "dmy", "too early"),
        ("44576", "dmy", "day numbers"),
        ("13 February 2026 (re-issued)", "named", "day alone"),
        ("24 November 2025 and reissued on 3 March 2026", "named", "day alone"),
        ("3 Smarch 2026", "named", "month's name"),
        ("2022-01-21 25:00", "ymd", "no such day"),
        ("n/a", "dmy", "not a date"),
        ("٢١/٠١/٢٠٢٢", "dmy", "not a date"),
    ],
)
def test_unclear_dates_are_sentences_and_never_guessed(text: str, order: str, words: str) -> None:
    read = DateReader(order, latest_year=2027)(text)  # type: ignore[arg-type]
    assert isinstance(read, str) and read.endswith(".")
    assert any(word in read for word in words.split("|")), read


def test_day_numbers_are_read_only_when_a_person_says_so() -> None:
    for epoch_1904, number in ((False, "45292"), (True, "43830")):
        reader = DateReader("dmy", latest_year=2027, serials=True, epoch_1904=epoch_1904)
        read = reader(number)
        assert isinstance(read, SheetDate) and read.on == date(2024, 1, 1) and read.at is None
    assert isinstance(DateReader("dmy", latest_year=2027, serials=True)("45292.75"), SheetDate)


# ---------------------------------------------------------------------------------------------- the mapping itself


def test_a_saved_mapping_comes_back_and_fits_the_same_headings_only() -> None:
    mapping = guess(list(COUNCIL), [list(COUNCIL.values())])
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert mapping.fits([name.upper() for name in reversed(COUNCIL)]) and not mapping.fits(list(COUNCIL)[1:])
    assert header_fingerprint(["Ack sent"]) == header_fingerprint(["Acknowledged_Sent"])


@pytest.mark.parametrize(
    "text", ["", "{}", '{"columns": {"nonsense": "a"}, "date_order": "dmy"}',
             '{"columns": {"text": "a", "matter": "a"}, "date_order": "dmy"}', '{"columns": {}, "date_order": "dym"}'],
)  # fmt: skip
def test_a_damaged_saved_mapping_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="Map the columns again"):
        Mapping.from_json(text)


def test_choosing_by_hand_moves_a_column_and_changes_nothing_else() -> None:
    mapping = guess(list(COUNCIL), [list(COUNCIL.values())])
    moved = mapping.with_column("logged_on", "Ack sent")
    assert moved.columns == {key: name for key, name in MEANT.items() if key != "acknowledged_on"} | {
        "logged_on": "Ack sent"
    }
    assert moved.why["logged_on"] == "chosen by hand" and "acknowledged_on" not in moved.why
    assert "remedy" not in mapping.with_column("remedy", None).columns
    with pytest.raises(BadInput):
        mapping.with_column("mood", "Ward")
    with pytest.raises(ValidationError):
        mapping.columns = {}  # type: ignore[misc]


def test_an_uncertain_order_or_a_missing_column_hinders_reading_until_settled() -> None:
    header = ["Ref", "Date received"]
    mapping = guess(header, [["1", "01/02/2022"]])
    assert "not certain" in mapping.hindrances(header)[0]
    assert mapping.with_date_order("mdy").hindrances(header) == ()
    assert "no column “Date received”" in mapping.hindrances(["Ref"])[0]
    no_dates = mapping.with_column("received_on", None).model_copy(update={"group_rows": True})
    assert "column of dates" in no_dates.hindrances(header)[0]
    assert "reference" in no_dates.with_column("old_reference", None).hindrances(header)[1]


def test_the_clauses_a_file_cannot_speak_to_are_listed_with_the_missing_column() -> None:
    """Without an acknowledgement date neither the acknowledgement nor the answer can be measured [lgsco:6.2]."""
    mapping = guess(list(COUNCIL), [list(COUNCIL.values())])
    silent = dict(clauses_not_covered(mapping.with_column("acknowledged_on", None)))
    assert "Acknowledged at stage 1" in silent["lgsco:6.2"] and "Acknowledged at stage 1" in silent["lgsco:6.3"]
    assert not {"lgsco:6.2", "lgsco:6.3", "lgsco:6.12", "lgsco:6.14", "lgsco:6.15"} & set(
        dict(clauses_not_covered(mapping))
    )
    assert "letters" in dict(clauses_not_covered(mapping))["lgsco:6.18"]
