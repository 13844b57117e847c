"""With the Ombudsman in a real browser: a decision, a recommendation, and its compliance."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

TODAY = date.today  # the browser's day is the machine's
WHAT = "Apologise in writing."


def test_KPI22_from_an_enquiry_to_compliance(page: Page, server: Server) -> None:
    """The link officer records what the Ombudsman wants; a handler says that it is done and what shows it."""
    officer = Officer(page, server)
    officer.opens("/case?ref=C-2026-000001")
    officer.opens("/ombudsman", Role.LINK_OFFICER)
    officer.reads("Nothing is with an Ombudsman.")
    officer.takes("Record an Ombudsman’s enquiry")
    assert serious(page) == []
    officer.chooses("Which Ombudsman", "Local Government")
    officer.writes("Their reference", "26 000 101")
    officer.writes("Our complaint", "C-2026-000001")
    officer.writes("What it is about", "Missed bins.")
    officer.sends("Record an Ombudsman’s enquiry")
    page.locator(".st-key-rows-ombudsman-open a").first.click()
    expect(page.locator("h1")).to_have_text("Missed bin collections")
    settled(page)
    officer.takes("Record the decision")
    officer.chooses("What was decided", "Investigated: upheld")
    officer.writes("What it says", "Fault.")
    officer.sends("Record the decision")
    officer.takes("Add a recommendation")
    officer.writes("What is recommended", WHAT)
    officer.chooses("What kind it is", "personal remedy")
    officer.dates("To be done by", TODAY())
    officer.sends("Add a recommendation")
    officer.reads("due today")
    assert serious(page) == []
    officer.opens("/ombudsman")
    page.locator(".st-key-rows-recommended a").first.click()
    settled(page)
    officer.writes("Or in words, what shows it", "The letter, sent today.")
    officer.sends("Record that it is complied with")
    officer.reads("complied with on")
    officer.opens("/case?ref=C-2026-000001")
    expect(page.get_by_role("heading", name="With the Ombudsman")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
