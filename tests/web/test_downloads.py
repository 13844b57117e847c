"""What leaves the console: only to whoever may see it, never to be shown, and always into the ledger."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pytest

from core.assessment_files import freeze
from core.channels.files import FileStore
from core.code.guidance import GuidanceKind
from core.code.reports import ReportKind
from core.code.self_assessment import FORM
from core.commands.accounts import MoveColleague
from core.commands.behaviour import AdoptBehaviourPolicy
from core.commands.bundles import MakeBundle
from core.commands.confidence import KeepConfidential
from core.commands.evidence import AddFile, ReleaseFile
from core.commands.governing import KeepMemberReport
from core.commands.guidance import AttachGuidance, ShelveGuidance
from core.commands.improving import CompleteImprovement, ProposeImprovement, StartImprovement
from core.commands.letters import LetterKind, PrepareLetter
from core.commands.offering import OfferRemedy
from core.commands.policies import AdoptPolicy
from core.commands.recording import AddNote, RecordComplaint
from core.commands.reporting import MakeSnapshot
from core.commands.self_assessment import AnswerClause, FreezeAssessment, OpenAssessment
from core.commands.subject_access import AnswerSubjectAccess, RecordSubjectAccess
from core.evidence import add_behaviour_file, add_policy_file
from core.model.bundles import BundleFor
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.evidence import case_files
from core.queries.letters import case_letters
from core.report_files import keep_members_report, make_report
from core.rules.s8_reporting import Follows, WhyAssessed
from core.rules.s9_oversight import Risk
from tests.pages.council import WHO
from tests.retention import erased_request
from tests.web.live import Live, Visitor

A_PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PAGE = b"<!doctype html><script>alert(document.cookie)</script>"
REFERENCE = "C-2026-000001"
NOT_THERE = "There is no such file. Open it from its case."


def add(live: Live, name: str = "letter.pdf", content: bytes = PAGE, **told: str) -> int:
    """Put a file on a case past every check of its content; its number."""
    sha256 = hashlib.sha256(content).hexdigest()
    FileStore(live.office.settings.files).put(content, sha256)
    desk = live.desk(Role.HANDLER)
    values = {"reference": REFERENCE, "media_type": "text/html", "size": len(content), "sha256": sha256, **told}
    desk.do(AddFile(name=name, **values))
    return desk.ask(case_files, REFERENCE)[-1].id


def come_in(role: Role = Role.HANDLER) -> Visitor:
    """A browser in which the colleague with a role has signed in."""
    visitor = Visitor()
    assert visitor.signs_in(role).status_code == 303
    return visitor


# ------------------------------------------------------------------------------------------------------------- letters


def test_a_letter_is_saved_as_a_file_by_whoever_sees_its_case(live: Live) -> None:
    """As PDF or as Word, never shown inside the console, and every time in the ledger."""
    desk = live.desk(Role.HANDLER)
    desk.do(PrepareLetter(reference=REFERENCE, kind=LetterKind.RECEIPT))
    number = desk.ask(case_letters, REFERENCE)[0].id
    visitor = come_in()
    for ending, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = visitor.opens(f"/letters/{number}.{ending}")
        assert (answer.status_code, answer.content.startswith(begins)) == (200, True)
        assert answer.headers["content-disposition"].startswith("attachment;")
    assert visitor.opens(f"/letters/{number}.rtf").status_code == 404
    assert visitor.opens(f"/letters/{number + 1}.pdf").status_code == 404
    assert visitor.opens(f"/letters/print.pdf?letters={number}").content.startswith(b"%PDF-")
    assert visitor.opens("/letters/print.pdf?letters=1,x").status_code == 400
    assert visitor.opens("/letters/template.docx").content.startswith(b"PK")
    assert come_in(Role.RECORDER).opens(f"/letters/{number}.pdf").status_code == 403
    assert Visitor().opens(f"/letters/{number}.pdf").status_code != 200


# ------------------------------------------------------------------------------------------------- bundles and own data


def test_a_bundle_and_own_data_are_saved_by_whoever_may_and_nobody_else(live: Live) -> None:
    """As they were kept, never shown, and every time in the ledger."""
    store, desk = FileStore(live.office.settings.files), live.desk(Role.MANAGER)
    sha256 = hashlib.sha256(b"PK the zip").hexdigest()
    store.put(b"PK the zip", sha256)
    desk.do(MakeBundle(reference=REFERENCE, made_for=BundleFor.OMBUDSMAN, why="Asked for.", sha256=sha256))
    desk.do(RecordSubjectAccess(name="Sam Sample", received_on=date(2026, 11, 2)))
    manager = come_in(Role.MANAGER)
    assert manager.opens("/bundles/own-data/1").status_code == 404
    desk.do(AnswerSubjectAccess(request_id=1, sha256=sha256))
    for address in ("/bundles/1", "/bundles/own-data/1"):
        answer = manager.opens(address)
        assert (answer.status_code, answer.content) == (200, b"PK the zip")
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert come_in(Role.HANDLER).opens(address).status_code == 403
        assert Visitor().opens(address).status_code != 200
    assert manager.opens("/bundles/2").status_code == 404


# ------------------------------------------------------------------------------- certificates and the behaviour policy


def test_a_certificate_is_saved_by_those_who_decide_and_names_nobody_it_was_about(live: Live) -> None:
    """A page of its own with the reference, who decided, and the digest that the ledger names [lgsco:5.8]."""
    assert come_in(Role.MANAGER).opens("/export/erasure-certificate/1").status_code == 404
    reference = erased_request(live)
    answer = come_in(Role.MANAGER).opens("/export/erasure-certificate/1")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="erasure-certificate-1.html"')
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    for each in (
        reference,
        "Service request: 1",
        "Max Manager",
        "Lou Lead",
        json.loads(live.ledger("erasure.finished")[0])["sha256"],
    ):
        assert each in answer.text
    assert "Ruth Request" not in answer.text
    assert come_in(Role.HANDLER).opens("/export/erasure-certificate/1").status_code == 403
    assert Visitor().opens("/export/erasure-certificate/1").status_code != 200


def test_the_behaviour_policy_is_saved_by_whoever_is_signed_in(live: Live) -> None:
    """A held file is not given out; it is published anyway, so every role that signs in may read it."""
    today = date(2026, 11, 24)
    live.desk(Role.MANAGER).do(AdoptBehaviourPolicy(name="Calm and fair", in_force_from=today, approved_by="Cabinet"))
    assert come_in().opens("/behaviour-policies/1").status_code == 404
    add_behaviour_file(live.desk(Role.MANAGER), 1, name="behaviour.pdf", content=A_PDF)
    for role in (Role.HANDLER, Role.MEMBER):
        answer = come_in(role).opens("/behaviour-policies/1")
        assert (answer.status_code, answer.content) == (200, A_PDF)
        assert answer.headers["content-disposition"].startswith('attachment; filename="behaviour.pdf"')
    assert come_in().opens("/behaviour-policies/2").status_code == 404
    assert Visitor().opens("/behaviour-policies/1").status_code != 200


# --------------------------------------------------------------------------------------------------------------- files


def test_a_file_is_saved_and_never_shown_whatever_it_says_it_is(live: Live) -> None:
    number = add(live)
    answer = come_in().opens(f"/files/{number}")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-length"] == str(len(PAGE))


@pytest.mark.parametrize(
    "name",
    ["Größe & Maß.pdf", '"; filename="x.exe', "../../etc/passwd.pdf", "a\r\nSet-Cookie: a=b.pdf", "CON.pdf", "é" * 90],
)
def test_a_files_name_is_no_path_and_no_header(live: Live, name: str) -> None:
    answer = come_in().opens(f"/files/{add(live, name)}")
    told = answer.headers["content-disposition"]
    assert told.startswith('attachment; filename="')
    assert "filename*=UTF-8''" in told
    assert told.isascii()
    assert not set(told) & set("/\\\r\n")
    assert told.count('"') == 2
    assert "set-cookie" not in answer.headers
    if name.startswith("Größe"):
        assert told.endswith("filename*=UTF-8''Gr%C3%B6%C3%9Fe%20&%20Ma%C3%9F.pdf")


def test_every_opening_of_a_file_is_in_the_ledger(live: Live) -> None:
    number = add(live)
    for role in (Role.HANDLER, Role.MANAGER):
        come_in(role).opens(f"/files/{number}")
    assert len(live.ledger("file.opened")) == 2


def test_a_held_file_is_not_opened_until_it_is_released(live: Live) -> None:
    number = add(live, why_held="The scanner found Eicar-Test.")
    visitor = come_in()
    answer = visitor.opens(f"/files/{number}")
    assert answer.status_code == 400
    assert "is held back: The scanner found Eicar-Test." in answer.text
    assert live.ledger("file.opened") == []
    live.desk(Role.MANAGER).do(ReleaseFile(file_id=number, why="A false alarm, looked at by IT."))
    assert visitor.opens(f"/files/{number}").content == PAGE


def test_a_file_on_a_case_that_somebody_does_not_see_is_not_there(live: Live) -> None:
    """Another service's, a confidential one's and no file at all: the same words."""
    number = add(live)
    live.desk(Role.ADMINISTRATOR).do(MoveColleague(colleague_id=WHO[Role.REVIEWER], role=Role.REVIEWER, services=(4,)))
    live.desk(Role.HANDLER).do(KeepConfidential(reference=REFERENCE, named=(), reason="Staff are named."))
    assert come_in().opens(f"/files/{number}").status_code == 200
    for role in (Role.REVIEWER, Role.MANAGER, Role.SENIOR_LEAD):
        visitor = come_in(role)
        for path in (f"/files/{number}", "/files/999", f"/files/{10**30}"):
            answer = visitor.opens(path)
            assert (answer.status_code, answer.text) == (404, NOT_THERE)
    assert len(live.ledger("file.opened")) == 1


def test_a_role_that_opens_no_case_opens_no_file(live: Live) -> None:
    number = add(live)
    for role in (Role.MEMBER, Role.ADMINISTRATOR, Role.RECORDER):
        answer = come_in(role).opens(f"/files/{number}")
        assert answer.status_code == 403
        assert "Your role does not open cases" in answer.text
    assert live.ledger("file.opened") == []


def test_a_file_that_is_lost_from_its_folder_is_said_so(live: Live) -> None:
    number = add(live)
    for path in Path(live.office.settings.files).rglob("*"):
        if path.is_file():
            path.unlink()
    answer = come_in().opens(f"/files/{number}")
    assert answer.status_code == 404
    assert "restore it from a backup" in answer.text


# ------------------------------------------------------------------------------------------------------------- exports


def test_the_queue_is_exported_as_it_stands_and_the_ledger_says_by_whom(live: Live) -> None:
    answer = come_in().opens("/export/queue.csv?whose=all")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == "attachment; filename=\"queue.csv\"; filename*=UTF-8''queue.csv"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Reference"
    assert len(rows) > 5
    assert [json.loads(entry) for entry in live.ledger("records.exported")] == [
        {"what": "the queue", "rows": len(rows) - 1}
    ]


def test_7_3_the_remedies_are_exported_as_they_are_shown_with_sums_a_spreadsheet_can_add(live: Live) -> None:
    """The same filter as the page; what an officer typed begins no formula; who reads no cases exports none."""
    today = live.office.today(live.office.now())
    told = {"reference": REFERENCE, "kind": "money", "sub_kind": "distress", "impact": "Noise.", "due_on": today}
    for owner, sum_offered in ((Role.HANDLER, "1,250.05"), (Role.REVIEWER, "20")):
        live.desk(Role.HANDLER).do(
            OfferRemedy(what="=1+1", pounds=sum_offered, owner_id=WHO[owner], offered_on=today, **told)
        )
    answer = come_in().opens("/export/remedies.csv")
    header, mine = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    shown = dict(zip(header, mine, strict=True))
    assert (shown["Reference"], shown["Pounds offered"], shown["Pounds paid"]) == (REFERENCE, "1250.05", "0.00")
    assert (shown["What"], shown["By"], shown["State"]) == ("'=1+1", today.isoformat(), "offered")
    every = come_in().opens("/export/remedies.csv?whose=all").text
    assert every.count(REFERENCE) == 2
    assert [json.loads(entry)["rows"] for entry in live.ledger("records.exported")] == [1, 2]
    assert come_in(Role.MEMBER).opens("/export/remedies.csv").status_code == 403
    assert come_in().opens("/export/remedies.csv?whose=nobody").status_code == 400


def test_8_1c_the_register_is_exported_as_it_is_shown_and_begins_no_formula(live: Live) -> None:
    """The same filter as the page, what people typed kept as words, and nothing for who reads no cases."""
    today = live.office.today(live.office.now())
    decided = {"name": "=1+1", "approved_by": "Cabinet", "minute": "9", "in_force_from": today}
    live.desk(Role.MANAGER).do(AdoptPolicy(respond_stage_two=25, good_reason="=2+2", **decided))
    answer = come_in().opens("/export/departures.csv?kind=policy")
    header, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    shown = dict(zip(header, line, strict=True))
    assert (shown["Complaint or policy"], shown["Reason"], shown["Clause"]) == ("'=1+1", "'=2+2", "6.15")
    assert (shown["By"], shown["On"]) == ("Cabinet, 9", today.isoformat())
    assert come_in(Role.MEMBER).opens("/export/departures.csv").status_code == 403
    assert come_in().opens("/export/departures.csv?since=never").status_code == 400


def test_a_search_is_exported_as_it_is_shown_and_begins_no_formula(live: Live) -> None:
    """The same words and choices as the page, kept in the ledger, and nothing for who reads no cases [lgsco:5.8]."""
    live.desk(Role.HANDLER).do(AddNote(reference=REFERENCE, text="They saw a heron."))
    answer = come_in().opens("/export/search.csv?text=heron&state=open")
    header, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(header, line, strict=True))["Reference"] == REFERENCE
    assert come_in().opens("/export/search.csv?text=heron&state=closed").text.count(REFERENCE) == 0
    assert [json.loads(entry)["rows"] for entry in live.ledger("records.exported")] == [1, 0]
    assert come_in(Role.MEMBER).opens("/export/search.csv?text=heron").status_code == 403
    for damaged in ("", "?text=-heron", "?text=heron&stage=3"):
        assert come_in().opens(f"/export/search.csv{damaged}").status_code == 400
    live.desk(Role.HANDLER).do(KeepConfidential(reference=REFERENCE, named=(), reason="Staff are named."))
    assert REFERENCE not in come_in(Role.MANAGER).opens("/export/search.csv?text=heron").text


def test_an_export_holds_nothing_confidential_and_no_other_service(live: Live) -> None:
    whole = come_in(Role.MANAGER).opens("/export/queue.csv?whose=all").text
    assert REFERENCE in whole
    live.desk(Role.HANDLER).do(KeepConfidential(reference=REFERENCE, named=(), reason="Staff are named."))
    assert REFERENCE not in come_in(Role.MANAGER).opens("/export/queue.csv?whose=all").text
    live.desk(Role.ADMINISTRATOR).do(MoveColleague(colleague_id=WHO[Role.MANAGER], role=Role.MANAGER, services=(4,)))
    fewer = come_in(Role.MANAGER).opens("/export/queue.csv?whose=all").text
    assert "Highways" in fewer
    assert "Planning" not in fewer


def test_9_3_what_people_said_and_what_was_done_is_saved_by_anybody_here(live: Live) -> None:
    """As a page or a table, with nothing of any complaint; nobody outside gets it [lgsco:9.3]."""
    today = live.office.today(live.office.now())
    handler = live.desk(Role.HANDLER)
    given = {"owner_id": WHO[Role.MANAGER], "due_on": today, "risk": Risk.LOW, "behind": REFERENCE}
    handler.do(ProposeImprovement(what="Ring Robin back.", **given))
    handler.do(StartImprovement(improvement_id=1, started_on=today, before="Nine a week."))
    told = {"you_said": "Nobody <rings> back.", "we_did": "We ring back."}
    handler.do(CompleteImprovement(improvement_id=1, done_on=today, after="None.", **told))
    page, table = (come_in(Role.MEMBER).opens(f"/export/you-said-we-did.{form}") for form in ("html", "csv"))
    assert "<strong>You said:</strong> Nobody &lt;rings&gt; back.</p>" in page.text
    assert page.headers["content-disposition"].startswith("attachment; ")
    assert list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))[1][1:3] == [*told.values()]
    assert REFERENCE not in page.text + table.text
    assert "Robin" not in page.text + table.text


def test_A_1_a_frozen_self_assessment_is_saved_by_whoever_sees_figures(live: Live) -> None:
    """To be kept and never shown within the console; a role without figures gets a sentence [lgsco:8.1a]."""
    manager, today = live.desk(Role.MANAGER), live.office.today(live.office.now())
    told = {"owner_id": WHO[Role.MANAGER], "starts_on": today.replace(day=1, month=1), "ends_on": today}
    manager.do(OpenAssessment(why=WhyAssessed.YEARLY, **told))
    for row in FORM.rows:
        manager.do(AnswerClause(assessment_id=1, item=row, answered_version=0, follows=Follows.YES))
    freeze(manager, FreezeAssessment(assessment_id=1, contents=""))
    member = come_in(Role.MEMBER)
    for form, begins in (("html", b"<!doctype html>"), ("docx", b"PK"), ("pdf", b"%PDF-")):
        answer = member.opens(f"/export/self-assessment/1.{form}?columns=section,follow&long=1&partly=no")
        assert (answer.status_code, answer.content.startswith(begins)) == (200, True)
        assert answer.headers["content-disposition"].startswith("attachment;")
    table = member.opens("/export/self-assessment/1.csv").content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(table)))[:2] == ["Code section", "Action"]
    assert member.opens("/export/self-assessment/1.csv?columns=colour").status_code == 400
    assert member.opens("/export/self-assessment/2.csv").status_code == 404
    assert come_in(Role.RECORDER).opens("/export/self-assessment/1.csv").status_code == 403


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR, Role.RECORDER])
def test_a_role_that_reads_no_cases_exports_none(live: Live, role: Role) -> None:
    answer = come_in(role).opens("/export/queue.csv")
    assert answer.status_code == 403
    assert "C-2026" not in answer.text
    assert live.ledger("records.exported") == []


@pytest.mark.parametrize("query", ["stage=9", "service=x", "page=-1", "owner=%00", "whose=%F0%28"])
def test_a_damaged_filter_is_a_sentence_or_the_usual_list(live: Live, query: str) -> None:
    answer = come_in().opens(f"/export/queue.csv?{query}")
    assert answer.status_code in {200, 400}


@pytest.mark.parametrize("matter", ["=1+1", "+cmd|' /C calc'!A1", "@SUM(A1)", "-2+3", "\t=1+1"])
def test_a_formula_stays_text_in_the_export(live: Live, matter: str) -> None:
    """No spreadsheet computes what somebody typed."""
    told = {
        "contact_email": "a@example.org",
        "individual": matter,
        "words": matter,
        "matter": matter,
        "channel": Channel.PHONE,
        "service_id": 1,
    }
    desk = live.desk(Role.HANDLER)
    desk.do(desk.form(RecordComplaint, {**told, "received_on": live.office.today(live.now)}))
    text = come_in().opens("/export/queue.csv?whose=all").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if matter.strip() in cell]
    assert not [cell for cell in cells if cell[:1] in set("=+@-\t\r")]


# ------------------------------------------------------------------------------------------------------------- reports


def test_9_6_a_report_is_saved_by_whoever_sees_figures_and_by_nobody_else(live: Live) -> None:
    """Every kind of file, what the Member handed in, and the pages for the website; each to be saved, never shown."""
    manager, member = live.desk(Role.MANAGER), live.desk(Role.MEMBER)
    today = live.office.today(live.office.now())
    make_report(manager, MakeSnapshot(kind=ReportKind.QUARTERLY, day=date(2026, 5, 4)))
    keep_members_report(member, KeepMemberReport(about="Bins", reported_on=today), ("found.txt", b"Long rounds.\n"))
    visitor = come_in(Role.MEMBER)
    begins = {"1.pdf": b"%PDF-", "1.docx": b"PK", "1.xlsx": b"PK", "1.zip": b"PK", "1.html": b"<!doctype html>"}
    begins |= {"member/1": b"Long rounds.\n", "public-pages.zip": b"PK"}
    for name, start in begins.items():
        answer = visitor.opens(f"/report/{name}")
        assert (answer.status_code, answer.content[: len(start)]) == (200, start), name
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    for name in ("2.pdf", "1.exe", "member/2"):
        assert visitor.opens(f"/report/{name}").status_code == 404
    handler = come_in(Role.HANDLER)
    assert [handler.opens(f"/report/{name}").status_code for name in ("1.pdf", "member/1", "public-pages.zip")] == [
        403
    ] * 3
    assert Visitor().opens("/report/1.pdf").status_code != 200


def test_3_4_the_policy_as_a_file_is_saved_by_anybody_signed_in(live: Live) -> None:
    """As it came, never shown within the console; nobody outside gets it here."""
    add_policy_file(live.desk(Role.MANAGER), 1, name="policy.pdf", content=A_PDF)
    answer = come_in(Role.MEMBER).opens("/policies/1")
    assert (answer.status_code, answer.content) == (200, A_PDF)
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert Visitor().opens("/policies/1").status_code != 200
    assert come_in().opens("/policies/2").status_code == 404


def test_E13_a_copy_of_guidance_is_saved_by_anybody_signed_in(live: Live) -> None:
    """It holds nothing about any complaint; one that is held back is handed to nobody."""
    desk = live.desk(Role.MANAGER)
    told = {"guidance_title": "Our policy", "publisher": "Sample Borough Council", "kind": GuidanceKind.POLICY}
    desk.do(ShelveGuidance(**told))
    sha256 = hashlib.sha256(PAGE).hexdigest()
    FileStore(live.office.settings.files).put(PAGE, sha256)
    copy = {
        "guidance_id": 1,
        "name": "policy.pdf",
        "media_type": "application/pdf",
        "size": len(PAGE),
        "sha256": sha256,
    }
    desk.do(AttachGuidance(**copy))
    answer = come_in(Role.MEMBER).opens("/guides/1")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert Visitor().opens("/guides/1").status_code != 200
    desk.do(AttachGuidance(**copy, why_held="The scanner is away."))
    assert come_in().opens("/guides/1").status_code == 400
    assert come_in().opens("/guides/2").status_code == 404
