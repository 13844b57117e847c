"""Outlook's .msg: the properties of a message, read straight from the streams of its container.

Each property is a stream or a place in a table, named by a number [MS-OXMSG, MS-OXPROPS]; those without a name here
are left alone. Nothing of the container is trusted: sizes are held against the file before anything is read, and what
is damaged is left out with a sentence saying so.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

import olefile

from core.channels.files import clean_name
from core.channels.mail_text import ODD, Party, decoded, is_address, one_line, tidied
from core.errors import BadInput

ATTACHMENTS_LIMIT = 100
RECIPIENTS_LIMIT = 200
DEPTH_LIMIT = 4  # messages inside messages
READ_LIMIT = 4  # times the size of the file: all streams together, so that no sector is read over and over

_BROKEN = (*ODD, OSError, struct.error, EOFError, MemoryError)
_SUBJECT, _CLASS, _BODY, _HTML, _RTF, _HEADERS = "0037", "001A", "1000", "1013", "1009", "007D"
_MESSAGE_ID, _IN_REPLY_TO = "1035", "1042"
_SUBMITTED, _DELIVERED = 0x0039, 0x0E06
_MESSAGE_PAGE, _LOCALE, _INTERNET_PAGE = 0x3FFD, 0x3FF1, 0x3FDE
_ROLE, _METHOD = 0x0C15, 0x3705
# Name, SMTP address, kind of address, address: of whom it was sent for, and of who sent it.
_SENDERS = (("0042", "5D02", "0064", "0065"), ("0C1A", "5D01", "0C1E", "0C1F"))
_EMBEDDED = "__substg1.0_3701000D"
_NOT_MAIL = {
    "IPM.CONTACT": "a contact", "IPM.DISTLIST": "a list of contacts", "IPM.TASK": "a task",
    "IPM.STICKYNOTE": "a note", "IPM.APPOINTMENT": "an appointment", "IPM.ACTIVITY": "a journal entry",
}  # fmt: skip
# The Windows code page of a language, by its number; a locale is the language and a country.
_PAGE_OF_LANGUAGE = {
    0x01: 1256, 0x02: 1251, 0x04: 936, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949,
    0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1E: 874, 0x1F: 1254, 0x22: 1251, 0x29: 1256,
    0x2A: 1258,
}  # fmt: skip
_PAGE_OF_LOCALE = {0x0404: 950, 0x0C04: 950, 0x1404: 950}
_CHARSET_OF_PAGE = {
    65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp",
    51949: "euc-kr", 51932: "euc-jp", 54936: "gb18030", 936: "gb18030", 65000: "utf-7",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgAttachment:
    """What an Outlook message carries; `message` is set when it is another message, whose content is then an .eml."""

    name: str
    media_type: str
    content: bytes
    message: MsgFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MsgFile:
    """An Outlook message as its properties have it; `headers` are those it came with, `notes` what was left out.

    `from_inside` says that the sender is named as a mailbox of the organisation's own Exchange.
    """

    message_class: str
    subject: str
    sender: Party
    from_inside: bool
    sent_at: datetime | None
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    body: str
    html: str
    headers: str
    message_id: str
    in_reply_to: str
    attachments: tuple[MsgAttachment, ...]
    notes: tuple[str, ...]


def read_msg(content: bytes, *, name: str) -> MsgFile:
    """Read an Outlook message. Raises BadInput when it is none, or damaged past reading."""
    if not _sizes_hold(content):
        raise BadInput(_damaged(name))
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if ole.root is None or ole.root.size > len(content):
                raise BadInput(_damaged(name))
            if not ole.exists("__properties_version1.0"):
                raise BadInput(
                    f"“{name}” is not an e-mail: it is an old Office file. Add it as evidence on the case, or save the "
                    "e-mail as .eml or .msg, or type the words in."
                )
            container = _Container(ole, budget=READ_LIMIT * len(content), size=len(content))
            return _Message(container, (), depth=0).read(name)
    except _BROKEN as error:
        raise BadInput(_damaged(name)) from error


def _damaged(name: str) -> str:
    return (
        f"“{name}” is damaged or cut short. Open it in Outlook and save it again as .msg or .eml, or type the words in."
    )


def _sizes_hold(content: bytes) -> bool:
    """Whether the tables the container claims fit into it; a table that goes in a circle would be read for ever."""
    if len(content) < 1_536:
        return False
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        return False
    tables = (struct.unpack_from("<I", content, at)[0] for at in (44, 64, 72))
    return all(count << shift <= len(content) for count in tables)


class _Container:
    """The streams of one container, each read within what is left of the budget of bytes."""

    def __init__(self, ole: Any, *, budget: int, size: int) -> None:
        self._ole, self._budget, self._size = ole, budget, size
        self.damaged = False
        self.storages: dict[tuple[str, ...], list[str]] = {}
        for path in ole.listdir(streams=False, storages=True):
            self.storages.setdefault(tuple(path[:-1]), []).append(path[-1])

    def stream(self, *path: str) -> bytes | None:
        """The bytes of a stream, or None when there is none that can be read."""
        try:
            if not self._ole.exists(list(path)):
                return None
            size = self._ole.get_size(list(path))
            if size <= min(self._size, self._budget):
                self._budget -= size + 64
                return bytes(self._ole.openstream(list(path)).read())
        except _BROKEN:
            pass
        self.damaged = True
        return None


class _Properties:
    """The properties of a message, a recipient or an attachment: those in the table, and those in streams."""

    def __init__(self, container: _Container, path: tuple[str, ...], *, head: int, charset: str = "") -> None:
        self._container, self.path = container, path
        table = container.stream(*path, "__properties_version1.0") or b""
        self.fixed = {
            int.from_bytes(table[at + 2 : at + 4], "little"): table[at + 8 : at + 16]
            for at in range(head, len(table) - 15, 16)
        }
        self.charset = charset or self._charset()
        self.remarks: list[str] = []

    def number(self, tag: int) -> int | None:
        """A whole number of the table; None when it is not there."""
        value = self.fixed.get(tag)
        return None if value is None else int.from_bytes(value[:4], "little", signed=True)

    def moment(self, tag: int) -> datetime | None:
        """A moment of the table, in UTC; None when it is not there or no plausible one."""
        tenths_of_microseconds = int.from_bytes(self.fixed.get(tag, b""), "little")
        try:
            at = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=tenths_of_microseconds // 10)
        except OverflowError:
            return None
        return at.replace(microsecond=0) if 1971 <= at.year <= 2100 else None

    def bytes_of(self, tag: str) -> bytes | None:
        """The bytes of a binary property."""
        return self._container.stream(*self.path, f"__substg1.0_{tag}0102")

    def text(self, tag: str) -> str:
        """A text property, written in UTF-16 or in the message's code page; empty when it is not there."""
        raw = self._container.stream(*self.path, f"__substg1.0_{tag}001F")
        if raw is not None:
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        raw = self._container.stream(*self.path, f"__substg1.0_{tag}001E")
        text, remark = decoded((raw or b"").rstrip(b"\0"), self.charset)
        if remark:
            self.remarks.append(remark)
        return text

    def _charset(self) -> str:
        """What its 8-bit texts are written in: its own code page, that of its language, or that of its HTML."""
        page, locale = self.number(_MESSAGE_PAGE), self.number(_LOCALE)
        if not page and locale:
            page = _PAGE_OF_LOCALE.get(locale) or _PAGE_OF_LANGUAGE.get(locale & 0x3FF, 1252)
        return charset_of(page or self.number(_INTERNET_PAGE) or 1252)


