"""A case's bundle made into its zip, kept as it was made, and handed out to whoever may have it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.bundles.gathering import Gathered, gather, sections
from core.channels.bundle_files import MANIFEST, MOST_APPENDED, PDF_NAME, bundle_pdf, bundle_zip, files_at_hand
from core.channels.files import FileStore, clean_name
from core.commands.base import Command
from core.commands.bundles import MakeBundle, OpenBundle
from core.desk import Desk, Done
from core.errors import NotFound
from core.letters.bundles import BundleDocument, Enclosure, without_officers
from core.queries.bundles import LetterInFull, colleagues_names, one_bundle
from core.queries.evidence import FileLine
from core.words import counted, day_words

_PDF = "application/pdf"
HELD = "Held back until somebody has looked at it; not in this bundle"
GONE = "Its bytes are missing from the folder of files; not in this bundle"
IN_THE_ZIP = "In the zip"
TOO_LARGE = "Too large to follow here: see the original"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """One document on its way into a bundle. `held` says why it stays out; "" when it goes in."""

    name: str
    about: str
    folder: str
    sha256: str
    size: int
    pages: bool
    held: str


def make_bundle(desk: Desk, command: Command) -> Done:
    """Put everything on a case together and keep it; the record then says for whom, why and which bytes [lgsco:5.8].

    Raises BadInput, before anything changes, when the files cannot be made; and whatever the desk refuses.
    """
    if not isinstance(command, MakeBundle) or not desk.may(command.needs):
        return desk.do(command)
    found = gather(desk, command.reference)
    with files_at_hand(desk.office.settings) as kept, tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        papers = _papers(kept, found, letters=not command.officers_anonymous)
        enclosures, paths = _enclosures(kept, papers)
        document = _document(desk, command, found, enclosures)
        pdf = Path(folder) / PDF_NAME
        follow = {each.number: paths[each.path] for each in enclosures if each.appended}
        left_out = bundle_pdf(document, follow, pdf)
        readme = _readme(document, follow.keys() - left_out.keys(), anonymous=command.officers_anonymous)
        sha256, size = bundle_zip(kept, {PDF_NAME: pdf, **paths}, readme)
    made = {"sha256": sha256, "size": size, "documents": len(paths)}
    return desk.do(command.model_copy(update=made))


def _papers(store: FileStore, found: Gathered, *, letters: bool) -> list[_Paper]:
    """Every document of a case in order: the evidence, then the letters as they went, unless nobody is to be named."""
    held: Callable[[str], str] = lambda sha256: "" if _there(store, sha256) else GONE  # noqa: E731

    def evidence(file: FileLine) -> _Paper:
        return _Paper(
            name=file.name,
            about=file.about or f"Evidence, added on {day_words(file.added_at.date())}",
            folder="originals",
            sha256=file.sha256,
            size=file.size,
            pages=file.media_type == _PDF,
            held=HELD if file.held else held(file.sha256),
        )

    def letter(sent: LetterInFull) -> _Paper:
        there = held(sent.pdf_sha256)
        return _Paper(
            name=clean_name(f"{sent.title}.pdf"),
            about=f"Letter as it went on {day_words(sent.sent_on)}; its words stand under “Letters sent”",
            folder="letters",
            sha256=sent.pdf_sha256,
            size=0 if there else store.path(sent.pdf_sha256).stat().st_size,
            pages=False,
            held=there,
        )

    sent = [letter(each) for each in found.letters if each.pdf_sha256] if letters else []
    return [*map(evidence, found.files), *sent]


def _there(store: FileStore, sha256: str) -> bool:
    try:
        store.path(sha256)
    except NotFound:
        return False
    return True


def _enclosures(store: FileStore, papers: Sequence[_Paper]) -> tuple[tuple[Enclosure, ...], dict[str, Path]]:
    """The numbered list of documents, and where the bytes of each lie by its name in the zip."""
    made, paths, appended = [], {}, 0
    for number, paper in enumerate(papers, start=1):
        path = "" if paper.held else f"{paper.folder}/{number:03} {clean_name(paper.name)}"
        fits = appended + paper.size <= MOST_APPENDED
        follows = bool(path) and paper.pages and fits
        appended += paper.size if follows else 0
        too_large = paper.pages and not fits
        made.append(
            Enclosure(
                number=number,
                name=paper.name,
                about=paper.about,
                size=paper.size,
                sha256=paper.sha256,
                path=path,
                appended=follows,
                remark=paper.held or (TOO_LARGE if too_large else IN_THE_ZIP),
            )
        )
        if path:
            paths[path] = store.path(paper.sha256)
    return tuple(made), paths


def _document(desk: Desk, command: MakeBundle, found: Gathered, enclosures: tuple[Enclosure, ...]) -> BundleDocument:
    who = f" ({command.name})" if command.name else ""
    today = desk.office.today(desk.office.now())
    document = BundleDocument(
        council=desk.office.settings.council,
        title=f"Complaint {found.case.reference}: everything on the case",
        facts=(
            f"Made for {command.made_for.value}{who}. As the record stood on {day_words(today)}.",
            "Colleagues’ notes are included." if command.with_notes else "Colleagues’ notes are not included.",
        ),
        sections=sections(found, with_notes=command.with_notes),
        enclosures=enclosures,
    )
    return without_officers(document, desk.ask(colleagues_names)) if command.officers_anonymous else document


def _readme(document: BundleDocument, follow: set[int], *, anonymous: bool) -> str:
    """What is in the zip and how anybody proves that it is whole, in plain words."""
    lines = [
        document.title,
        document.council,
        *document.facts,
        "",
        f"{PDF_NAME}  everything in order, with an index and bookmarks.",
        f"            {counted(len(follow), 'document')} of the case follow in it after the text. Scripts, forms and",
        "            links were taken out of these pages; the originals are as they came.",
        "            Its own pages are marked up for people who have it read to them. Pages of documents are not,",
        "            where whoever made them did not do so.",
        "originals/  the evidence, byte for byte, numbered as in the index.",
        "letters/    the letters as they went out.",
        f"{MANIFEST}  the SHA-256 digest of every other file here.",
        "",
        "To prove that nothing was changed, unpack the zip, open a terminal in its folder and type",
        "",
        f"    sha256sum -c {MANIFEST}        (Linux)",
        f"    shasum -a 256 -c {MANIFEST}    (macOS)",
        "",
        "On Windows, PowerShell's Get-FileHash shows the digest of one file, to be compared with its line.",
    ]
    if anonymous:
        lines += [
            "",
            "Officers' whole names are left out of the text. The originals are as they came and may hold them; the",
            "letters are left out as files, because they are signed.",
        ]
    left = [each for each in document.enclosures if not each.path]
    if left:
        lines += ["", "Not in this zip:", *(f"{each.number}. {each.name}: {each.remark}." for each in left)]
    return "\n".join(lines) + "\n"


def bundle_file(desk: Desk, number: int) -> tuple[str, str]:
    """A bundle's name and the digest it is kept under; that it was saved is kept [lgsco:5.8].

    Raises NotFound for no bundle that this person may have.
    """
    found = desk.ask(one_bundle, number)
    desk.do(desk.form(OpenBundle, {"bundle_id": number}))
    return f"{found.reference} bundle {found.id}.zip", found.sha256
