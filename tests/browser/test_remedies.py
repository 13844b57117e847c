"""Remedies in a real browser: one done and shown, another given up with its letter and an alternative in its place."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious
from tests.browser.test_main_flow import TODAY

LIGHTS = "C-2026-000006"


def takes(officer: Officer, step: str) -> None:
    """Pick one of the steps of putting it right."""
    officer.picks("Steps of putting it right", step)
    expect(officer.form()).to_be_visible()


def offer(officer: Officer, what: str) -> None:
    """Offer an apology by next week."""
    takes(officer, "Offer a remedy")
    officer.chooses("What kind of remedy", "An apology")
    officer.chooses("Who signs the apology", "A director")
    officer.writes("What will be done", what)
    officer.writes("What the fault did to the individual", "They stood in the rain.")
    officer.dates("By when it will be done", TODAY() + timedelta(days=7))
    officer.chooses("Who sees to it", "Dee Handler")
    officer.sends("Offer a remedy")
    officer.reads(what)


def test_a_remedy_to_its_end_and_another_that_cannot_be_delivered(page: Page, server: Server) -> None:
    """Offered, done and shown; given up with reasons and an alternative in its letter [lgsco:7.3, 7.4]."""
    officer = Officer(page, server)
    officer.opens(f"/case?ref={LIGHTS}")
    offer(officer, "Say sorry on paper")
    takes(officer, "Complete a remedy")
    officer.writes("What shows that it was done", "A copy of the letter.")
    officer.sends("Complete a remedy")
    officer.reads("Remedies: 1, 0 still to be done")
    offer(officer, "Say sorry in person")
    takes(officer, "A remedy cannot be delivered")
    officer.writes("Why it cannot be done", "The director has left.")
    officer.writes("What is offered instead", "The chief executive writes to you.")
    page.get_by_role("button", name="Write the letter here: A remedy that cannot be delivered").click()
    expect(page.locator("h1")).to_have_text("A remedy that cannot be delivered")
    settled(page)
    expect(officer.field("Why it cannot be done")).to_have_value("The director has left.")
    officer.reads("What it must hold: nothing is missing")
    page.get_by_role("link", name="Send it with its step: A remedy cannot be delivered").click()
    officer.reads("goes out with this step, as it was saved")
    officer.sends("A remedy cannot be delivered")
    officer.reads("could not be delivered")
    officer.reads("Letters: 1 sent, 0 drafts")
    assert serious(page) == []
    officer.opens("/remedies?whose=all&shown=every", Role.MANAGER)
    officer.reads("2 remedies")
    assert serious(page) == []
    page.get_by_role("link", name=LIGHTS).first.click()
    expect(page.locator("h1")).to_have_text("Street lights out")
