"""Complaints about our own handling on the screen: no stage, answered here first and then by somebody from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from app.ui import badge, forms, keys, ombudsman, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import Desk
from core.permissions import Permission
from core.queries.handling import HandlingView
from core.queries.ombudsman import OmbudsmanRow
from core.words import day_words

RAISE = "RaiseHandlingComplaint"
_MATTER = 90


def lists(here: Desk, found: Sequence[HandlingView]) -> None:
    """Each with its course and its one next step; the form of the one that the address names stands in place."""
    st.subheader(f"About our own handling: {len(found)}", anchor="handling")
    st.markdown(
        "How a complaint was handled, and not its matter again. It is **no stage** of the Code and reopens none "
        f"({places.clause_links(['lgsco:6.20'])}); its dates are the council’s own."
    )
    if not found:
        st.markdown("Nobody has complained about how they were handled. Record it with the button above if they do.")
    # Once it is answered and nothing is due, it may be referred and need not be: it waits out of the way. An assessor
    # has but a few, and looks for what they found.
    opened, all_shown = st.query_params.get("handling", ""), here.may(Permission.ASSESS)
    settled = [] if all_shown else [each for each in found if each.act_by is None and str(each.id) != opened]
    for each in found:
        if each not in settled:
            _one(here, each)
    if settled:
        key = keys.ombudsman_key("settled")
        rest = st.expander(f"Answered, and nothing is due: {len(settled)}", key=key, on_change="rerun")
        if rest.open:
            with rest:
                for each in settled:
                    _one(here, each)


def bands(at_ombudsman: Sequence[OmbudsmanRow], handled: Sequence[HandlingView]) -> None:
    """On the complaint's own page: what is outside its two stages; nothing where there is nothing."""
    ombudsman.band(at_ombudsman)
    if handled:
        lines = [line for each in handled for line in _told(each)]
        st.markdown("\n\n".join(["### About our own handling (no stage)", *lines]))
        st.page_link(places.page(places.OMBUDSMAN), label="Take its next step on the Ombudsman page")


def _one(here: Desk, each: HandlingView) -> None:
    due = f" · {each.next_title} by {day_words(each.act_by)}" if each.act_by is not None else ""
    near = f" {badge.due(each.soon)}" if each.soon is not None else ""
    with st.container(border=True):
        st.markdown(f"**{one_line(each.matter, longest=_MATTER, empty='No matter given')}**{due}{near}")
        case = places.page(places.CASE)
        st.page_link(case, label=f"Read {each.complaint}", query_params={"ref": each.complaint})
        st.markdown("\n\n".join(_told(each)))
        for name in each.steps:
            if here.may(COMMANDS[name].needs):
                _step(name, each)


def _opened(name: str, handling_id: int) -> Opened:
    return Opened(
        step=name,
        about=f"handling {handling_id}",
        given={"handling_id": handling_id},
        page=places.OMBUDSMAN,
        leads_to=ombudsman.to_the_list,
    )


def finish() -> None:
    """After a step was taken: by then it is open no longer."""
    step, number = st.query_params.get("step", ""), st.query_params.get("handling", "")
    if step in COMMANDS and number:
        forms.finish(_opened(step, ombudsman.number_in(number)))


def _step(name: str, each: HandlingView) -> None:
    if st.query_params.get("step") == name and st.query_params.get("handling") == str(each.id):
        ombudsman.draw(_opened(name, each.id))
        return
    st.button(COMMANDS[name].title, key=keys.ombudsman_key(f"{name}/{each.id}"), on_click=_choose, args=(name, each.id))


def _choose(name: str, handling_id: int) -> None:
    ombudsman.choose(name)
    st.query_params["handling"] = str(handling_id)


def _told(each: HandlingView) -> Iterable[str]:
    yield f"**They said**, {day_words(each.raised_on)}  \n{plain(each.words)}"
    if each.answered_on is not None:
        yield f"**Answered here**, {day_words(each.answered_on)}  \n{plain(each.answer)}"
    if each.referred_on is not None:
        yield f"**Referred** to {one_line(each.assessor)}, {day_words(each.referred_on)}  \n{plain(each.referral)}"
    if each.assessed_on is not None:
        found = f"**Assessed: {one_line(each.outcome)}**, {day_words(each.assessed_on)}"
        yield f"{found}  \n{plain(each.findings)}"


def raising() -> Opened:
    """The form of a new one."""
    return Opened(step=RAISE, page=places.OMBUDSMAN, leads_to=ombudsman.to_the_list)
