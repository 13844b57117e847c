"""A point of a mixed complaint goes by another route in a real browser, and both halves find each other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_main_flow import TODAY, record


def test_t32_a_point_of_a_mixed_complaint_goes_by_another_route(page: Page, server: Server) -> None:
    """Chosen, told, split off with its own clock and both readings; the lead goes on with the rest [lgsco:using.5]."""
    officer = Officer(page, server)
    reference = record(officer, "Mixed up with my data")
    officer.takes("Add a point")
    officer.writes("The new point", "You sent my file to my neighbour.")
    officer.dates("When it was raised", TODAY())
    officer.sends("Add a point")
    officer.reads("Added point 2: You sent my file to my neighbour.")
    officer.takes("Send by another route")
    officer.chooses("The route", "Data protection complaint")
    officer.reads("It may not wait for the answer to the wider complaint.")
    officer.reads("Data (Use and Access) Act 2025.")
    officer.chooses("Which points", "2. You sent my file to my neighbour.")
    page.keyboard.press("Escape")  # a list of several stays open for the next choice
    settled(page)
    officer.writes("Why it goes this way", "It is about their own data.")
    officer.writes("What they were told", "That point goes by itself, and by when.")
    officer.writes("Who takes it on", "The data protection officer")
    officer.dates("When the individual was told", TODAY())
    officer.sends("Send by another route")
    officer.reads("Points by another route")
    link = page.get_by_role("link", name=re.compile(r"^C-\d{4}-\d{6}$")).first
    half = link.inner_text()
    assert half != reference
    expect(page.get_by_role("button", name="Acknowledge", exact=True)).to_be_visible()
    officer.opens(f"/case?ref={half}")
    officer.reads("Another route: Data protection complaint")
    officer.reads("Counting the day of receipt.")
    officer.reads(f"The other half of {reference}")
    officer.takes("Record a step on its route")
    officer.chooses("What happened", "Acknowledged")
    officer.dates("When", TODAY())
    officer.sends("Record a step on its route")
    officer.reads("On its route: acknowledged on")
    officer.opens("/other-routes?route=data_protection", Role.REVIEWER)
    officer.reads("Data protection complaint: 1 complaint")
    page.get_by_role("link", name=re.compile(half)).first.press("Enter")
    settled(page)
    expect(page.locator("h1")).to_have_text("You sent my file to my neighbour.")
