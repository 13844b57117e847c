"""A report in a real browser: made, and saved as PDF and as a web page that has no fault a machine can find."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, keep_image
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious


def test_8_1_8_2_a_report_is_made_and_saved(page: Page, server: Server, tmp_path: Path) -> None:
    """Made from the page, each file downloaded whole; the web page itself is accessible [lgsco:8.1, 8.2]."""
    officer = Officer(page, server)
    officer.opens("/reports", Role.MANAGER)
    officer.takes("Make a report")
    officer.chooses("Which report", "quarterly Member pack")
    officer.dates("Any day of its year or quarter", date(2026, 5, 4))
    officer.sends("Make a report")
    officer.reads("April to June 2026")
    assert serious(page) == []
    keep_image(page, "reports")
    for link, start in (("PDF", b"%PDF-"), ("web page", b"<!doctype html>")):
        with page.expect_download() as saving:
            page.get_by_role("link", name=link, exact=True).first.click()
        saved = tmp_path / link
        saving.value.save_as(saved)
        assert saved.read_bytes().startswith(start)
    saved = saved.rename(tmp_path / "report.html")
    page.goto(saved.as_uri())
    page.get_by_role("heading", name="How many complaints, and about what").wait_for()
    assert serious(page) == []


def test_9_7_the_dashboard_is_printed_without_what_is_only_for_the_screen(page: Page, server: Server) -> None:
    """On paper the figures stand with their words, and neither the menu nor the lists to choose from."""
    officer = Officer(page, server)
    officer.opens("/dashboard", Role.MEMBER)
    figures, lists = page.get_by_role("cell", name="Complaints received"), page.locator(".st-key-filters")
    expect(lists).to_be_visible()
    page.emulate_media(media="print")
    expect(figures).to_be_visible()
    expect(page.get_by_role("heading", name="Outcomes and escalation")).to_be_visible()
    expect(lists).to_be_hidden()
    assert page.pdf().startswith(b"%PDF-")
