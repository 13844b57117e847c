"""Files of evidence: what may be kept, under which name, where it lies, and how it is handed out again.

A file is kept as it came, byte for byte [lgsco:5.8]; what cannot be kept is refused with `BadInput` and a sentence
naming the next step. The ending says what a file claims to be, and the content must be that. Archives are looked into
but never unpacked to disk. What an e-mail or an office file carries inside itself is the virus scanner's business.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import ParseError

import puremagic
from defusedxml.ElementTree import fromstring

from core.errors import BadInput, NotFound

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
MEDIA_TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "heic": "image/heic", "tif": "image/tiff", "tiff": "image/tiff",
    "docx": _OOXML + "wordprocessingml.document", "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
    "odt": _ODF + "text", "ods": _ODF + "spreadsheet", "odp": _ODF + "presentation",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "rtf": "application/rtf",
    "eml": "message/rfc822", "msg": "application/vnd.ms-outlook", "txt": "text/plain", "csv": "text/csv",
    "mp4": "video/mp4", "mov": "video/quicktime", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav",
}  # fmt: skip
"""Every ending that may be kept, with the media type it is handed out as."""

LONGEST_NAME = 150  # characters
UNPACKED_LIMIT = 200_000_000  # bytes of all parts of one office file together
PARTS_LIMIT = 5_000
RATIO_LIMIT = 200  # times the packed size; counts only past the next number, because small files pack well
RATIO_FROM = 10_000_000  # unpacked bytes

# How many bytes of its signature must be there: the library also knows signatures that a sentence may begin with.
_SNIFFED = {"pdf": 4, "png": 8, "jpg": 3, "jpeg": 3, "gif": 6, "webp": 12, "tif": 4, "tiff": 4, "rtf": 6, "wav": 12}
# What the library knows only in part: sound and film. Telephones write sound alone under the brands of films.
_BRANDS = rb"iso[m2-9]|mp4[12]|avc1|dash|MSNV|mmp4|3g[p2].|M4V."
_SOUND_AND_FILM = {
    "heic": re.compile(rb"....ftyp(m[is]f1....(....){0,12}?)?(hei[cxms]|hev[cxms])", re.S),
    "mov": re.compile(rb"....ftypqt  |[\0-\3]...(moov|mdat|wide|free|skip|pnot)", re.S),
    "m4a": re.compile(rb"....ftyp(M4[AB] |" + _BRANDS + rb")", re.S),
    "mp4": re.compile(rb"....ftyp(" + _BRANDS + rb")", re.S),
    "mp3": re.compile(rb"ID3[\2-\4]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "__properties_version1.0": "msg"}
_MAY_HOLD_MACROS = re.compile("(doc|dot|xls|xlt|xla|ppt|pot|pps|ppa)m|xlsb")
_MACRO_PARTS = re.compile(r"vbaproject\w*\.bin$|^xl/macrosheets/|^(basic/(?!script-l[bc]\.)|scripts/).*[^/]$", re.I)
_ARCHIVES = {"zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar"}
_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, ValueError, LookupError, EOFError, NotImplementedError, OSError)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# What a browser would take for a page, after the WHATWG's MIME Sniffing standard, and other text that is no note.
_NO_NOTE = re.compile(
    r"\s*(<(!--|!doctype\s|\?|%|(html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|meta)[\s>/])"
    r"|%PDF-|%!PS|\{\\rtf|#!)", re.I,
)  # fmt: skip
_OTHERWISE = {b"MZ": "a program", b"\x7fELF": "a program", b"PK": "an archive", b"<": "a web page", b"": "unknown"}
_HEADER_LINE = re.compile(rb"(>?From .*\r?\n)?[A-Za-z][A-Za-z0-9-]*:")
_MAIL_HEADERS = {"from", "to", "subject", "date", "received", "message-id", "mime-version", "content-type"}

_DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, formatting (bidi overrides too), half characters, separators
_JOINERS = "\u200c\u200d"  # formatting as well, but Persian names and emoji are spelt with them
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(COM|LPT)[0-9¹²³])", re.I)
_LONGEST_ENDING = 16  # characters; what is longer after a dot is part of the name


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file that may be kept: its safe name, media type, SHA-256 in lower-case hex, and size in bytes."""

    name: str
    media_type: str
    sha256: str
    size: int


