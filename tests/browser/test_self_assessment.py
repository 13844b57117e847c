"""Two officers answer the same clause of the self-assessment at once, each in a browser of their own."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

CLAUSE = "/self-assessment?item=lgsco%3A6.13"


def test_A_1_two_officers_at_once_read_each_other_and_lose_nothing(
    page: Page, context: BrowserContext, server: Server
) -> None:
    """The second is told what the first wrote, keeps every word, and follows it with an answer of their own."""
    first = Officer(page, server)
    first.opens("/self-assessment?step=OpenAssessment", Role.MANAGER)
    first.chooses("Who answers for it", "Max Manager")
    first.sends("Open a self-assessment")
    first.reads("0 of 10 rows")
    first.opens(CLAUSE, Role.MANAGER)
    other = context.new_page()
    try:
        second = Officer(other, server)
        second.opens(CLAUSE, Role.QUALITY)
        second.chooses("Do we follow it?", "yes")
        second.writes("Explanation and commentary", "Nobody was asked for a reason.")
        first.chooses("Do we follow it?", "yes")
        first.writes("Explanation and commentary", "The form has no such field.")
        first.sends("Save this answer")
        first.reads("The form has no such field.")
        second.sends("Save this answer")
        second.reads("Max Manager answered this meanwhile with “yes”: “The form has no such field.”")
        expect(second.field("Explanation and commentary")).to_have_value("Nobody was asked for a reason.")
        assert serious(other) == []
        second.sends("Save this answer")
        second.reads("Earlier answers: 1")
        settled(other)
        assert serious(other) == []
    finally:
        other.close()
