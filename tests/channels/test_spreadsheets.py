"""Reading spreadsheets: every real file is read right or refused with a sentence, and a hostile one hurts nobody."""

from __future__ import annotations

import io
import itertools
import json
import re
import tempfile
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import spreadsheets
from core.channels.sheet_text import Unreadable
from core.channels.spreadsheets import Sheet, open_sheet
from core.errors import BadInput
from tests.channels.real_files import council_casework, real_data, real_file

CSV_SPECTRUM = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


def cells(sheet: Sheet) -> list[list[object]]:
    return [list(row) for _, row in sheet.rows() if not isinstance(row, Unreadable)]


def refusal(file: bytes | Path, **named: str) -> str:
    with pytest.raises(BadInput) as refused:
        open_sheet(file, "list.csv", **named)
    sentence = str(refused.value)
    assert sentence.endswith(".") and sentence[0] in "“" or sentence[0].isupper(), sentence
    return sentence


def workbook(*rows: tuple[object, ...], **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet("List")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, day)
                elif value is not None:
                    page.write(at, column, value)
    return out.getvalue()


def repacked(book: bytes, part: str, text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------- real files


@pytest.mark.parametrize("name", CSV_SPECTRUM)
def test_csv_spectrum_reads_as_its_authors_expect(name: str) -> None:
    folder = real_file("spreadsheets/csv_spectrum")
    sheet = open_sheet(folder / "csvs" / f"{name}.csv")
    expected = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    found = [dict(zip(sheet.header, row, strict=True)) for row in cells(sheet)]
    if name == "location_coordinates":
        # Its expected file gives another telephone number than its own CSV; the other three cells must agree.
        expected = [expected | {"Contact Phone Number": "2095257564"}]
    assert found == expected


def test_every_real_spreadsheet_is_read_or_refused_with_a_sentence() -> None:
    folder = real_data()
    files = [
        path for name in ("spreadsheets", "complaints") for path in sorted((folder / name).rglob("*")) if path.is_file()
    ]
    outcomes = {}
    for path in files:
        try:
            sheet = open_sheet(path)
            outcomes[path.name] = sum(1 for _ in sheet.rows())
            assert sheet.understood()
        except BadInput as refused:
            assert re.search(r"\. [A-Z].*\.$", str(refused)), str(refused)
            outcomes[path.name] = 0
    refused_names = {name for name, rows in outcomes.items() if rows == 0}
    assert {name for name in refused_names if not name.endswith((".json", ".md", ".xz"))} == {
        "password-protected-password123.xlsx"
    }
    assert outcomes["311011.csv"] == 39_627
    assert outcomes["housing_ombudsman_findings.csv"] == 4_494
    assert outcomes["excel-xlsx.xlsx"] == 8


def test_a_file_with_old_mac_line_ends_has_all_its_rows() -> None:
    sheet = open_sheet(real_file("spreadsheets/311011.csv"))
    rows = list(sheet.rows())
    assert sheet.line_ending == "CR" and sheet.header == ("#", "Referrer", "Referrals")
    assert rows[0] == (2, ["1", "http://www.google.co.uk", "9,508,234"])
    assert rows[-1] == (39_628, ["39627", "http://www.esc.ac.uk", "1"])


def test_a_row_one_cell_too_wide_comes_as_it_is_with_its_number() -> None:
    sheet = open_sheet(real_file("spreadsheets/boston311-100-bad.tsv"))
    assert sheet.delimiter == "\t" and sheet.width == 29
    assert [(number, len(row)) for number, row in sheet.rows() if len(row) != sheet.width] == [(41, 30)]


def test_amounts_and_headings_with_blanks_are_kept_exactly() -> None:
    sheet = open_sheet(real_file("spreadsheets/spendover25kdownloadSep.csv"))
    assert sheet.encoding == "utf-8-sig" and sheet.header[-1] == "Amount in Sterling"
    assert cells(sheet)[0][-1] == " 27,275.25 " and cells(sheet)[1][6] == "0081135561"


def test_japanese_cells_of_several_lines_stay_one_row() -> None:
    sheet = open_sheet(real_file("spreadsheets/utf8-japanesedata.csv"))
    rows = cells(sheet)
    assert len(rows) == 62 and {len(row) for row in rows} == {26}
    assert rows[0][1] == "マダガスカルジャスミン" and "\n" in str(rows[0][-1])


def test_a_workbook_of_the_1904_calendar_gives_the_right_days() -> None:
    sheet = open_sheet(real_file("spreadsheets/excel-1904-epoch.xlsx"))
    assert sheet.epoch_1904 and any("1904" in sentence for sentence in sheet.understood())
    assert cells(sheet) == [["alpha", date(2024, 1, 15)], ["beta", date(2020, 7, 4)]]


@pytest.mark.parametrize(
    ("name", "header", "rows"),
    [
        ("Sheet1", ("URL", "City", "number", "date"), 8),
        ("date_test", ("date", "plaincol"), 5),
        ("firstnonemptyrow", None, 5),
        ("data types", None, 5),
    ],
)
def test_each_sheet_of_a_workbook_can_be_chosen(name: str, header: tuple[str, ...] | None, rows: int) -> None:
    sheet = open_sheet(real_file("spreadsheets/excel-xlsx.xlsx"), sheet=name)
    assert sheet.sheet == name and len(sheet.sheets) == 7 and len(cells(sheet)) == rows == sheet.row_count
    assert header is None or sheet.header == header
    if name == "firstnonemptyrow":
        assert sheet.header_row == 13 and next(sheet.rows())[0] == 14


def test_typed_cells_of_a_real_workbook_keep_their_kind() -> None:
    rows = cells(open_sheet(real_file("spreadsheets/excel-xlsx.xlsx")))
    assert rows[0] == [
        "http://api.zippopotam.us/us/90210",
        "Beverly Hills",
        "42",
        datetime.fromisoformat("2001-09-11T08:30"),
    ]
    assert rows[2][3] == date(2021, 1, 6) and rows[1][3] == "not a date" and rows[3][3] == "123.45"


def test_headings_given_twice_get_names_of_their_own() -> None:
    sheet = open_sheet(real_file("spreadsheets/excel-xlsx.xlsx"), sheet="safe_header_name_test")
    assert sheet.header[0] == "col1" and sheet.header[4:6] == ("col1 (2)", "col1 (3)")


def test_a_password_is_named_as_the_reason() -> None:
    assert "password" in refusal(real_file("spreadsheets/password-protected-password123.xlsx"))


def test_twenty_thousand_casework_rows_are_read_quickly_and_whole() -> None:
    content = council_casework(20_000)
    started = time.perf_counter()
    sheet = open_sheet(content, "casework.csv")
    rows = cells(sheet)
    assert time.perf_counter() - started < 2
    assert len(rows) == 20_000 and {len(row) for row in rows} == {11}
    assert rows[0][0] == "NYCC34519748" and any(str(row[6]).startswith(("@", "-")) for row in rows)


# ---------------------------------------------------------------------------------------------- what is detected


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_told_apart(delimiter: str, ending: str) -> None:
    lines = [["Ref", "Received", "Words"], ["01", "1/2/2025", "late, again; and"], ["02", "", "=1+1"]]
    text = ending.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + ending
    sheet = open_sheet(text.encode(), "a.csv")
    assert sheet.delimiter == delimiter and sheet.header == ("Ref", "Received", "Words")
    assert list(sheet.rows()) == [(2, lines[1]), (3, lines[2])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_detected_and_shown(encoding: str) -> None:
    sheet = open_sheet("Ref,Name\n1,Zoë £5 “so”\n".encode(encoding), "a.csv")
    assert cells(sheet) == [["1", "Zoë £5 “so”"]] and sheet.header == ("Ref", "Name") and sheet.encoding == encoding
    assert (encoding == "cp1252") == any("Line 2 is not UTF-8" in sentence for sentence in sheet.understood())


def test_what_was_detected_can_be_overridden() -> None:
    content = "a,b;c\n1,2;3\n".encode("utf-16-le")
    sheet = open_sheet(content, "a.csv", encoding="utf-16-le", delimiter=";")
    assert sheet.header == ("a,b", "c") and cells(sheet) == [["1,2", "3"]]
    assert "UTF-16" in refusal(content)
    assert "Choose one" in refusal(content, encoding="rot13") and "one character" in refusal(b"a\n1\n", delimiter=",,")


def test_a_separator_named_by_the_file_itself_is_used_and_not_a_row() -> None:
    sheet = open_sheet(b"sep=;\r\na;b\r\n1;2\r\n", "a.csv")
    assert sheet.header == ("a", "b") and list(sheet.rows()) == [(2, ["1", "2"])]


def test_a_title_above_the_headings_is_passed_over_and_blank_headings_are_named() -> None:
    sheet = open_sheet(b"Complaints 2025,,\n,,\nRef,,Ref\n1,2,3\n,,\n4,5,6\n", "a.csv")
    assert sheet.header == ("Ref", "Column B", "Ref (2)") and sheet.header_row == 3
    assert list(sheet.rows()) == [(4, ["1", "2", "3"]), (6, ["4", "5", "6"])]


def test_numbers_in_a_workbook_are_not_turned_into_decimals_nor_texts_into_numbers() -> None:
    book = workbook(("Ref", "Got", "Sum"), (123, date(2025, 1, 31), 1.5), ("007", None, -4), (1e15, None, True))
    assert cells(open_sheet(book, "a.xlsx"))[:2] == [["123", date(2025, 1, 31), "1.5"], ["007", None, "-4"]]


def test_a_name_that_says_something_else_is_remarked_upon() -> None:
    book = workbook(("a", "b"), ("1", "2"))
    assert any("is a workbook" in sentence for sentence in open_sheet(book, "list.csv").understood())
    assert any("is a text file" in sentence for sentence in open_sheet(b"a,b\n1,2\n", "list.xlsx").understood())


# ----------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n ,\n", "rows"),
        (b"Ref,Received\n", "no rows under them"),
        (b"Ref,Name\n1,a\x00b\n", "NUL"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"\xff\xd8\xff\xe0 ....", "picture"),
        (b"<!DOCTYPE html><table><tr><td>Ref</td></tr></table>", "web page"),
        (b'{"cases": []}', "JSON"),
        (b"\x1f\x8b\x08 ....", "compressed"),
        (b"PK\x03\x04 but then nothing", "damaged"),
        (spreadsheets.OLE + "Workbook".encode("utf-16-le"), ".xls"),
        (spreadsheets.OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"Ref,Name\n1,\x81\x8d\n", "cannot be read"),
        (b"a," * 250 + b"\n" + b"1," * 250 + b"\n", "columns"),
        (b"Ref,Words\n1," + b"x" * 10_000_000, "longer than"),
    ],
)
def test_what_is_no_usable_spreadsheet_is_refused_with_its_reason(content: bytes, word: str) -> None:
    assert word in refusal(content)


