"""The letters on a case, one letter with what it still lacks, and the wording that letters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.code.catalogue import BLOCKS, LETTERS, WATCH, Block, LetterType
from core.errors import BadInput, NotFound
from core.letters.contents import clause_of, missing_contents
from core.model.complaints import Complaint, Stage
from core.model.letters import HowSent, Letter, LetterPart, LetterTemplate, SharedWording
from core.model.people import Colleague
from core.permissions import Permission
from core.queries.base import LAST_ID, Asking, query
from core.rules.behaviour import RESTRICTION, Enclosed
from core.rules.steps import Position, steps_from
from core.rules.working_days import months_after
from core.store.behaviour import goes_along, went_along

_C = Complaint.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_P = LetterPart.__table__  # type: ignore[attr-defined]
_ST = Stage.__table__  # type: ignore[attr-defined]
_T = LetterTemplate.__table__  # type: ignore[attr-defined]
_S = SharedWording.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One letter in the list of its case. A draft has no `sent_on`; `to_write` counts what it lacks."""

    id: int
    title: str
    addressee: str
    how: str
    prepared_by: str
    prepared_at: datetime
    sent_on: date | None
    to_write: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter in the list of all cases' letters. A draft has no `sent_on`; `to_write` counts what it lacks."""

    id: int
    reference: str
    matter: str
    title: str
    addressee: str
    how: str
    sent_on: date | None
    to_write: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersPage:
    """The newest letters of one kind, and whether there are more than are shown."""

    rows: tuple[LetterRow, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One content of a letter: what it is, which clause asks for it, and what it says."""

    content: str
    title: str
    help: str
    clause: str
    text: str
    field: str | None
    heading: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """One letter with its case. `step` is the step on the case it goes out with, "" when none is open now.

    `enclosed` is the policy that goes with it, or went with it once it is sent.
    """

    id: int
    kind: LetterType
    reference: str
    version: int
    matter: str
    stage_number: int
    addressee: str
    how: str
    large_print_points: int | None
    officers_anonymous: bool
    prepared_by: str
    prepared_at: datetime
    sent_on: date | None
    sent_by: str
    sha256: str
    pdf_sha256: str
    word_sha256: str
    signatory: str
    contact: str
    parts: tuple[PartView, ...]
    step: str
    enclosed: Enclosed | None = None

    @property
    def said(self) -> Mapping[str, str]:
        """What each content says, by key."""
        return {part.content: part.text for part in self.parts}

    def as_sent_on(self, day: date) -> LetterView:
        """The same letter as it will be once it has gone."""
        return replace(self, sent_on=day)


@query(needs=Permission.READ, of_one=True)
def case_letters(asking: Asking, reference: str) -> tuple[LetterLine, ...]:
    """The letters on a case, the newest first [lgsco:5.8]."""
    rows = _letters(asking, _C.c.reference == reference.strip().upper())
    said = _parts(asking, [row.id for row in rows])
    return tuple(
        LetterLine(
            id=row.id,
            title=LETTERS[row.kind].title,
            addressee=row.addressee.partition("\n")[0],
            how=row.how,
            prepared_by=row.preparer or "The console",
            prepared_at=row.prepared_at,
            sent_on=row.sent_on,
            to_write=len(missing_contents(row.kind, said.get(row.id, {}))),
        )
        for row in rows
    )


_SHOWN: Mapping[str, tuple[Any, ...]] = {
    "drafts": (_L.c.sent_on.is_(None),),
    "posted": (_L.c.sent_on.is_not(None), _L.c.how == HowSent.POST.value),
    "sent": (_L.c.sent_on.is_not(None),),
}


@query(needs=Permission.READ)
def letters_list(asking: Asking, *, shown: str = "drafts", limit: int = 100) -> LettersPage:
    """Letters of every case this person sees, the newest first: drafts, those gone by post, or all that went out.

    Raises BadInput for a list there is not [lgsco:5.8].
    """
    if shown not in _SHOWN:
        raise BadInput("There is no such list of letters. Choose drafts, gone by post, or all that went out.")
    rows = _letters(asking, *_SHOWN[shown], limit=limit + 1)
    said = _parts(asking, [row.id for row in rows])
    lines = tuple(
        LetterRow(
            id=row.id,
            reference=row.reference,
            matter=row.matter,
            title=LETTERS[row.kind].title,
            addressee=row.addressee.partition("\n")[0],
            how=row.how,
            sent_on=row.sent_on,
            to_write=len(missing_contents(row.kind, said.get(row.id, {}))),
        )
        for row in rows[:limit]
    )
    return LettersPage(rows=lines, more=len(rows) > limit)


@query(needs=Permission.READ)
def letter_view(asking: Asking, letter_id: int) -> LetterView:
    """One letter by its number; NotFound when it is on no case this person sees."""
    found = _letters(asking, _L.c.id == letter_id) if 0 < letter_id <= LAST_ID else []
    if not found:
        raise NotFound("There is no such letter. Open it from its case.")
    row = found[0]
    kind = LETTERS[row.kind]
    said = _parts(asking, [row.id]).get(row.id, {})
    copied = ("id", "reference", "version", "matter", "stage_number", "addressee", "how", "large_print_points")
    kept = ("officers_anonymous", "prepared_at", "sent_on", "sha256", "pdf_sha256", "word_sha256")
    return LetterView(
        **{name: getattr(row, name) for name in (*copied, *kept)},
        kind=kind,
        prepared_by=row.preparer or "The console",
        sent_by=row.sender or "",
        signatory=row.handler or row.preparer or "",
        contact=next(each.text for each in shared_wording(asking) if each.block.name == "contact"),
        parts=tuple(
            PartView(
                content=content.key,
                title=content.title,
                help=content.help,
                clause=clause_of(content),
                text=said.get(content.key, ""),
                field=content.field,
                heading=content.heading,
            )
            for content in kind.contents
        ),
        step=_step_of(kind, row),
        enclosed=_enclosed(asking, row),
    )


def _enclosed(asking: Asking, row: Any) -> Enclosed | None:
    if row.kind != RESTRICTION:
        return None
    if row.sent_on is not None:
        return went_along(asking.connection, row.id)
    return goes_along(asking.connection, on=asking.today)


def _step_of(kind: LetterType, row: Any) -> str:
    """The step a draft goes out with, where the case permits it now at the letter's own stage."""
    open_now = kind.step in steps_from(Position(row.position)) and kind.stage in (None, row.at_stage)
    return kind.step if kind.step is not None and open_now and row.sent_on is None else ""


def _letters(asking: Asking, *where: Any, limit: int | None = None) -> Sequence[Any]:
    sender, handler = _W.alias("sender"), _W.alias("handler")
    statement = (
        sa.select(
            _L,
            _C.c.reference,
            _C.c.version,
            _C.c.matter,
            _C.c.position,
            _C.c.stage_number.label("at_stage"),
            _W.c.name.label("preparer"),
            sender.c.name.label("sender"),
            handler.c.name.label("handler"),
        )
        .select_from(
            _L.join(_C, _C.c.id == _L.c.complaint_id)
            .outerjoin(_W, _W.c.id == _L.c.prepared_by)
            .outerjoin(sender, sender.c.id == _L.c.sent_by)
            .outerjoin(_ST, sa.and_(_ST.c.complaint_id == _L.c.complaint_id, _ST.c.number == _L.c.stage_number))
            .outerjoin(handler, handler.c.id == _ST.c.handler_id)
        )
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(_L.c.id.desc())
        .limit(limit)
    )
    return asking.connection.execute(statement).all()


def _parts(asking: Asking, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    if not ids:
        return {}
    said: dict[int, dict[str, str]] = {}
    for row in asking.connection.execute(sa.select(_P).where(_P.c.letter_id.in_(ids))):
        said.setdefault(row.letter_id, {})[row.content] = row.text
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingView:
    """One wording that letters share, as it is in force today, with the versions the council published, newest first.

    `stale` says that nobody has looked at it for longer than a wording is trusted; "" when somebody has.
    """

    block: Block
    text: str
    own: bool
    stale: str
    versions: tuple[Mapping[str, Any], ...]


@query(needs=Permission.CODE, kept=True)
def shared_wording(asking: Asking) -> tuple[WordingView, ...]:
    """Every wording that letters share, in force today [lgsco:3.7]."""
    statement = (
        sa.select(_S, _W.c.name.label("publisher"))
        .select_from(_S.outerjoin(_W, _W.c.id == _S.c.published_by))
        .order_by(_S.c.in_force_from.desc(), _S.c.id.desc())
    )
    rows = [dict(row) for row in asking.connection.execute(statement).mappings()]
    own = {name: [row for row in rows if row["block"] == name] for name in BLOCKS}
    return tuple(_wording(block, own[name], asking) for name, block in BLOCKS.items())


def _wording(block: Block, versions: Sequence[Mapping[str, Any]], asking: Asking) -> WordingView:
    begun = next((row for row in versions if row["in_force_from"] <= asking.today), None)
    own = bool(begun and begun["text"])
    text = begun["text"] if begun and own else block.text or ""
    looked_at = begun["in_force_from"] if begun and own else block.checked
    return WordingView(
        block=block, text=text, own=own, stale=_stale(text, looked_at, asking.today), versions=tuple(versions)
    )


def _stale(text: str, looked_at: date, today: date) -> str:
    if not text:
        return "Nothing is written yet. Letters that need it leave a place for it."
    limit = WATCH["wording_stale"].value
    if months_after(looked_at, limit) >= today:
        return ""
    return f"Nobody has looked at this for more than {limit} months. Compare it and publish it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """The Word template letters are made in; `sha256` is "" for the one that comes along."""

    name: str
    sha256: str
    adopted_by: str
    adopted_at: datetime | None


@query(needs=Permission.READ)
def letter_template(asking: Asking) -> TemplateView:
    """The template in use: the newest that was adopted."""
    statement = (
        sa.select(_T, _W.c.name.label("adopter"))
        .select_from(_T.outerjoin(_W, _W.c.id == _T.c.adopted_by))
        .order_by(_T.c.id.desc())
        .limit(1)
    )
    row = asking.connection.execute(statement).first()
    if row is None:
        return TemplateView(name="", sha256="", adopted_by="", adopted_at=None)
    return TemplateView(
        name=row.name, sha256=row.sha256, adopted_by=row.adopter or "The console", adopted_at=row.adopted_at
    )