def charset_of(page: int) -> str:
    """The name of a Windows code page."""
    return _CHARSET_OF_PAGE.get(page, f"cp{page}")


class _Message:
    """Reads one message: the outermost, or one inside another."""

    def __init__(self, container: _Container, path: tuple[str, ...], *, depth: int) -> None:
        self._container, self._path, self._depth = container, path, depth
        self._of = _Properties(container, path, head=24 if depth else 32)
        self._notes: list[str] = []

    def read(self, name: str) -> MsgFile:
        """The whole message. Raises BadInput when it is a contact, a task or the like."""
        kind = one_line(self._of.text(_CLASS), 200)
        for start, what in _NOT_MAIL.items():
            if f"{kind.upper()}.".startswith(f"{start}."):
                raise BadInput(
                    f"“{name}” is {what} from Outlook, not an e-mail. Save the e-mail itself as .msg or .eml, or type "
                    "the words in."
                )
        body, markup = self._of.text(_BODY), self._markup()
        if not body.strip() and not markup.strip() and self._of.bytes_of(_RTF) is not None:
            self._notes.append(
                "Its words are only there as formatted text (RTF), which is not read. Open it in Outlook and type or "
                "paste the words in."
            )
        (sender, inside), people, attachments = self._sender(), self._recipients(), tuple(self._attachments())
        sent_at = self._sent_at()
        if self._container.damaged:
            self._notes.append("A part of it is damaged; as much as possible was read.")
        return MsgFile(
            message_class=kind,
            subject=one_line(self._of.text(_SUBJECT), 1_000),
            sender=sender,
            from_inside=inside,
            sent_at=sent_at,
            to=tuple(party for role, party in people if role == 1),
            cc=tuple(party for role, party in people if role == 2),
            body=body,
            html=markup,
            headers=self._of.text(_HEADERS),
            message_id=one_line(self._of.text(_MESSAGE_ID), 500),
            in_reply_to=one_line(self._of.text(_IN_REPLY_TO), 500),
            attachments=attachments,
            notes=(*self._notes, *dict.fromkeys(self._of.remarks)),
        )

    def _markup(self) -> str:
        raw = self._of.bytes_of(_HTML)
        if raw is None:
            return self._of.text(_HTML)
        text, remark = decoded(raw, charset_of(self._of.number(_INTERNET_PAGE) or 1252))
        self._notes += [remark] if remark and not self._of.text(_BODY).strip() else []
        return text

    def _sent_at(self) -> datetime | None:
        if (submitted := self._of.moment(_SUBMITTED)) is not None:
            return submitted
        if (delivered := self._of.moment(_DELIVERED)) is not None and self._of.text(_HEADERS):
            self._notes.append("It does not say when it was sent; the date is that of its delivery.")
            return delivered
        return None

    def _sender(self) -> tuple[Party, bool]:
        inside = False
        found: list[Party] = []
        for name_tag, smtp_tag, kind_tag, address_tag in _SENDERS:
            smtp, kind = one_line(self._of.text(smtp_tag), 300), self._of.text(kind_tag).strip().upper()
            address = one_line(self._of.text(address_tag), 300)
            inside = inside or kind == "EX"
            usable = next((each for each in (smtp, address) if is_address(each)), "")
            found.append(Party(name=one_line(self._of.text(name_tag), 200), address=usable))
        best = next((party for party in found if party.address), None)
        return best or next((party for party in found if party.name), Party()), inside

    def _recipients(self) -> list[tuple[int, Party]]:
        people = []
        for storage in self._inside("__recip_version1.0_#", RECIPIENTS_LIMIT, "recipients"):
            one = _Properties(self._container, (*self._path, storage), head=8, charset=self._of.charset)
            addresses = (one_line(one.text(tag), 300) for tag in ("39FE", "3003"))
            address = next((each for each in addresses if is_address(each)), "")
            people.append((one.number(_ROLE) or 1, Party(name=one_line(one.text("3001"), 200), address=address)))
        return [(role, party) for role, party in people if party.name or party.address]

    def _inside(self, start: str, limit: int, what: str) -> list[str]:
        """The storages of one kind in this message, in their order."""
        found = sorted(name for name in self._container.storages.get(self._path, ()) if name.startswith(start))
        if len(found) > limit:
            self._notes.append(f"It has {len(found):,} {what}; only the first {limit:,} were read.")
        return found[:limit]

    def _attachments(self) -> Iterator[MsgAttachment]:
        for storage in self._inside("__attach_version1.0_#", ATTACHMENTS_LIMIT, "attachments"):
            one = _Properties(self._container, (*self._path, storage), head=8, charset=self._of.charset)
            named = next(filter(None, (one_line(one.text(tag), 300) for tag in ("3707", "3704", "3001"))), "attachment")
            content = one.bytes_of("3701")
            if content is not None:
                yield MsgAttachment(name=named, media_type=one_line(one.text("370E"), 100), content=content)
            elif _EMBEDDED in self._container.storages.get(one.path, ()) and one.number(_METHOD) in (5, None):
                yield from self._embedded(one, named)
            else:
                self._notes.append(f"“{clean_name(named)}” is not in the message itself, or could not be read from it.")

    def _embedded(self, one: _Properties, named: str) -> Iterator[MsgAttachment]:
        """A message inside this one, kept as an .eml written from its properties."""
        if self._depth >= DEPTH_LIMIT:
            self._notes.append(f"“{clean_name(named)}” lies too deep inside other messages and was left in them.")
            return
        try:
            message = _Message(self._container, (*one.path, _EMBEDDED), depth=self._depth + 1).read(named)
        except BadInput:
            self._notes.append(f"“{clean_name(named)}” inside it is no e-mail and was left in it.")
            return
        subject = message.subject or named
        yield MsgAttachment(
            name=subject.replace("/", "-").replace("\\", "-")[:120] + ".eml",
            media_type="message/rfc822",
            content=eml_of(message),
            message=message,
        )


