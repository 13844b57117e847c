"""Case: where it stands, what is owed and why, the next steps, the points, and the Code on this case."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from app.ui import (
    alike,
    case_asked,
    case_bands,
    case_steps,
    considering,
    corresponding,
    equality,
    evidence,
    feedback,
    handling,
    letters,
    people_band,
    places,
    questions,
    rectification,
    refused,
    remedies,
    routes,
    sending,
    triage,
)
from app.ui.case_asked import Asked
from app.ui.desk import guard, note_opening
from app.ui.plain import one_line
from core.code.catalogue import SCHEMES
from core.desk import Desk
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
    found = case_asked.ask(here, reference)
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
    if step := st.query_params.get("step"):
        case_steps.form(found, step)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _said(here, found)
    with right:
        _belongs(here, found)


def _said(here: Desk, found: Asked) -> None:
    """What was said and written, and the people it is about."""
    case = found.case
    routes.band(found.route)
    refused.band(found.refusals)
    handling.bands(found.at_ombudsman, found.handled)
    rectification.band(found.rectifying)
    case_bands.points(case)
    remedies.band(here, case, found.remedies)
    case_bands.words(case)
    people_band.band(here, found.people, above=case_steps.first(found.considering))
    equality.band(here, case)
    considering.band(here, case, found.considering)
    letters.band(case, found.letters, found.by_mail)
    corresponding.band(here, case, found.corresponding)
    questions.band(here, case, found.questions)
    evidence.band(here, case)
    feedback.band(here, case, found.surveys)
    case_bands.stages(case)
    case_bands.history(case)


def _belongs(here: Desk, found: Asked) -> None:
    """What belongs to it, and the Code on it."""
    alike.band(here, found.case)
    triage.band(found.taken)
    case_bands.code(found.case)
    case_bands.departures(found.case)
    case_bands.record(found.case)


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
