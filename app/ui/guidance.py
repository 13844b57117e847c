"""The guidance shelf on the screen: its entries, what is to be looked at again, and the questions of focus reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.ui import badge, keys, notices, places, step_guidance
from app.ui.plain import one_line, plain
from core.channels.files import MEDIA_TYPES
from core.code.guidance import GuidanceKind
from core.commands.base import COMMANDS
from core.desk import Desk
from core.errors import ComplaintsError
from core.evidence import add_guidance_file
from core.permissions import Permission
from core.queries.guidance import GuidanceView, ScrutinyQuestion, Shelf, guidance_shelf
from core.rules.guidance import ReviewStands
from core.words import counted, day_words

_COLOURS = {ReviewStands.OVERDUE: "red", ReviewStands.SOON: "orange", ReviewStands.LATER: "gray"}
_HEADS = {
    GuidanceKind.GUIDE: "Guides",
    GuidanceKind.FOCUS_REPORT: "Focus reports",
    GuidanceKind.POLICY: "Policies",
    GuidanceKind.TRAINING: "Training to take part in",
}


def steps() -> dict[str, str]:
    """The steps that guidance can help with, by name, as their buttons read."""
    drawn = {name: kind.title for name, kind in COMMANDS.items() if kind.asked_fields()}
    return dict(sorted(drawn.items(), key=lambda each: (each[1], each[0])))


def reminder(here: Desk) -> None:
    """How much is to be looked at again, for whoever keeps the shelf; nothing while it is in date."""
    due = here.ask(guidance_shelf).to_review if here.may(Permission.POLICY) else ()
    if due:
        label = f"Guidance to look at again: {counted(len(due), 'entry', 'entries')}"
        st.page_link(places.page(places.GUIDANCE), label=label)


def shelf(here: Desk, found: Shelf) -> None:
    """What is to be looked at again, then every entry by kind, then what was withdrawn."""
    if not found.standing:
        st.info(
            "The shelf is empty. The complaints manager puts guidance on it: the suggested guides in one step, or any "
            "guide, focus report, policy or training of your own."
        )
    if found.to_review:
        st.warning(
            f"{counted(len(found.to_review), 'entry', 'entries')} to be looked at again: "
            + "; ".join(f"{one_line(each.title)} by {day_words(each.review_by)}" for each in found.to_review)
        )
    for kind, head in _HEADS.items():
        entries = [each for each in found.standing if each.kind == kind]
        if entries:
            st.subheader(head, anchor=False)
            st.markdown("\n\n".join(_entry(here, each) for each in entries))
    if found.withdrawn:
        with st.expander(f"Withdrawn: {len(found.withdrawn)}"):
            st.markdown("\n".join(map(_gone, found.withdrawn)))


def _entry(here: Desk, one: GuidanceView) -> str:
    title = step_guidance.link(f"**{one_line(one.title)}**", one.address)
    stands = badge.badge(one.stands.value, _COLOURS[one.stands]) if one.stands is not None else ""
    told = [one_line(each) for each in (one.publisher, one.edition, one.service) if each]
    lines = [f"{title} {stands}", f"{' · '.join(told)}. {_looked(one)}{_file(one)}"]
    if one.steps:
        named = (one_line(COMMANDS[each].title) for each in one.steps if each in COMMANDS)
        lines.append(f"Helps with: {', '.join(named)}.")
    return "  \n".join(lines) + _questions(here, one.questions)


def _looked(one: GuidanceView) -> str:
    before = f"Looked at on {day_words(one.reviewed_on)}: {one_line(one.found)} " if one.reviewed_on is not None else ""
    return f"{before}To be looked at again by {day_words(one.review_by)}."


def _file(one: GuidanceView) -> str:
    if one.why_held:
        return f" Our copy {one_line(one.file)} is **held back**: {one_line(one.why_held)} Add another one."
    return step_guidance.copy(one.id) if one.file else ""


def _questions(here: Desk, found: Sequence[ScrutinyQuestion]) -> str:
    """The questions for scrutiny, each with the improvement it led to or the way to plan one."""
    if not found:
        return ""
    plans = places.address(places.LEARNING, {"step": "ProposeImprovement"})
    way = f" [Plan an improvement]({plans})" if here.may(Permission.LEARN) else ""
    lines = [
        f"{each.number}. {one_line(each.question)}"
        + (f" Improvement {each.improvement_id} was planned for it." if each.improvement_id is not None else way)
        for each in found
    ]
    return "\n\n" + "\n".join(lines)


def _gone(one: GuidanceView) -> str:
    on = day_words(one.withdrawn_on) if one.withdrawn_on is not None else ""
    return f"- {one_line(one.title)} ({one_line(one.publisher)}), withdrawn on {on}: {plain(one.why_withdrawn)}"


def add_file(here: Desk, entries: Mapping[int, str]) -> None:
    """A file chosen on this machine, the entry it belongs to, and the button that adds it."""
    if not entries:
        return
    most = here.office.settings.file_megabytes
    turn = int(st.session_state.get(keys.guidance_key("turn"), 0))
    with st.expander("Add a file to an entry"):
        chosen = st.selectbox(
            "Which entry it is a copy of",
            list(entries),
            index=None,
            format_func=entries.get,
            placeholder="Choose one",
            key=keys.guidance_key(f"entry/{turn}"),
        )
        given = st.file_uploader(
            f"The file, up to {most} MB",
            max_upload_size=most,
            key=keys.guidance_key(f"file/{turn}"),
            help=f"Kept as it comes: {', '.join(MEDIA_TYPES)}.",
        )
        ready = given is not None and chosen is not None
        if st.button("Add the file", key=keys.guidance_key("add"), disabled=not ready) and given and chosen:
            with st.spinner("Checking the file…"):
                _take(here, chosen, given.name, given.getvalue())
            st.session_state[keys.guidance_key("turn")] = turn + 1
            st.rerun()


def _take(here: Desk, number: int, name: str, content: bytes) -> None:
    try:
        notices.say(add_guidance_file(here, number, name=name, content=content).sentences)
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)