def check_file(name: str, content: bytes, *, limit: int) -> CheckedFile:
    """Decide whether a file may be kept as evidence, by its ending and by its content [lgsco:5.8].

    `limit` is the largest size in bytes. Raises BadInput when the file is empty, too large, of a kind that is not
    kept, not what its ending says, damaged, protected by a password where that can be told, or holds macros.
    """
    cleaned = clean_name(name)
    ending = _ending_kept(cleaned)
    if not content:
        raise BadInput(f"“{cleaned}” is empty. Check the file where it came from and add it again.")
    if len(content) > limit:
        raise BadInput(
            f"“{cleaned}” has {-(-len(content) // 100_000) / 10:,} MB; at most {limit // 100_000 / 10:,} MB are kept. "
            "Add a smaller copy, or add it in parts."
        )
    try:
        found = _recognised(content, ending)
        if ending not in found:
            raise _Unfit(_mislabelled(content, ending, found))
    except _Unfit as reason:
        raise BadInput(f"“{cleaned}” {reason}") from reason
    sha256 = hashlib.sha256(content).hexdigest()
    return CheckedFile(name=cleaned, media_type=MEDIA_TYPES[ending], sha256=sha256, size=len(content))


def clean_name(name: str) -> str:
    """The name a file is shown and handed out under: its last part, in characters every system can write.

    Control, formatting and bidi-override characters go; what Windows reserves is replaced or prefixed with "_"; the
    ending is in lower case and kept when the name is cut to 150 characters. Never empty, and cleaning twice changes
    nothing. Raises nothing.
    """
    visible = "".join(sign for sign in name if sign in _JOINERS or unicodedata.category(sign) not in _DROPPED)
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", visible))[-1]
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(last.split())).strip(" .")
    stem, ending = _parted(plain)
    if not ending:
        stem, ending = _parted(plain[:LONGEST_NAME].rstrip(" ."))
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = "_" + stem
    stem = stem[: LONGEST_NAME - len(ending)].rstrip(" .")
    return unicodedata.normalize("NFC", stem + ending) or "file"


def disposition(name: str) -> str:
    """The Content-Disposition that saves a file and never shows it: an ASCII name, and the full one after RFC 5987.

    The name is cleaned first, so no line break, quotation mark or path gets into the header. Raises nothing.
    """
    cleaned = clean_name(name)
    stem, ending = (
        re.sub(r"[^A-Za-z0-9 ()+,._-]", "_", unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode())
        for part in _parted(cleaned)
    )
    fallback = clean_name((stem.strip(" .") or "file") + ending)
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(cleaned, safe='!#$&+^`|')}"


class FileStore:
    """The bytes of evidence in one folder, each under its SHA-256: nothing is kept twice and no name is a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes, sha256: str) -> Path:
        """Keep the bytes and return where they lie, after both they and their folder are on the disk [lgsco:5.8].

        Putting the same again is harmless; a damaged copy is replaced. Raises BadInput for something that is no
        SHA-256, RuntimeError when it is not that of the content, and OSError when the disk refuses.
        """
        place = self._place(sha256)
        if hashlib.sha256(content).hexdigest() != sha256.lower():
            raise RuntimeError("The digest given is not that of the content.")
        if not (place.is_file() and self.verify(sha256)):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(place, content)
        else:
            os.utime(place)  # put again: from now on nobody takes it for one that was left over
        for folder in (place.parent, self._folder, self._folder.parent):
            sync_folder(folder)
        return place

    def path(self, sha256: str) -> Path:
        """Where the bytes with this SHA-256 lie.

        Raises BadInput for something that is not 64 hexadecimal digits, NotFound when they are not there.
        """
        place = self._place(sha256)
        if not place.is_file():
            raise NotFound(
                "The file is no longer in the folder of evidence. Ask an administrator to restore it from a backup."
            )
        return place

    def open(self, sha256: str) -> io.BufferedReader:
        """The bytes as a stream that the caller closes; nothing is verified. Raises as `path` does."""
        return self.path(sha256).open("rb")

    def verify(self, sha256: str) -> bool:
        """Whether the bytes still have the SHA-256 they were kept under. Raises as `path` does."""
        with self.open(sha256) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256.lower()

    def _place(self, sha256: str) -> Path:
        """Where bytes with this SHA-256 belong, whether they are there or not."""
        if not re.fullmatch(r"[0-9A-Fa-f]{64}", sha256):
            raise BadInput("This is not the reference of a file. Open the file from its case.")
        return self._folder / sha256[:2].lower() / sha256[2:].lower()


class _Unfit(Exception):
    """Why a file cannot be kept; the text goes on from its name."""


_DAMAGED = "is damaged or cut short. Open it where it came from, save it again, and add that copy."
_PASSWORD = "is protected by a password. Ask for a copy without the password and add that."  # noqa: S105
_MACROS = "holds macros, which are not kept. Save a copy without macros, or as PDF, and add that."
_TOO_PACKED = "unpacks to far more than an office file holds. Save it as PDF and add that."


def _write(place: Path, content: bytes) -> None:
    """Write beside the place and rename, so that nobody ever sees half a file."""
    handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, place)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Put a folder's own entries on the disk, where the system lets a folder be opened."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _parted(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending in lower case with its dot, or nothing when it has none."""
    stem, dot, ending = name.rpartition(".")
    if not stem or not ending or len(ending.lower()) > _LONGEST_ENDING:
        return name, ""
    return stem.rstrip(" ."), dot + ending.lower()


