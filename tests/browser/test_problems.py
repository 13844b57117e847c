"""A refused form by keyboard alone, under the headers as served: the focus is taken to why, and to the field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from core.permissions import Role
from tests.browser.conftest import Server, launched, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious
from tests.browser.test_main_flow import TODAY

IN_SUMMARY = "document.activeElement.closest('[class*=st-key-refused-]') !== null"
FOCUSED = """() => {
    const here = document.activeElement;
    return here.closest("[data-testid=stDateInput]")?.innerText ?? here.getAttribute("aria-label") ?? here.innerText;
}"""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[BrowserContext]:
    """A browser that keeps to the content security policy, as everybody's does; axe would need it to look away."""
    opened = launched(playwright, tmp_path_factory.mktemp("strict"))
    yield opened
    opened.close()


def presses(page: Page, officer: Officer, name: str) -> None:
    """Press the form's button by keyboard."""
    button = officer.form().get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[class*=st-key-refused-] [role=alert]:focus")).to_be_visible()
    settled(page)


def walks_to(page: Page, said: str) -> None:
    """Tab on, from where the focus is, to the line of the summary that says this."""
    for _step in range(12):
        page.keyboard.press("Tab")
        if said in str(page.evaluate(FOCUSED)):
            return
    pytest.fail(f"no line “{said}” is reached from the summary")


def test_missing_fields_are_reached_from_the_summary(strict: BrowserContext, server: Server) -> None:
    """Pressed with nothing filled in: the summary has the focus, and each of its lines leads to its field."""
    page = strict.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "problems.js" in said.text else None)
    officer = Officer(page, server)
    officer.opens("/intake?as=complaint", Role.MANAGER)
    officer.begins_afresh()
    officer.writes("Who is complaining", "Typed Before")
    presses(page, officer, "Record a complaint")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert "Not saved yet" in page.evaluate("document.activeElement.innerText")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    expect(page.get_by_role("alert").get_by_role("heading", name="Not saved yet")).to_be_visible()
    walks_to(page, "“What they said, in their own words” is not filled in yet.")
    page.keyboard.press("Enter")
    assert str(page.evaluate(FOCUSED)).startswith("What they said, in their own words")
    page.keyboard.type("The gate is locked.")
    page.keyboard.press("Tab")
    settled(page)
    # Typing on reruns the form, and the summary stays where it is without taking the focus again.
    assert not page.evaluate(IN_SUMMARY)
    page.locator("[class*=st-key-refused-] [role=alert]").focus()
    walks_to(page, "“When any of us first heard it” is not filled in yet.")
    page.keyboard.press("Enter")
    assert str(page.evaluate(FOCUSED)).startswith("When any of us first heard it")
    page.locator("[class*=st-key-refused-] [role=alert]").focus()
    walks_to(page, "“How it came” is not filled in yet.")
    page.keyboard.press("Enter")
    assert str(page.evaluate(FOCUSED)).startswith("How it came")
    # Refused once more, it takes the focus once more, and what was typed is still there.
    presses(page, officer, "Record a complaint")
    expect(officer.field("Who is complaining")).to_have_value("Typed Before")
    expect(officer.field("What they said, in their own words")).to_have_value("The gate is locked.")
    assert refused == []
    page.close()


def test_a_missing_reason_is_reached_from_the_findings(strict: BrowserContext, server: Server) -> None:
    """A departure takes the focus to what was found, and its line to the box for the reason [lgsco:using.1]."""
    page = strict.new_page()
    officer = Officer(page, server)
    officer.opens("/case?ref=C-2026-000002&step=Acknowledge")
    officer.dates("When the acknowledgement was sent", TODAY())
    officer.writes("What we understand the complaint to be", "The benefit came late.")
    presses(page, officer, "Acknowledge")
    assert "This departs from the Code" in page.evaluate("document.activeElement.innerText")
    walks_to(page, "Write the reason")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "Good reason for departing"
    presses(page, officer, "Go on with this reason")
    assert "Not saved yet" in page.evaluate("document.activeElement.innerText")
    page.close()


def test_a_refused_form_has_no_serious_fault(page: Page, server: Server) -> None:
    """The summary, its heading and its links are right for everybody."""
    officer = Officer(page, server)
    officer.opens("/intake?as=request", Role.MANAGER)
    presses(page, officer, "Record a service request")
    assert serious(page) == []
