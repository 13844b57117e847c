"""Case: where it stands, what is owed and why, the next steps, the points, and the Code on this case."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import streamlit as st

from app.ui import alike, case_bands, case_steps, evidence, letters, people_band, places, refused, sending, triage
from app.ui.desk import guard, note_opening
from app.ui.plain import one_line, plain
from core.desk import LONDON, Desk
from core.permissions import Permission
from core.queries.cases import CaseView, case_view
from core.queries.evidence import Confidence, confidence
from core.queries.letters import case_letters
from core.queries.outbox import OnItsWay, letters_on_their_way
from core.queries.people import CasePeople, case_people
from core.queries.refusals import CaseRefusals, case_refusals
from core.queries.triage import TakenInView, taken_in
from core.words import day_words


def page() -> None:
    """One complaint in four bands; a step opens in place."""
    here = guard(Permission.READ, title="Case")
    reference = st.query_params.get("ref", "")
    if not reference:
        st.title("Case", anchor=False)
        st.info("Choose a complaint from “My cases”, or find one with the search box.")
        return
    with here.one_view():
        case = here.ask(case_view, reference)
        kept = here.ask(confidence, case.reference) if case.confidential else None
        people = here.ask(case_people, case.reference)
        taken = here.ask(taken_in, case.reference)
        refusals = here.ask(case_refusals, case.reference)
        by_mail = here.ask(letters_on_their_way, case.reference)
    note_opening(case.reference)
    _head(case)
    if kept is not None:
        _confidential(kept)
    people_band.banners(people)
    sending.banner(case.reference, by_mail.values())
    triage.waiting(taken)
    clocks, steps = st.columns([3, 2], gap="large")
    with clocks:
        case_bands.clocks(case)
    with steps:
        case_steps.buttons(here, case)
    step = st.query_params.get("step")
    if step:
        case_steps.form(case, step, kept, people)
    _below(here, case, people, taken, refusals, by_mail)


def _below(
    here: Desk,
    case: CaseView,
    people: CasePeople,
    taken: TakenInView | None,
    refusals: CaseRefusals,
    by_mail: Mapping[int, OnItsWay],
) -> None:
    """What was said and written on the left; what belongs to it, and the Code on it, on the right."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        refused.band(refusals)
        case_bands.points(case)
        case_bands.words(case)
        people_band.band(here, people)
        letters.band(case, here.ask(case_letters, case.reference), by_mail)
        evidence.band(here, case)
        case_bands.stages(case)
        case_bands.history(case)
    with right:
        alike.band(here, case)
        triage.band(taken)
        case_bands.code(case)
        case_bands.departures(case)
        case_bands.record(case)


def _head(case: CaseView) -> None:
    back = dict(parse_qsl(st.query_params.get("back", "")))
    mine = places.page(places.MY_CASES)
    st.page_link(mine, label="Back to my cases", icon=":material/arrow_back:", query_params=back)
    st.title(one_line(case.matter, empty="No matter given"), anchor=False)
    current = case.current
    who = one_line(case.individual["name"], empty="Name not given")
    st.markdown(
        f"**{case.reference}** · **{case.position}** · {who} · {one_line(case.service, empty='no service chosen')} · "
        f"received {day_words(case.received_on)} · handler {one_line(current.handler, empty='not assigned')}"
    )


def _confidential(kept: Confidence) -> None:
    """Who sees a confidential case, before anything of it is read."""
    since = day_words(kept.since.astimezone(LONDON).date())
    st.warning(f"**Confidential: seen only by {one_line(', '.join(kept.named))}.** Since {since}. {plain(kept.reason)}")


page()
