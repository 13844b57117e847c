"""The complaints mailbox: whatever breaks, each message is kept once, and marked there only after it is kept here."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core import mail_polling
from core.channels.files import FileStore
from core.commands.arriving import DismissMail
from core.commands.recording import RecordComplaint
from core.desk import Desk
from core.errors import BadInput, NotFound, NotPermitted, NotReady
from core.mail_intake import record_from_mail
from core.mail_polling import MailboxAway, Polled, arrive, open_arrived, poll
from core.model.complaints import Channel
from core.queries.intake import arrived_mail, one_arrived
from core.store import ledger
from tests.builders import RECEIVED, Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.imap_server import PASSWORD, USER, ImapServer
from tests.test_mail_intake import message

DONE = "Kept here"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ImapServer]:
    running = ImapServer(tmp_path)
    yield running
    running.close()


@pytest.fixture
def mailbox(server: ImapServer, story: Story, monkeypatch: pytest.MonkeyPatch) -> ImapServer:
    """A mailbox the office is set to look into."""
    use(server, story, monkeypatch)
    return server


def use(server: ImapServer, story: Story, monkeypatch: pytest.MonkeyPatch, **told: Any) -> None:
    """Let the office look into this mailbox, with these settings."""
    settings = {
        "imap_host": "localhost", "imap_port": server.port, "imap_user": USER, "imap_password": SecretStr(PASSWORD),
        "imap_ca_file": server.ca_file, **told,
    }  # fmt: skip
    monkeypatch.setattr(story.office, "settings", story.office.settings.model_copy(update=settings))


def with_id(content: bytes, message_id: str = "<one@sample.example>", *, route: str = "") -> bytes:
    """The same message with an id, and perhaps the trace of one way it came."""
    head = f"Received: by {route}\n" if route else ""
    return f"{head}Message-ID: {message_id}\n".encode() + content


def waiting(desk: Desk) -> list[str]:
    """The subjects of the e-mails that wait."""
    return [mail.subject for mail in desk.ask(arrived_mail).rows]


# ------------------------------------------------------------------------------------------------------------- fetched


def test_a_message_is_kept_byte_for_byte_listed_and_marked_as_read(
    mailbox: ImapServer, story: Story, desks: Desks
) -> None:
    """And the history says so, in the console's own name [lgsco:5.8]."""
    content = message(("letter.txt", b"A letter."))
    number = mailbox.put(content)
    assert poll(story.office) == Polled(kept=1)
    (mail,) = desks.handler.ask(arrived_mail).rows
    assert (mail.subject, mail.sender, mail.problem) == ("The path", "Ola Invented ola@sample.example", "")
    assert FileStore(story.office.settings.files).path(mail.sha256).read_bytes() == content
    assert mail.sha256 == hashlib.sha256(content).hexdigest()
    assert mailbox.flags(number) == {"\\Seen"}
    assert story.tags()[-1] == "mail.arrived"
    assert poll(story.office) == Polled()
    assert story.verified() == len(story.tags())


@pytest.mark.parametrize("moves", [True, False])
def test_with_a_folder_set_what_is_kept_is_moved_there(
    server: ImapServer, story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch, moves: bool
) -> None:
    """Also what somebody has read in another program meanwhile, and on servers that only copy."""
    use(server, story, monkeypatch, imap_done_folder=DONE)
    server.moves = moves
    server.put(message(), "\\Seen")
    assert poll(story.office) == Polled(kept=1)
    assert len(server.folders[DONE]) == 1
    assert [mail.flags for mail in server.folders["INBOX"].values()] == ([] if moves else [{"\\Seen", "\\Deleted"}])
    assert poll(story.office) == Polled()
    assert waiting(desks.handler) == ["The path"]


def test_one_that_nobody_can_read_is_kept_with_the_reason(mailbox: ImapServer, story: Story, desks: Desks) -> None:
    content = b"\x00\x01 no message at all \xff" * 20
    mailbox.put(content)
    assert poll(story.office).kept == 1
    (mail,) = desks.handler.ask(arrived_mail).rows
    assert mail.problem.startswith("“E-mail.eml” ")
    assert mail.problem.endswith("type the words in.")
    assert FileStore(story.office.settings.files).path(mail.sha256).read_bytes() == content
    with pytest.raises(BadInput):
        open_arrived(desks.handler, mail.id)


