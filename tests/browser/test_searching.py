"""Search in a real browser: by a word of a letter, narrowed by a choice, and on to the case."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

REFERENCE = "C-2026-000001"


def narrows(page: Page, title: str, entry: str) -> None:
    """Choose an entry of a list above the results."""
    page.locator(".st-key-filters").get_by_role("combobox", name=title).click()
    page.get_by_role("option", name=entry, exact=True).click()
    settled(page)


def test_a_word_in_a_letter_leads_to_its_case(page: Page, server: Server) -> None:
    """Written down as a contact, found at once, narrowed to the open ones, and opened by keyboard [lgsco:5.8]."""
    officer = Officer(page, server)
    officer.opens(f"/case?ref={REFERENCE}&step=RecordContact", Role.HANDLER)
    officer.chooses("Who got in touch", "they contacted us")
    officer.chooses("With whom", "the individual")
    officer.chooses("How", "by e-mail")
    officer.writes("What was said, in a few lines", "They write of a heron on the weir.")
    officer.sends("Record a contact")
    page.get_by_role("textbox", name="Find a complaint or request").fill("heron weir")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 complaint", exact=True)).to_be_visible()
    settled(page)
    assert serious(page) == []
    expect(page.get_by_role("textbox", name="Find a complaint or request")).to_have_value("heron weir")
    narrows(page, "Open or closed", "Closed")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert "state=closed" in page.url
    assert serious(page) == []
    narrows(page, "Open or closed", "Open")
    row = page.locator(".st-key-rows-found a").filter(has_text=REFERENCE)
    expect(row).to_be_visible()
    row.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("They write of a heron on the weir.").first).to_be_visible()
    assert f"ref={REFERENCE}" in page.url
    page.get_by_role("link", name="My cases", exact=True).click()
    expect(page.get_by_role("heading", name="My cases")).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.get_by_text("They write of a heron on the weir.").first).to_be_visible()
    page.go_back()
    expect(row).to_be_visible()
    assert "state=open" in page.url, "one step back leads to what had been found"
