"""Reports as tests make them: of the year 2025 to 2026, which is over on every day the tests' clock shows."""

from __future__ import annotations

from typing import Any

from core.code.reports import ReportKind
from core.commands.reporting import MakeSnapshot
from core.desk import Desk
from core.letters.reports import Report, Section, Words
from core.report_files import make_report
from core.reporting import UNSIGNED
from core.rules.periods import Period
from tests.assessing import signed
from tests.builders import Story, day

YEAR = Period.financial_year(2025)
A_DAY = day("2025-12-01")
PLAIN = {"pdf_sha256": "a" * 64, "word_sha256": "b" * 64, "html_sha256": "c" * 64}


def bare_report(**fields: Any) -> Report:
    """The smallest report of that year there can be: a draft."""
    words = Words(title="What lies behind the figures", paragraphs=("Fewer bins were missed.",))
    given = {
        "kind": ReportKind.YEARLY, "title": "Yearly report", "council": "Sample Borough Council", "span": YEAR.words,
        "starts_on": YEAR.start, "ends_on": YEAR.end, "made_on": day("2026-09-07"), "draft": UNSIGNED, "figures": (),
        "sections": (Section(key="analysis", title="Complaints", clause="8.1b", blocks=(words,)),),
    }  # fmt: skip
    return Report(**(given | fields))


def bare_snapshot(report: Report | None = None, **fields: Any) -> MakeSnapshot:
    """What keeps that report, without a file made of it."""
    report = report or bare_report()
    given = {"kind": report.kind, "day": report.starts_on, "content": report.frozen(), **PLAIN}
    return MakeSnapshot(**(given | fields))


def report_made(story: Story, report: Report | None = None) -> int:
    """That report is kept; its number."""
    return number_of(story.desks.system.do(bare_snapshot(report)))


def signed_report_made(story: Story) -> int:
    """A report that is no draft, since a signed self-assessment goes with it; its number."""
    return number_of(story.desks.system.do(bare_snapshot(bare_report(draft=""), self_assessment=signed(story))))


def made(desk: Desk, kind: ReportKind = ReportKind.YEARLY, **fields: Any) -> int:
    """A whole report is gathered and made into its files; its number."""
    given = {"kind": kind, "day": A_DAY}
    return number_of(make_report(desk, MakeSnapshot(**(given | fields))))


def number_of(done: Any) -> int:
    """The number of the report that a step made."""
    return int(done.events[0].number)


PERSON, STREET, MAIL, PHONE = "Quentia Secretsson", "7 Glockenspiel Row", "quentia@secret.example", "01632 960 999"
MATTER, LESSON = "Zebra crossing left unpainted", "The marimba was never tuned."


def a_year(story: Story) -> str:
    """A complaint of the year with somebody's data in every place, refused stage 2; and others, late and upheld."""
    reference = story.record(
        day("2025-06-02"), individual=PERSON, matter=MATTER, words=f"{PERSON} of {STREET} was not heard.",
        contact_email=MAIL, contact_phone=PHONE, postcode="ZZ9 9ZZ", category=f"Bins of {PERSON}",
    )  # fmt: skip
    story.acknowledge(reference, day("2025-06-09"))
    story.assign(reference)
    story.respond(reference, day("2025-06-20"), **story.teaches(lesson=LESSON))
    story.refuse(reference, day("2025-07-01"))
    for _each in range(5):
        story.record(day("2025-07-07"), category="Missed bins", individual=f"{PERSON} {_each}")
    story.on(day("2026-09-07"))
    return reference


def table_of(report: Report, title: str) -> list[tuple[str, ...]]:
    """The rows of a report's table."""
    return next(list(table.rows) for table in report.tables() if table.title == title)
