"""A letter in a real browser: drafted from the step, a part missing, mended, sent with the step, seen in the record."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious
from tests.browser.test_main_flow import record


def test_a_letter_is_drafted_mended_and_sent_with_its_step(page: Page, server: Server) -> None:
    """Draft, miss a part, mend it, send, and read it in the record of the case [lgsco:5.8, 6.2]."""
    officer = Officer(page, server)
    reference = record(officer, "Write to me, please")
    officer.takes("Acknowledge")
    officer.writes("What we understand the complaint to be", "Nobody wrote back.")
    officer.writes("What they want to happen", "A letter.")
    page.get_by_role("button", name="Write the letter here: Acknowledgement of stage 1").click()
    expect(page.locator("h1")).to_have_text("Acknowledgement of stage 1")
    settled(page)
    expect(officer.field("How we understand the complaint")).to_have_value(
        "We understand your complaint like this:\n\nNobody wrote back.\n\n"
        "Please tell us if we have got something wrong or left something out."
    )
    officer.reads("What it must hold: 1 part to write")
    assert serious(page) == []
    officer.writes("Who is dealing with it", "")
    officer.reads("What it must hold: 1 part to write")
    officer.writes("Who is dealing with it", "Dee Handler, 01632 960 002.")
    officer.reads("What it must hold: nothing is missing")
    officer.reads("Not saved yet on the case.")
    officer.sends("Save the letter")
    officer.reads("Nothing is left to write.")
    page.get_by_role("link", name="Send it with its step: Acknowledge").click()
    officer.reads("goes out with this step, as it was saved")
    officer.sends("Acknowledge")
    officer.reads("Sent a letter (Acknowledgement of stage 1) to ")
    officer.reads("Letters: 1 sent, 0 drafts")
    page.get_by_role("link", name="Acknowledgement of stage 1 · sent").click()
    officer.reads("Kept as it went out.")
    officer.reads("Dee Handler, 01632 960 002.")
    expect(page.get_by_role("textbox", name="Who is dealing with it")).to_have_count(0)
    officer.opens(f"/case?ref={reference}")
    officer.reads("Letters: 1 sent, 0 drafts")