def test_one_too_large_to_keep_stays_in_the_mailbox_and_says_so(
    server: ImapServer, story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its headers are kept; it is neither marked nor moved, and stands on the list once."""
    use(server, story, monkeypatch, file_megabytes=1)
    number = server.put(message(("film.bin", b"x" * 1_200_000)))
    for _ in range(2):
        assert poll(story.office) == Polled(too_large=1)
    (mail,) = desks.handler.ask(arrived_mail).rows
    assert mail.problem.startswith(
        "It has 1 MB, more than the 1 MB that are kept of one file. It is still in the mailbox"
    )
    assert mail.subject == "The path"
    assert server.flags(number) == set()


# ---------------------------------------------------------------------------------------------------------------- once


def test_the_same_message_by_two_ways_is_kept_once(mailbox: ImapServer, story: Story, desks: Desks) -> None:
    """Sent to two addresses of the council, it comes with two traces and one id."""
    for route in ("mx1.council.example", "mx2.council.example"):
        mailbox.put(with_id(message(), route=route))
    assert poll(story.office) == Polled(kept=1, known=1)
    assert waiting(desks.handler) == ["The path"]


def test_nobody_keeps_a_message_out_by_sending_its_id_ahead(mailbox: ImapServer, story: Story, desks: Desks) -> None:
    mailbox.put(with_id(message(words="An advertisement.")))
    mailbox.put(with_id(message(words="My complaint.")))
    assert poll(story.office) == Polled(kept=2)
    assert len(waiting(desks.handler)) == 2


def test_one_dropped_by_hand_and_recorded_does_not_wait(mailbox: ImapServer, story: Story, desks: Desks) -> None:
    """A complaint has it as evidence already, whichever way it came first [lgsco:5.8]."""
    mailbox.put(message())
    poll(story.office)
    (mail,) = desks.handler.ask(arrived_mail).rows
    taken = open_arrived(desks.handler, mail.id)
    assert taken.values["words"] == "The path was not swept."
    step = RecordComplaint(
        words="The path was not swept.", received_on=RECEIVED, channel=Channel.EMAIL, no_contact_details=True
    )
    record_from_mail(desks.handler, step, name=taken.name, sha256=taken.sha256)
    assert desks.handler.ask(arrived_mail).count == 0


# --------------------------------------------------------------------------------------------------------- interrupted


@pytest.mark.parametrize("at", ["UID FETCH", "in the middle", "UID STORE"])
def test_a_connection_that_drops_loses_nothing_and_doubles_nothing(
    mailbox: ImapServer, story: Story, desks: Desks, at: str
) -> None:
    """Before a message, in the middle of one, and after it is kept but not marked yet."""
    numbers = [mailbox.put(with_id(message(words=f"Words {each}."), f"<{each}@x.example>")) for each in range(3)]
    seen: list[str] = []

    def breaks(command: str) -> bool:
        seen.append(command)
        return command == at and seen.count(at) == 2

    mailbox.breaks_at = breaks
    with pytest.raises(MailboxAway, match="What was fetched before is kept"):
        poll(story.office)
    marked = [number for number in numbers if mailbox.flags(number)]
    kept = desks.handler.ask(arrived_mail).count
    assert len(marked) <= kept
    mailbox.breaks_at = lambda _command: False
    poll(story.office)
    assert desks.handler.ask(arrived_mail).count == 3
    assert all(mailbox.flags(number) == {"\\Seen"} for number in numbers)
    assert story.verified() == len(story.tags())


@pytest.mark.parametrize("stop", ["before the bytes", "before the list", "before the mark"])
def test_a_stop_anywhere_between_fetching_and_marking_is_made_good_by_the_next_look(
    mailbox: ImapServer, story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    """As if the machine had been switched off there [lgsco:5.8]."""
    number = mailbox.put(message())
    places = {
        "before the bytes": (FileStore, "put"),
        "before the list": (Desk, "do"),
        "before the mark": (mail_polling, "_settle"),
    }

    def off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as machine:
        machine.setattr(*places[stop], off)
        with pytest.raises(KeyboardInterrupt):
            poll(story.office)
    assert mailbox.flags(number) == set()
    assert desks.handler.ask(arrived_mail).count == (stop == "before the mark")
    again = poll(story.office)
    assert (again.kept, again.known) == ((0, 1) if stop == "before the mark" else (1, 0))
    assert desks.handler.ask(arrived_mail).count == 1
    assert mailbox.flags(number) == {"\\Seen"}


def test_two_that_look_at_once_keep_each_message_once(mailbox: ImapServer, story: Story, desks: Desks) -> None:
    for each in range(4):
        mailbox.put(with_id(message(words=f"Words {each}."), f"<{each}@x.example>"))
    done: list[Polled] = []
    looks = [threading.Thread(target=lambda: done.append(poll(story.office))) for _ in range(2)]
    for look in looks:
        look.start()
    for look in looks:
        look.join()
    assert sum(each.kept for each in done) == 4
    assert desks.handler.ask(arrived_mail).count == 4


# ---------------------------------------------------------------------------------------------------------------- away


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"imap_password": SecretStr("wrong")}, "refuses the name or the password"),
        ({"imap_user": "nobody"}, "refuses the name or the password"),
        ({"imap_folder": "None such"}, "has no such folder"),
        ({"imap_ca_file": None}, "does not prove who it is"),
        ({"imap_host": "127.0.0.1"}, "does not prove who it is"),
        ({"imap_port": 1}, "does not answer"),
        ({"imap_host": "no-such-host.invalid"}, "does not answer"),
    ],
)
def test_a_mailbox_that_cannot_be_opened_says_what_to_look_at(
    server: ImapServer, story: Story, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], said: str
) -> None:
    use(server, story, monkeypatch, **told)
    number = server.put(message())
    with pytest.raises(MailboxAway, match=said) as away:
        poll(story.office)
    assert PASSWORD not in str(away.value)
    assert server.flags(number) == set()


def test_a_folder_to_move_to_that_is_not_there_is_said_and_loses_nothing(
    server: ImapServer, story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(server, story, monkeypatch, imap_done_folder="None such")
    server.put(message())
    for _ in range(2):
        with pytest.raises(MailboxAway, match="could not be moved. It is kept here all the same"):
            poll(story.office)
    assert desks.handler.ask(arrived_mail).count == 1


@pytest.mark.parametrize("command", ["UID SEARCH", "UID FETCH", "UID STORE"])
def test_a_server_that_says_no_is_asked_again_at_the_next_look(
    mailbox: ImapServer, story: Story, desks: Desks, command: str
) -> None:
    mailbox.put(message())
    mailbox.refuses = {command}
    with pytest.raises(MailboxAway):
        poll(story.office)
    mailbox.refuses = set()
    poll(story.office)
    assert desks.handler.ask(arrived_mail).count == 1


def test_without_a_mailbox_it_says_what_to_set(story: Story) -> None:
    with pytest.raises(NotReady, match="Set COMPLAINTS_IMAP_HOST"):
        poll(story.office)


# ------------------------------------------------------------------------------------------------------------ put aside


def test_one_that_is_no_complaint_leaves_the_list_with_the_reason(story: Story, desks: Desks) -> None:
    """Who said so and why stays; the same message, sent again, does not come back [lgsco:1.6]."""
    arrive(desks.system, message())
    (mail,) = desks.handler.ask(arrived_mail).rows
    done = desks.handler.do(DismissMail(mail_id=mail.id, why="An advertisement."))
    assert done.sentences == (
        "No complaint: the e-mail “The path” from Ola Invented ola@sample.example. An advertisement.",
    )
    assert desks.handler.ask(arrived_mail).count == 0
    assert not arrive(desks.system, message())
    assert desks.handler.ask(arrived_mail).count == 0
    with refused(story, BadInput, match="taken this e-mail off the list already"):
        desks.handler.do(DismissMail(mail_id=mail.id, why="Again."))
    with refused(story, NotFound, match="There is no such e-mail"):
        desks.handler.do(DismissMail(mail_id=mail.id + 1, why="Another."))


def test_the_mailbox_is_for_those_who_handle_complaints(story: Story, desks: Desks) -> None:
    """A recorder passes on what they heard themselves, and reads nobody's post."""
    arrive(desks.system, message())
    for desk in (desks.recorder, desks.senior_lead, desks.administrator, desks.member):
        with pytest.raises(NotPermitted):
            desk.ask(arrived_mail)
        with pytest.raises(NotPermitted):
            desk.ask(one_arrived, 1)
    with story.office.database.reading() as connection:
        assert ledger.verify(connection, key=story.office.key)


@pytest.mark.parametrize("number", [0, -1, 99, 2**40])
def test_a_number_that_is_no_e_mail_is_not_found(desks: Desks, number: int) -> None:
    with pytest.raises(NotFound, match="There is no such e-mail"):
        desks.handler.ask(one_arrived, number)
