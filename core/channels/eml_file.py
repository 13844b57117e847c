"""The Internet's own mail format, .eml: its headers, the words of its parts, and what it carries.

The standard library reads the headers; the parts are told apart here, because real messages break the rules of MIME
and a hostile one nests a thousand parts. Depth and parts are bounded, and nothing raises for odd input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from core.channels.files import MEDIA_TYPES, clean_name
from core.channels.mail_text import ODD, Head, decoded, from_transfer, header_text, one_line, read_head

MAX_PARTS = 1_000
MAX_DEPTH = 10  # parts inside parts; mail programs stop at four or five

_FIRST_LINE = re.compile(rb"(>?From [^\r\n]*[\r\n]+)?[A-Za-z][A-Za-z0-9-]{0,80}[ \t]*:")
_OF_MAIL = {
    "from", "to", "cc", "subject", "date", "received", "message-id", "mime-version", "content-type", "return-path",
    "sender", "reply-to",
}  # fmt: skip
_ENDINGS = {kind: ending for ending, kind in reversed(MEDIA_TYPES.items())} | {
    "text/html": "html", "text/calendar": "ics", "message/delivery-status": "txt", "text/rfc822-headers": "txt",
    "message/disposition-notification": "txt", "image/jpg": "jpg", "text/enriched": "txt",
}  # fmt: skip
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file a message carries: its safe name, its bytes, and the media type it was declared as, in lower case."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmlFile:
    """A message as it was written: `words` are (media type, text) in their order, `inside` the messages it carries."""

    head: Head
    words: tuple[tuple[str, str], ...]
    attachments: tuple[Attached, ...]
    inside: tuple[Attached, ...]
    notes: tuple[str, ...]


def read_eml(content: bytes) -> EmlFile | None:
    """Read a message; None when the content does not begin as one."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not _FIRST_LINE.match(content):
        return None
    head, body, long = read_head(content)
    if not _OF_MAIL & head.fields.keys():
        return None
    reading = _Reading()
    if long:
        reading.note("Its headers are very long; only their beginning was read.")
    words = tuple(reading.words(head, body))
    kept = tuple(reading.attachments)
    inside = tuple(each for each in kept if each.media_type == "message/rfc822")
    return EmlFile(head=head, words=words, attachments=kept, inside=inside, notes=tuple(reading.notes))


class _Reading:
    """What was found on the way through the parts of one message."""

    def __init__(self) -> None:
        self.attachments: list[Attached] = []
        self.notes: list[str] = []
        self._parts = 0

    def note(self, sentence: str) -> None:
        """Say once what could not be read."""
        if sentence and sentence not in self.notes:
            self.notes.append(sentence)

    def words(
        self, head: Head, body: bytes, *, depth: int = 0, unsaid: str = "text/plain"
    ) -> Iterator[tuple[str, str]]:
        """The words of a part and of all in it; attachments are put aside on the way.

        `unsaid` is the media type of a part that does not say its own.
        """
        self._parts += 1
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:
            self.note("It has more parts than are read; the rest was left in the e-mail itself.")
            return
        declared = head.structured("content-type")
        kind = str(_or(declared.get_content_type, "text/plain")) if declared.keys() else unsaid
        if kind.startswith("multipart/"):
            pieces = self._pieces(declared, body)
            if pieces is not None:
                yield from self._words_of_parts(kind, pieces, depth=depth)
                return
            self.note("It says it has parts, but they could not be told apart; all of it is shown.")
            kind = "text/plain"
        yield from self._words_of_one(head, declared, kind, body)

    def _words_of_one(self, head: Head, declared: Message, kind: str, body: bytes) -> Iterator[tuple[str, str]]:
        content, whole = from_transfer(body, head.raw("content-transfer-encoding"))
        if not whole:
            self.note("A part of it is damaged; as much as possible was read.")
        disposition = head.structured("content-disposition")
        named = _filename(disposition, declared)
        apart = named or _or(disposition.get_content_disposition, None) == "attachment"
        if kind in ("text/plain", "text/html") and not apart:
            text, remark = decoded(content, str(_or(declared.get_content_charset, None) or ""))
            self.note(remark)
            yield kind, text
        elif content or named:
            self._put_aside(content, one_line(kind, 100), named)

    def _pieces(self, declared: Message, body: bytes) -> list[bytes] | None:
        """The parts of a body by its boundary; None when there is no boundary, or none of its lines."""
        boundary = str(_or(declared.get_boundary, None) or "").strip()
        if not boundary:
            return None
        mark = re.escape(b"--" + boundary.encode("utf-8", "surrogateescape"))
        # Looking back from the mark, and not forward from each line, is several times faster in a large message.
        at_start = rb"(?:(?<=[\r\n]" + mark + rb")|(?<=\A" + mark + rb"))"
        pieces: list[bytes] = []
        start = -1
        for line in re.finditer(mark + at_start + rb"(--)?[ \t]*(?:\r+\n|\n|\r|\Z)", body):
            if start >= 0:
                pieces.append(_without_last_break(body[start : line.start()]))
            start = line.end()
            if line[1] or len(pieces) > MAX_PARTS:
                return pieces
        if start < 0:
            return None
        self.note("Its end is missing; what is there was read.")
        return [*pieces, body[start:]]

    def _words_of_parts(self, kind: str, pieces: list[bytes], *, depth: int) -> Iterator[tuple[str, str]]:
        unsaid = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        found: list[tuple[str, str]] = []
        for piece in pieces:
            head, body, _ = read_head(piece)
            found += self.words(head, body, depth=depth + 1, unsaid=unsaid)
        # The same words in several forms: those in plain text, when there are any.
        plain = [each for each in found if each[0] == "text/plain"]
        same = kind == "multipart/alternative" and any(text.strip() for _, text in plain)
        yield from plain if same else found

    def _put_aside(self, content: bytes, kind: str, named: str) -> None:
        if kind == "message/rfc822":
            named = named or read_head(content.lstrip())[0].text("subject", 120) or "message"
            named = re.sub(r"[/\\]", "-", named)
            named += "" if named.lower().endswith(".eml") else ".eml"
        if kind in _SEALED:
            self.note("It is encrypted or sealed, so its words may not be here. Ask the sender for a plain copy.")
        name = clean_name(named or f"attachment.{_ENDINGS.get(kind, 'bin')}")
        self.attachments.append(Attached(name=name, content=content, media_type=kind))


def _without_last_break(piece: bytes) -> bytes:
    """A part without the line break before its boundary, which belongs to the boundary."""
    return piece.removesuffix(b"\n").removesuffix(b"\r")


def _filename(disposition: Message, declared: Message) -> str:
    """The name a part is to be saved under, decoded; empty when it has none."""
    for header in (disposition, declared):
        # The name may stand in either header, and in either of two ways of encoding it.
        if name := _or(header.get_filename, None) if header.keys() else None:
            return one_line(header_text(str(name)), 300)
    return ""


def _or(read: Callable[[], Any], otherwise: Any) -> Any:
    """What a method of the standard library answers, or something else where the header departs from the standard."""
    try:
        return read()
    except ODD:
        return otherwise
