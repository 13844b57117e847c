"""A frozen self-assessment as web page, Word, PDF and CSV: what stands in it, and that it never changes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from docx import Document
from lxml import html
from pypdf import PdfReader

from core.assessment_files import assessment_file, freeze
from core.channels.assessment_document import COLUMNS, USUAL, WHOLE, Chosen, assessment_document
from core.commands.self_assessment import FreezeAssessment
from core.errors import BadInput, LedgerBroken, NotFound
from core.queries.self_assessment import assessment_view, frozen_text
from core.rules.s8_reporting import Follows, SignOff
from tests.assessing import answer, answered, sign
from tests.builders import Story, day
from tests.conftest import Desks

HOSTILE = '=1+1 <script>alert(1)</script> #link("x") \u2013 ok'
PLAN = {"action": "A shared inbox.", "owner_id": 1, "due_on": day("2027-01-11")}


def told(contents: str, **chosen: object) -> list[tuple[str, ...]]:
    given = Chosen(**({"columns": USUAL} | chosen))  # type: ignore[arg-type]
    return list(assessment_document(contents, signatures=(), signed=False, chosen=given).rows)


def text_of(story: Story, number: int) -> int:
    """Freeze an assessment as the console does; the number of the text."""
    manager = story.desks.manager
    freeze(manager, FreezeAssessment(assessment_id=number, contents=""))
    return manager.ask(assessment_view, number).texts[0].id


@pytest.fixture
def frozen_id(story: Story) -> int:
    """A frozen text with a hostile commentary and a plan."""
    number = answered(story)
    answer(story, number, "6-1", follows=Follows.PARTLY, commentary=HOSTILE, service_ids=(2,), **PLAN)
    answer(story, number, "7", follows=Follows.NO, commentary="Not yet.", **PLAN)
    return text_of(story, number)


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def rows_of_html(content: bytes) -> list[list[str]]:
    page = html.fromstring(content)
    return [[" ".join(cell.text_content().split()) for cell in row] for row in page.findall(".//tr")]


def rows_of_word(content: bytes) -> list[list[str]]:
    (table,) = Document(io.BytesIO(content)).tables
    return [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]


READ: dict[str, Callable[[bytes], list[list[str]]]] = {"csv": rows_of_csv, "html": rows_of_html, "docx": rows_of_word}


def test_A_rows_a_frozen_text_has_ten_rows_in_every_kind_of_file(frozen_id: int, desks: Desks) -> None:
    """The four suggested columns, section 6 twice, hostile words as they were typed, and draft until signed."""
    for form, read in READ.items():
        name, _media, content = assessment_file(desks.member, frozen_id, form, Chosen(columns=USUAL))
        header, *rows = read(content)
        assert header[:4] == ["Code section", "Action", "Do we follow the Code?", "Explanation and commentary"]
        assert [row[0].partition(":")[0] for row in rows] == ["1", "2", "3", "4", "5", "6", "6", "7", "8", "9"]
        assert HOSTILE in rows[5][3], form
        assert "draft" in name
        assert b"Draft. This" in content or form == "docx"
    _name, media, pdf = assessment_file(desks.member, frozen_id, "pdf", Chosen(columns=USUAL))
    reader = PdfReader(io.BytesIO(pdf))
    said = "".join(page.extract_text() for page in reader.pages)
    assert media == "application/pdf"
    assert "Draft. This self-assessment is not signed" in said
    assert "<script>alert(1)</script>" in said.replace("\u200b", "").replace("\n", "")
    assert "/StructTreeRoot" in reader.root_object
    with pytest.raises(NotFound):
        assessment_file(desks.member, frozen_id, "exe", Chosen(columns=USUAL))


def test_A_1_a_frozen_text_stays_when_the_record_goes_on_and_says_who_signed(story: Story, desks: Desks) -> None:
    """Answers and cases after it change nothing in it; with all signatures it is no draft [lgsco:8.2]."""
    number = answered(story)
    frozen = text_of(story, number)
    before = desks.member.ask(frozen_text, frozen).contents
    story.acknowledged()
    for step in SignOff:
        sign(story, number, step)
    name, _media, content = assessment_file(desks.member, frozen, "html", Chosen(columns=USUAL))
    assert "signed" in name
    assert b"Draft" not in content
    assert b"Signed by Scrutiny Committee on 14 September 2026, minute 41. The response: Noted" in content
    assert desks.member.ask(frozen_text, frozen).contents == before


def test_A_4_whether_all_or_some_services_stands_beside_partly_and_no(frozen_id: int, desks: Desks) -> None:
    contents = desks.member.ask(frozen_text, frozen_id).contents
    follows = [row[2] for row in told(contents)]
    assert follows == ["Yes"] * 5 + ["Partly (Housing repairs only)", "Yes", f"No ({WHOLE})", "Yes", "Yes"]
    assert told(contents, partly_reads_no=True)[5][2] == "No (Housing repairs only)"


def test_A_6_the_columns_are_the_councils_to_choose(frozen_id: int, desks: Desks) -> None:
    """The plan stands in the commentary, or in a column of its own; the longer form has every clause."""
    contents = desks.member.ask(frozen_text, frozen_id).contents
    planned = "Not yet.\nWhat will be done: A shared inbox. By 11 January 2027."
    assert told(contents)[7][3] == planned
    apart = told(contents, columns=("commentary", "plan"))[7]
    assert apart == ("Not yet.", "What will be done: A shared inbox. By 11 January 2027. Robin Recorder")
    every = told(contents, columns=tuple(COLUMNS), every_clause=True)
    assert [row[0] for row in every[:2]] == ["1.1", "1.2"]
    assert len(every) == 73
    assert every[0][2] == "Not answered"
    for wrong in ((), ("section", "colour")):
        with pytest.raises(BadInput):
            told(contents, columns=wrong)


def test_A_5_evidence_in_the_document_has_times_and_outcomes_first(frozen_id: int, desks: Desks) -> None:
    contents = desks.member.ask(frozen_text, frozen_id).contents
    lines = told(contents, columns=("evidence",))[2][0].splitlines()
    titles = [line.partition(":")[0] for line in lines]
    assert titles == [title for title, _words in json.loads(contents)["evidence"]["3"]]


def test_8_1a_a_text_that_was_tampered_with_is_not_handed_out(
    frozen_id: int, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other:
        """A digest of something else."""

        def hexdigest(self) -> str:
            return "0" * 64

    monkeypatch.setattr("core.queries.self_assessment.hashlib.sha256", lambda _content: Other())
    with pytest.raises(LedgerBroken, match="not what was frozen"):
        desks.member.ask(frozen_text, frozen_id)
