"""What a reviewer has to look at in a file of a person's own data, and what of it the console can find by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.bundles.pieces import Piece
from core.channels.bundle_files import files_at_hand
from core.channels.redaction import words_of_pdf
from core.desk import Desk
from core.errors import BadInput
from core.letters.redacting import passages_of
from core.queries.subject_access import SubjectView
from core.rules.subject_access import Ruling
from core.words import counted

PDF = "application/pdf"
_BY_EYE = (
    "Nothing in this kind of file is looked through here, and no part of it can be taken out. Open it, with its "
    "pictures, comments, hidden parts and what it says of its author, then disclose it whole or withhold it."
)
_HELD = "It is held back, so it is not opened here. Withhold it, or have it released first."
_NOTES = "Notes, forms and pictures in it are not looked through: read those yourself."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLook:
    """What to look at, in sentences; `found` are passages of it worth taking out, with the pages they stand on."""

    sentences: tuple[str, ...]
    found: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def look_at(desk: Desk, view: SubjectView, piece: Piece) -> FileLook:
    """What a reviewer has to look at in the file of a piece, and the names and passages found in its words [lgsco:5.8].

    Looked for are the others and the officers of its record, and whatever was taken out of another piece.
    """
    if piece.file is not None and piece.file.held:
        return FileLook(sentences=(_HELD,))
    if piece.file is None or piece.file.media_type != PDF:
        return FileLook(sentences=(_BY_EYE,))
    looks_for = tuple(dict.fromkeys([*piece.names, *_taken_out(view, but=piece)]))
    try:
        with files_at_hand(desk.office.settings) as store:
            said = words_of_pdf(store.path(piece.file.sha256), looks_for)
    except BadInput as refused:
        return FileLook(sentences=(str(refused), "Read it to the end yourself."))
    return FileLook(sentences=(*_silent(said.pages, said.silent), _NOTES), found=said.found)


def _silent(pages: int, silent: Sequence[int]) -> tuple[str, ...]:
    """Which pages hold no words, so that nothing on them could be found."""
    if not silent:
        return (f"{counted(pages, 'page')}, all with words.",)
    if len(silent) == pages:
        return (f"{counted(pages, 'page')}, none with words: a scan. Nothing could be found. Name pages to withhold.",)
    numbers = ", ".join(map(str, silent))
    return (f"{counted(pages, 'page')}. No words, so nothing could be found, on {numbers}: look at these.",)


def _taken_out(view: SubjectView, *, but: Piece) -> Iterable[str]:
    """What was taken out of the other pieces."""
    for key, ruling in view.rulings.items():
        if key != but.key and ruling["ruling"] == Ruling.REDACT:
            yield from passages_of(ruling["passages"])


def still_in_file(desk: Desk, view: SubjectView, found: Sequence[Piece]) -> tuple[Piece, str] | None:
    """The first PDF that goes whole, without a reason, though it says what was taken out of another piece."""
    whole = [
        each
        for each in found
        if each.file is not None
        and each.file.media_type == PDF
        and view.rulings[each.key]["ruling"] == Ruling.DISCLOSE
        and not view.rulings[each.key]["reason"].strip()
    ]
    for piece in whole:
        passages = tuple(_taken_out(view, but=piece))
        said = {each: on for each, on in look_at(desk, view, piece).found.items() if each in passages}
        if said:
            return piece, next(iter(said))
    return None
