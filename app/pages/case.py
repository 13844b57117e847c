"""Case: where it stands, what is owed and why, the next steps, the points, and the Code on this case."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from app.ui import case_bands, forms, places
from app.ui.desk import guard
from app.ui.plain import one_line
from core.code.catalogue import SCHEMES
from core.commands.base import COMMANDS
from core.desk import Desk
from core.errors import StepNotOpen
from core.permissions import Permission
from core.queries.cases import CaseView, case_view
from core.words import day_words


def page() -> None:
    """One complaint in four bands; a step opens in place."""
    here = guard(Permission.READ, title="Case")
    reference = st.query_params.get("ref", "")
    if not reference:
        st.title("Case", anchor=False)
        st.info("Choose a complaint from “My cases”, or find one with the search box.")
        return
    case = here.ask(case_view, reference)
    _head(case)
    clocks, steps = st.columns([3, 2], gap="large")
    with clocks:
        case_bands.clocks(case)
    with steps:
        _next_steps(here, case)
    step = st.query_params.get("step")
    if step:
        _step(here, case, step)
    left, right = st.columns([3, 2], gap="large")
    with left:
        case_bands.points(case)
        case_bands.words(case)
        case_bands.stages(case)
        case_bands.history(case)
    with right:
        case_bands.code(case)
        case_bands.departures(case)
        case_bands.record(case)


def _head(case: CaseView) -> None:
    back = dict(parse_qsl(st.query_params.get("back", "")))
    st.page_link(places.MY_CASES, label="Back to my cases", icon=":material/arrow_back:", query_params=back)
    st.title(one_line(case.matter, empty="No matter given"), anchor=False)
    current = case.current
    who = one_line(case.individual["name"], empty="Name not given")
    st.markdown(
        f"**{case.reference}** · **{case.position}** · {who} · {one_line(case.service, empty='no service chosen')} · "
        f"received {day_words(case.received_on)} · handler {one_line(current.handler, empty='not assigned')}"
    )


def _next_steps(here: Desk, case: CaseView) -> None:
    """The steps this position permits and this person's role grants, the likeliest first."""
    st.subheader("Next steps")
    permitted = [name for name in case.next_steps if name in COMMANDS and here.may(COMMANDS[name].needs)]
    chosen = st.query_params.get("step")
    with st.container(horizontal=True, gap="small"):
        for name in permitted:
            likeliest = name == permitted[0] and chosen is None
            st.button(
                COMMANDS[name].title,
                key=f"step/{name}",
                type="primary" if likeliest else "secondary",
                on_click=_open,
                args=(name,),
            )
    if not permitted:
        st.markdown("Your role reads this case and takes no step on it.")


def _open(name: str) -> None:
    st.query_params["step"] = name


def _close() -> None:
    st.query_params.pop("step", None)


def _step(here: Desk, case: CaseView, name: str) -> None:
    """The chosen step's form, with what it needs to know of the case."""
    command = COMMANDS.get(name)
    if command is not None:
        forms.finish(forms.Opened(step=name, reference=case.reference))
    if command is None or name not in case.next_steps:
        _close()
        raise StepNotOpen(f"{case.reference} stands at “{case.position}”, so this step is not open. Choose another.")
    with st.container(border=True):
        st.subheader(command.title)
        until = next((clock.extend_until for clock in case.clocks if clock.extend_until), None)
        if name == "Extend" and until is not None:
            st.markdown(f"Without a good reason recorded, the new date is at most **{day_words(until)}**.")
        ombudsman = SCHEMES[case.scheme].ombudsman
        contact = f"{ombudsman.name}, {ombudsman.post}. Phone {ombudsman.phone}. {ombudsman.web}" if ombudsman else ""
        forms.draw(
            forms.Opened(
                step=name,
                reference=case.reference,
                seen_version=case.version,
                points=tuple((point.number, point.text) for point in case.points),
                signpost=contact,
            )
        )
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


page()
