"""A policy in a real browser: adopted with its reason, seen in the register, and another one only tried."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious
from tests.browser.test_main_flow import TODAY


def test_a_policy_is_adopted_its_departure_seen_and_another_one_tried(page: Page, server: Server) -> None:
    """It begins tomorrow, so nobody's dates move meanwhile [lgsco:using.1, 8.1c]."""
    officer = Officer(page, server)
    officer.opens("/policy", Role.MANAGER)
    officer.takes("Adopt a policy")
    officer.writes("Name of the policy", "Sample policy")
    officer.dates("In force from", TODAY() + timedelta(days=1))
    officer.writes("Which body approved it", "Cabinet")
    officer.writes("The day and minute of the decision", "Minute 9")
    days = officer.form().get_by_role("spinbutton", name="Answer stage 1 within")
    days.fill("15")
    days.press("Tab")
    settled(page)
    officer.sends("Adopt a policy")
    officer.reads("15 working days in Sample policy, 10 working days in the Code")
    officer.writes("Good reason for departing", "Two services share one team.")
    officer.sends("Go on with this reason")
    officer.reads("Sample policy from")
    expect(page.get_by_text("to come")).to_be_visible()
    officer.opens("/policy?show=departures&kind=policy", Role.MANAGER)
    officer.reads("Reason: Two services share one team.")
    assert serious(page) == []
    page.get_by_role("link", name="What if we had another policy?").click()
    expect(page.locator("h1")).to_have_text("What if we had another policy?")
    settled(page)
    tried = page.get_by_role("spinbutton", name="Answer stage 1, working days")
    tried.fill("1")
    tried.press("Enter")
    settled(page)
    officer.reads("would have been late instead of")
    expect(page).to_have_url(re.compile("respond_stage_one=1"))
    assert serious(page) == []
