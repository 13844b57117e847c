"""Letters on a complaint, up to their going out: PrepareLetter, WriteLetter and DropLetter."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from core.code.catalogue import LETTERS
from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.letter_facts import agreed_print, known_of, written_to
from core.commands.letters_going_out import draft_on
from core.errors import BadInput
from core.events.base import Event
from core.events.letters import LetterDropped, LetterPrepared, LetterSaved
from core.letters.contents import missing_contents
from core.letters.documents import LARGEST_POINTS, LEAST_POINTS
from core.letters.drafting import drafted, without_names
from core.model.complaints import Stage
from core.model.letters import HowSent, Letter, LetterPart
from core.model.people import Colleague
from core.permissions import Permission
from core.store import notices
from core.store.facts import CaseRows, ident

LetterKind = StrEnum("LetterKind", {key.upper(): kind.title for key, kind in LETTERS.items()})  # type: ignore[misc]
"""The kinds of letter by their titles, as they are chosen; the Code's list is the only list."""

_KEYS = {kind.title: key for key, kind in LETTERS.items()}
_FONT_POINTS: dict[str, Any] = {"ge": LEAST_POINTS, "le": LARGEST_POINTS}


class PrepareLetter(CaseCommand):
    """Begin a letter with what the case knows. What nobody knows yet stands in it as a marked place."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:6.18")
    title = "Write a letter"
    gist = "It begins with what the case knows. Nothing is sent before you say so."

    kind: LetterKind = asks("What kind of letter", widget="choice")
    typed: tuple[tuple[str, str], ...] = Field(default=())


@handles(PrepareLetter)
def prepare_letter(command: PrepareLetter, work: Work) -> Sequence[Event]:
    """Draft a letter of the Code from the complaint, to whoever is written to [lgsco:6.18]."""
    case = work.open_case(command)
    kind = _KEYS[command.kind.value]
    of_stage = LETTERS[kind].stage
    if of_stage is not None and of_stage not in case.stages:
        raise BadInput(
            f"“{command.kind.value}” belongs to stage {of_stage}, which is not open. Choose another letter.",
            {"kind": "Choose another letter."},
        )
    letter = Letter(
        complaint_id=case.id,
        stage_number=of_stage or case.current.number,
        kind=kind,
        addressee=written_to(case, work),
        large_print_points=agreed_print(case, work),
        prepared_by=work.actor.id or None,
        prepared_at=work.now,
    )
    work.session.add(letter)
    work.session.flush()
    begun = drafted(kind, known_of(case, kind, dict(command.typed), work))
    _keep_parts(letter, begun, work)
    return [LetterPrepared(complaint_id=case.id, letter_id=ident(letter.id), title=command.kind.value)]


def remove_draft(letter: Letter, work: Work) -> None:
    """Take a draft and its words off the case; the caller keeps on record that there was one."""
    for part in work.session.exec(select(LetterPart).where(col(LetterPart.letter_id) == letter.id)):
        work.session.delete(part)
    work.session.flush()
    notices.written_on(work.session.connection(), ident(letter.id))
    work.session.delete(letter)


def _keep_parts(letter: Letter, parts: dict[str, str], work: Work) -> None:
    for content, text in parts.items():
        work.session.merge(LetterPart(letter_id=ident(letter.id), content=content, text=text))


class PartWords(BaseModel):
    """What one content of a letter says."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    content: str = Field(max_length=40)
    text: str = Field(default="", max_length=TEXT_LIMIT)


class WriteLetter(CaseCommand):
    """Save the words of a draft."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:5.6")
    title = "Save the letter"
    gist = "What is typed is kept as you type; saving puts it on the case, where your colleagues see it."

    letter_id: int
    parts: tuple[PartWords, ...] = asks("Each part", widget="contents", default=())
    addressee: str = asks(
        "To whom it goes", help="Name and address, as on the envelope.", widget="area", default="", max_length=500
    )
    how: HowSent = asks("How it goes", widget="choice", default=HowSent.POST)
    large_print_points: int | None = asks(
        "Letters in points",
        help="Empty for 14, which most people can read.",
        widget="number",
        default=None,
        **_FONT_POINTS,
    )
    officers_anonymous: bool = asks("Write “Officer A” in place of our names", widget="tick", default=False)


@handles(WriteLetter)
def write_letter(command: WriteLetter, work: Work) -> Sequence[Event]:
    """Keep a draft's words, in the format that was agreed with the individual [lgsco:5.6]."""
    case = work.open_case(command)
    letter = draft_on(case, command.letter_id, work)
    kind = LETTERS[letter.kind]
    known = {content.key for content in kind.contents}
    unknown = [part.content for part in command.parts if part.content not in known]
    if unknown:
        raise BadInput(f"“{kind.title}” has no part “{unknown[0]}”. Open the letter again.")
    officers = _officers(case, work) if command.officers_anonymous else []
    parts = {part.content: without_names(part.text, officers) for part in command.parts}
    letter.addressee, letter.how = command.addressee, command.how.value
    letter.large_print_points, letter.officers_anonymous = command.large_print_points, command.officers_anonymous
    _keep_parts(letter, parts, work)
    notices.written_on(work.session.connection(), command.letter_id)
    left = len(missing_contents(letter.kind, parts))
    return [LetterSaved(complaint_id=case.id, letter_id=ident(letter.id), title=kind.title, to_write=left)]


def _officers(case: CaseRows, work: Work) -> list[str]:
    """The names of whoever handled or answered the complaint, and of whoever writes."""
    stages = work.session.exec(select(Stage).where(col(Stage.complaint_id) == case.id).order_by(col(Stage.number)))
    hands = [each for stage in stages for each in (stage.handler_id, stage.responded_by)]
    found = [work.session.get(Colleague, each) for each in dict.fromkeys([*hands, work.actor.id]) if each]
    return [colleague.name for colleague in found if colleague is not None]


class DropLetter(CaseCommand):
    """Throw a draft away."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Throw the letter away"
    gist = "Only a draft can be thrown away. The history keeps that there was one."

    letter_id: int
    why: str = asks("Why (optional)", default="", max_length=200)


@handles(DropLetter)
def drop_letter(command: DropLetter, work: Work) -> Sequence[Event]:
    """Remove a draft; a letter that went out is never removed [lgsco:5.8]."""
    case = work.open_case(command)
    letter = draft_on(case, command.letter_id, work)
    remove_draft(letter, work)
    title = LETTERS[letter.kind].title
    return [LetterDropped(complaint_id=case.id, letter_id=ident(letter.id), title=title, why=command.why)]
