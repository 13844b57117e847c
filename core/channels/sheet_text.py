"""Delimited text: which encoding, which separator, and rows that are never shifted or swallowed.

The whole file is decoded once before a row is used, so the encoding is certain and not the luck of its first lines.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from core.errors import BadInput

Cell = str | date | datetime | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be told apart from its neighbours; the sentence says what to do."""

    sentence: str


Row = tuple[int, list[Cell] | Unreadable]

CHUNK = 1 << 20
MAX_LINE = 4_000_000  # characters without a line end; more is no table
DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark at the start",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1252": "Windows Western European (1252)",
}
SAVE_AS = (
    "Open it in your spreadsheet program, save it as an Excel workbook (.xlsx) or as CSV UTF-8, and choose that file."
)
OPEN_QUOTE = "A quotation mark opens here and never closes. Close it, or take it out."
_END = "\0"  # handed to the reader after the last line; no accepted file can hold it


@dataclass(frozen=True, slots=True)
class TextSource:
    """A delimited text file, on disk or in memory."""

    origin: Path | bytes
    encoding: str
    delimiter: str
    skip_first_line: bool

    def records(self) -> Iterator[Row]:
        """The rows from the top, read from the text itself."""
        with io.TextIOWrapper(opened(self.origin), encoding=self.encoding, newline="") as text:
            if self.skip_first_line:
                text.readline()
            yield from _split(text, self.delimiter)


def opened(origin: Path | bytes) -> BinaryIO:
    """The file's bytes, from the start."""
    return io.BytesIO(origin) if isinstance(origin, bytes) else origin.open("rb")


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one pass over the decoded text found."""

    encoding: str
    why: str
    lines: int
    ending: str
    start: str


def decide_encoding(origin: Path | bytes, wanted: str | None) -> Decoded:
    """A mark at the start decides; else UTF-8 if the whole file is; else Windows-1252, and that is said."""
    with opened(origin) as stream:
        mark = stream.read(4)
    if wanted is not None:
        if wanted not in ENCODINGS:
            raise BadInput(f"“{wanted}” is not an encoding that can be read. Choose one of those offered.")
        return _decode(origin, wanted, why="The encoding was chosen by hand.")
    if mark.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise BadInput(f"The file is written in UTF-32. {SAVE_AS}")
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(origin, "utf-16")
    if mark.startswith(codecs.BOM_UTF8):
        return _decode(origin, "utf-8-sig")
    try:
        return _decode(origin, "utf-8")
    except UnicodeDecodeError as error:
        why = f"Line {error.reason} is not UTF-8, so Windows Western European was used. Check accents and £ signs."
    return _decode(origin, "cp1252", why=why)


def _decode(origin: Path | bytes, encoding: str, *, why: str = "") -> Decoded:
    """Decode the whole file once, counting lines; UnicodeDecodeError (reason: the line) only for detected UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    crlf = lf = cr = run = 0
    start, last = "", ""
    with opened(origin) as stream:
        more = True
        while more:
            chunk = stream.read(CHUNK)
            more = bool(chunk)
            try:
                text = decoder.decode(chunk, final=not more)
            except UnicodeDecodeError as error:
                line = max(lf, cr) + 1 + error.object[: error.start].count(b"\n" if lf or not cr else b"\r")
                if encoding == "utf-8" and not why:
                    raise UnicodeDecodeError("utf-8", b"", 0, 0, str(line)) from None
                raise BadInput(f"Line {line} cannot be read as {ENCODINGS[encoding]}. {SAVE_AS}") from error
            if _END in text:
                raise BadInput(
                    "The file holds NUL characters, which no text has. If it was saved as Unicode text, choose UTF-16 "
                    f"as its encoding; if not, it is damaged or no spreadsheet. {SAVE_AS}"
                )
            start = start or text
            crlf += text.count("\r\n") + (last == "\r" and text[:1] == "\n")
            lf, cr, last = lf + text.count("\n"), cr + text.count("\r"), text[-1:] or last
            run = _unbroken(text, run)
    ends = lf + cr - crlf
    kinds = [name for name, seen in (("CRLF", crlf), ("LF", lf - crlf), ("CR", cr - crlf)) if seen]
    ending = kinds[0] if len(kinds) == 1 else f"a mixture of {' and '.join(kinds)}" if kinds else "the end of the file"
    return Decoded(encoding, why, ends + (last not in ("\r", "\n", "")), ending, start)


def _unbroken(text: str, run: int) -> int:
    """How many characters have passed since the last line end; one endless line is refused."""
    first = min((at for at in (text.find("\n"), text.find("\r")) if at >= 0), default=len(text))
    if run + first > MAX_LINE:
        raise BadInput(f"One line is longer than {MAX_LINE:,} characters, so this is no list of complaints. {SAVE_AS}")
    latest = max(text.rfind("\n"), text.rfind("\r"))
    return run + len(text) if latest < 0 else len(text) - latest - 1


def decide_delimiter(start: str, *, cut: bool) -> str:
    """The separator that cuts the first rows into the same number of cells most often; a comma when none does."""
    start = start[:65_536]
    best, found = (0.0, 0.0, 0), ","
    for delimiter in DELIMITERS:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), 200))
        except csv.Error:
            continue
        widths = [len(row) for row in (rows[:-1] if cut or len(start) == 65_536 else rows) if row] or [0]
        width, times = Counter(widths).most_common(1)[0]
        score = (float(width > 1), times / len(widths) + (width == widths[0]), width)
        if width > 1 and score > best:
            best, found = score, delimiter
    return found


def _split(text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    """Numbered rows of delimited text; a quotation mark left open or an overlong cell is reported, never swallowed."""
    ended: list[bool] = []

    def lines() -> Iterator[str]:
        yield from text
        ended.append(True)
        yield _END

    reader = csv.reader(lines(), delimiter=delimiter)
    number = 0
    while True:
        try:
            for cells in reader:
                number += 1
                if ended:
                    if cells != [_END]:
                        yield number, Unreadable(OPEN_QUOTE)
                    return
                yield number, cells  # type: ignore[misc]  # list[str] is handed on untouched as list[Cell]
            return
        except csv.Error:
            number += 1
            limit = csv.field_size_limit()
            sentence = f"A cell is over {limit:,} characters, often by a quotation mark left open. Mend or shorten it."
            yield number, Unreadable(sentence)
