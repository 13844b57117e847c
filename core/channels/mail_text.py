"""The words of an e-mail: its header lines, addresses and moments, and its text whatever it was written in.

Real mail departs from every standard, so nothing here raises for odd input: what cannot be read comes back as it can
be shown, with a sentence saying so. All of it takes time in proportion to the input, however hostile the input is.
"""

from __future__ import annotations

import binascii
import codecs
import html
import quopri
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

import nh3

ODD = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError, MessageError,
)  # fmt: skip
"""What the standard library raises when a message departs from every standard."""

HEAD_LIMIT = 262_144  # bytes of one block of headers
_FIELD_LIMIT = 10_000  # characters of one header that are looked at
_PEOPLE_LIMIT = 200
_EARLIEST, _LATEST = 1971, 2100  # years; the first e-mail was sent in 1971

_BREAK = rb"(?>\r+\n|\n|\r)"
_HEAD_ENDS = re.compile(_BREAK + _BREAK)
# Control and formatting, bidi overrides too; joiners and plain direction marks stay, since spelling needs them.
_UNSEEN_SIGNS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
)
_UNSEEN = re.compile(f"[{_UNSEEN_SIGNS}]")
_HALVES = re.compile("[\ud800-\udfff]")
_ENCODED = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?]*)\?=", re.I)
_IN_ADDRESS = rf"[^\s@<>()\[\],;:\"\\{_UNSEEN_SIGNS}\ud800-\udfff]"
_ADDRESS = re.compile(rf"{_IN_ADDRESS}{{1,64}}@{_IN_ADDRESS}{{1,253}}")
# What a charset is read as: the larger set browsers take it for. Names that are no charset of a mail are refused.
_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "iso8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}

_UNREAD = "Some characters could not be read and are shown as “�”."

