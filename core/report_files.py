"""Reports as files: what they say is frozen, made into a PDF, a Word file and a web page, and kept as it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from core.channels.file_stores import file_store
from core.channels.files import check_file
from core.channels.report_html import report_page
from core.channels.report_prints import report_pdf, report_word
from core.channels.report_tables import tables_as_csv, tables_as_workbook
from core.commands.base import Command
from core.commands.governing import KeepMemberReport
from core.commands.reporting import ExplainDifference, MakeSnapshot, check_over, span_of
from core.desk import Desk, Done
from core.errors import BadInput, NotFound
from core.evidence import MEGABYTE, why_held
from core.letters.reports import Report
from core.queries.reports import ReportLine, member_reports, one_report, report_differences, reports
from core.reporting import gathered

PDF, WORD, HTML, CSV, WORKBOOK = "pdf", "docx", "html", "zip", "xlsx"
FORMS = (PDF, WORD, HTML, WORKBOOK, CSV)
"""The files a report is had as: three that are kept as they were made, and its tables for a spreadsheet."""
_MADE: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    PDF: ("pdf_sha256", report_pdf),
    WORD: ("word_sha256", report_word),
    HTML: ("html_sha256", report_page),
}


def make_report(desk: Desk, command: Command) -> Done:
    """Freeze a report with its files, which lie in the folder of files before the record names them [lgsco:8.1].

    Raises BadInput, before anything changes, for a time that is not over or a file that cannot be made; and whatever
    the desk refuses.
    """
    if not isinstance(command, MakeSnapshot) or not desk.may(command.needs):
        return desk.do(command)
    return desk.do(command.model_copy(update=snapshot(desk, command)))


def snapshot(desk: Desk, command: MakeSnapshot) -> dict[str, str]:
    """What a report says and the digests of its files, which lie in the folder of files from now on [lgsco:8.1].

    Raises BadInput for a time that is not over, and for a file that cannot be made.
    """
    span = span_of(command.kind, command.day)
    check_over(span, desk.office.today(desk.office.now()))
    report = gathered(desk, command.kind, span, self_assessment=command.self_assessment)
    store, digests = file_store(desk.office.settings), {}
    for column, make in _MADE.values():
        content = make(report)
        digests[column] = hashlib.sha256(content).hexdigest()
        store.put(content, digests[column])
    return {"content": report.frozen(), **digests}


def explain(desk: Desk, command: Command) -> Done:
    """Say why a figure differs, with what it is now; BadInput for one that does not differ."""
    if not isinstance(command, ExplainDifference) or not desk.may(command.needs):
        return desk.do(command)
    differing = {each.figure: each.now for each in desk.ask(report_differences, command.snapshot_id)}
    if command.figure not in differing:
        raise BadInput(
            "That figure is the same in this report. Choose the report and one of its figures that differ.",
            {"figure": "This figure does not differ."},
        )
    return desk.do(command.model_copy(update={"now": differing[command.figure]}))


def report_file(desk: Desk, number: int, form: str) -> tuple[str, bytes]:
    """A report as a file with a name for it: as it was made, or its tables as CSV or a workbook [lgsco:8.2].

    Raises NotFound for no report and for another kind of file.
    """
    line = next((each for each in desk.ask(reports) if each.id == number), None)
    if line is None or form not in FORMS:
        raise NotFound("There is no such report. Save it from the page Reports.")
    return f"{_name(line)}.{form}", _content(desk, line, form)


def _name(line: ReportLine) -> str:
    draft = " (draft)" if line.unsigned else ""
    return f"{line.kind.named} {line.period.start:%Y-%m} to {line.period.end:%Y-%m}{draft}"


def _content(desk: Desk, line: ReportLine, form: str) -> bytes:
    if form in _MADE:
        with file_store(desk.office.settings).open(getattr(line, _MADE[form][0])) as file:
            return file.read()
    report = desk.ask(one_report, line.id)
    return tables_as_workbook(report) if form == WORKBOOK else tables_as_csv(report)


def keep_members_report(desk: Desk, command: Command, came: object) -> Done:
    """Keep the Member's report with its file, which came along as its name and bytes [lgsco:9.6].

    Raises BadInput for no file, one that is not kept at all, and one that the scanner does not call clean.
    """
    if not isinstance(command, KeepMemberReport) or not desk.may(command.needs) or not isinstance(came, tuple):
        return desk.do(command)
    name, content = came
    settings = desk.office.settings
    checked = check_file(name, content, limit=settings.file_megabytes * MEGABYTE)
    held = why_held(content, settings.clamd) if settings.clamd else ""
    if held:
        raise BadInput(f"The file is not kept. {held} Ask for another copy of it.")
    file_store(settings).put(content, checked.sha256)
    kept = {"name": checked.name, "sha256": checked.sha256, "size": checked.size}
    return desk.do(command.model_copy(update=kept))


def members_file(desk: Desk, number: int) -> tuple[str, bytes]:
    """A report of the Member as it was handed in; NotFound for none."""
    found = next((each for each in desk.ask(member_reports) if each.id == number), None)
    if found is None:
        raise NotFound("There is no such report of the Member. Save it from the page Reports.")
    with file_store(desk.office.settings).open(found.sha256) as file:
        return found.name, file.read()
