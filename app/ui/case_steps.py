"""The next steps of a case: the buttons, and the form of the step that was chosen, in place."""

from __future__ import annotations

import streamlit as st

from app.ui import forms, keys
from core.code.catalogue import SCHEMES
from core.commands.base import COMMANDS
from core.desk import Desk
from core.errors import StepNotOpen
from core.queries.cases import CaseView
from core.queries.evidence import Confidence
from core.words import day_words


def buttons(here: Desk, case: CaseView) -> None:
    """The steps this position permits and this person's role grants, the likeliest first."""
    st.subheader("Next steps")
    permitted = [name for name in case.next_steps if name in COMMANDS and here.may(COMMANDS[name].needs)]
    chosen = st.query_params.get("step")
    with st.container(horizontal=True, gap="small"):
        for name in permitted:
            likeliest = name == permitted[0] and chosen is None
            st.button(
                COMMANDS[name].title,
                key=keys.step_key(name),
                type="primary" if likeliest else "secondary",
                on_click=_open,
                args=(name,),
            )
    if not permitted:
        st.markdown("Your role reads this case and takes no step on it.")


def _open(name: str) -> None:
    st.query_params.pop("release", None)
    st.query_params["step"] = name


def _close() -> None:
    st.query_params.pop("step", None)


def form(case: CaseView, name: str, kept: Confidence | None) -> None:
    """The chosen step's form, with what it needs to know of the case; `kept` says who sees a confidential one."""
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
                starts={"named": kept.named_ids} if kept is not None else {},
            )
        )
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")
