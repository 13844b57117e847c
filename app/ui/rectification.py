"""Requests to correct or erase personal data on the screen: each with its day, its one next step, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from app.ui import badge, forms, keys, ombudsman, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.rectification import RectificationView
from core.words import day_words

RECORD = "RecordRectification"


def lists(here: Desk, found: Sequence[RectificationView]) -> None:
    """Those that wait, the nearest first, and then those that are answered."""
    waits = [each for each in found if each.answered_on is None]
    st.subheader(f"To answer: {len(waits)}", anchor=False)
    if not waits:
        st.info("No request waits for an answer. Record one with the button above when somebody asks.")
    for each in waits:
        _one(here, each)
    done = [each for each in found if each.answered_on is not None]
    if done:
        st.subheader(f"Answered: {len(done)}", anchor=False)
        for each in done:
            _one(here, each)


def band(found: Sequence[RectificationView]) -> None:
    """On the complaint's own page; nothing where there is nothing."""
    if found:
        lines = [line for each in found for line in _told(each)]
        st.markdown("\n\n".join(["### Correcting or erasing personal data (no stage)", *lines]))
        st.page_link(places.page(places.RECTIFICATION), label="Take its next step on the page of these requests")


def _one(here: Desk, each: RectificationView) -> None:
    near = f" {badge.due(each.soon)}" if each.soon is not None else ""
    with st.container(border=True):
        st.markdown(f"**{one_line(each.asks).capitalize()}**, due by {day_words(each.due_on)}{near}")
        case = places.page(places.CASE)
        st.page_link(case, label=f"Read {each.complaint}", query_params={"ref": each.complaint})
        st.markdown("\n\n".join(_told(each)))
        for name in each.steps:
            if here.may(COMMANDS[name].needs):
                _step(name, each.id)


def _told(each: RectificationView) -> Iterable[str]:
    asked = f"**{one_line(each.name)} asked for {one_line(each.asks)}**, {day_words(each.received_on)}"
    yield f"{asked}  \n{plain(each.what)}"
    if each.extended_on is not None:
        until = f"until {day_words(each.due_on)}"
        yield f"**More time**, {until}, told on {day_words(each.extended_on)}  \n{plain(each.why_extended)}"
    if each.answered_on is not None:
        also = f"  \nPassed on to: {plain(each.passed_on)}" if each.passed_on else ""
        answered = f"**Answered: {one_line(each.outcome)}**, {day_words(each.answered_on)}"
        yield f"{answered}  \n{plain(each.answer)}{also}"


def _opened(name: str, number: int) -> Opened:
    return Opened(
        step=name,
        about=f"rectification {number}",
        given={"rectification_id": number},
        page=places.RECTIFICATION,
        leads_to=ombudsman.to_the_list,
    )


def _step(name: str, number: int) -> None:
    if st.query_params.get("step") == name and st.query_params.get("request") == str(number):
        ombudsman.draw(_opened(name, number))
        return
    key = keys.rectification_key(f"{name}/{number}")
    st.button(COMMANDS[name].title, key=key, on_click=_choose, args=(name, number))


def _choose(name: str, number: int) -> None:
    ombudsman.choose(name)
    st.query_params["request"] = str(number)


def finish() -> None:
    """After a step was taken: by then it is open no longer."""
    step, number = st.query_params.get("step", ""), st.query_params.get("request", "")
    if step in COMMANDS and step != RECORD and number:
        forms.finish(_opened(step, ombudsman.number_in(number)))


def record(here: Desk) -> None:
    """The button for a new one, or its form."""
    if not here.may(COMMANDS[RECORD].needs):
        return
    key = keys.rectification_key(RECORD)
    st.button(COMMANDS[RECORD].title, key=key, on_click=ombudsman.choose, args=(RECORD,))
    if st.query_params.get("step") == RECORD:
        ombudsman.draw(Opened(step=RECORD, page=places.RECTIFICATION, leads_to=ombudsman.to_the_list))
