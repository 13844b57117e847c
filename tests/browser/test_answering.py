"""A contractor answers by link, in a real browser: refused once without losing a word, sent with a file, and there."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

CASE = "/case?ref=C-2026-000003"
WORDS = "The crew came at ten past seven."
LOG = {"name": "crew log.txt", "mimeType": "text/plain", "buffer": b"07:10 came, 07:20 left\n"}
PROGRAM = {"name": "log.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00"}


def test_4_2_a_contractor_answers_by_link_with_a_file(page: Page, server: Server) -> None:
    """The handler asks and hands over a link; the answer and its file are on the case [lgsco:5.8]."""
    officer = Officer(page, server)
    officer.opens(f"{CASE}&step=AskForInformation", Role.HANDLER)
    officer.writes("Or who else, by name", "Col Contractor")
    officer.writes("What we need to know", "When did the crew come on 3 September?")
    officer.sends("Ask for information")
    officer.reads("without an answer")
    page.get_by_role("button", name="Make a link to answer by: question 1").click()
    officer.reads("This link is shown once")
    address = page.locator("[data-testid=stCode] code").inner_text().strip()
    assert serious(page) == []

    page.goto(f"{server.address}{urlsplit(address).path}")
    expect(page.get_by_text("When did the crew come on 3 September?")).to_be_visible()
    assert serious(page) == []
    page.get_by_label("Your answer").fill(WORDS)
    page.get_by_label("Files that belong to it, if there are any").set_input_files([PROGRAM])
    page.get_by_role("button", name="Send the answer").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("log.exe")
    expect(page.get_by_label("Your answer")).to_have_value(WORDS)
    assert serious(page) == []
    page.get_by_label("Files that belong to it, if there are any").set_input_files([LOG])
    page.get_by_role("button", name="Send the answer").press("Enter")
    expect(page.get_by_role("heading", name="Your answer has arrived")).to_be_visible()
    page.goto(f"{server.address}{urlsplit(address).path}")
    expect(page.get_by_text("An answer has been sent already.")).to_be_visible()

    officer.opens(CASE, Role.HANDLER)
    settled(page)
    officer.reads(WORDS)
    expect(page.get_by_role("link", name="crew log.txt")).to_be_visible()