HTML_LIMIT = 1_000_000  # characters
_TAGS_LIMIT, _SIGNS_LIMIT, _DEPTH_LIMIT = 10_000, 50_000, 256  # past them the cleaner's time grows with the square
_LINES = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre", "hr"}
_KEPT = _LINES | {"br", "td", "th"}
_NEVER_CLOSED = {"br", "hr", "img", "meta", "link", "input", "col", "p", "li", "td", "th", "tr", "option", "dt", "dd"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_SILENT = re.compile(r"<(!--|(?:script|style|title)\b)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody a message came from or went to; either may be empty."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The headers of a message or a part: lower-case name to its values as they came, unfolded, still encoded."""

    fields: Mapping[str, tuple[str, ...]]

    def raw(self, name: str) -> str:
        """The first value of a header as it came, cut to 10,000 characters; empty when there is none."""
        return next(iter(self.fields.get(name, ())), "")[:_FIELD_LIMIT]

    def text(self, name: str, limit: int = 1_000) -> str:
        """The first value of a header, decoded, as one line."""
        return one_line(header_text(self.raw(name)), limit)

    def people(self, name: str) -> tuple[Party, ...]:
        """Everybody a header names, at most 200."""
        return parties(self.raw(name))

    def structured(self, name: str) -> Message:
        """A header with parameters as the standard library reads it; its methods may raise what ODD lists."""
        message = Message()
        if value := self.raw(name)[:2_000]:
            message[name] = value
        return message


def read_head(content: bytes) -> tuple[Head, bytes, bool]:
    """The headers a message begins with, the bytes after them, and whether the headers were too long to read whole."""
    end = _HEAD_ENDS.search(content, 0, HEAD_LIMIT)
    block = content[: end.end() if end else HEAD_LIMIT]
    rest = content[len(block) :]
    try:
        parsed = BytesParser(policy=compat32).parsebytes(re.sub(rb"\r+\n", b"\n", block), headersonly=True)
        # What follows a line that is no header belongs to the body.
        rest = str(parsed.get_payload() or "").encode("ascii", "surrogateescape") + rest
        items = list(parsed.raw_items())
    except ODD:
        items = []
    fields: dict[str, list[str]] = {}
    for name, value in items:
        fields.setdefault(name.strip().lower(), []).append(_unfolded(str(value)))
    return Head({name: tuple(values) for name, values in fields.items()}), rest, not end and len(content) > HEAD_LIMIT


def _unfolded(value: str) -> str:
    """A header as one line, its bytes beyond ASCII read as UTF-8, else as Windows-1252."""
    line = " ".join(part.strip() for part in value.splitlines()).strip() if "\n" in value or "\r" in value else value
    if line.isascii():
        return line
    return decoded(line.encode("utf-8", "surrogateescape"), "")[0]


def header_text(value: str) -> str:
    """A header's value with its encoded words decoded; what cannot be decoded stays as it came."""
    value = re.sub(r"\?=\s{1,20}=\?", "?==?", value[:_FIELD_LIMIT])
    out: list[str] = []
    waiting, charset, at = b"", "", 0
    for word in _ENCODED.finditer(value):
        named = word[1].partition("*")[0].lower()
        if waiting and (word.start() > at or named != charset):  # a character may be split over neighbouring words
            out.append(decoded(waiting, charset)[0])
            waiting = b""
        out.append(value[at : word.start()])
        waiting, charset, at = waiting + _unpacked(word[2].lower(), word[3]), named, word.end()
    return "".join(out) + (decoded(waiting, charset)[0] if waiting else "") + value[at:]


def _unpacked(how: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return from_base64(raw)[0] if how == "b" else binascii.a2b_qp(raw, header=True)


def from_base64(raw: bytes) -> tuple[bytes, bool]:
    """Base64 with whatever is between its letters left out, and whether it was whole."""
    try:
        return binascii.a2b_base64(raw), True
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"==="), False


def from_transfer(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The bytes of a part as they were before they were packed for the way, and whether they were whole."""
    how = re.match(r"[\w-]*", encoding.strip().lower())
    name = how[0] if how else ""
    if name == "base64":
        return from_base64(raw)
    if name == "quoted-printable":
        return quopri.decodestring(raw), True
    if name in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _from_uuencode(raw)
    return raw, True


def _from_uuencode(raw: bytes) -> tuple[bytes, bool]:
    out, whole = [], True
    for line in raw.splitlines():
        if not line or line.startswith(b"begin ") or line == b"end":
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            whole = False
    return b"".join(out), whole


def decoded(raw: bytes, charset: str) -> tuple[str, str]:
    """Bytes as text, and a sentence about what could not be read, empty when all could.

    The charset named is tried first, then UTF-8, then Windows-1252; what no charset reads is shown as “�”.
    """
    known = _codec(charset)
    remark = ""
    if charset and known is None:
        remark = f"Its characters are said to be “{one_line(charset, 40)}”, which is not known; check the words."
    # Unnamed or ASCII, bytes beyond ASCII are most often UTF-8, and rarely pass for it when they are not.
    order = ["utf-8", known] if known in (None, "cp1252") else [known, "utf-8"]
    for name in filter(None, order):
        try:
            text = raw.decode(name)
            return text, remark or (_UNREAD if name == "utf-7" and _HALVES.search(text) else "")
        except (UnicodeError, LookupError):
            continue
    try:
        text = raw.decode(known or "cp1252", "replace")
    except (UnicodeError, LookupError):  # a few charsets cannot replace
        text = raw.decode("cp1252", "replace")
    return text, remark or (_UNREAD if "�" in text else "")


def _codec(charset: str) -> str | None:
    """The name of the codec that reads a charset, or None when there is none for text."""
    try:
        name = codecs.lookup(charset.strip(" \"'").lower()).name if charset else ""
        b"some".decode(name or "ascii", "ignore")  # some codecs are for no text
    except ODD:
        return None
    return None if not name or name in _NO_CHARSETS else _READ_AS.get(name, name)


def parties(value: str) -> tuple[Party, ...]:
    """The people an address header names. The addresses are told apart before anything is decoded, so that no encoded
    name can bring in an address of its own.
    """
    try:
        pairs = getaddresses([value[:_FIELD_LIMIT]])
    except ODD:
        pairs = []
    found = [
        Party(name=one_line(header_text(name), 200), address=address)
        for name, address in pairs[:_PEOPLE_LIMIT]
        if _ADDRESS.fullmatch(address)
    ]
    if found or not value.strip(' <>;:,"'):
        return tuple(found)
    text = one_line(header_text(value), 1_000)
    inside = _ADDRESS.search(text)
    name = text.replace(inside[0], " ") if inside else text
    party = Party(name=one_line(name.strip(" <>\"',;"), 200), address=inside[0] if inside else "")
    return () if text.rstrip(" ;").endswith(":") and not inside else (party,)


def is_address(text: str) -> bool:
    """Whether a text has the shape of an e-mail address and no more than that."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def moment(value: str) -> tuple[datetime | None, str]:
    """The moment a Date header names, in UTC, or None with a sentence saying why; a zone is never guessed."""
    text = one_line(value, 100)
    if not text:
        return None, "It does not say when it was sent."
    unread = f"Its date “{text}” could not be read, so no date is filled in."
    if not re.search(r"\d[:.]\d\d", text):
        return None, unread
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None and not re.search(r"-0000\b", text):  # which means UTC, the sender's zone not being known
            return None, f"Its date “{text}” does not say which time zone it means, so no date is filled in."
        at = (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except ODD:
        return None, unread
    if not _EARLIEST <= at.year <= _LATEST:
        return None, f"Its date “{text}” cannot be right, so no date is filled in."
    return at, ""


def one_line(text: str, limit: int) -> str:
    """A text on one line, without what cannot be seen, cut to a number of characters."""
    return " ".join(_HALVES.sub("\ufffd", _UNSEEN.sub("", text[: 4 * limit + 1_000])).split())[:limit].rstrip()


def tidied(text: str) -> str:
    """Words as they were written, without NUL, control characters, bidi overrides and trailing blanks."""
    text = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\xa0", " ")
    text = _HALVES.sub("\ufffd", _UNSEEN.sub("", text))
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def words_of_html(markup: str, *, roughly: bool = False) -> tuple[str, str]:
    """The words of HTML, and a sentence when they were taken roughly or in part.

    Scripts, styles and comments go; nothing is fetched. Links keep their words, not their addresses.
    """
    remark = "" if len(markup) <= HTML_LIMIT else "It is very long; only the beginning was read."
    markup = _HALVES.sub("\ufffd", markup[:HTML_LIMIT]).replace("\0", "")
    if roughly or _too_tangled(markup):
        remark, markup = "It is laid out in an unusual way, so its words were taken roughly.", _without_silent(markup)
    else:
        markup = nh3.clean(
            markup, tags=_KEPT, clean_content_tags={"script", "style", "title"}, attributes={}, link_rel=None
        )
    text = re.sub(r"<[^<>]*>", _as_space, re.sub(r"\s+", " ", markup))
    lines = [" ".join(line.split()) for line in html.unescape(text).replace("\xa0", " ").split("\n")]
    return tidied(re.sub(r"\n{3,}", "\n\n", "\n".join(lines))), remark


def _as_space(tag: re.Match[str]) -> str:
    """What stands in the text where a tag stood."""
    name = _TAG.match(tag[0])
    if name is None or name[2].lower() not in _KEPT:
        return ""
    if name[2].lower() == "li":
        return "" if name[1] else "\n- "
    return " " if name[2].lower() in ("td", "th") else "\n"


def _too_tangled(markup: str) -> bool:
    """Whether there are more tags, or they stand deeper inside each other, than any mail program writes."""
    if markup.count("<") > _TAGS_LIMIT or markup.count("&") + markup.count(">") > _SIGNS_LIMIT:
        return True
    opened: Counter[str] = Counter()
    depth = 0
    for closing, name in _TAG.findall(markup):
        name = name.lower()
        if name in _NEVER_CLOSED:
            continue
        if not closing:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > _DEPTH_LIMIT:
            return True
    return False


def _without_silent(markup: str) -> str:
    """Markup without comments, scripts, styles and titles; what is never closed goes to the end."""
    kept, at = [], 0
    while found := _SILENT.search(markup, at):
        kept.append(markup[at : found.start()])
        closing = "-->" if found[1] == "!--" else f"</{found[1].lower()}"
        end = re.compile(re.escape(closing), re.I).search(markup, found.end())
        if end is None:
            return "".join(kept)
        at = end.end()
    return "".join(kept) + markup[at:]
