"""Looking into the complaints mailbox: each message is kept as it came, and only then marked or moved there.

IMAP over TLS alone. A message is known again by what it says, so that one that is fetched twice, or came by two ways,
is kept once; a message that cannot be read is kept with the reason. Nothing is ever deleted that was not moved first.
"""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from core.channels.file_stores import file_store
from core.channels.files import clean_name
from core.channels.mail_in import ReadMail, read_mail
from core.commands.arriving import SHOWN, KeepArrivedMail
from core.desk import Desk, Office
from core.errors import BadInput, ComplaintsError, NotReady
from core.evidence import MEGABYTE
from core.mail_intake import TakenMail, take_mail
from core.permissions import SYSTEM
from core.queries.intake import one_arrived
from core.settings import Settings

PATIENCE = 30.0  # seconds for each answer of the mail server
_MAILS = UUID("5c0f2f36-1b1d-4f5e-9d0a-7a4f4a3c9d27")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_LONGEST = 80


class MailboxAway(ComplaintsError):
    """The mailbox cannot be looked into now; what was kept before stays, and nothing is lost."""


@dataclass(slots=True)
class Polled:
    """One look into the mailbox: messages newly kept, known already, and left there because they are too large."""

    kept: int = 0
    known: int = 0
    too_large: int = 0


def poll(office: Office) -> Polled:
    """Fetch what is new in the mailbox and keep it for the complaints team [lgsco:3.2].

    Raises NotReady when no mailbox is set, MailboxAway when it cannot be opened or breaks off.
    """
    settings = office.settings
    if not (settings.imap_host and settings.imap_user and settings.imap_password):
        raise NotReady(
            "No mailbox is set. Set COMPLAINTS_IMAP_HOST, COMPLAINTS_IMAP_USER and COMPLAINTS_IMAP_PASSWORD."
        )
    done = Polled()
    try:
        with _opened(settings) as box:
            for number in _new(box, settings):
                _take(Desk(office, SYSTEM), box, number, done)
    except (imaplib.IMAP4.error, OSError) as fault:
        raise MailboxAway(
            "The mail server broke off. What was fetched before is kept; the rest is fetched at the next look."
        ) from fault
    return done


def arrive(desk: Desk, content: bytes, *, problem: str = "") -> bool:
    """Keep one message as it came, and put it on the list; whether it was not there before [lgsco:5.8].

    `problem` says why it is not whole. A message that cannot be read is kept with the reason.
    """
    mail: ReadMail | None = None
    try:
        mail = read_mail(content, filename="E-mail.eml")
    except BadInput as refusal:
        problem = problem or str(refusal)
    sha256 = hashlib.sha256(content).hexdigest()
    file_store(desk.office.settings).put(content, sha256)
    identity = _identity(mail, sha256)
    sender = " ".join(filter(None, (mail.sender_name, mail.sender_address))) if mail else ""
    subject = mail.subject if mail else ""
    told = {
        "command_id": str(uuid5(_MAILS, identity)),
        "identity": identity,
        "sha256": sha256,
        "name": clean_name(f"{subject[:_LONGEST].strip() or 'E-mail'}.eml"),
        "sender": sender[:SHOWN],
        "subject": subject[:SHOWN],
        "problem": problem,
    }
    return not desk.do(desk.form(KeepArrivedMail, told)).again


def open_arrived(desk: Desk, mail_id: int) -> TakenMail:
    """An e-mail from the list, read for the form; raises BadInput or NotFound when it cannot be [lgsco:3.2]."""
    mail = desk.ask(one_arrived, mail_id)
    with file_store(desk.office.settings).open(mail.sha256) as stream:
        content = stream.read()
    return take_mail(desk, content, file_name=mail.name)


def _identity(mail: ReadMail | None, sha256: str) -> str:
    """What makes a message the same: its own id with all it says, or its very bytes.

    The id alone would let anybody keep a message out by sending its id ahead.
    """
    if mail is None or not mail.message_id:
        return sha256
    said = [mail.message_id, mail.sender_address, mail.subject, str(mail.sent_at), mail.text]
    said += [hashlib.sha256(each.content).hexdigest() for each in mail.attachments]
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()


