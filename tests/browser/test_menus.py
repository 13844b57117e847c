"""A menu of steps: opened, walked and picked from by keyboard alone, and clean for who cannot see it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious


def test_a_step_is_picked_from_a_menu_by_keyboard(page: Page, server: Server) -> None:
    officer = Officer(page, server)
    officer.opens("/case?ref=C-2026-000011", Role.HANDLER)
    menu = page.get_by_role("button", name="Steps about people")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Add a representative")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Agree an adjustment")).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_role("heading", name="Agree an adjustment")).to_be_visible()