def test_a_file_that_is_gone_is_a_sentence() -> None:
    assert "could not be opened" in refusal(Path(tempfile.gettempdir()) / "no-such-list.csv")


@pytest.mark.parametrize(
    ("part", "word"), [("word/document.xml", "Word"), ("xl/workbook.bin", ".xlsb"), ("content.xml", "OpenDocument")]
)
def test_other_packed_documents_are_named(part: str, word: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    assert word in refusal(out.getvalue())


def test_a_quotation_mark_left_open_is_reported_and_swallows_nothing_silently() -> None:
    rows = list(open_sheet(b'a,b\n1,2\n3,"open\n5,6\n', "a.csv").rows())
    assert rows[0] == (2, ["1", "2"]) and rows[1][0] == 3
    assert isinstance(rows[1][1], Unreadable) and "quotation mark" in rows[1][1].sentence


def test_an_overlong_cell_is_reported_and_the_rows_after_it_go_on() -> None:
    content = b"a,b\n1,2\n3," + b"x" * 200_000 + b"\n5,6\n"
    rows = list(open_sheet(content, "a.csv").rows())
    assert isinstance(rows[1][1], Unreadable) and rows[2] == (4, ["5", "6"])


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 50)
    monkeypatch.setitem(spreadsheets.CHILD_LIMITS, "rows", 50)
    sheet = open_sheet(b"a,b\n" + b"1,2\n" * 51, "a.csv")
    with pytest.raises(BadInput, match="more than 50 rows"):
        list(sheet.rows())
    assert "more than 50 rows" in refusal(workbook(("a", "b"), *[(1, 2)] * 51))


