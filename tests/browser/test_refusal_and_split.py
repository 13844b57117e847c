"""A refusal and a split point in a real browser: what is missing is asked for, and nothing typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server
from tests.browser.officer import Officer
from tests.browser.test_main_flow import TODAY, record


def test_a_complaint_is_refused_with_all_it_rests_on(page: Page, server: Server) -> None:
    """Reason, evidence, own circumstances and the Ombudsman, each asked for before it goes [lgsco:2.1, 2.4, 2.5]."""
    officer = Officer(page, server)
    reference = record(officer, "Refuse me carefully")
    officer.opens(f"/case?ref={reference}", Role.REVIEWER)
    officer.takes("Refuse this complaint")
    officer.dates("When the individual was told", TODAY())
    officer.chooses("The reason in our policy", "Court proceedings")
    officer.writes("The reasons they were given", "A court has the claim.")
    officer.writes("What was looked at", "The claim form.")
    officer.sends("Refuse this complaint")
    officer.reads("can take this refusal to the Ombudsman")
    officer.ticks("They were told they can take this refusal to the Ombudsman")
    officer.sends("Refuse this complaint")
    officer.reads("A blanket rule is not enough")
    officer.writes("What was weighed in their own circumstances", "They have a solicitor and a hearing date.")
    officer.sends("Go on with this reason")
    officer.reads("Why this complaint was refused")
    officer.reads("They have a solicitor and a hearing date.")
    officer.reads("The court that has the claim.")
    expect(page.get_by_role("button", name="Reopen", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Acknowledge", exact=True)).to_have_count(0)


def test_a_point_that_stands_alone_becomes_a_new_complaint(page: Page, server: Server) -> None:
    """The form offers it, the words come along, and each history names the other [lgsco:6.9]."""
    officer = Officer(page, server)
    reference = record(officer, "Split me later")
    officer.takes("Add a point")
    officer.writes("The new point", "The street light is out as well.")
    officer.dates("When it was raised", TODAY())
    officer.ticks("It is related to this complaint")
    officer.sends("Add a point")
    officer.reads("Record this as a new complaint, because it is about something else")
    page.get_by_role("button", name="Record it as a new complaint instead").click()
    expect(officer.field("What they said, in their own words")).to_have_value("The street light is out as well.")
    officer.writes("The matter in a few words", "Street light out")
    officer.chooses("How it came", "phone")
    officer.sends("Record as a new complaint")
    officer.reads("as a complaint of its own: C-")
    said = page.get_by_text("as a complaint of its own: C-").first.inner_text()
    found = re.search(r"of its own: (C-\d{4}-\d{6})", said)
    assert found, said
    new = found[1]
    officer.opens(f"/case?ref={new}")
    expect(page.locator("h1")).to_have_text("Street light out")
    officer.reads(f"Split from {reference}, where it was raised on")
