"""One letter: its words beside what they must hold, and its way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from app.ui import behaviour, forms, keys, letters, moments, places, sending
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import Desk
from core.letters.advice import Advice, advice_on
from core.letters.contents import missing_contents
from core.permissions import Permission
from core.queries.letters import LetterView
from core.queries.outbox import OnItsWay, WayByMail
from core.rules.behaviour import RESTRICTION
from core.rules.steps import LETTER_PAGE_STEPS
from core.words import counted, day_words

_QUOTED, _MOST = 80, 12
_LETTERS = "/letters/"
_FORMS = (("PDF", "pdf"), ("Word", "docx"))
WHOLE = ("SendLetter", "DropLetter")
"""The steps about a letter as a whole, taken with its saved words in view."""

RETURN = ("RecordBounce", "CloseBounce")
"""The steps about a letter that came back."""


def head(letter: LetterView, mail: OnItsWay | None) -> None:
    """Which letter it is, of which case, and how it stands."""
    case = {"ref": letter.reference}
    st.page_link(
        places.page(places.CASE), label=f"Back to {letter.reference}", icon=":material/arrow_back:", query_params=case
    )
    st.title(letter.kind.title, anchor=False)
    matter = one_line(letter.matter, empty="No matter given")
    if letter.sent_on is None:
        how = "draft" if mail is None else "on its way by e-mail"
        stands = f"{how}, begun by {one_line(letter.prepared_by)} {moments.moment(letter.prepared_at)}"
    else:
        by = one_line(letter.sent_by, empty="the console")
        stands = f"sent {day_words(letter.sent_on)} by {letter.how}, recorded by {by}"
    files = " · ".join(f"[{form}]({places.own_route(f'{_LETTERS}{letter.id}.{ending}')})" for form, ending in _FORMS)
    sent, of_kind = letter.sent_on is not None, letter.kind.key == RESTRICTION
    enclosed = behaviour.with_letter(letter.enclosed, sent=sent) if of_kind else ""
    st.markdown(
        f"**{letter.reference}** · {matter} · stage {letter.stage_number} · **{stands}**\n\n"
        f"{letter.kind.when}\n\nSave it as {files}.{enclosed}"
    )


def _writing(letter: LetterView) -> Opened:
    kept = {f"parts.{part.content}": part.text for part in letter.parts}
    others = ("addressee", "how", "large_print_points", "officers_anonymous")
    return replace(
        step_of(letter.reference, letter.id, "WriteLetter"),
        seen_version=letter.version,
        starts={**kept, **{name: getattr(letter, name) for name in others}},
        contents=letter.kind.contents,
    )


def step_of(reference: str, letter_id: int, step: str) -> Opened:
    """A step about one letter; throwing it away leads back to its case."""
    opened = Opened(
        step=step, reference=reference, about=f"letter {letter_id}", given={"letter_id": letter_id}, page=places.LETTER
    )
    if step == "DropLetter":
        return replace(opened, page=places.CASE)
    return replace(opened, does=letters.takes, leads_to=lambda _opened, _done: letters.address(reference, letter_id))


def _versioned(letter: LetterView, step: str) -> Opened:
    return replace(step_of(letter.reference, letter.id, step), seen_version=letter.version)


@forms.by_itself
def editor(letter: LetterView, way: WayByMail) -> None:
    """The words on the left as they are typed; on the right what is missing, clause by clause."""
    if st.query_params.get("step", "") in WHOLE:
        st.rerun()  # chosen in this fragment, which alone ran again: the page around it becomes another one
    left, right = st.columns([3, 2], gap="large")
    opened = _writing(letter)
    with left:
        typed = forms.body(opened)
    said = {part["content"]: part["text"] for part in typed["parts"]}
    with right:
        checklist(letter, said)
        if any(said[part.content] != part.text for part in letter.parts):
            st.info("Not saved yet on the case. What you typed is kept for you; save it before the letter goes.")
        advice(said)
        _out(letter, way)


def advice(said: Mapping[str, str]) -> None:
    """What makes it hard to read, or hurts. It decides nothing."""
    found = advice_on(said)
    age = "Too short to tell a reading age." if found.reading_age is None else _age(found)
    lines = [f"### Plain English: {counted(len(found.hints), 'thing')} to look at", "", age, ""]
    lines += [f"- “{one_line(hint.words, longest=_QUOTED)}” {one_line(hint.advice)}" for hint in found.hints[:_MOST]]
    if len(found.hints) > _MOST:
        lines.append(f"- and {len(found.hints) - _MOST} more.")
    st.markdown("\n".join(lines))


def _age(found: Advice) -> str:
    hard = "**Hard to read.** Shorter sentences and words help." if found.hard else "Most people read it with ease."
    return f"Reading age about {found.reading_age} years. {hard}"


def checklist(letter: LetterView, said: Mapping[str, str]) -> None:
    """Each content the letter owes, whether it is there, and the clause that asks for it."""
    missing = {key for key, _clause, _title in missing_contents(letter.kind.key, said)}
    left = counted(len(missing), "part") + " to write" if missing else "nothing is missing"
    lines = [f"### What it must hold: {left}", ""]
    for part in letter.parts:
        how = ":orange[**still to write**]" if part.content in missing else ":green[**there**]"
        lines.append(f"- {how} · {part.title} ({places.clause_links([part.clause])})")
    if missing:
        rule = (
            "It cannot go out while a part is missing."
            if letter.kind.refused_without
            else "It can go out without a part only with a recorded reason."
        )
        lines += ["", f"A place that begins with “[to write” is not written yet. {rule}"]
    st.markdown("\n".join(lines))


def _out(letter: LetterView, way: WayByMail) -> None:
    """How the letter leaves: with its step on the case, or by itself; and how a draft is thrown away."""
    st.markdown("### Its way out")
    sending.way_out(way, letter, _choose)
    if letter.step:
        label = f"Send it with its step: {COMMANDS[letter.step].title}"
        there = {**letters.address(letter.reference, letter.id), "step": letter.step}
        st.markdown("It goes out with its step on the case, so that both stand in the history at once.")
        st.page_link(places.page(places.CASE), label=label, icon=":material/send:", query_params=there)
    ways = ("DropLetter",) if letter.step else WHOLE
    with st.container(horizontal=True):
        for step in ways:
            key = keys.letter_key(f"{step}/{letter.id}")
            st.button(f"{COMMANDS[step].title} …", key=key, on_click=_choose, args=(step,))


def leaving(letter: LetterView, step: str) -> None:
    """The saved words on the left; on the right the one step that was chosen for the letter as a whole."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _words(letter)
    with right:
        checklist(letter, letter.said)
        with st.container(border=True):
            opened = _versioned(letter, step)
            mailed = sending.form(opened.given) if step == "SendLetter" else {}
            st.markdown(f"**{COMMANDS['QueueLetter' if mailed else step].title}**")
            given = {**opened.given, **sending.day_given(step, letter)}
            forms.draw(replace(opened, given=given, **mailed))
        st.button("Back to writing", key=keys.letter_key("back"), on_click=_choose, args=("",), type="tertiary")


