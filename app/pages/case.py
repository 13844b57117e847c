"""Case: where it stands, what is owed and why, the next steps, the points, and the Code on this case."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from app.ui import (
    case_asked,
    case_bands,
    case_sides,
    case_steps,
    considering,
    corresponding,
    people_band,
    places,
    remedies,
    sending,
    triage,
)
from app.ui.desk import guard, note_opening
from app.ui.plain import one_line
from core.code.catalogue import SCHEMES
from core.permissions import Permission
from core.queries.cases import CaseView
from core.words import day_words


def page() -> None:
    """One complaint in four bands; a step opens in place."""
    here = guard(Permission.READ, title="Case")
    if not (reference := st.query_params.get("ref", "")):
        st.title("Case", anchor=False)
        st.info("Choose a complaint from “My cases”, or find one with the search box.")
        return
    step = st.query_params.get("step", "")
    found = case_asked.ask(here, reference, step=step)
    case, shown = found.case, found.considering
    note_opening(case.reference)
    _head(case, remedies.left_to_do(case, found.remedies))
    if found.kept is not None:
        case_bands.confidential(found.kept)
    people_band.banners(found.people)
    sending.banner(case.reference, found.by_mail.values())
    triage.waiting(found.taken)
    considering.waiting(shown)
    # A row of its own, before all that was said: the next steps are reached first, also by keyboard.
    clocks, steps = st.columns([3, 2], gap="large")
    with clocks:
        case_bands.clocks(case)
        corresponding.standards(found.corresponding)
        considering.checklist(shown)
    with steps:
        case_steps.buttons(here, case, shown)
    if step:
        case_steps.form(found, step)
    left, right = st.columns([3, 2], gap="large")
    with left:
        case_sides.said(here, found)
    with right:
        case_sides.belongs(here, found)


def _head(case: CaseView, left: str) -> None:
    mine, back = places.page(places.MY_CASES), dict(parse_qsl(st.query_params.get("back", "")))
    st.page_link(mine, label="Back to my cases", icon=":material/arrow_back:", query_params=back)
    st.title(one_line(case.matter, empty="No matter given"), anchor=False)
    who = one_line(case.individual["name"], empty="Name not given")
    scheme = f" · **{SCHEMES[case.scheme].short}**" if case.scheme != "lgsco" else ""
    st.markdown(
        f"**{case.reference}** · **{case.position}**{left}{scheme} · {who} · "
        f"{one_line(case.service, empty='no service chosen')} · "
        f"received {day_words(case.received_on)} · handler {one_line(case.current.handler, empty='not assigned')}"
    )


page()