@contextlib.contextmanager
def _opened(settings: Settings) -> Iterator[imaplib.IMAP4_SSL]:
    """The mailbox, with its folder chosen; MailboxAway says what is wrong in a sentence of ours."""
    trusted = ssl.create_default_context()
    if settings.imap_ca_file is not None:
        trusted.load_verify_locations(settings.imap_ca_file)
    try:
        box = imaplib.IMAP4_SSL(settings.imap_host, settings.imap_port, ssl_context=trusted, timeout=PATIENCE)
    except ssl.SSLError as fault:
        raise MailboxAway("The mail server does not prove who it is. Check COMPLAINTS_IMAP_CA_FILE.") from fault
    except OSError as fault:
        raise MailboxAway("The mail server does not answer. Check COMPLAINTS_IMAP_HOST and the network.") from fault
    try:
        _enter(box, settings)
        yield box
    finally:
        try:
            box.logout()
        except (imaplib.IMAP4.error, OSError):  # the line is gone already
            with contextlib.suppress(OSError):
                box.shutdown()


def _enter(box: imaplib.IMAP4_SSL, settings: Settings) -> None:
    password = settings.imap_password.get_secret_value() if settings.imap_password else ""
    try:
        box.login(settings.imap_user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as refusal:
        raise MailboxAway(
            "The mailbox refuses the name or the password. Check COMPLAINTS_IMAP_USER and COMPLAINTS_IMAP_PASSWORD."
        ) from refusal
    if box.select(_quoted(settings.imap_folder))[0] != "OK":
        raise MailboxAway("The mailbox has no such folder. Check COMPLAINTS_IMAP_FOLDER.")


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _new(box: imaplib.IMAP4_SSL, settings: Settings) -> list[str]:
    """The messages to fetch: all that have not been moved, or all that nobody has read."""
    wanted = ("UNDELETED",) if settings.imap_done_folder else ("UNSEEN", "UNDELETED")
    found = _answer(box.uid("SEARCH", *wanted))
    return found[0].decode("ascii").split() if found and found[0] else []


def _take(desk: Desk, box: imaplib.IMAP4_SSL, number: str, done: Polled) -> None:
    """Keep one message, then mark or move it: never the other way round."""
    size = next((int(found[1]) for part in _fetched(box, number, "RFC822.SIZE") if (found := _SIZE.search(part))), 0)
    most = desk.office.settings.file_megabytes
    large = size > most * MEGABYTE
    what = "BODY.PEEK[HEADER]" if large else "BODY.PEEK[]"
    content = next(iter(_literals(box, number, what)), None)
    if content is None:
        return  # somebody has moved it meanwhile
    if large:
        done.too_large += 1
        arrive(
            desk,
            content,
            problem=f"It has {size // MEGABYTE} MB, more than the {most} MB that are kept of one file. It is still in "
            "the mailbox: open it there, type the words in, and add what it carries to the case.",
        )
        return
    if arrive(desk, content):
        done.kept += 1
    else:
        done.known += 1
    _settle(box, number, desk.office.settings)


def _settle(box: imaplib.IMAP4_SSL, number: str, settings: Settings) -> None:
    """Let the mailbox know that a message is kept: moved where one is set, else marked as read."""
    if not settings.imap_done_folder:
        _answer(box.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
        return
    moves = b"MOVE" in b" ".join(_answer(box.capability())).upper().split()
    # A server without MOVE keeps the old place marked as deleted, and clears it as its owner has set.
    kind, _ = box.uid("MOVE" if moves else "COPY", number, _quoted(settings.imap_done_folder))
    if kind != "OK":
        raise MailboxAway(
            "A message could not be moved. It is kept here all the same. Check COMPLAINTS_IMAP_DONE_FOLDER."
        )
    if not moves:
        _answer(box.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))


def _answer(told: tuple[str, list[Any]]) -> list[Any]:
    """What the server answered; an error when it said no."""
    kind, data = told
    if kind != "OK":
        raise imaplib.IMAP4.error("the mail server said no")
    return data


def _fetched(box: imaplib.IMAP4_SSL, number: str, what: str) -> list[bytes]:
    return [part for part in _answer(box.uid("FETCH", number, f"({what})")) if isinstance(part, bytes)]


def _literals(box: imaplib.IMAP4_SSL, number: str, what: str) -> list[bytes]:
    return [part[1] for part in _answer(box.uid("FETCH", number, f"({what})")) if isinstance(part, tuple)]
