"""Reports gathered, frozen, made into files, and taken through governance: by their rows of the requirements."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from core.code.catalogue import SCHEMES
from core.code.reports import REPORTS, ReportKind
from core.commands.governing import KeepMemberReport, PublishReport, RecordGoverningResponse, RecordReceipt
from core.commands.improving import CompleteImprovement, StartImprovement
from core.commands.reporting import AddPublication, ExplainDifference, PublicationKind, WriteNarrative
from core.commands.wording import PublishWording
from core.errors import BadInput, NotFound, NotPermitted, StepNotOpen
from core.public_pages import public_files, public_gaps, public_zip, publish_into
from core.queries.in_force import policy_today
from core.queries.reports import member_reports, one_report, report_differences, reports
from core.report_files import FORMS, explain, keep_members_report, make_report, members_file, report_file
from core.reporting import NOTHING_WRITTEN, UNSIGNED, gathered
from core.rules.s9_oversight import Risk
from core.store.keeping import referred_to
from tests.assessing import signed
from tests.builders import Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks
from tests.reports import (
    A_DAY,
    LESSON,
    MAIL,
    MATTER,
    PERSON,
    PHONE,
    STREET,
    YEAR,
    a_year,
    bare_snapshot,
    made,
    report_made,
    signed_report_made,
    table_of,
)

NARRATIVE = "Fewer bins were missed.\n\n<script>alert(1)</script> & =SUM(A1)"


@pytest.fixture
def database_kind() -> str:
    """What a report is made of is asked on both databases elsewhere; files and pages are the same on either."""
    return "sqlite"


def written(story: Story) -> None:
    """Words for the yearly report, and something the Ombudsman published."""
    manager = story.desks.manager
    for box in REPORTS.boxes_of(ReportKind.YEARLY):
        manager.do(WriteNarrative(kind=ReportKind.YEARLY, day=A_DAY, box=box, text=NARRATIVE))
    manager.do(
        AddPublication(name="Left behind", kind=PublicationKind.FOCUS, published_on=day("2025-11-03"), concerns="Bins.")
    )


class Page(HTMLParser):
    """What a web page is made of: its tags in order with their attributes, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def everything(story: Story, number: int) -> dict[str, str]:
    """All the text of a report's files, by kind, with the frozen content itself."""
    files = {form: report_file(story.desks.member, number, form)[1] for form in FORMS}
    with zipfile.ZipFile(io.BytesIO(files["zip"])) as archive:
        tables = "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as archive:
        word = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    sheets = load_workbook(io.BytesIO(files["xlsx"]))
    cells = "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    pdf = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
    content = story.rows("report_snapshot", id=number)[0]["content"]
    return {"zip": tables, "docx": word, "xlsx": cells, "pdf": pdf, "html": files["html"].decode(), "json": content}


def test_8_1_a_report_holds_the_six_parts_in_order_and_nothing_of_one_complaint(story: Story, desks: Desks) -> None:
    """Sections a to f, as PDF, Word file, web page and tables; no planted personal data in any [lgsco:8.1]."""
    reference = a_year(story)
    written(story)
    number = made(desks.manager, self_assessment=signed(story))
    report = desks.member.ask(one_report, number)
    assert list(dict.fromkeys(section.clause for section in report.sections)) == [f"8.1{part}" for part in "abcdef"]
    found = everything(story, number)
    for form, text in found.items():
        flat = " ".join(text.split())
        for secret in (reference, PERSON, STREET, MAIL, PHONE, MATTER, LESSON, "ZZ9 9ZZ", "Mona Manager"):
            assert secret not in flat, (form, secret)
        assert "Left behind" in flat or form in ("zip", "xlsx")
        assert "Do we follow the Code?" in flat
    page = Page(found["html"])
    assert page.open == []
    tags = [tag for tag, _attributes in page.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.tags if tag == "th")
    assert all(attributes["aria-label"] for tag, attributes in page.tags if tag == "svg")
    assert "&lt;script&gt;" in found["html"]
    document = Document(io.BytesIO(report_file(desks.member, number, "docx")[1]))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [section.title for section in report.sections]
    pdf = PdfReader(io.BytesIO(report_file(desks.member, number, "pdf")[1]))
    assert "/StructTreeRoot" in pdf.root_object
    assert pdf.metadata is not None and pdf.metadata.title == f"{report.title}, {report.span}"