# --------------------------------------------------------------------------------------------- hostile workbooks


def test_formulas_are_never_run_and_those_without_a_result_are_counted() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Ref", "Sum"])
    book.active.append(["@1", "=1+1"])
    book.active.append(["2", '=HYPERLINK("http://example.org","x")'])
    out = io.BytesIO()
    book.save(out)
    sheet = open_sheet(out.getvalue(), "a.xlsx")
    assert cells(sheet) == [["@1", None], ["2", None]]
    assert any("2 formula cells have no saved result" in sentence for sentence in sheet.understood())


def test_one_far_cell_costs_nothing() -> None:
    page = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="str"><v>Ref</v></c></row><row r="1048576"><c r="{0}1048576"><v>7</v></c>'
        "</row></sheetData></worksheet>"
    )
    started = time.perf_counter()
    far_down = repacked(workbook(("a",)), "xl/worksheets/sheet1.xml", page.format("A"))
    assert list(open_sheet(far_down, "a.xlsx").rows()) == [(1_048_576, ["7"])]
    assert "column 16,384" in refusal(repacked(workbook(("a",)), "xl/worksheets/sheet1.xml", page.format("XFD")))
    assert time.perf_counter() - started < 10


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO(workbook(("a", "b"), (1, 2)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.bin", "w") as part:
        for _ in range(21):
            part.write(b"\0" * 10_000_000)
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more than 200 MB" in refusal(out.getvalue())


def test_xml_that_declares_entities_is_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(BadInput, match="could not be read") as refused:
        open_sheet(repacked(workbook(("a",)), "xl/worksheets/sheet1.xml", bomb), "a.xlsx")
    assert "EntitiesForbidden" in refused.value.__notes__[0]


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [
        ("memory", 130_000_000, "memory"),
        ("cpu", 1, "too much time or memory"),
        ("written", 100_000, "too much text"),
    ],
)
def test_a_workbook_that_needs_too_much_is_stopped(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, words: str
) -> None:
    pytest.importorskip("resource", reason="this platform cannot bound memory and processor time of a process")
    rows = [(f"case {at}", "words " * 20, at) for at in range(110_000)]
    book = workbook(("Ref", "Words", "N"), *rows)
    monkeypatch.setitem(spreadsheets.CHILD_LIMITS, limit, most)
    assert words in refusal(book)


def test_a_workbook_that_hangs_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "WALL_SECONDS", 0.01)
    assert "too much time" in refusal(workbook(("a", "b"), (1, 2)))


def test_a_sheet_that_is_not_there_is_a_sentence() -> None:
    assert "no sheet called" in refusal(workbook(("a", "b"), (1, 2)), sheet="Nowhere")


def test_the_workbook_s_rows_can_be_read_again_and_leave_no_file_behind() -> None:
    before = set(Path(tempfile.gettempdir()).glob("sheet-*.jsonl"))
    sheet = open_sheet(workbook(("a", "b"), (1, 2)), "a.xlsx")
    assert cells(sheet) == cells(sheet) == [["1", "2"]]
    del sheet
    assert set(Path(tempfile.gettempdir()).glob("sheet-*.jsonl")) <= before


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet='a,;\t|"\r\n\ufeff£\x00=', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    if content.startswith(b"PK"):
        return
    try:
        sheet = open_sheet(content, "a.csv")
        assert all(number > sheet.header_row for number, _ in itertools.islice(sheet.rows(), 1_000))
    except BadInput as refused:
        assert str(refused).endswith(".")
