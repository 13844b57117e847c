"""A letter by e-mail in a real browser: sent by keyboard, on its way, refused by the server, mended, on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.commands.letters import LetterKind
from core.outbox import Sent, send_due
from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious
from tests.mail import SENDER, Postbox, a_mail_server, sends_by_smtp
from tests.pages.council import Council, busy_council
from tests.pages.test_letters import ACKNOWLEDGED
from tests.pages.test_sending import ready


@dataclass(frozen=True)
class Sending:
    """A console that is set up to send through a mail server of the test's own, with one letter that is ready."""

    server: Server
    council: Council
    postbox: Postbox
    letter_id: int


@pytest.fixture
def sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    """The console as it is served, and beside it the mail server it is told of."""
    council = busy_council(tmp_path, now=datetime.now(UTC))
    number = ready(council, ACKNOWLEDGED, LetterKind.UPDATE)
    with a_mail_server() as postbox:
        sends_by_smtp(council.office, postbox.port)
        told = {"HOST": "127.0.0.1", "PORT": str(postbox.port), "SECURITY": "none", "SENDER": SENDER}
        for name, value in told.items():
            monkeypatch.setenv(f"COMPLAINTS_SMTP_{name}", value)
        running = Server(tmp_path)
        yield Sending(server=running, council=council, postbox=postbox, letter_id=number)
        running.stop()
    council.office.close()


def sent_now(sending: Sending) -> Sent:
    """What a tick at this moment comes to; the console in its own process has the machine's clock."""
    sending.council.now = datetime.now(UTC)
    return send_due(sending.council.office)


def press(page: Page, name: str) -> None:
    """Reach a button and press it, both by keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    settled(page)


def test_a_letter_goes_by_e_mail_and_what_stands_in_its_way_is_told_in_words(page: Page, sending: Sending) -> None:
    officer = Officer(page, sending.server)
    officer.opens(f"/letter?ref={ACKNOWLEDGED}&letter={sending.letter_id}")
    press(page, "Send it by e-mail …")
    officer.reads(", the address of Robin Example on the case.")
    assert serious(page) == []
    press(page, "Send by e-mail")
    officer.reads("Queued a letter (Update) to go by e-mail to")
    officer.reads("waits to go by e-mail")
    assert serious(page) == []
    sending.postbox.says[""] = "554 no such mailbox"
    assert sent_now(sending) == Sent(failed=1)
    officer.opens(f"/case?ref={ACKNOWLEDGED}")
    officer.reads("A letter did not go by e-mail: Update.")
    assert serious(page) == []
    officer.opens("/escalations", Role.MANAGER)
    officer.reads("Letters by e-mail that are stuck: 1")
    assert serious(page) == []
    sending.postbox.says.clear()
    officer.opens(f"/case?ref={ACKNOWLEDGED}")
    page.get_by_role("link", name="Open the letter: Update").click()
    expect(page.locator("h1")).to_have_text("Update")
    settled(page)
    press(page, "Try again now")
    officer.reads("waits to go by e-mail")
    assert sent_now(sending) == Sent(sent=1)
    assert len(sending.postbox.taken) == 1
    officer.opens(f"/case?ref={ACKNOWLEDGED}")
    officer.reads("Letters: 1 sent, 0 drafts")