def test_8_1c_a_late_acknowledgement_stands_among_the_findings(story: Story, desks: Desks) -> None:
    story.acknowledge(story.record(day("2025-06-02")), day("2025-06-30"), good_reason="Leave.")
    story.on(day("2026-09-07"))
    rows = table_of(desks.member.ask(one_report, made(desks.manager)), "Findings by clause")
    assert [(row[0], row[2]) for row in rows if row[2] != "0"][0] == ("6.2", "not shown")


def test_8_1d_only_what_is_completed_stands_among_the_improvements(story: Story, desks: Desks) -> None:
    story.on(day("2025-09-01"))
    done, _planned = story.improvement(), story.improvement(what="A secret plan.", risk=Risk.LOW)
    handler, today = desks.handler, day("2025-09-01")
    handler.do(StartImprovement(improvement_id=done, started_on=today, before="Nine misses."))
    told = {"you_said": "Bins were missed.", "we_did": "Shorter rounds."}
    handler.do(CompleteImprovement(improvement_id=done, done_on=today, after="None.", **told))
    story.on(day("2026-09-07"))
    text = story.rows("report_snapshot", id=made(desks.manager))[0]["content"]
    assert "Shorter rounds." in text
    assert "A secret plan." not in text


def test_8_1e_8_1f_what_is_not_there_yet_has_a_place_that_says_so(story: Story, desks: Desks) -> None:
    report = desks.member.ask(one_report, made(desks.manager))
    by_key = {section.key: json.dumps(section.model_dump(mode="json")) for section in report.sections}
    assert NOTHING_WRITTEN in by_key["annual_letter"]
    assert "published nothing else" in by_key["publications"]


def test_8_1_a_report_stays_as_it_was_made_and_what_differs_is_explained(story: Story, desks: Desks) -> None:
    """Later edits change no byte of it or its files; each figure that moved says then, now and why [lgsco:8.1]."""
    a_year(story)
    number = made(desks.manager)
    before = {form: report_file(desks.member, number, form) for form in FORMS}
    (row,) = story.rows("report_snapshot")
    kept = {row[name] for name in ("pdf_sha256", "word_sha256", "html_sha256")}
    with story.office.database.reading() as connection:
        assert referred_to(connection, kept, since=story.clock.now) == kept
    assert desks.member.ask(report_differences, number) == ()
    story.record(day("2025-08-04"), good_reason="It lay in a drawer.", today=day("2026-09-07"))
    story.on(day("2026-09-08"))
    desks.manager.do(WriteNarrative(kind=ReportKind.YEARLY, day=A_DAY, box="analysis", text="Other words."))
    assert {form: report_file(desks.member, number, form) for form in FORMS} == before
    found = {each.figure: each for each in desks.manager.ask(report_differences, number)}
    assert (found["received"].then, found["received"].now, found["received"].reason) == ("6", "7", "")
    seen = {each.figure: each for each in desks.member.ask(report_differences, number)}
    assert "received" not in seen, "one came in spring, so no number of the year is told"
    assert (seen["over_twelve_weeks"].then, seen["over_twelve_weeks"].now) == ("5", "6")
    told = {"snapshot_id": number, "reason": "One was recorded late."}
    explain(desks.manager, ExplainDifference(figure="received", **told))
    with pytest.raises(BadInput, match="is the same in this report"):
        explain(desks.manager, ExplainDifference(figure="quality_met", **told))
    found = {each.figure: each for each in desks.manager.ask(report_differences, number)}
    assert found["received"].reason == "One was recorded late."
    assert story.verified() == len(story.tags())


def test_9_7a_9_7b_a_pack_holds_volume_outcomes_performance_and_themes(story: Story, desks: Desks) -> None:
    """A quarter's figures equal those of the screen; themes have a place for comment; receipt is recorded."""
    a_year(story)
    number = made(desks.manager, ReportKind.QUARTERLY, day=day("2025-06-01"))
    report = desks.member.ask(one_report, number)
    assert [section.clause for section in report.sections] == ["9.7a", "9.7a", "9.7a", "9.7b"]
    assert report.span == "April to June 2025"
    assert report.draft == ""
    (line,) = desks.member.ask(reports)
    assert [said.partition(":")[0] for said in line.missing] == ["Nobody has received it yet"]
    desks.member.do(RecordReceipt(snapshot_id=number, receiver="Mel Member", received_on=day("2026-09-07")))
    (line,) = desks.member.ask(reports)
    assert line.missing == ()
    with refused(story, StepNotOpen, match="not published"):
        desks.manager.do(PublishReport(snapshot_id=number, address="https://a.example", published_on=day("2026-09-07")))


