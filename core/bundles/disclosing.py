"""A request for own data answered: each ruling checked against its piece, and what may go made into a zip."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.bundles.file_looks import PDF, still_in_file
from core.bundles.left_in import left_in
from core.bundles.pieces import Piece, pieces, undecided
from core.channels.bundle_files import MANIFEST, PDF_NAME, BundleStore, bundle_pdf, bundle_zip, files_at_hand
from core.channels.files import clean_name
from core.channels.redaction import redacted_pdf
from core.code.subject_access import EXEMPTIONS
from core.commands.base import Command
from core.commands.subject_access import AnswerSubjectAccess, OpenDisclosure, RecordRuling, pages_of
from core.desk import Desk, Done
from core.errors import BadInput, NotFound
from core.letters.bundles import Block, BundleDocument, Enclosure, Section, table, words
from core.letters.redacting import passages_of, redacted
from core.queries.subject_access import SubjectView, subject_request
from core.rules.request_steps import kind_named
from core.rules.subject_access import Ruling
from core.words import counted, day_words


def decide(desk: Desk, command: Command) -> Done:
    """Decide on a piece once it is certain that what is marked can be taken out of it [lgsco:5.8].

    Raises BadInput for a passage or a page that is not there, and for a file that nothing can be taken out of.
    """
    if not isinstance(command, RecordRuling) or not desk.may(command.needs):
        return desk.do(command)
    view = desk.ask(subject_request, command.request_id)
    piece = next((each for each in pieces(desk, view) if each.key == command.piece), None)
    if piece is None or piece.digest != command.digest:
        raise NotFound("This piece has changed meanwhile or is gone. Open the request again and read it anew.")
    if piece.file is not None and piece.file.held and command.ruling is not Ruling.WITHHOLD:
        raise BadInput(f"“{piece.title}” is held back. Withhold it, or have it released first.")
    if command.ruling is Ruling.REDACT:
        _try(desk, piece, command.passages, command.pages)
    return desk.do(command)


def _try(desk: Desk, piece: Piece, passages: str, pages: str) -> None:
    if piece.file is not None:
        with tempfile.TemporaryDirectory(prefix="redacted-") as folder:
            _copy(desk, piece, passages, pages, Path(folder) / "copy.pdf")
        return
    if pages_of(pages):
        raise BadInput("This piece has no pages. Mark passages instead.", {"pages": "Only a PDF has pages."})
    if missing := redacted(piece.text, passages_of(passages)).missing:
        raise BadInput(
            f"“{missing[0]}” is not in this piece. Copy it exactly as it is written.",
            {"passages": "One of these is not in the piece."},
        )


def _copy(desk: Desk, piece: Piece, passages: str, pages: str, out: Path) -> None:
    """The copy of a file without what was marked; BadInput for a file that is no PDF."""
    if piece.file is None or piece.file.media_type != PDF:
        raise BadInput(f"Only a PDF can have parts taken out. Disclose “{piece.title}” whole, or withhold it.")
    with files_at_hand(desk.office.settings) as store:
        place = store.path(piece.file.sha256)
        redacted_pdf(place, out, passages=passages_of(passages), pages=pages_of(pages))


def answer(desk: Desk, command: Command) -> Done:
    """Make what may be disclosed into a zip, keep it, and record the answer [lgsco:5.8].

    Raises BadInput while a piece is undecided or still says what was taken out of another without a reason, or where a
    case is taken in that this person does not see.
    """
    if not isinstance(command, AnswerSubjectAccess) or not desk.may(command.needs):
        return desk.do(command)
    view = desk.ask(subject_request, command.request_id)
    if view.hidden:
        raise BadInput("A case of this request is confidential and you are not named on it. Ask somebody who is.")
    found = pieces(desk, view)
    if not found:
        raise BadInput("No complaint is taken in yet. Confirm the complaints of this person first.")
    if left := undecided(view, found):
        raise BadInput(f"{counted(len(left), 'piece')} must still be decided on. Decide on each first.")
    if unsaid := [each for each in left_in(view, found) if not each.why]:
        first = unsaid[0]
        raise BadInput(
            f"“{first.passage}” was taken out of one piece and still stands in another: {first.piece.reference}, "
            f"{first.piece.section}. Decide again on each that is listed: take it out there too, or disclose with the "
            "reason why it may stay."
        )
    if in_file := still_in_file(desk, view, found):
        raise BadInput(
            f"“{in_file[1]}” was taken out of one piece and still stands in the file “{in_file[0].title}”. Decide "
            "again on that file: take it out there too, or disclose it with the reason why it may stay."
        )
    with (
        files_at_hand(desk.office.settings) as store,
        tempfile.TemporaryDirectory(prefix="disclosure-") as folder,
    ):
        made = _made(desk, view, found, store, Path(folder))
    ruled = Counter(view.rulings[each.key]["ruling"] for each in found)
    counts = {"disclosed": Ruling.DISCLOSE, "redacted": Ruling.REDACT, "withheld": Ruling.WITHHOLD}
    told = {name: ruled[ruling.value] for name, ruling in counts.items()}
    return desk.do(command.model_copy(update={"sha256": made[0], "size": made[1], **told}))


def _made(desk: Desk, view: SubjectView, found: Sequence[Piece], store: BundleStore, folder: Path) -> tuple[str, int]:
    enclosures, paths = _documents(desk, view, found, store, folder)
    today = desk.office.today(desk.office.now())
    document = BundleDocument(
        council=desk.office.settings.council,
        title=f"Your own data: {view.line.name}",
        facts=(
            f"You asked on {day_words(view.line.received_on)}. Made on {day_words(today)}.",
            "“[withheld]” stands where something was taken out. Why is said under “What was kept back”.",
        ),
        sections=(*_told(view, found), _kept_back(view, found)),
        enclosures=tuple(enclosures),
    )
    pdf = folder / PDF_NAME
    bundle_pdf(document, {}, pdf)
    return bundle_zip(store, {PDF_NAME: pdf, **paths}, _readme(document))


def _documents(
    desk: Desk, view: SubjectView, found: Sequence[Piece], store: BundleStore, folder: Path
) -> tuple[list[Enclosure], dict[str, Path]]:
    """The files that may go: as they are, or as copies under a name that says nothing."""
    made: list[Enclosure] = []
    paths: dict[str, Path] = {}
    for piece in found:
        ruling = view.rulings[piece.key]
        if piece.file is None or ruling["ruling"] == Ruling.WITHHOLD:
            continue
        number = len(made) + 1
        whole = ruling["ruling"] == Ruling.DISCLOSE
        name = clean_name(piece.title) if whole else f"Document {number}, parts taken out.pdf"
        path = f"documents/{number:03} {name}"
        place = store.path(piece.file.sha256) if whole else folder / f"{number}.pdf"
        if not whole:
            _copy(desk, piece, ruling["passages"], ruling["pages"], place)
        about = "As it is" if whole else "A copy with parts taken out: its pages are pictures, which hold no text"
        made.append(Enclosure(number=number, name=name, about=about, size=0, sha256="", path=path, remark="In the zip"))
        paths[path] = place
    return made, paths


def _told(view: SubjectView, found: Sequence[Piece]) -> Iterator[Section]:
    """What is said to the person, case by case."""
    for reference in view.cases:
        blocks: list[Block] = []
        for piece in (each for each in found if each.reference == reference and each.file is None):
            ruling = view.rulings[piece.key]
            if ruling["ruling"] == Ruling.WITHHOLD:
                continue
            marked = passages_of(ruling["passages"]) if ruling["ruling"] == Ruling.REDACT else ()
            blocks.append(words(f"{piece.section}: {piece.title}", redacted(piece.text, marked).text))
        yield Section(title=f"{kind_named(reference).capitalize()} {reference}", blocks=tuple(blocks) or (words(""),))


def _kept_back(view: SubjectView, found: Sequence[Piece]) -> Section:
    """How much was kept back and on which ground, without saying what."""
    rulings: list[Any] = [view.rulings[each.key] for each in found]
    kept = Counter((each["ruling"], each["exemption"]) for each in rulings if each["ruling"] != Ruling.DISCLOSE)
    rows = [
        (str(number), "Parts taken out" if ruling == Ruling.REDACT else "Withheld", EXEMPTIONS[ground].source,
         EXEMPTIONS[ground].title)
        for (ruling, ground), number in sorted(kept.items())
    ]  # fmt: skip
    block = table("By ground", ("Pieces", "What was done", "Where the law has it", "Ground"), rows)
    return Section(title="What was kept back", blocks=(block,))


def _readme(document: BundleDocument) -> str:
    lines = [
        document.title,
        document.council,
        *document.facts,
        "",
        f"{PDF_NAME}  what is held about you, with an index.",
        "documents/  documents, whole or as copies with parts taken out.",
        f"{MANIFEST}  the SHA-256 digest of every other file here; `sha256sum -c {MANIFEST}` proves them.",
        "",
        "You can ask the council to look again, and complain to the Information Commissioner.",
    ]
    return "\n".join(lines) + "\n"


def disclosure_file(desk: Desk, number: int) -> tuple[str, str]:
    """The answer to a request: a name and the digest it is kept under; that it was saved is kept [lgsco:5.8].

    Raises NotFound for a request without an answer.
    """
    view = desk.ask(subject_request, number)
    desk.do(desk.form(OpenDisclosure, {"request_id": number}))
    return f"own data {number}.zip", view.line.sha256