def _choose(step: str, by: str = "") -> None:
    st.query_params.pop("step", None)
    sending.forget()
    if step:
        st.query_params["step"] = step
    if by:
        st.query_params.update(sending.asked_for())


def _words(letter: LetterView) -> None:
    if letter.addressee:
        st.text(letter.addressee)
    st.markdown("\n\n".join(f"**{part.title}**\n\n{plain(part.text)}" for part in letter.parts if part.text))


def finish(reference: str, letter_id: int) -> None:
    """Go on where a step that was just taken leads: a letter that was thrown away has no page any more."""
    for step in LETTER_PAGE_STEPS:
        forms.finish(step_of(reference, letter_id, step))


def on_its_way(here: Desk, letter: LetterView, mail: OnItsWay) -> None:
    """A letter that was given to go by e-mail: its words stay as they are until it went or is taken back."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _words(letter)
    with right:
        sending.panel(here, letter, mail)
        checklist(letter, letter.said)


def as_sent(here: Desk, letter: LetterView, mail: OnItsWay | None) -> None:
    """A letter that cannot be changed: its words, what it lacks, and whether it came back."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _words(letter)
    with right:
        checklist(letter, letter.said)
        if letter.sha256:
            st.markdown(f"Kept as it went out. Digest of its words, also in the ledger: `{letter.sha256[:16]}…`")
        if letter.sent_on is not None:
            sending.came_back(here, letter, mail, _choose)
            _about_its_return(here, letter)
        elif mail is not None:
            sending.panel(here, letter, mail)


def _about_its_return(here: Desk, letter: LetterView) -> None:
    """The form that was opened on a letter that came back."""
    step = st.query_params.get("step", "")
    if step in RETURN and may_write(here):
        with st.container(border=True):
            st.markdown(f"**{COMMANDS[step].title}**")
            forms.draw(_versioned(letter, step))
            st.button("Close", key=keys.letter_key("close"), on_click=_choose, args=("",), type="tertiary")


def may_write(here: Desk) -> bool:
    """Whether this person writes letters."""
    return here.may(Permission.HANDLE)