def test_8_2_a_report_is_published_with_its_response_or_for_a_reason(story: Story, desks: Desks) -> None:
    """Without the response it asks why and stays flagged; with it published next to the report nothing is missing."""
    number, manager, today = signed_report_made(story), desks.manager, day("2026-09-07")
    where = {"snapshot_id": number, "address": "https://sample.example/complaints", "published_on": today}
    with reason_asked(story, "lgsco:8.2"):
        manager.do(PublishReport(**where))
    manager.do(PublishReport(**where, good_reason="The cabinet meets in October."))
    (line,) = desks.member.ask(reports)
    assert line.without_response
    assert [said.partition(":")[0] for said in line.missing][1:] == [
        "The governing body's response is missing", "Published without the response",
    ]  # fmt: skip
    answer = {"body": "The cabinet", "met_on": today, "minute": "12", "words": "We welcome it."}
    manager.do(RecordGoverningResponse(snapshot_id=number, **answer))
    manager.do(PublishReport(**where))
    manager.do(RecordReceipt(snapshot_id=number, receiver="Mel Member", received_on=today))
    (line,) = desks.member.ask(reports)
    assert (line.missing, line.without_response) == ((), False)
    with refused(story, BadInput, match="no address of a web page"):
        manager.do(PublishReport(**(where | {"address": "www.sample.example"})))


def test_8_1a_A_1_an_unsigned_report_is_a_draft_and_is_not_published(story: Story, desks: Desks) -> None:
    report = gathered(desks.manager, ReportKind.YEARLY, YEAR)
    assert report.draft == UNSIGNED
    number = report_made(story, report)
    with refused(story, StepNotOpen, match="is a draft"):
        desks.manager.do(PublishReport(snapshot_id=number, address="https://a.example", published_on=day("2026-09-07")))
    (line,) = desks.member.ask(reports)
    assert line.unsigned


NAMING = {
    "As Quentia Secretsson wrote": "the name of somebody who complained",
    "As Quentia\nSecretsson wrote": "the name of somebody who complained",
    "See C-2026-000001": "a reference",
    "Ring 01632 960 999": "a telephone number",
    "Write to q@secret.example": "an e-mail address",
    "At ZZ9 9ZZ": "a postcode",
}


def test_9_3_words_for_publication_name_nobody(story: Story, desks: Desks) -> None:
    story.record(individual=PERSON)
    for text, found in NAMING.items():
        with refused(story, BadInput, match=re.escape(found)):
            desks.manager.do(WriteNarrative(kind=ReportKind.YEARLY, day=A_DAY, box="analysis", text=text))


def test_8_1_a_report_is_made_of_what_it_says_it_is(story: Story, desks: Desks) -> None:
    """No other content, no time that is not over, no place the report does not have; only those who may make it."""
    with refused(story, BadInput, match="do not fit together"):
        desks.manager.do(bare_snapshot(day=day("2024-06-01")))
    with refused(story, BadInput, match="That is no report"):
        desks.manager.do(bare_snapshot(content='{"kind": "yearly report"}'))
    with refused(story, BadInput, match="is not over"):
        make_report(desks.manager, bare_snapshot(day=day("2026-09-07")))
    with refused(story, BadInput, match="has another place"):
        desks.manager.do(WriteNarrative(kind=ReportKind.QUARTERLY, day=A_DAY, box="analysis", text="Words."))
    with refused(story, NotPermitted):
        make_report(desks.member, bare_snapshot())


def test_8_1_a_sign_no_font_has_is_named_and_nothing_is_made(story: Story, desks: Desks) -> None:
    desks.manager.do(
        WriteNarrative(kind=ReportKind.YEARLY, day=A_DAY, box="analysis", text="Fewer bins \U0001fae8 were missed.")
    )
    with refused(story, BadInput, match="fonts lack “\U0001fae8”. Take that out of what was written for the report"):
        made(desks.manager)


