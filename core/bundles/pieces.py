"""Everything about a person across their cases as pieces, each to be decided on by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.bundles.gathering import Gathered, gather, sections
from core.desk import Desk
from core.letters.bundles import Block
from core.letters.reports import Items, Table
from core.queries.bundles import colleagues_names
from core.queries.evidence import FileLine
from core.queries.requests import RequestView, request_view
from core.queries.subject_access import SubjectView
from core.rules.request_steps import names_request
from core.rules.subject_access import PieceFacts, Ruling, Whose, likely_ruling, likely_whose

_BY_THEMSELVES = frozenset({"In their own words", "What they want to happen", "What they said asking for it"})
_ROW_BY_ROW = frozenset({"In order", "Others on the case"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece: its text, or the file it is. `key` follows from what it says, so a piece that changes is another one.

    `whose` and `ruling` are suggestions; a person decides. `names` are those to be looked for in a file.
    """

    key: str
    digest: str
    reference: str
    section: str
    title: str
    text: str
    file: FileLine | None
    whose: Whose
    ruling: Ruling
    names: tuple[str, ...] = ()


def pieces(desk: Desk, view: SubjectView) -> tuple[Piece, ...]:
    """Every piece of the cases taken in that this person sees, case by case in the order of a bundle [lgsco:5.8]."""
    officers = [name for name in desk.ask(colleagues_names) if " " in name.strip()]
    found: dict[str, Piece] = {}
    for reference in view.cases:
        made = (
            _of_request(desk.ask(request_view, reference), view.line.name, officers)
            if names_request(reference)
            else _of_case(gather(desk, reference), view.line.name, officers)
        )
        for piece in made:
            found.setdefault(piece.key, piece)
    return tuple(found.values())


def undecided(view: SubjectView, among: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces nobody has decided on as they are now."""
    return tuple(each for each in among if view.rulings.get(each.key, {}).get("digest") != each.digest)


def _of_case(found: Gathered, requester: str, officers: Sequence[str]) -> Iterator[Piece]:
    reference = found.case.reference
    individual = found.case.individual["name"]
    theirs = _same(individual, requester)
    names = [
        *(each.name for each in found.people.parties),
        *(each.who.partition(",")[0] for each in found.correspondence.lines if each.contact_id is not None),
    ]
    others = {each for each in (*names, individual) if each.strip() and not _same(each, requester)} - set(officers)
    for section in sections(found, with_notes=True):
        for block in section.blocks:
            for text in _texts(block):
                facts = PieceFacts(
                    by_requester=theirs and block.title in _BY_THEMSELVES,
                    by_officer=block.title not in _BY_THEMSELVES,
                    names_requester=_names(text, [requester]),
                    names_others=_names(text, others),
                    names_officers=_names(text, officers),
                    on_own_record=theirs,
                )
                yield _piece(reference, section.title, block.title, text, likely_whose(facts))
    for file in found.files:
        digest = hashlib.sha256(f"{reference}\n{file.id}\n{file.sha256}".encode()).hexdigest()
        yield Piece(
            key=f"{reference}/{digest[:16]}", digest=digest, reference=reference, section="Evidence", title=file.name,
            text="", file=file, whose=Whose.MIXED, ruling=Ruling.REDACT, names=(*sorted(others), *sorted(officers)),
        )  # fmt: skip


def _of_request(found: RequestView, requester: str, officers: Sequence[str]) -> Iterator[Piece]:
    """What a service request holds: who asked, what they said, why it was one, and what they were told."""
    theirs = _same(found.individual["name"], requester)
    others = set() if theirs else {found.individual["name"]}
    contact = "\n".join(text for text in (found.matter, *found.individual.values()) if text)
    told = (("Who asked, and about what", contact, theirs), ("In their own words", found.words, theirs),
            ("Why it is a request", found.why, False), ("What they were told", found.answer, False))  # fmt: skip
    for title, text, by_requester in told:
        if text.strip():
            facts = PieceFacts(
                by_requester=by_requester,
                by_officer=not by_requester and title.startswith("Wh"),
                names_requester=_names(text, [requester]),
                names_others=_names(text, others),
                names_officers=_names(text, officers),
                on_own_record=theirs,
            )
            yield _piece(found.reference, "Service request", title, text, likely_whose(facts))


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.casefold().split() == other.casefold().split()


def _names(text: str, names: Iterable[str]) -> bool:
    said = " ".join(text.casefold().split())
    return any(" ".join(name.casefold().split()) in said for name in names if name.strip())


def _piece(reference: str, section: str, title: str, text: str, whose: Whose) -> Piece:
    digest = hashlib.sha256("\n".join((reference, section, title, text)).encode()).hexdigest()
    return Piece(
        key=f"{reference}/{digest[:16]}", digest=digest, reference=reference, section=section, title=title, text=text,
        file=None, whose=whose, ruling=likely_ruling(whose),
    )  # fmt: skip


def _texts(block: Block) -> Iterator[str]:
    """What a block says, row by row where its rows are about different people."""
    if isinstance(block, Table):
        rows = [
            "\n".join(f"{head}: {cell}" for head, cell in zip(block.columns, row, strict=True)) for row in block.rows
        ]
        yield from rows if block.title in _ROW_BY_ROW else ["\n\n".join(rows)]
    elif isinstance(block, Items):
        yield "\n".join(block.listed)
    else:
        yield "\n\n".join(block.paragraphs)
