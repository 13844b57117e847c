"""The Reports page."""

from __future__ import annotations

from datetime import date

from core.code.reports import ReportKind
from core.commands.reporting import MakeSnapshot
from core.permissions import Role
from core.queries.reports import narratives
from core.report_files import make_report
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words


def sends(at: object, title: str) -> None:
    """Send the form that is open."""
    forms = [each for each in at.button if each.key and each.key.endswith("/send")]  # type: ignore[attr-defined]
    (send,) = [each for each in forms if each.label == title]
    send.click().run()


def test_8_1_a_report_is_made_on_the_page_and_read_there(council: Council, open_page: Open) -> None:
    """Written beforehand, made, read with its figures, and what it lacks stands beside it [lgsco:8.1, 8.2]."""
    at = open_page("reports", Role.MANAGER)
    assert "No report has been made yet" in words(at)
    button(at, "Write for a report").click().run()
    field(at, "selectbox", "For which report").set_value(ReportKind.YEARLY.value)
    field(at, "date_input", "Any day of its year or quarter").set_value(date(2025, 6, 2))
    field(at, "selectbox", "Which place").set_value("analysis")
    field(at, "text_area", "What it says").set_value("Fewer *bins* were missed.").run()
    sends(at, "Write for a report")
    assert council.desk(Role.MEMBER).ask(narratives, ReportKind.YEARLY, date(2025, 4, 1))
    at = open_page("reports", Role.MANAGER, step="MakeSnapshot")
    field(at, "selectbox", "Which report").set_value(ReportKind.YEARLY.value)
    field(at, "selectbox", "The signed self-assessment that goes with it")
    field(at, "date_input", "Any day of its year or quarter").set_value(date(2025, 6, 2)).run()
    sends(at, "Make a report")
    said = words(at)
    assert "1. Yearly report, April 2025 to March 2026" in said
    assert "Missing: The governing body" in said
    at = open_page("reports", Role.MEMBER, show="1")
    said = words(at)
    assert "Every figure comes out the same today." in said
    assert "Fewer *bins* were missed." in said
    assert "| Complaints received |" in said

    assert "There is no such report" in words(open_page("reports", Role.MEMBER, show="x"))


def test_9_7c_a_report_that_nobody_has_is_said_to_be_missing_and_is_received(council: Council, open_page: Open) -> None:
    """The Member records the receipt; what may not be done by the Member is not offered [lgsco:9.7]."""
    manager = council.desk(Role.MANAGER)
    make_report(manager, MakeSnapshot(kind=ReportKind.QUARTERLY, day=date(2026, 5, 4)))
    at = open_page("reports", Role.MEMBER, step="RecordReceipt")
    assert "Nobody has received it yet" in words(at)
    assert "Make a report" not in [each.label for each in at.button]
    field(at, "selectbox", "Which report").set_value(1)
    field(at, "text_input", "Who received it").set_value("Mo Member").run()
    sends(at, "Record the receipt")
    assert "Received by Mo Member" in words(at)
    assert ":green-badge[complete]" in words(at)
