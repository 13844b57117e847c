"""What the server does by itself: the mailbox and the left-over files, whatever goes wrong with either."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.web import chores, logs
from core import leftovers, mail_polling, theme_finding
from core.desk import Desk
from core.mail_polling import arrive
from core.permissions import SYSTEM, Role
from core.queries.intake import arrived_mail
from core.ticking import CHORES, LEFTOVERS, MAILBOX, MINUTE, THEMES, Chore, Ticker, Turn
from tests.imap_server import PASSWORD, USER, ImapServer
from tests.pages.test_arrived import letter
from tests.web.live import Live, Visitor


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ImapServer]:
    running = ImapServer(tmp_path)
    yield running
    running.close()


@pytest.fixture
def mailbox(live: Live, server: ImapServer) -> ImapServer:
    """A mailbox the console is set to look into."""
    live.set(
        imap_host="localhost", imap_port=server.port, imap_user=USER, imap_password=SecretStr(PASSWORD),
        imap_ca_file=server.ca_file,
    )  # fmt: skip
    return server


@pytest.fixture
def begun(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Starts the server's thread, whose first turns come at once."""
    monkeypatch.setattr(chores, "Ticker", partial(Ticker, first=0.0))
    yield lambda: chores.begin(live.office)
    chores.end()


@pytest.fixture
def turning(live: Live) -> Iterator[Callable[[Chore], Turn]]:
    """Takes one turn of a chore after another, as the server's thread would."""
    running: list[Ticker] = []

    def turn(chore: Chore) -> Turn:
        if not running or running[0].office is not live.office:
            running[:] = [Ticker(office=live.office, chores=CHORES, on_fault=logs.fault, told=chores._log)]
            chores._at_work[:] = running
        return running[0].turn(chore)

    yield turn
    chores._at_work.clear()


def health(live: Live) -> dict[str, Any]:
    """What a load balancer reads."""
    assert live.office
    found: dict[str, Any] = Visitor().client.get("/healthz").json()
    return found


def until(done: Any) -> None:
    """Wait until something is so."""
    by = time.monotonic() + 20
    while not done():
        assert time.monotonic() < by, "it did not come to be"
        time.sleep(0.02)


def test_the_server_looks_into_the_mailbox_by_itself(
    mailbox: ImapServer, live: Live, begun: Callable[[], None]
) -> None:
    mailbox.put(letter())
    assert health(live)["mailbox"] == "not looked into yet"
    begun()
    until(lambda: live.desk(Role.HANDLER).ask(arrived_mail).count == 1)
    until(lambda: health(live)["mailbox"] == "ok")


def test_a_mailbox_that_is_away_is_told_and_asked_again_later_and_later(
    mailbox: ImapServer, live: Live, turning: Callable[[Chore], Turn], capsys: pytest.CaptureFixture[str]
) -> None:
    """Health and log say what to look at, and name no password; the console itself stays well."""
    live.set(imap_host="localhost", imap_port=mailbox.port, imap_user=USER, imap_password=SecretStr("wrong"),
             imap_ca_file=mailbox.ca_file)  # fmt: skip
    turns = [turning(MAILBOX) for _ in range(6)]
    assert [MAILBOX.pause(live.office.settings, each.failures) / MINUTE for each in turns] == [10, 20, 40, 60, 60, 60]
    assert health(live)["mailbox"].startswith("away: The mailbox refuses the name or the password.")
    said = "".join(capsys.readouterr())
    assert "refuses the name or the password" in said
    assert "wrong" not in said
    assert health(live)["status"] == "ok"
    live.set(imap_host="localhost", imap_port=mailbox.port, imap_user=USER, imap_password=SecretStr(PASSWORD),
             imap_ca_file=mailbox.ca_file)  # fmt: skip
    live.later(hours=2)
    assert MAILBOX.pause(live.office.settings, turning(MAILBOX).failures) == 5 * MINUTE
    assert health(live)["mailbox"] == "ok"


def test_health_says_when_another_process_looks_into_the_mailbox(
    mailbox: ImapServer, live: Live, turning: Callable[[Chore], Turn]
) -> None:
    turning(MAILBOX)
    other = Ticker(office=live.office, on_fault=logs.fault)
    assert other.turn(MAILBOX).elsewhere
    chores._at_work[:] = [other]
    assert health(live)["mailbox"] == "looked into by another process"


def test_a_fault_of_ours_is_told_by_a_reference_alone(
    mailbox: ImapServer,
    live: Live,
    turning: Callable[[Chore], Turn],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its detail goes to the log by a reference; no word of a message does."""

    def broken(_office: object) -> None:
        raise RuntimeError("the words of a message")

    monkeypatch.setattr(mail_polling, "poll", broken)
    monkeypatch.setattr(leftovers, "remove_leftovers", broken)
    monkeypatch.setattr(theme_finding, "find_when_due", broken)
    assert turning(MAILBOX).fault and turning(LEFTOVERS).fault and turning(THEMES).fault
    assert health(live)["mailbox"].startswith("away: See ")
    assert "the words of a message" not in "".join(capsys.readouterr())
    assert mailbox.commands == []


def test_left_over_files_are_removed_by_the_server_itself(live: Live, begun: Callable[[], None]) -> None:
    put = live.office.settings.files / "ab" / ("c" * 62)
    put.parent.mkdir(parents=True)
    put.write_bytes(b"x")
    live.later(days=live.office.settings.leftover_days * 10)
    begun()
    until(lambda: not put.exists())


def test_without_a_mailbox_health_says_nothing_of_one(live: Live) -> None:
    assert "mailbox" not in health(live)


# ------------------------------------------------------------------------------------------------------- the original


def test_the_original_of_an_e_mail_is_for_whoever_handles_complaints(live: Live) -> None:
    """To be saved, never shown within the console; the ledger says that it went out."""
    arrive(Desk(live.office, SYSTEM), letter())
    visitor = Visitor()
    assert visitor.client.get("/arrived/1", headers={"accept": "*/*"}).status_code == 401
    visitor.signs_in(Role.HANDLER)
    answer = visitor.opens("/arrived/1")
    assert (answer.status_code, answer.content) == (200, letter())
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert json.loads(live.ledger("records.exported")[-1])["what"] == "an e-mail that arrived"
    assert visitor.opens("/arrived/99").status_code == 404
    recorder = Visitor()
    recorder.signs_in(Role.RECORDER)
    assert recorder.opens("/arrived/1").status_code == 403
