"""What the server does by itself: the mailbox and the left-over files, whatever goes wrong with either."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.web import chores
from core.desk import Desk
from core.mail_polling import arrive
from core.permissions import SYSTEM, Role
from core.queries.intake import arrived_mail
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
def at_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[chores.Chores]:
    """A thread of this test's own, whose first look comes at once."""
    monkeypatch.setattr(chores, "FIRST_LOOK", 0.0)
    monkeypatch.setattr(chores, "AT_WORK", chores.Chores())
    yield chores.AT_WORK
    chores.AT_WORK.end()


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


def test_the_server_looks_into_the_mailbox_by_itself(mailbox: ImapServer, live: Live, at_work: chores.Chores) -> None:
    mailbox.put(letter())
    assert health(live)["mailbox"] == "not looked into yet"
    at_work.begin()
    until(lambda: live.desk(Role.HANDLER).ask(arrived_mail).count == 1)
    until(lambda: health(live)["mailbox"] == "ok")
    at_work.end()
    assert at_work.thread is None


def test_a_mailbox_that_is_away_is_told_and_asked_again_later_and_later(
    mailbox: ImapServer, live: Live, capsys: pytest.CaptureFixture[str]
) -> None:
    """Health and log say what to look at, and name no password; the console itself stays well."""
    live.set(imap_host="localhost", imap_port=mailbox.port, imap_user=USER, imap_password=SecretStr("wrong"),
             imap_ca_file=mailbox.ca_file)  # fmt: skip
    box = chores.Mailbox()
    waits = []
    for _ in range(6):
        box.look()
        waits.append(box.wait() / chores.MINUTE)
    assert waits == [10, 20, 40, 60, 60, 60]
    assert box.said.startswith("away: The mailbox refuses the name or the password.")
    said = "".join(capsys.readouterr())
    assert "refuses the name or the password" in said
    assert "wrong" not in said
    assert health(live)["status"] == "ok"
    live.set(imap_host="localhost", imap_port=mailbox.port, imap_user=USER, imap_password=SecretStr(PASSWORD),
             imap_ca_file=mailbox.ca_file)  # fmt: skip
    box.look()
    assert (box.said, box.wait()) == ("ok", 5 * chores.MINUTE)


def test_a_fault_of_ours_ends_no_thread(
    mailbox: ImapServer, live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its detail goes to the log by a reference; no word of a message does."""

    def broken(_office: object) -> None:
        raise RuntimeError("the words of a message")

    monkeypatch.setattr(chores.mail_polling, "poll", broken)
    monkeypatch.setattr(chores.leftovers, "remove_leftovers", broken)
    box = chores.Mailbox()
    box.look()
    monkeypatch.setattr(chores.theme_finding, "find_when_due", broken)
    chores.tidy_up()
    chores.look_for_themes()
    assert box.said.startswith("away: See ")
    assert "the words of a message" not in "".join(capsys.readouterr())
    assert live.office and mailbox.commands == []


def test_left_over_files_are_removed_by_the_server_itself(live: Live, at_work: chores.Chores) -> None:
    put = live.office.settings.files / "ab" / ("c" * 62)
    put.parent.mkdir(parents=True)
    put.write_bytes(b"x")
    live.later(days=live.office.settings.leftover_days * 10)
    at_work.begin()
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
