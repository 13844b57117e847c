"""Opens a spreadsheet somebody dropped on a page: what it is, what was understood of it, and its rows as a stream.

The content decides, never the name. Nothing is guessed silently: `Sheet.understood()` says in sentences what was
detected, and the sheet, encoding and delimiter can be named instead. Cells come as they stand in the file: leading
zeros, "@" and "=" are kept. What cannot be read is refused with `BadInput` and a sentence naming the next step.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from core.channels.bounded import Limits, Stopped, Worker, refusal
from core.channels.sheet_text import (
    CHUNK,
    DELIMITERS,
    ENCODINGS,
    SAVE_AS,
    Cell,
    Row,
    TextSource,
    Unreadable,
    decide_delimiter,
    decide_encoding,
    opened,
)
from core.errors import BadInput
from core.words import counted

MAX_BYTES = 250_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
PREVIEW_ROWS = 20
HEADER_WITHIN = 30  # rows looked at to find the column names
WALL_SECONDS = 120
CHILD_LIMITS = {
    "memory": 1_000_000_000,
    "cpu": 60,
    "unpacked": 200_000_000,
    "written": 500_000_000,
    "rows": MAX_ROWS,
    "columns": MAX_COLUMNS,
}
NOT_SHEETS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This is a PDF, not a spreadsheet. {SAVE_AS}"),
    (b"\x89PNG", f"This is a picture, not a spreadsheet. {SAVE_AS}"),
    (b"\xff\xd8\xff", f"This is a picture, not a spreadsheet. {SAVE_AS}"),
    (b"GIF8", f"This is a picture, not a spreadsheet. {SAVE_AS}"),
    (b"BM", ""),  # a picture only when the bytes after it are binary; the NUL check says so
    (b"\x1f\x8b", "This is a compressed file. Unpack it and choose the spreadsheet inside."),
    (b"\xfd7zXZ", "This is a compressed file. Unpack it and choose the spreadsheet inside."),
    (b"7z\xbc\xaf", "This is a compressed file. Unpack it and choose the spreadsheet inside."),
    (b"Rar!", "This is a compressed file. Unpack it and choose the spreadsheet inside."),
    (b"BZh", "This is a compressed file. Unpack it and choose the spreadsheet inside."),
    (b"{\\rtf", f"This is a word processor document, not a spreadsheet. {SAVE_AS}"),
)
TOO_LONG = "The workbook took too much time or memory, so it was stopped. Save the sheet as CSV, or split it by year."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Source(Protocol):
    """Where rows come from; each call of `records` starts again at the top."""

    def records(self) -> Iterator[Row]:
        """Each row with its number."""


@dataclass(frozen=True)
class WorkbookSource:
    """A workbook's rows as the child process wrote them: one JSON line each, in a file removed with this object."""

    spool: Path

    def __post_init__(self) -> None:
        weakref.finalize(self, self.spool.unlink, missing_ok=True)

    def records(self) -> Iterator[Row]:
        """The rows from the top, read from the spooled file."""
        with self.spool.open(encoding="ascii") as lines:
            for line in lines:
                number, cells = json.loads(line)
                yield number, [cell if cell is None or type(cell) is str else _moment(cell) for cell in cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One spreadsheet as it was understood. Row numbers are those the person sees: the first row is 1."""

    filename: str
    kind: Literal["text", "workbook"]
    size: int
    sha256: str
    header: tuple[str, ...]
    header_row: int
    preview: tuple[tuple[int, tuple[Cell, ...]], ...]
    row_count: int
    row_count_exact: bool
    encoding: str | None = None
    delimiter: str | None = None
    line_ending: str | None = None
    sheets: tuple[str, ...] = ()
    sheet: str | None = None
    epoch_1904: bool = False
    remarks: tuple[str, ...] = ()
    source: Source = field(repr=False, compare=False)

    @property
    def width(self) -> int:
        """How many cells a row of this sheet has."""
        return len(self.header)

    def rows(self) -> Iterator[Row]:
        """The rows under the column names, blank ones left out, as (row number, cells).

        A text row with too few or too many cells comes as it is, so that nothing is shifted: compare with `width`.
        A workbook's short rows are filled with blanks, because a workbook names each cell's column.
        """
        width, pad, most = self.width, self.kind == "workbook", MAX_ROWS
        for number, cells in self.source.records():
            if number <= self.header_row:
                continue
            if isinstance(cells, Unreadable):
                yield number, cells
                continue
            if not any(cells):
                continue
            most -= 1
            if most < 0:
                raise BadInput(f"The file has more than {MAX_ROWS:,} rows. Split it by year and import each part.")
            if pad and len(cells) < width:
                cells.extend([None] * (width - len(cells)))
            yield number, cells

    def sample(self, most: int) -> list[list[Cell]]:
        """The first rows of the right width, to look at their values."""
        whole = (cells for _, cells in self.rows() if not isinstance(cells, Unreadable) and len(cells) == self.width)
        return list(itertools.islice(whole, most))

    def understood(self) -> tuple[str, ...]:
        """What was detected, one sentence each, for the person to check."""
        said = []
        if self.kind == "workbook":
            others = [name for name in self.sheets if name != self.sheet]
            also = f" Other sheets: {', '.join(others)}." if others else ""
            said.append(f"An Excel workbook. The sheet “{self.sheet}” was read.{also}")
            if self.epoch_1904:
                said.append("Its calendar starts in 1904; dates were read so.")
        else:
            separator = DELIMITERS.get(self.delimiter or ",", "the sign given")
            said.append(f"A text file whose cells are separated by {separator}.")
            said.append(f"Letters were read as {ENCODINGS.get(self.encoding or '', self.encoding)}.")
            said.append(f"Lines end with {self.line_ending}.")
        about = counted(self.row_count, "row") if self.row_count_exact else f"at most {counted(self.row_count, 'row')}"
        said.append(f"The column names are in row {self.header_row}, with {about} below them.")
        return (*said, *self.remarks)


def open_sheet(
    file: Path | str | bytes,
    filename: str = "",
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Sheet:
    """Detect what a file is and get its rows ready; the three names override what would be detected.

    Raises BadInput with a sentence when the file is no spreadsheet, is protected, too large, empty, or broken.
    """
    origin: Path | bytes = file if isinstance(file, bytes) else Path(file)
    filename = filename or (origin.name if isinstance(origin, Path) else "the file")
    size, digest, head = _measure(origin)
    if size == 0:
        raise BadInput(f"“{filename}” is empty. Choose the file that holds the list of complaints.")
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _open_workbook(origin, filename=filename, size=size, digest=digest, wanted=sheet)
    _refuse_what_is_no_text(head, origin)
    return _open_text(origin, filename=filename, size=size, digest=digest, encoding=encoding, delimiter=delimiter)


def _measure(origin: Path | bytes) -> tuple[int, str, bytes]:
    """Size in bytes, SHA-256 and the first bytes; a missing or far too large file is refused."""
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with opened(origin) as stream:
            while chunk := stream.read(CHUNK):
                head = head or chunk[:65_536]
                size += len(chunk)
                if size > MAX_BYTES:
                    raise BadInput(
                        f"The file is over {MAX_BYTES // 1_000_000} MB. Split it by year and import each part."
                    )
                digest.update(chunk)
    except OSError as error:
        raise BadInput("The file could not be opened. Check that it is still there and choose it again.") from error
    return size, digest.hexdigest(), head


def _refuse_what_is_no_text(head: bytes, origin: Path | bytes) -> None:
    """Name the commonest files that are no spreadsheet, by their first bytes."""
    if head.startswith(OLE):
        with opened(origin) as stream:
            whole = stream.read()
        if "EncryptedPackage".encode("utf-16-le") in whole:
            raise BadInput("The workbook is protected by a password. Save a copy without the password and choose that.")
        if any(name.encode("utf-16-le") in whole for name in ("Workbook", "Book")):
            raise BadInput(f"This is a workbook in the old .xls format. {SAVE_AS}")
        raise BadInput(f"This is an old Office file, not a spreadsheet. {SAVE_AS}")
    for start, sentence in NOT_SHEETS:
        if sentence and head.startswith(start):
            raise BadInput(sentence)
    words = head[:2_048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if words.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")):
        raise BadInput(f"This is a web page or XML, although its name may say otherwise. {SAVE_AS}")
    if words.startswith((b'{"', b"{\n", b"{\r", b"[{", b"[\n")):
        raise BadInput(f"This is JSON, not a spreadsheet. {SAVE_AS}")


def _open_text(
    origin: Path | bytes, *, filename: str, size: int, digest: str, encoding: str | None, delimiter: str | None
) -> Sheet:
    """Read a delimited text file's facts; the whole file is decoded once, so that the encoding is certain."""
    text = decide_encoding(origin, encoding)
    remarks = [text.why] if text.why else []
    first = text.start.split("\n", 1)[0].strip("\r\ufeff")
    declared = first[4] if first.lower().startswith("sep=") and len(first) == 5 else None
    if delimiter is None:
        delimiter = declared or decide_delimiter(text.start, cut=len(text.start) == CHUNK)
    if declared:
        remarks.append("The file itself names its separator in a first line; that line is not counted as a row.")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise BadInput("The separator must be one character, such as a comma. Choose one of those offered.")
    if filename.lower().endswith((".xlsx", ".xlsm", ".xls")):
        remarks.append("The file's name says it is a workbook, but it is a text file and was read as one.")
    source = TextSource(origin, text.encoding, delimiter, declared is not None)
    top = _look(source, pad=False)
    return Sheet(
        filename=filename, kind="text", size=size, sha256=digest, header=top.names, header_row=top.row,
        preview=top.preview, row_count=max(text.lines - top.row, len(top.preview)), row_count_exact=False,
        encoding=text.encoding, delimiter=delimiter, line_ending=text.ending, remarks=tuple(remarks), source=source,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Top:
    """The column names, the row they are in, how many filled rows reach down to it, and the first rows below."""

    names: tuple[str, ...]
    row: int
    filled: int
    preview: tuple[tuple[int, tuple[Cell, ...]], ...]


def _look(source: Source, *, pad: bool) -> _Top:
    """Find the row of column names and the first rows below it; refuse a file without either."""
    start = ((row, cells) for row, cells in source.records() if not isinstance(cells, Unreadable) and any(cells))
    filled = list(itertools.islice(start, HEADER_WITHIN + PREVIEW_ROWS))
    if not filled:
        raise BadInput("The file has no filled rows. Choose the file that holds the list of complaints.")
    breadth = max(_filled(cells) for _, cells in filled[:HEADER_WITHIN])
    at = next(at for at, (_, cells) in enumerate(filled) if 2 * _filled(cells) >= breadth)
    row, names = filled[at]
    below = filled[at + 1 : at + 1 + PREVIEW_ROWS]
    if not below:
        raise BadInput("The file has column names but no rows under them. Choose the file that holds the complaints.")
    width = max(len(names), *(len(cells) for _, cells in below)) if pad else len(names)
    if width > MAX_COLUMNS:
        raise BadInput(
            f"The file has {width:,} columns; at most {MAX_COLUMNS} are read. Delete the columns not needed."
        )
    shown = tuple((number, (*cells, *[None] * (width - len(cells) if pad else 0))) for number, cells in below)
    return _Top(_named(names, width), row, at + 1, shown)


def _filled(cells: list[Cell]) -> int:
    """How many cells of a row hold something."""
    return sum(cell not in (None, "") for cell in cells)


def _named(cells: list[Cell], width: int) -> tuple[str, ...]:
    """Every column gets a name of its own: blank ones by their letter, repeated ones by a number."""
    taken: set[str] = set()
    names = []
    for at in range(width):
        given = str(cells[at] or "") if at < len(cells) else ""
        name = " ".join(given.split()).strip("\ufeff")[:200] or f"Column {_letters(at)}"
        unique, again = name, 2
        while unique in taken:
            unique, again = f"{name} ({again})", again + 1
        taken.add(unique)
        names.append(unique)
    return tuple(names)


def _letters(at: int) -> str:
    """A column's letters as a spreadsheet program shows them: 0 is A, 26 is AA."""
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def _moment(cell: list[str]) -> date | datetime:
    """A day or moment as the child process wrote it."""
    return date.fromisoformat(cell[1]) if cell[0] == "d" else datetime.fromisoformat(cell[1])


def _open_workbook(origin: Path | bytes, *, filename: str, size: int, digest: str, wanted: str | None) -> Sheet:
    """Have the bounded child write the workbook's rows, then look at them as at any other."""
    handle, name = tempfile.mkstemp(prefix="sheet-", suffix=".jsonl")
    os.close(handle)
    source = WorkbookSource(Path(name))
    facts = _ask_child(origin, out=name, wanted=wanted)
    top = _look(source, pad=True)
    remarks = list(facts["remarks"])
    if not filename.lower().endswith((".xlsx", ".xlsm", ".xltx", ".xltm")):
        remarks.append("The file's name does not say so, but it is a workbook and was read as one.")
    return Sheet(
        filename=filename, kind="workbook", size=size, sha256=digest, header=top.names, header_row=top.row,
        preview=top.preview, row_count=facts["rows"] - top.filled, row_count_exact=True, sheets=tuple(facts["sheets"]),
        sheet=facts["sheet"], epoch_1904=facts["epoch_1904"], remarks=tuple(remarks), source=source,
    )  # fmt: skip


def _ask_child(origin: Path | bytes, *, out: str, wanted: str | None) -> dict[str, Any]:
    """Run the reader in a process with its own limits; a refusal, a crash and a hang all become one sentence."""
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        path = origin
        if isinstance(path, bytes):
            path = Path(folder) / "upload"
            path.write_bytes(origin if isinstance(origin, bytes) else b"")
        job = {"path": str(path.resolve()), "out": out, "sheet": wanted, **CHILD_LIMITS}
        worker = Worker(Path(__file__).with_name("sheet_child.py"))
        try:
            facts = worker.ask(job, _limits())
        except Stopped as error:
            raise BadInput(TOO_LONG) from error
        finally:
            worker.stop()
    if refused := refusal(facts):
        raise refused
    return facts


def _limits() -> Limits:
    """What the reader of one workbook may use, beside what it checks itself."""
    return Limits(
        memory=CHILD_LIMITS["memory"],
        cpu=CHILD_LIMITS["cpu"],
        seconds=WALL_SECONDS,
        file_size=CHILD_LIMITS["written"] + 1_000_000,
    )