def test_9_6_the_members_report_is_kept_as_it_was_handed_in(story: Story, desks: Desks) -> None:
    keeping = KeepMemberReport(about="Bins", reported_on=day("2026-09-01"))
    with refused(story, BadInput, match="No file came along"):
        keep_members_report(desks.member, keeping, None)
    keep_members_report(desks.member, keeping, ("findings.txt", b"Rounds are too long.\n"))
    (kept,) = desks.manager.ask(member_reports)
    assert members_file(desks.manager, kept.id) == ("findings.txt", b"Rounds are too long.\n")
    with pytest.raises(NotFound):
        members_file(desks.manager, kept.id + 1)


# ----------------------------------------------------------------------------------------------- pages for the website


def test_3_4_the_policy_page_says_the_stages_and_times_that_are_in_force(story: Story, desks: Desks) -> None:
    """Each period as the live policy has it; another policy, another page [lgsco:3.4]."""
    policy = desks.manager.ask(policy_today)
    page = public_files(desks.manager)["policy.html"].decode()
    for key in ("acknowledge_stage_one", "respond_stage_one", "respond_stage_two"):
        assert f"<td>{policy.period(key).value} working days</td>" in page
    assert page.count('<th scope="row">') == 6
    assert Page(page).open == []


def test_3_5_what_the_council_has_not_written_is_told_and_left_out(story: Story, desks: Desks) -> None:
    before = public_gaps(desks.manager)
    assert "How the policy is made known" in " ".join(before)
    told = {"block": "publicity", "in_force_from": story.clock.now.date(), "approved_by": "The manager"}
    desks.manager.do(PublishWording(text="Posters in every library & <b>here</b>.", **told))
    assert "How the policy is made known" not in " ".join(public_gaps(desks.manager))
    page = public_files(desks.manager)["policy.html"].decode()
    assert "Posters in every library &amp; &lt;b&gt;here&lt;/b&gt;." in page
    assert "Complaint Handling Code" in page


def test_3_7_the_pages_say_how_to_reach_the_ombudsman(story: Story, desks: Desks) -> None:
    page = public_files(desks.manager)["ombudsman.html"].decode()
    body = SCHEMES["lgsco"].ombudsman
    assert body is not None
    assert all(each in page for each in (body.name, body.post, body.phone, body.web))


def test_8_2_a_report_stands_on_the_website_with_its_response_beside_it(story: Story, desks: Desks) -> None:
    """No draft, and none before the response; then the report and the response together."""
    number = made(desks.manager, self_assessment=signed(story))
    made(desks.manager)
    assert "report-2025-2026.html" not in public_files(desks.manager)
    assert any("waits for the governing body" in gap for gap in public_gaps(desks.manager))
    told = {"body": "The cabinet", "met_on": day("2026-09-07"), "minute": "12", "words": "We welcome it."}
    desks.manager.do(RecordGoverningResponse(snapshot_id=number, **told))
    with zipfile.ZipFile(io.BytesIO(public_zip(desks.manager))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert "We welcome it." in files["reports.html"].decode()
    assert files["report-2025-2026.html"] == report_file(desks.manager, number, "html")[1]
    for name, content in files.items():
        if name.endswith(".html"):
            found = Page(content.decode())
            assert found.open == [] and "script" not in {tag for tag, _attributes in found.tags}
            links = {attributes["href"] for tag, attributes in found.tags if tag == "a"}
            assert all(link.startswith("#") or link in files for link in links if link)


def test_3_4_the_pages_go_into_a_folder_of_their_own(story: Story, desks: Desks, tmp_path: Path) -> None:
    folder = tmp_path / "website"
    assert set(publish_into(desks.manager, folder)) == {each.name for each in folder.iterdir()}
    publish_into(desks.manager, folder)
    (folder / "secret.docx").write_bytes(b"x")
    with pytest.raises(BadInput, match="holds other things, such as secret.docx"):
        publish_into(desks.manager, folder)
    with pytest.raises(BadInput, match="cannot be written"):
        publish_into(desks.manager, folder / "secret.docx")
