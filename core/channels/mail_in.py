"""An e-mail somebody dropped on Intake: what it says, who sent it and when, and what it carries.

The content decides, never the name: an .eml, or Outlook's .msg. The message itself is kept as it came [lgsco:5.8];
what is read here only fills a form that a colleague checks. Nothing is guessed silently: `notes` says in sentences what
could not be read. Nothing is fetched, run or unpacked, and depth, parts and size are bounded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.channels.eml_file import Attached, EmlFile, read_eml
from core.channels.files import clean_name
from core.channels.mail_text import ODD, Head, Party, is_address, moment, one_line, read_head, tidied, words_of_html
from core.channels.msg_file import MsgAttachment, MsgFile, read_msg
from core.errors import BadInput
from core.model.complaints import Channel
from core.words import counted

__all__ = ["Attached", "Party", "ReadMail", "form_values", "matter_of", "read_mail"]

LONDON = ZoneInfo("Europe/London")
MAX_BYTES = 50_000_000
MAX_ATTACHMENTS = 100
MAX_ATTACHED_BYTES = 50_000_000  # all of them together, unpacked from the mail
MAX_TEXT = 200_000  # characters
FORM_WORDS, FORM_MATTER, FORM_NAME, FORM_RECEIVED_BY = 20_000, 200, 200, 120  # characters the form takes
_CLEANED_PARTS = 5  # parts of HTML read with care; no mail program writes more
_COVERING_WORDS = 40  # who passes a message on writes a line or two; more is a message of its own

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTEAD = "Save it as .eml or .msg, or type the words in."
_TAG = r"\[[^\[\]]{0,60}\]"
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|tr|sv|vs|rv|antw|odp|ymlaen)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]|"
    + _TAG
    + r"\s?:?)",
    re.I,
)
_LAST_TAG = re.compile(rf"\s{{0,20}}{_TAG}\Z")
_FORWARD = re.compile(rf"\s*(?:{_TAG}\s*)?(?:fwd?|wg|tr|rv|ymlaen)\s?[:\uff1a]", re.I)
_AWAY = re.compile(r"\s*(?:out of (?:the )?office|automatic reply|auto(?:matic|mated)?[ -]?(?:reply|response))\b", re.I)
_FROM_INSIDE = "It came from inside an organisation and holds no e-mail address of its sender."
_BULK = {"bulk", "list", "junk", "auto_reply"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """A message as it was understood. `sha256` is that of the original, in lower-case hex.

    `sent_at` is in UTC, and None when the message does not say it without doubt. `forwarded` is the message inside when
    this one does little more than pass it on; its words then stand in `text` as well. An automatic message is no
    complaint by itself, and is kept all the same.
    """

    filename: str
    sha256: str
    sender_name: str
    sender_address: str
    subject: str
    sent_at: datetime | None
    text: str
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    attachments: tuple[Attached, ...] = ()
    is_automatic: bool = False
    forwarded: ReadMail | None = None
    notes: tuple[str, ...] = ()


def read_mail(content: bytes, *, filename: str) -> ReadMail:
    """Read an .eml or .msg file.

    Raises BadInput with a sentence that names the next step when it is empty, too large, no e-mail, or damaged past
    reading; nothing else, whatever the bytes are.
    """
    name = clean_name(filename)
    if not content:
        raise BadInput(f"“{name}” is empty. Save the e-mail again as .eml or .msg, or type the words in.")
    if len(content) > MAX_BYTES:
        raise BadInput(
            f"“{name}” has more than {MAX_BYTES // 1_000_000} MB. Save what it carries file by file, and type the "
            "words in."
        )
    try:
        mail = _read(content, name)
    except (*ODD, MemoryError) as error:
        raise BadInput(f"“{name}” could not be read as an e-mail. {_INSTEAD}") from error
    if not (mail.text or mail.attachments or mail.subject or mail.sender_name or mail.sender_address):
        raise BadInput(f"“{name}” holds no words, no sender and no attachment. {_INSTEAD}")
    return mail


def form_values(mail: ReadMail) -> dict[str, Any]:
    """What the form of RecordComplaint is filled with [lgsco:3.2]; a colleague checks it before it is recorded.

    A message that only passes another one on is filled in from that other one, and who passed it on is the one who
    first heard it. `received_on` is the day in London the message was sent; it is left out when that is not known.
    """
    first = mail.forwarded or mail
    values: dict[str, Any] = {
        "individual": first.sender_name[:FORM_NAME].rstrip(),
        "contact_email": first.sender_address if is_address(first.sender_address) else "",
        "words": _cut(mail.text, FORM_WORDS),
        "matter": matter_of(first.subject),
        "channel": Channel.EMAIL,
    }
    if first.sent_at is not None:
        values["received_on"] = first.sent_at.astimezone(LONDON).date()
    if mail.forwarded is not None:
        values["received_by"] = (mail.sender_name or mail.sender_address)[:FORM_RECEIVED_BY].rstrip()
    return values


def matter_of(subject: str) -> str:
    """A subject without “Re:”, “Fw:” and tags in square brackets, at most 200 characters and cut between words."""
    rest = one_line(subject, 1_000)
    while found := _PREFIX.match(rest):
        rest = rest[found.end() :]
    while found := _LAST_TAG.search(rest[-100:]):
        rest = rest[: len(rest) - len(found[0])]
    return _cut(rest.strip(), FORM_MATTER)


def _cut(text: str, limit: int) -> str:
    """A text cut between words, with “…” where it was cut."""
    if len(text) <= limit:
        return text
    start = text[: limit - 1]
    return (start if text[limit - 1].isspace() else re.sub(r"\s\S{0,40}\Z", "", start)).rstrip() + "…"


def _read(content: bytes, name: str, *, inside: bool = False) -> ReadMail:
    """A message, or one inside another, whose own inner messages are left closed."""
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(_OLE):
        return _of_msg(read_msg(content, name=name), name, sha256)
    eml = read_eml(content)
    if eml is None:
        raise BadInput(f"“{name}” is not an e-mail. {_INSTEAD}")
    mail = _of_eml(eml, name, sha256)
    if inside or len(eml.inside) != 1 or not _passes_on(mail):
        return mail
    only = eml.inside[0]
    try:
        return _passed_on(mail, _read(only.content, only.name, inside=True))
    except BadInput:
        return mail


def _of_eml(eml: EmlFile, name: str, sha256: str) -> ReadMail:
    head = eml.head
    sender, notes = _sender(head)
    sent_at, remark = moment(head.raw("date"))
    text, more = _words(eml.words)
    return _finished(
        ReadMail(
            filename=name,
            sha256=sha256,
            sender_name=sender.name,
            sender_address=sender.address,
            subject=head.text("subject"),
            sent_at=sent_at,
            text=text,
            to=head.people("to"),
            cc=head.people("cc"),
            message_id=head.text("message-id", 500),
            in_reply_to=head.text("in-reply-to", 500),
            attachments=eml.attachments,
            notes=(*eml.notes, *notes, remark, *more),
        ),
        _automatic(head),
    )


def _of_msg(msg: MsgFile, name: str, sha256: str) -> ReadMail:
    """An Outlook message; what its properties lack is taken from the headers it came with."""
    head, _, _ = read_head(msg.headers.encode("utf-8", "replace"))
    sender = msg.sender
    if not sender.address and (party := next(iter(head.people("from")), None)):
        sender = Party(name=sender.name or party.name, address=party.address)
    inside = _FROM_INSIDE if msg.from_inside and not sender.address else ""
    sent_at, remark = msg.sent_at, ""
    if sent_at is None:
        sent_at, remark = moment(head.raw("date"))
    kind = "text/plain" if msg.body.strip() else "text/html"
    text, more = _words([(kind, msg.body if msg.body.strip() else msg.html)])
    automatic = _automatic(head)
    if msg.message_class.upper().startswith(("REPORT.", "IPM.NOTE.RULES.OOFTEMPLATE", "IPM.NOTE.RULES.REPLYTEMPLATE")):
        automatic = automatic or "it is a report or an automatic reply"
    mail = _finished(
        ReadMail(
            filename=name,
            sha256=sha256,
            sender_name=sender.name,
            sender_address=sender.address,
            subject=msg.subject or head.text("subject"),
            sent_at=sent_at,
            text=text,
            to=msg.to or head.people("to"),
            cc=msg.cc or head.people("cc"),
            message_id=msg.message_id or head.text("message-id", 500),
            in_reply_to=msg.in_reply_to or head.text("in-reply-to", 500),
            attachments=tuple(_attached(each) for each in msg.attachments),
            notes=(*msg.notes, inside, remark, *more),
        ),
        automatic,
    )
    inner = [each for each in msg.attachments if each.message is not None]
    if len(inner) != 1 or inner[0].message is None or not _passes_on(mail):
        return mail
    digest = hashlib.sha256(inner[0].content).hexdigest()
    return _passed_on(mail, _of_msg(inner[0].message, clean_name(inner[0].name), digest))


def _attached(each: MsgAttachment) -> Attached:
    return Attached(name=clean_name(each.name), content=each.content, media_type=each.media_type.lower())


def _finished(mail: ReadMail, automatic: str) -> ReadMail:
    """The message with its attachments within their limits, and a sentence for what the reader must know."""
    kept: list[Attached] = []
    size = left_out = 0
    for each in mail.attachments:
        if len(kept) < MAX_ATTACHMENTS and size + len(each.content) <= MAX_ATTACHED_BYTES:
            kept.append(each)
            size += len(each.content)
        else:
            left_out += 1
    notes = [*mail.notes]
    if left_out:
        notes.append(
            f"{counted(left_out, 'attachment was', 'attachments were')} left out: at most {MAX_ATTACHMENTS} with "
            f"{MAX_ATTACHED_BYTES // 1_000_000} MB are taken. The e-mail itself keeps all of them."
        )
    if not automatic and _AWAY.match(mail.subject):
        automatic = "its subject says so"
    if automatic:
        notes.append(f"This looks like an automatic message ({automatic}). It is kept, and may be no complaint.")
    if not mail.sender_address and _FROM_INSIDE not in notes:
        notes.append("It does not say which e-mail address it came from.")
    if not mail.text:
        notes.append("It has no words of its own that can be read.")
    said = tuple(dict.fromkeys(note for note in notes if note))
    return replace(mail, attachments=tuple(kept), is_automatic=bool(automatic), notes=said)


def _passes_on(mail: ReadMail) -> bool:
    """Whether a message says nothing itself, or forwards with a line or two."""
    if mail.is_automatic:  # what a report carries is the message it reports on, very often our own
        return False
    return not mail.text or (bool(_FORWARD.match(mail.subject)) and len(mail.text.split()) <= _COVERING_WORDS)


def _passed_on(mail: ReadMail, inner: ReadMail) -> ReadMail:
    """The message with the words and the sender of the one it only passes on."""
    note = "It passes on the message it carries, so the form is filled in from that one. Check who is complaining."
    text = "\n\n".join(filter(None, (mail.text, inner.text)))[:MAX_TEXT]
    notes = (note, *(said for said in mail.notes if not said.startswith("It has no words")), *inner.notes)
    inner = replace(inner, attachments=(), forwarded=None)
    return replace(mail, text=text, forwarded=inner, notes=tuple(dict.fromkeys(notes)))


def _sender(head: Head) -> tuple[Party, list[str]]:
    """Who wrote a message, and what is uncertain about it."""
    people, notes = head.people("from"), []
    if len(people) + len(head.fields.get("from", ())[1:]) > 1:
        notes.append("It names more than one sender; the first is filled in.")
    if not people and (people := head.people("sender")):
        notes.append("It does not say who wrote it; who sent it is filled in.")
    sender = people[0] if people else Party()
    answers = [one.address for one in head.people("reply-to") if one.address]
    if answers and sender.address.lower() not in [address.lower() for address in answers]:
        notes.append(f"It asks for answers to {answers[0]}, which is not the address it came from.")
    return sender, notes


def _automatic(head: Head) -> str:
    """What says that a program sent a message; empty when nothing does."""
    if (how := head.text("auto-submitted", 60).lower()) and not re.match(r"no\b", how):
        return f"Auto-Submitted: {how}"
    if (how := head.text("precedence", 60).lower()) in _BULK:
        return f"Precedence: {how}"
    for name in ("list-id", "x-autoreply", "x-autorespond"):
        if name in head.fields:
            return "it has a List-Id" if name == "list-id" else "its headers say so"
    if head.raw("return-path").replace(" ", "") == "<>" or "multipart/report" in head.raw("content-type").lower():
        return "it is a report about delivery"
    return ""


def _words(found: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """All the words of a message as one text, and what was not read of them."""
    texts, notes, cleaned, cut = [], [], 0, False
    for kind, text in found:
        if kind == "text/html":
            cleaned += 1
            text, remark = words_of_html(text, roughly=cleaned > _CLEANED_PARTS)
            notes.append(remark)
        cut = cut or len(text) > MAX_TEXT
        texts.append(tidied(text[:MAX_TEXT]))
    joined = "\n\n".join(filter(None, texts))
    if cut or len(joined) > MAX_TEXT:
        notes.append("It is very long; only the beginning of its words is shown.")
    return joined[:MAX_TEXT].rstrip(), notes
