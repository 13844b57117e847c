"""Letters on the page of a case: the list, beginning one from a step, and the one that goes out with the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import streamlit as st

from app.ui import fields, keys, moments, places, sending, tables
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.code.catalogue import LETTERS, LetterType
from core.commands.base import COMMANDS, Command
from core.commands.letters import LetterKind, PrepareLetter
from core.desk import Desk, Done
from core.errors import BadInput, ComplaintsError
from core.letter_files import send_with_files
from core.queries.cases import CaseView
from core.queries.letters import LetterLine, LetterView, letter_view
from core.queries.outbox import OnItsWay
from core.words import counted, day_words

_TICKS = {"ombudsman_told": "ombudsman", "escalation_told": "how_to_escalate"}
_NOT_FROM_A_FORM = frozenset({"ombudsman"})
_NAME = 60
_PEN = ":material/edit_document:"


def address(reference: str, letter_id: int) -> dict[str, str]:
    """What the address of a letter holds."""
    return {"ref": reference, "letter": str(letter_id)}


def band(case: CaseView, letters: Sequence[LetterLine], by_mail: Mapping[int, OnItsWay]) -> None:
    """The letters on a case as links, the newest first; a draft says what it lacks, a queued one how it stands."""
    sent = sum(letter.sent_on is not None for letter in letters)
    going = sum(letter.sent_on is None and letter.id in by_mail for letter in letters)
    on_their_way = f", {going} on {'its' if going == 1 else 'their'} way" if going else ""
    head = f"### Letters: {sent} sent{on_their_way}, {counted(len(letters) - sent - going, 'draft')}"
    if not letters:
        st.markdown(f"{head}\n\nNone is written here yet. Begin one with “Write a letter”.")
        return
    there = [places.address(places.LETTER, address(case.reference, letter.id)) for letter in letters]
    said = [_line(letter, by_mail.get(letter.id)) for letter in letters]
    lines = [f"- [{what}]({to})" for what, to in zip(said, there, strict=True)]
    tables.rows("plain-letters", "\n".join([head, "", *lines]))


def _line(letter: LetterLine, mail: OnItsWay | None) -> str:
    to = one_line(letter.addressee, longest=_NAME, empty="nobody yet")
    stands = sending.line(mail) if mail is not None else ""
    if letter.sent_on is not None:
        back = f" · {stands}" if stands else ""
        return f"**{letter.title}** · sent {day_words(letter.sent_on)} by {letter.how} · to {to}{back}"
    if stands:
        return f"**{letter.title}** · to {to} · {stands}"
    left = f"{counted(letter.to_write, 'part')} to write" if letter.to_write else "ready to go"
    return f"**{letter.title}** · draft of {moments.moment(letter.prepared_at)} · {left} · to {to}"


def goes_on(step: str) -> dict[str, Any]:
    """Where a step about letters goes on once it is taken: on the letter's own page."""
    if step != "PrepareLetter":
        return {}
    return {"page": places.LETTER, "leads_to": _to_the_letter}


def _to_the_letter(opened: Opened, done: Done) -> Mapping[str, str]:
    return address(opened.reference, getattr(done.events[0], "letter_id", 0))


def kind_for(step: str, stage: int) -> LetterType | None:
    """The kind of letter that goes out with a step at a stage."""
    return next((each for each in LETTERS.values() if each.step == step and each.stage in (None, stage)), None)


def takes(here: Desk, command: Command, _along: Any) -> Done:
    """Take a step; the files of a letter that goes out with it are kept."""
    return send_with_files(here, command)


def goes_out_with(step: str, case: CaseView) -> dict[str, Any]:
    """What a step need not ask because the letter chosen for it says so; the letter goes out with the step."""
    letter = _chosen(step, case)
    if letter is None:
        return {"typed": ()} if step == "PrepareLetter" else {}
    asked = COMMANDS[step].asked_fields()
    given = {part.field: part.text for part in letter.parts if part.field in asked}
    ticks = {tick: True for tick, content in _TICKS.items() if tick in asked and content in letter.said}
    spoken = {"by_word_of_mouth": False} if "by_word_of_mouth" in asked else {}
    title = one_line(letter.kind.title)
    st.markdown(f"The letter **{title}** goes out with this step, as it was saved. What it says is not asked again.")
    back = places.page(places.LETTER)
    st.page_link(back, label="Read the letter again", query_params=address(case.reference, letter.id))
    return {"letter_id": letter.id, **given, **ticks, **spoken, **sending.day_given(step, letter)}


def _chosen(step: str, case: CaseView) -> LetterView | None:
    """The letter that the address names for this step; None when it is another case's, another step's or gone out."""
    named = st.query_params.get("letter", "")
    if not (named.isascii() and named.isdigit()):
        return None
    letter = desk().ask(letter_view, int(named))
    if letter.reference != case.reference or letter.step != step:
        raise BadInput("That letter does not go out with this step. Open the letter, and send it from there.")
    return letter


def write_first(opened: Opened, case: CaseView, letters: Sequence[LetterLine]) -> None:
    """Begin the letter that goes out with a step, with what was typed for the step so far, or go on with its draft."""
    kind = kind_for(opened.step, case.stage_number)
    if kind is None or "letter_id" in opened.given:
        return
    draft = next((each for each in letters if _is_draft(each, kind)), None)
    if draft is not None:
        there = places.page(places.LETTER)
        label = f"Go on with the draft: {kind.title}"
        st.page_link(there, label=label, query_params=address(case.reference, draft.id), icon=_PEN)
    elif st.button(f"Write the letter here: {kind.title}", key=keys.letter_key("first"), icon=_PEN):
        _begin(opened, case, kind)


def _is_draft(letter: LetterLine, kind: LetterType) -> bool:
    return letter.sent_on is None and letter.title == kind.title


def _begin(opened: Opened, case: CaseView, kind: LetterType) -> None:
    here = desk()
    # The same press twice is the same letter: its name follows from the case as it stands.
    command_id = str(uuid5(NAMESPACE_URL, f"{case.reference}/{case.version}/{kind.key}/{here.actor.id}"))
    told = {"command_id": command_id, "reference": case.reference, "seen_version": case.version}
    try:
        done = here.do(here.form(PrepareLetter, {**told, "kind": LetterKind(kind.title), "typed": _typed(opened)}))
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    st.switch_page(places.LETTER, query_params=_to_the_letter(opened, done))


def _typed(opened: Opened) -> tuple[tuple[str, str], ...]:
    """What was typed into the form of a step so far, in words."""
    kept = desk().kept(opened.draft)
    values = {name: kept.get(name) for name in fields.parts(opened) if name not in _NOT_FROM_A_FORM}
    words = {name: day_words(value) if isinstance(value, date) else value for name, value in values.items()}
    return tuple((name, value) for name, value in words.items() if isinstance(value, str) and value.strip())
