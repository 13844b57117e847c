"""The server dies in the middle of a word: nothing typed is lost, in the tab that stayed open and in a new one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_main_flow import TODAY

WORDS = "What they said, in their own words"
MATTER = "The matter in a few words"
NOTE = "/case?ref=C-2026-000001&step=AddNote"


def dies(server: Server) -> None:
    """The server is gone at once, as when its machine loses power; nothing is put away first."""
    server.process.kill()
    server.process.wait(timeout=20)


def notes_in_the_form_that_was_only_opened(officer: Officer) -> None:
    """No field was left before the server died, so only the page itself had run: the new server knows none of it."""
    page = officer.page
    page.bring_to_front()
    expect(page.get_by_text("Connection error")).to_have_count(0)
    settled(page)
    officer.writes("Note", "Rang back at noon.")
    other = Officer(page.context.new_page(), officer.server)
    other.opens(NOTE)
    expect(other.field("Note")).to_have_value("Rang back at noon.")
    other.page.close()
    page.bring_to_front()
    officer.sends("Add a note")
    expect(officer.form()).to_have_count(0)
    officer.reads("Rang back at noon.")
    page.close()


def test_a_word_half_typed_outlives_the_server(page: Page, server: Server) -> None:
    """Typed, killed, and back: the tab goes on where it was, and a new tab offers the same words."""
    officer = Officer(page, server)
    officer.opens("/intake?as=complaint", Role.REVIEWER)
    expect(officer.form()).to_be_visible()
    officer.begins_afresh()
    noting = Officer(page.context.new_page(), server)
    noting.opens(NOTE)
    expect(noting.form()).to_be_visible()
    page.bring_to_front()
    officer.writes("Who is complaining", "Uma Unsent")
    officer.writes("Phone", "01632 960008")
    officer.field(WORDS).click()
    page.keyboard.type("The swings are ")
    dies(server)
    # The page says so and takes no more words, so that nobody types into a page that hears nothing.
    expect(page.get_by_text("Connection error").first).to_be_visible()
    expect(officer.field(WORDS)).to_be_disabled()
    server.start()
    expect(page.get_by_text("Connection error")).to_have_count(0)
    expect(officer.field(WORDS)).to_be_enabled()
    settled(page)
    expect(officer.field(WORDS)).to_have_value("The swings are ")
    officer.field(WORDS).press("End")
    page.keyboard.type("broken, all of them.")
    officer.field(WORDS).press("Tab")
    settled(page)
    again = page.context.new_page()
    other = Officer(again, server)
    other.opens("/intake?as=complaint", Role.REVIEWER)
    expect(other.field("Who is complaining")).to_have_value("Uma Unsent")
    expect(other.field(WORDS)).to_have_value("The swings are broken, all of them.")
    again.close()
    notes_in_the_form_that_was_only_opened(noting)
    page.bring_to_front()
    # The tab that stayed open sends what it holds, what was typed before the server died included.
    officer.writes(MATTER, "Swings broken")
    officer.dates("When any of us first heard it", TODAY())
    officer.chooses("How it came", "phone")
    officer.reads("Acknowledge by")
    officer.sends("Record a complaint")
    expect(page.locator("h1")).to_have_text("Swings broken")
    officer.reads("Recorded “Swings broken” from Uma Unsent")
    officer.reads("The swings are broken, all of them.")
