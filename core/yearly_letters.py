"""The file of a yearly letter: kept as it came, and its figures read where it is a table of names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.channels.file_stores import file_store
from core.channels.files import check_file
from core.channels.sheet_text import Unreadable
from core.channels.spreadsheets import open_sheet
from core.code.ombudsmen import YEARLY_LETTERS, YearlyLetter
from core.commands.annual_letters import EnterAnnualLetter
from core.desk import Desk
from core.errors import BadInput, NotFound, NotPermitted
from core.evidence import MEGABYTE
from core.permissions import REFUSAL
from core.queries.ombudsman_figures import ombudsman_figures

_TABLES = (".csv", ".txt", ".xlsx")
_WHOLE = re.compile(r"([0-9][0-9,]*)\.0+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLetter:
    """A file that is kept, with the figures that were read from it by key, and a sentence for each row that was not."""

    name: str
    sha256: str
    figures: dict[str, str]
    notes: tuple[str, ...]


def take_letter(desk: Desk, body: str, *, name: str, content: bytes) -> TakenLetter:
    """Keep the file of a letter and read what figures it has; nothing is entered yet [lgsco:8.1].

    A table has a figure's name, as the form shows it, in its first column and the figure in its second. Raises BadInput
    for a file that is not kept or a table that cannot be read, NotPermitted for whoever enters no letters.
    """
    if not desk.may(EnterAnnualLetter.needs):
        raise NotPermitted(REFUSAL[EnterAnnualLetter.needs])
    letter = YEARLY_LETTERS.get(body)
    if letter is None:
        raise BadInput("There is no such letter. Choose whose it is from the list.")
    settings = desk.office.settings
    checked = check_file(name, content, limit=settings.file_megabytes * MEGABYTE)
    figures: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    if checked.name.endswith(_TABLES):
        figures, notes = _read(content, checked.name, letter)
    file_store(settings).put(content, checked.sha256)
    return TakenLetter(name=checked.name, sha256=checked.sha256, figures=figures, notes=notes)


def _read(content: bytes, name: str, letter: YearlyLetter) -> tuple[dict[str, str], tuple[str, ...]]:
    sheet = open_sheet(content, name)
    rows: list[tuple[int, Iterable[object]]] = [(sheet.header_row, sheet.header)]
    notes: list[str] = []
    for number, cells in sheet.rows():
        if isinstance(cells, Unreadable):
            notes.append(f"Row {number}: {cells.sentence}")
        else:
            rows.append((number, cells))
    keys = {_name(each.title): each.key for each in letter.figure} | {each.key: each.key for each in letter.figure}
    figures: dict[str, str] = {}
    for number, row in rows:
        first, second = ([*map(_text, row), "", ""])[:2]
        key = keys.get(_name(first)) or keys.get(first.casefold())
        if key is not None and second:
            figures[key] = _WHOLE.sub(r"\1", second) if _WHOLE.fullmatch(second) else second
        elif number != sheet.header_row and first:
            notes.append(f"Row {number}: no figure of this letter is called “{first}”. Type it in if it belongs here.")
    if not figures:
        notes.append(
            "No figure was read. The first column holds the names as the form shows them, the second the figures."
        )
    return figures, tuple(notes)


def _text(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _name(text: str) -> str:
    return " ".join(text.casefold().split())


def letter_source(desk: Desk, body: str, year: int) -> tuple[str, str]:
    """The name and digest of the file that a year's newest figures were read from; NotFound where none was kept."""
    found = desk.ask(ombudsman_figures, body, year)
    if not found.sha256:
        raise NotFound("No file is kept with these figures. They were typed in from the letter.")
    return found.file_name, found.sha256
