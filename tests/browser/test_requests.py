"""A service request in a real browser: taken in, a complaint raised from it, and both linked."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, keep_image, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

TODAY = date.today  # the browser's day is the machine's
MATTER = "Hedge over the path"
WORDS = "What they said, in their own words"


def takes_in(officer: Officer) -> str:
    """Type as a complaint, call it a request, and record it; answers with its reference."""
    page = officer.page
    officer.opens("/intake")
    officer.writes("Who is complaining", "Ruth Fictional")
    officer.writes("Phone", "01632 960003")
    officer.writes(WORDS, "Please cut the hedge. I am fed up with it.")
    officer.writes("The matter in a few words", MATTER)
    officer.dates("When any of us first heard it", TODAY())
    officer.chooses("How it came", "phone")
    page.get_by_role("radio", name="A service request").click()
    settled(page)
    expect(officer.field(WORDS)).to_have_value("Please cut the hedge. I am fed up with it.")
    expect(officer.field("Who is asking")).to_have_value("Ruth Fictional")
    officer.reads("Were they offered a complaint?")
    assert serious(page) == []
    officer.writes("Why it is a service request", "They ask for the first time.")
    officer.sends("Record a service request")
    expect(page.locator("h1")).to_have_text(MATTER)
    found = re.search(r"ref=(SR-\d{4}-\d{6})", page.url)
    assert found, page.url
    return found[1]


def test_from_a_request_to_a_complaint_with_both_linked(page: Page, server: Server) -> None:
    """Nothing typed is lost, the offer is prompted, the clock starts on the day it was said [lgsco:1.7]."""
    officer = Officer(page, server)
    reference = takes_in(officer)
    officer.reads("They sound unhappy. Were they offered a complaint?")
    assert serious(page) == []
    officer.takes("Raise a complaint")
    officer.dates("When they first said they were unhappy", TODAY())
    officer.writes(WORDS, "Nobody came. That is not good enough.")
    officer.chooses("How it came", "phone")
    officer.sends("Raise a complaint")
    officer.reads(f"Raised a complaint from service request {reference}")
    page.wait_for_url("**/case?ref=C-*")
    officer.reads("Acknowledge")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("service request, open")).to_be_visible()
    link = page.locator(".st-key-rows-plain-complaints a")
    expect(link).to_contain_text(MATTER)
    keep_image(page, "service-request")
    link.click()
    page.wait_for_url("**/case?ref=C-*")


def test_the_list_is_right_for_everybody(page: Page, server: Server) -> None:
    """The rows, the filters and the review have no serious fault, wide or narrow."""
    officer = Officer(page, server)
    takes_in(officer)
    officer.opens("/service-requests", Role.MANAGER)
    assert serious(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name=MATTER).first.click()
    expect(page.locator("h1")).to_have_text(MATTER)
    page.go_back()
    expect(page.get_by_role("heading", name="Monthly review")).to_be_visible()


def test_a_recorder_passes_it_on_in_a_minute(page: Page, server: Server) -> None:
    """Five answers, one button, and the reference [lgsco:3.2]."""
    officer = Officer(page, server)
    officer.opens("/intake", Role.RECORDER)
    assert serious(page) == []
    officer.writes("Who is complaining", "Sam Fictional")
    officer.writes("Phone", "01632 960004")
    officer.writes(WORDS, "The gate is broken and nobody answers.")
    officer.dates("When any of us first heard it", TODAY())
    officer.chooses("How it came", "in person")
    officer.sends("Pass it on")
    officer.reads("The complaints team takes it from here.")
    expect(officer.field(WORDS)).to_have_value("")
    kept = page.get_by_text("Kept as ").first.inner_text()
    found = re.search(r"C-\d{4}-\d{6}", kept)
    assert found, kept
    officer.opens(f"/case?ref={found[0]}")
    officer.reads("Passed on, and nobody has decided yet what it is.")
    officer.takes("Request or complaint")
    officer.chooses("It is", "a service request")
    officer.ticks("The individual agrees that it is a service request")
    officer.writes("Why", "They want the gate mended.")
    officer.sends("Request or complaint")
    officer.reads("Decided that this is a service request and goes on as SR-")


def test_a_request_is_found_from_the_search_box(page: Page, server: Server) -> None:
    """Typed into the box and opened from its row, by keyboard [lgsco:1.8]."""
    officer = Officer(page, server)
    reference = takes_in(officer)
    page.get_by_role("textbox", name="Find a complaint or request").fill("hedge path")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Service requests")).to_be_visible()
    settled(page)
    assert serious(page) == []
    page.locator(".st-key-rows-requests-found a").filter(has_text=reference).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("service request, open")).to_be_visible()
    assert f"ref={reference}" in page.url