def eml_of(message: MsgFile) -> bytes:
    """An Outlook message written as .eml, the same bytes each time; header values are on one line each."""
    out = MIMEMultipart()
    for name, value in (
        ("From", _written((message.sender,))), ("To", _written(message.to)), ("Cc", _written(message.cc)),
        ("Subject", _encoded(message.subject)), ("Date", format_datetime(message.sent_at) if message.sent_at else ""),
        ("Message-ID", _plain(message.message_id)), ("In-Reply-To", _plain(message.in_reply_to)),
    ):  # fmt: skip
        if value:
            out[name] = value
    if message.body.strip() or not message.html:
        out.attach(MIMEText(tidied(message.body), "plain", "utf-8"))
    else:
        out.attach(MIMEText(message.html.encode("utf-8", "replace").decode(), "html", "utf-8"))
    for each in message.attachments:
        part = MIMEBase("application", "octet-stream")
        part.set_payload(each.content)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", clean_name(each.name)))
        encode_base64(part)
        out.attach(part)
    digest = hashlib.sha256(repr((message.subject, message.body, len(message.attachments))).encode("utf-8", "replace"))
    out.set_boundary(f"=_{digest.hexdigest()[:40]}")
    return out.as_bytes()


def _written(people: tuple[Party, ...]) -> str:
    """People as a header has them."""
    shown = (
        f"{_encoded(one.name)} <{_plain(one.address)}>" if one.address else _encoded(one.name) + ":;" for one in people
    )
    return ", ".join(shown)


def _encoded(text: str) -> str:
    line = one_line(text, 1_000)
    return line if line.isascii() and line.replace(" ", "").isalnum() else Header(line, "utf-8", maxlinelen=75).encode()


def _plain(text: str) -> str:
    return one_line(text, 500).encode("ascii", "replace").decode()
