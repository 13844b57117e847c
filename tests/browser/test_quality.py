"""A quality check in a real browser: a sample is drawn, one complaint checked, and the handler says they read it."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from core.code.quality import CHECKLIST
from core.permissions import Role
from tests.browser.conftest import Server, keep_image
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

TODAY = date.today  # the browser's day is the machine's
FOUND = {0: "not met", 1: "does not apply"}
ANSWERED_AGO = timedelta(days=65)  # as the furnished council has one, in a month that is over on whatever day


def test_E8_E9_from_the_draw_to_feedback_that_is_read(page: Page, server: Server) -> None:
    """What is not met needs words; nothing chosen is lost meanwhile; the handler reads it and says so [lgsco:9.4]."""
    officer = Officer(page, server)
    officer.opens("/quality", Role.QUALITY)
    officer.reads("No sample has been drawn.")
    officer.takes("Draw a month’s sample")
    officer.dates("Any day of the month", TODAY() - ANSWERED_AGO)
    page.get_by_role("spinbutton", name="How many complaints").fill("5")
    page.keyboard.press("Tab")
    officer.sends("Draw a month’s sample")
    officer.reads("Drew 1 complaint of the 1 answered in")
    officer.takes("Record the check")
    officer.chooses("Which complaint of the sample", "C-")
    for number, item in enumerate(CHECKLIST.values()):
        officer.chooses(
            f"{item.title}: found", "not met" if number == 0 else "does not apply" if number == 1 else "met"
        )
    officer.sends("Record the check")
    officer.reads("Say in words what was missing on")
    assert serious(page) == []
    first = next(iter(CHECKLIST.values()))
    officer.writes(f"{first.title}: in words", "It lay in a mailbox for four days.")
    officer.sends("Record the check")
    officer.reads("Checked its handling for")
    keep_image(page, "quality")
    officer.opens("/quality")
    officer.reads("Feedback on your work: 1 to read")
    officer.reads("It lay in a mailbox for four days.")
    officer.takes("I have read this")
    officer.chooses("Which check", "C-")
    officer.writes("What you make of it", "We look into it every morning now.")
    officer.sends("I have read this")
    officer.reads("Feedback on your work: 0 to read")
    expect(page.get_by_text("We look into it every morning now.").first).to_be_visible()
