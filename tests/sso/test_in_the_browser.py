"""Coming in and going out in a real Chromium: by a password and by single sign-on, with the real policy in force."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from core import entrance
from core.commands.access import LinkSignOn
from core.commands.accounts import EndSessions
from core.desk import Desk
from core.permissions import SYSTEM, Role
from tests.browser.conftest import FLAGS, WAIT
from tests.pages.council import WHO
from tests.sso.conftest import CONSOLE_PORT, SECRET, Provider
from tests.web.live import furnish, name_of, password_of
from tests.web.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def console(running: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The console in a process of its own, with the provider in its settings."""
    folder = tmp_path_factory.mktemp("console")
    furnish(folder, now=datetime.now(UTC), more=0)
    told = {f"COMPLAINTS_{name.upper()}": value for name, value in running.settings().items()}
    served = Server(folder, port=CONSOLE_PORT, **told)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, once."""
    program = os.environ.get("BROWSER_BIN")
    if not program:
        pytest.skip("BROWSER_BIN is not set; run the tests with `python3 go.py test`")
    opened = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here; the pages' own policy holds in it."""
    fresh = browser.new_context()
    fresh.set_default_timeout(WAIT)
    yield fresh
    fresh.close()


def signs_on(page: Page, person: str) -> None:
    """Fill in the provider's own form."""
    page.locator("input[name=login]").fill(person)
    page.locator("input[name=password]").fill("any, it asks nobody")
    page.get_by_role("button", name=re.compile("sign.?in", re.IGNORECASE)).click()


def reads(page: Page, name: str) -> None:
    """See on the console's page who sits there."""
    expect(page.get_by_text(name).first).to_be_visible(timeout=WAIT)


def test_in_by_single_sign_on_with_the_deep_link_kept_and_out_again(
    console: Server, running: Provider, context: BrowserContext
) -> None:
    """Straight to a page: to the provider, back to that very page, through a reload, and out in every tab."""
    running.tells(person="", lie="")
    who = {"issuer": running.address, "subject": "asha"}
    Desk(console.office, SYSTEM).do(LinkSignOn(colleague_id=WHO[Role.REVIEWER], **who))
    page = context.new_page()
    page.goto(f"{console.address}/the-code?clause=6.3")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Use the council's account").click()
    signs_on(page, "asha")
    reads(page, "Ann Reviewer")
    assert page.url == f"{console.address}/the-code?clause=6.3"
    page.reload()
    reads(page, "Ann Reviewer")
    assert "complaints" not in page.evaluate("document.cookie")
    untouched = context.new_page()
    untouched.goto(console.address)
    reads(untouched, "Ann Reviewer")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    for tab in (page, untouched):
        expect(tab.get_by_text("You have been signed out.")).to_be_visible()
        assert tab.url == f"{console.address}/sign-in?ended=1"
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("Sign (in|out)"))).to_be_visible()


def test_a_one_time_link_leads_through_single_sign_on(
    console: Server, running: Provider, context: BrowserContext
) -> None:
    """The welcome page offers it, and the account is that person's from then on."""
    running.tells(person="", lie="")
    page = context.new_page()
    page.goto(entrance.make_link(Desk(console.office, SYSTEM), WHO[Role.MANAGER]))
    page.get_by_role("link", name=re.compile("^use ")).click()
    signs_on(page, "mo")
    reads(page, "Max Manager")


def test_in_by_a_password_and_cleared_when_the_session_is_ended(console: Server, context: BrowserContext) -> None:
    """Nothing on the way breaks the policy, and a tab that nobody touches does not go on showing a case."""
    broken: list[str] = []
    page = context.new_page()
    page.on("console", lambda told: broken.append(told.text) if "Content Security Policy" in told.text else None)
    page.goto(f"{console.address}/my-cases")
    page.get_by_label("Sign-in name").fill(name_of(Role.HANDLER))
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    assert page.get_by_label("Sign-in name").input_value() == name_of(Role.HANDLER)
    assert page.get_by_label("Password").input_value() == ""
    assert broken == []
    page.get_by_label("Password").fill(password_of(Role.HANDLER))
    page.get_by_role("button", name="Sign in").click()
    reads(page, "Dee Handler")
    assert page.url.startswith(f"{console.address}/my-cases")
    Desk(console.office, SYSTEM).do(EndSessions(colleague_id=WHO[Role.HANDLER]))
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    assert SECRET not in page.content()
    # The one inline script of Streamlit's own index page is refused, which harms nothing.
    assert len([text for text in broken if "inline script" in text]) == len(broken)
