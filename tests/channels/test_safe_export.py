"""Exports are harmless where they are opened, and come back as they were."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.safe_export import neutralise, restore, to_csv, to_xlsx
from core.channels.spreadsheets import open_sheet
from core.errors import BadInput
from tests.channels.real_files import council_casework, real_file

SIGNS = st.text(alphabet="'=+-@\t\r\n ＝0179().,%Aa|!", max_size=12)


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\tx",
        " =1",
        "＝1",
        "=",
        "@",
        "-a",
        "+44-20",
        "--1",
    ],
)
def test_what_could_run_gets_an_apostrophe_and_comes_back(value: str) -> None:
    assert neutralise(value) == "'" + value and restore(neutralise(value)) == value


@pytest.mark.parametrize(
    "value",
    ["-5", "+5.25", "-1,234.50", "-11.2", "-1046", "-3%", "+44 20 7946 0000", "+44 (0)20 7946 0000", "-", "+",
     "2026-01-13", "13/01/2026", "'Allo", "a=b", "", "007", "e-mail"],
)  # fmt: skip
def test_plain_values_are_left_as_they_are(value: str) -> None:
    assert neutralise(value) == restore(value) == value


@settings(max_examples=1_000)
@given(st.text(max_size=30) | SIGNS)
def test_restoring_undoes_neutralising_for_any_text(value: str) -> None:
    guarded = neutralise(value)
    assert restore(guarded) == value and neutralise(guarded) != value or guarded == value
    assert not guarded.lstrip(" \t\r\n").startswith(("=", "@", "＝"))


def naughty_strings() -> list[str]:
    strings: list[str] = json.loads(real_file("strings/blns/blns.json").read_text(encoding="utf-8"))
    assert len(strings) >= 500
    return strings


def test_every_naughty_string_survives_csv_out_and_in() -> None:
    strings = naughty_strings()
    content = to_csv([[str(at), text, "end"] for at, text in enumerate(strings)], ["Ref", "=Words", "End"])
    sheet = open_sheet(content, "export.csv")
    back = [[restore(str(cell)) for cell in cells] for _, cells in sheet.rows() if isinstance(cells, list)]
    assert back == [[str(at), text, "end"] for at, text in enumerate(strings)]
    assert sheet.header == ("Ref", "'=Words", "End")


def test_every_naughty_string_survives_a_workbook_out_and_in() -> None:
    strings = naughty_strings()
    content = to_xlsx([[str(at), text, "end"] for at, text in enumerate(strings)], ["Ref", "Words", "End"])
    back = [cells for _, cells in open_sheet(content, "export.xlsx").rows()]
    assert back == [[str(at), text or None, "end"] for at, text in enumerate(strings)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20) | SIGNS, min_size=1, max_size=8
    )
)
def test_any_text_survives_csv_out_and_in(texts: list[str]) -> None:
    sheet = open_sheet(to_csv([[text, "end"] for text in texts], ["Words", "End"]), "export.csv", delimiter=",")
    assert [[restore(str(cell)) for cell in cells] for _, cells in sheet.rows()] == [[text, "end"] for text in texts]


def test_casework_values_come_back_unharmed() -> None:
    sheet = open_sheet(council_casework(40_000), "list.csv")
    rows = [cells for _, cells in sheet.rows()]
    again = open_sheet(to_csv(rows, sheet.header), "export.csv")
    assert again.header == sheet.header
    assert [[restore(str(cell)) for cell in cells] for _, cells in again.rows()] == rows


def test_no_formula_and_no_link_is_written_to_a_workbook_and_dates_stay_dates() -> None:
    row = [
        "=1+1",
        "@SUM(A1)",
        "http://example.org",
        "007",
        date(2026, 1, 13),
        datetime.fromisoformat("2026-01-13T09:30"),
    ]
    content = to_xlsx([[*row, 5, None]], [f"Column {at}" for at in range(8)])
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [page.cell(2, column) for column in range(1, 9)]
    assert [cell.data_type for cell in cells[:4]] == ["s"] * 4 or all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None for cell in cells) and [cell.value for cell in cells[:4]] == row[:4]
    assert list(next(open_sheet(content, "export.xlsx").rows())[1]) == [*row, "5", None]


def test_csv_opens_as_utf_8_and_writes_dates_the_long_way_round() -> None:
    content = to_csv(
        [[date(2026, 1, 13), datetime.fromisoformat("2026-01-13T09:30"), 5, -1.5, None, "é"]], list("abcdef")
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == '"2026-01-13","2026-01-13 09:30:00","5","-1.5","","é"'


def test_what_a_cell_cannot_hold_is_refused_and_never_dropped() -> None:
    with pytest.raises(BadInput, match="Export as CSV"):
        to_xlsx([["x" * 32_768]], ["Words"])
    with pytest.raises(BadInput, match="half a character"):
        to_csv([["\ud800"]], ["Words"])