def _ending_kept(name: str) -> str:
    """The ending of a cleaned name, when files of that kind are kept; else raises BadInput saying which are."""
    ending = _parted(name)[1][1:]
    if ending in MEDIA_TYPES:
        return ending
    if _MAY_HOLD_MACROS.fullmatch(ending):
        raise BadInput(f"“{name}” may hold macros. Save a copy as .docx, .xlsx, .pptx or PDF and add that.")
    if ending in _ARCHIVES:
        raise BadInput(f"“{name}” is an archive. Unpack it and add the files in it one by one.")
    kept = f"Save it as PDF, or add a file of one of these kinds: {', '.join(MEDIA_TYPES)}."
    if not ending:
        raise BadInput(f"The name “{name}” has no ending that says what it is. {kept}")
    raise BadInput(f"“{name}” cannot be added, because .{ending} files are not kept. {kept}")


def _mislabelled(content: bytes, ending: str, found: set[str]) -> str:
    """Say what the content is instead, and what to do about it."""
    opening = content[:2_048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if found:
        right = min(found, key=list(MEDIA_TYPES).index)
        return f"is not a .{ending} file: it is a .{right} file. Give it the ending .{right} and add it again."
    what = next(what for start, what in _OTHERWISE.items() if opening.startswith(start))
    return f"is not a .{ending} file: its content is {what}. Ask for the original, or save it as PDF and add that."


def _recognised(content: bytes, ending: str) -> set[str]:
    """The endings this content may bear, none when it is nothing that is kept; raises _Unfit."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(content)
    if content.startswith(_OLE):
        return _old_office(content, ending)
    mail, sniffed = {"eml"} if _is_mail(content) else set(), _sniffed(content)
    if (text := _as_text(content)) is None:
        return sniffed or {kind for kind, opening in _SOUND_AND_FILM.items() if opening.match(content)} or mail
    # A signature of letters alone is no picture: only these two are written in plain characters.
    if sniffed & {"pdf", "rtf"} or _NO_NOTE.match(text):
        return sniffed & {"pdf", "rtf"}
    return {"txt", "csv"} | mail


def _sniffed(content: bytes) -> set[str]:
    """What the signature at the start says; blanks before a PDF are common and harmless."""
    try:
        matches = puremagic.magic_string(content[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n") or b"\n")
    except puremagic.PureError:
        return set()
    found = {ending for match in matches if len(match.byte_match) >= _SNIFFED.get(ending := match.extension[1:], 1_000)}
    return found | ({"tif", "tiff"} if "tiff" in found else set())


def _as_text(content: bytes) -> str | None:
    """The content as text in UTF-8, UTF-16 with its mark, or cp1252; None when it holds what no text holds."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding).removesuffix("\x1a")  # the end mark of old systems
            return None if _CONTROLS.search(text) else text
    return None


def _is_mail(content: bytes) -> bool:
    """Whether it begins with a block of headers that holds at least one every message has."""
    start = content[:262_144].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    # A message without headers is parsed as well, so the first line is looked at.
    names = BytesParser().parsebytes(start, headersonly=True).keys() if _HEADER_LINE.match(start) else []
    return any(name.lower() in _MAIL_HEADERS for name in names)


def _entry(content: bytes, name: str) -> int | None:
    """Where the directory of an old Office file lists this stream or storage; None when it does not."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = -1
    while (at := content.find(wanted, at + 1)) >= 0:
        length, kind = int.from_bytes(content[at + 64 : at + 66], "little"), content[at + 66 : at + 67]
        if at % 128 == 0 and length == len(wanted) and kind in (b"\1", b"\2"):
            return at
    return None


def _old_office(content: bytes, ending: str) -> set[str]:
    """What an old Office file is, by the streams it lists; raises _Unfit when it is locked or holds macros."""
    if _entry(content, "EncryptedPackage") is not None:
        raise _Unfit(_PASSWORD)
    places = [(kind, _entry(content, stream)) for stream, kind in _OLE_STREAMS.items()]
    if ending in ("doc", "xls"):
        if any(_entry(content, name) is not None for name in ("_VBA_PROJECT", "_VBA_PROJECT_CUR")):
            raise _Unfit(_MACROS)
        if any(at is not None and kind == ending and _locked(content, kind, at) for kind, at in places):
            raise _Unfit(_PASSWORD)
    return {kind for kind, at in places if at is not None}


def _locked(content: bytes, kind: str, entry: int) -> bool:
    """Whether the document's first bytes say that the rest is encrypted."""
    sector, size = (int.from_bytes(content[entry + at : entry + at + 4], "little") for at in (116, 120))
    if size < 4_096:  # kept among the small streams, where only a whole reader finds it
        return False
    start = (sector + 1) << min(int.from_bytes(content[30:32], "little"), 12)
    if kind == "doc":
        return bool(content[start + 11 : start + 12] and content[start + 11] & 1)
    second = start + 4 + int.from_bytes(content[start + 2 : start + 4], "little")
    # The record that announces encryption comes second, or third after the one for “write-protected”.
    return b"\x2f\0" in (content[second : second + 2], content[second + 4 : second + 6])


def _zipped(content: bytes) -> set[str]:
    """What a zip is, by looking inside; raises _Unfit when it is a bomb, damaged, locked or holds macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _sound_parts(archive, packed=len(content))
            if archive.testzip() is not None:
                raise _Unfit(_DAMAGED)
            if "[Content_Types].xml" in names:
                return _ooxml(archive.read("[Content_Types].xml"))
            return _odf(archive, names) if "mimetype" in names else set()
    except _BROKEN as error:
        raise _Unfit(_DAMAGED) from error


def _sound_parts(archive: zipfile.ZipFile, *, packed: int) -> set[str]:
    """The names of the parts, judged by the archive's own list before anything is unpacked; raises _Unfit."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT or unpacked > max(RATIO_FROM, RATIO_LIMIT * packed):
        raise _Unfit(_TOO_PACKED)
    names = {part.filename for part in parts}
    for part in parts:
        steps = re.split(r"[/\\]", part.orig_filename)
        if ".." in steps or not steps[0] or "\0" in part.orig_filename or re.match(r"[A-Za-z]:", steps[0]):
            raise _Unfit("holds a part that would leave it when unpacked. Save it as PDF and add that.")
    if any(part.flag_bits & 1 for part in parts):
        raise _Unfit(_PASSWORD)
    if len(names) < len(parts) or any(part.compress_type not in (0, 8) for part in parts):
        raise _Unfit(_DAMAGED)  # office programs write each part once, stored or deflated
    if any(_MACRO_PARTS.search(name) for name in names):
        raise _Unfit(_MACROS)
    return names


def _ooxml(listed: bytes) -> set[str]:
    """What a modern Office file is, by the type of its main part; raises _Unfit for one with macros."""
    if len(listed) > 1_000 * PARTS_LIMIT:  # the list is read whole, so it has a bound of its own
        raise _Unfit(_TOO_PACKED)
    types = {str(node.get("ContentType", "")).strip().lower() for node in fromstring(listed)}
    if any("macroenabled" in kind or "vbaproject" in kind for kind in types):
        raise _Unfit(_MACROS)
    return {ending for ending in ("docx", "xlsx", "pptx") if f"{MEDIA_TYPES[ending]}.main+xml" in types}


def _odf(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    """What an OpenDocument file is, by its mimetype; raises _Unfit for one with a password."""
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise _Unfit(_PASSWORD)
    kind = archive.read("mimetype").decode("ascii").strip()
    return {ending for ending in ("odt", "ods", "odp") if MEDIA_TYPES[ending] == kind}
