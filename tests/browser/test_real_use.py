"""The screens behind the gate, in a real browser: addresses, one-time links, and a session that is ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.permissions import Role
from tests.browser.conftest import settled
from tests.browser.test_accessibility import serious
from tests.web.live import furnish, name_of, password_of
from tests.web.serving import Server


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The console at real work."""
    folder = tmp_path_factory.mktemp("real")
    furnish(folder, now=datetime.now(UTC))
    running = Server(folder)
    yield running
    running.stop()


def enters(page: Page, server: Server, role: Role, path: str) -> None:
    """Sign in on the way to an address."""
    page.context.clear_cookies()
    page.goto(f"{server.address}{path}")
    page.get_by_label("Sign-in name").fill(name_of(role))
    page.get_by_label("Password").fill(password_of(role))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("[data-testid=stApp] h1")
    settled(page)


def test_a_link_within_a_page_stands_in_the_address(page: Page, real: Server) -> None:
    """A colleague's page is a place: reloading it, a step on it and going back all keep it."""
    enters(page, real, Role.ADMINISTRATOR, "/accounts")
    assert serious(page) == []
    page.get_by_role("link", name="Dee Handler").click()
    name = page.get_by_role("heading", name="Dee Handler")
    expect(name).to_be_visible()
    page.wait_for_url("**/accounts?who_is=1")
    page.reload()
    expect(name).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Make a one-time link").click()
    expect(page.locator("code")).to_contain_text("/welcome/")
    assert serious(page) == []
    page.get_by_role("button", name="Move a colleague").click()
    page.wait_for_url("**/accounts?who_is=1&step=MoveColleague")
    expect(page.locator("code")).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/accounts?who_is=1")
    page.go_back()
    page.wait_for_url("**/accounts")
    expect(page.get_by_role("link", name="Max Manager")).to_be_visible()


def test_an_ended_session_leads_to_signing_in_and_the_draft_is_kept(
    page: Page, real: Server, context: BrowserContext
) -> None:
    """What was typed before the administrator ended the session is there again afterwards."""
    case = "/case?ref=C-2026-000001&step=AddNote"
    enters(page, real, Role.HANDLER, case)
    note = page.locator(".st-key-form").get_by_role("textbox", name="Note").first
    note.fill("They rang again.")
    note.press("Tab")
    settled(page)
    kept = context.cookies()
    other = context.new_page()
    enters(other, real, Role.ADMINISTRATOR, "/accounts?who_is=1")
    other.get_by_role("button", name="End all sessions").click()
    other.locator(".st-key-form").get_by_role("button", name="End all sessions").click()
    expect(other.get_by_text("of Dee Handler ended")).to_be_visible()
    other.close()
    context.clear_cookies()
    context.add_cookies(kept)  # type: ignore[arg-type]
    page.wait_for_url("**/sign-in**")  # without a click: the gate clears a tab that nobody touches
    enters(page, real, Role.HANDLER, case)
    expect(note).to_have_value("They rang again.")


def test_my_account_in_real_use(page: Page, real: Server) -> None:
    """Where one is signed in, and the two plain addresses."""
    enters(page, real, Role.HANDLER, "/my-account")
    assert serious(page) == []
    expect(page.get_by_text("This one:")).to_be_visible()
    expect(page.get_by_role("link", name="Change your password")).to_have_attribute("href", "/account/password")
