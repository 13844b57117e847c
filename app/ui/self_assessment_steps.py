"""The steps of a self-assessment: opening one, answering, freezing, signing, and saving it as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.ui import badge, forms, keys, places, step_buttons
from app.ui.desk import office
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.assessment_files import FORMS, freeze
from core.channels.assessment_document import COLUMNS, USUAL
from core.code.catalogue import SCHEMES
from core.code.self_assessment import FORM
from core.commands.base import COMMANDS, Command
from core.commands.self_assessment import FreezeAssessment
from core.desk import Desk, Done
from core.permissions import Permission
from core.queries.gap_report import import_sources
from core.queries.self_assessment import AnswerView, AssessmentView, TextView, assessment_owed
from core.rules.s8_reporting import Follows, SignOff
from core.words import day_words

_OPENING = ("OpenAssessment", "RecordLargeChange")
_SIGNING = ("FreezeAssessment", "SignAssessment")
_KEEPS = ("assessment", "item", "long")
_FILES = {"html": "web page", "docx": "Word", "pdf": "PDF", "csv": "CSV"}


def owed(here: Desk) -> None:
    """A link for each self-assessment that is owed, for those who open one; nothing where none is [lgsco:8.3]."""
    if here.may(Permission.SIGN):
        for each in here.ask(assessment_owed):
            label = f"**Open a self-assessment.** {one_line(each.sentence)}"
            st.page_link(places.page(places.SELF_ASSESSMENT), label=label)


def opening(here: Desk) -> None:
    """Open a self-assessment, or record what calls for one."""
    if not here.may(Permission.SIGN):
        return
    step_buttons.draw(_OPENING)
    first, last = FORM.last_year(office().today(office().now()))
    starts = {"starts_on": first, "ends_on": last, "why": "yearly", "scheme": "lgsco"}
    listed = {
        "sources": {each: each for each in here.ask(import_sources)},
        "codes": {key: SCHEMES[key].short for key in ("lgsco", "hos")},
    }
    _form(_OPENING, lambda step: Opened(step=step, listed=listed, starts=starts, **_here()))


def _here() -> dict[str, Any]:
    return {"page": places.SELF_ASSESSMENT, "leads_to": _back_here}


def _back_here(opened: Opened, _done: Done) -> Mapping[str, str]:
    """The same row again; after opening an assessment, the newest."""
    if opened.step == "OpenAssessment":
        return {}
    return {name: st.query_params[name] for name in _KEEPS if name in st.query_params}


def _form(names: tuple[str, ...], opened: Callable[[str], Opened]) -> None:
    step = st.query_params.get("step", "")
    if step not in names:
        return
    with st.container(border=True):
        st.subheader(COMMANDS[step].title, anchor=False)
        forms.draw(opened(step))
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _close() -> None:
    st.query_params.pop("step", None)


def answering(here: Desk, view: AssessmentView, item: str, suggested: Follows | None) -> None:
    """The form of an answer. It starts empty, so that nobody sends on what somebody else wrote without seeing it."""
    if view.line.closed_on is not None:
        st.markdown("The governing body has signed it, so it takes no more answers.")
        return
    if not here.may(Permission.ANSWER):
        return
    if st.query_params.get("step", "") in (*_OPENING, *_SIGNING):
        st.markdown("Another form is open. Finish or close it to answer; what you typed here is kept.")
        return
    held = view.answers.get(item)
    told = {"assessment_id": view.line.id, "item": item, "answered_version": held.version if held else 0}
    opened = Opened(step="AnswerClause", about=f"{view.line.id}/{item}", given=told, **_here())
    earlier = view.earlier_answers.get(item)
    with st.container(horizontal=True):
        if held is not None:
            _begins(opened, _values(held), "Begin with this answer")
        if earlier is not None:
            _begins(opened, _values(earlier), "Begin with the earlier one")
        if suggested is not None and held is None:
            _begins(opened, {"follows": suggested.value}, "Begin with the suggestion")
    forms.draw(opened)


def _begins(opened: Opened, values: Mapping[str, Any], label: str) -> None:
    """A button that fills the form in, for as long as that writes over nothing typed."""
    lost = forms.would_lose(opened, values)
    said = "This would write over what you have typed" if lost else None
    key = keys.step_key(label)
    st.button(label, key=key, disabled=lost, help=said, on_click=forms.fill, args=(opened, values))


def _values(answer: AnswerView) -> dict[str, Any]:
    names = ("commentary", "action", "owner_id", "due_on")
    told = {name: getattr(answer, name) for name in names}
    return {**told, "follows": answer.follows.value, "service_ids": list(answer.service_ids)}


def signing(here: Desk, view: AssessmentView) -> None:
    """The bar at the end: what is frozen, who has signed it, and the next step."""
    st.header("Frozen and signed", anchor=False)
    if not view.texts:
        st.markdown("Nothing is frozen yet. When the ten rows are answered, freeze the text; that text is signed.")
    for text in view.texts:
        st.markdown(_told(text))
    if view.line.closed_on is not None or not here.may(Permission.SIGN):
        return
    step_buttons.draw(_SIGNING if view.texts else _SIGNING[:1])
    _form(_SIGNING, lambda step: _opened(view, step))


def _opened(view: AssessmentView, step: str) -> Opened:
    about = str(view.line.id)
    if step == "FreezeAssessment":
        told = {"assessment_id": view.line.id, "contents": ""}
        return Opened(step=step, about=about, given=told, does=_freeze, **_here())
    following = view.texts[0].next if view.texts else None
    starts = {"step": following.value} if following else {}
    return Opened(step=step, about=about, given={"assessment_id": view.line.id}, starts=starts, **_here())


def _freeze(here: Desk, command: Command, _along: Any) -> Done:
    if not isinstance(command, FreezeAssessment):
        raise RuntimeError("Only a self-assessment is frozen here.")
    return freeze(here, command)


def _told(text: TextView) -> str:
    standing = badge.badge("signed", "green") if text.next is None else badge.badge("draft", "orange")
    lines = [f"**Text {text.number}** {standing} frozen on {day_words(text.frozen_on)} by {one_line(text.frozen_by)}"]
    for each in text.signatures:
        who = one_line(each.committee or each.signed_by)
        minute = f", minute {one_line(each.minute)}" if each.minute else ""
        response = f": {plain(each.response)}" if each.response else ""
        lines.append(f"Signed for {each.step.value}: {who}, {day_words(each.signed_on)}{minute}{response}")
    if isinstance(text.next, SignOff):
        lines.append(f"Next to sign: {text.next.value}.")
    return "  \n".join(lines)


def exports(view: AssessmentView) -> None:
    """Save the newest frozen text, in the columns that are chosen."""
    if not view.texts:
        return
    names = {name: title for name, (title, _cell) in COLUMNS.items()}
    with st.expander("Save it as a file"):
        key = keys.filter_key("assessment", "columns")
        columns = st.multiselect("Columns", list(names), default=list(USUAL), format_func=names.get, key=key)
        every = st.checkbox("All 73 clauses", key=keys.filter_key("assessment", "every"))
        strict = st.checkbox("Partly reads as no", key=keys.filter_key("assessment", "strict"))
        asked = {
            "columns": ",".join(columns),
            **({"long": "1"} if every else {}),
            **({"partly": "no"} if strict else {}),
        }
        if not columns:
            st.info("Choose at least one column.")
            return
        number = view.texts[0].id
        links = [
            f"[{_FILES[form]}]({places.own_route(f'/export/self-assessment/{number}.{form}', asked)})" for form in FORMS
        ]
        st.markdown(f"Text {view.texts[0].number}: {' · '.join(links)}")
