"""The council's own service standards below the clauses of the Code: what each asks, how it is kept, who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from app.ui import forms, keys, places
from app.ui.opened import Opened
from core.code.catalogue import STANDARDS
from core.code.policy import Policy
from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.permissions import Permission
from core.queries.corresponding import standards_kept
from core.queries.in_force import policy_today
from core.words import counted, share

_STEP = "AdoptStandards"


def band(here: Desk) -> None:
    """Every standard with its period and source, apart from the Code; for the manager the step that changes it."""
    policy = here.ask(policy_today)
    kept = policy.service_standards
    st.subheader("Our own service standards", anchor="standards")
    begins = "Kept for complaints taken in now." if kept else "Not kept at present: nothing here is owed."
    said = "They are the council’s, not the Code’s, and are counted apart from it. A professional representative who"
    said += " is written to is owed the Code’s dates alone."
    st.markdown("\n".join([f"**{begins}** {said}", "", *_promised(policy)]))
    if here.may(Permission.FIGURES):
        st.markdown("\n".join(_figures(here)))
    if here.may(Permission.POLICY):
        _change(kept=kept)


def _promised(policy: Policy) -> Iterator[str]:
    for key, each in STANDARDS.items():
        own = policy.standard(key)
        period = each.period if own == each.value else f"{counted(own, each.unit.removesuffix('s').replace('_', ' '))}"
        source = f"{each.source}; the period is our policy’s" if own != each.value else each.source
        yield f"- **{each.title}**, {period}: {each.gist} Source: {source}."


def _figures(here: Desk) -> Iterator[str]:
    """How each was kept so far; a share leaves out what is still open or was never owed."""
    found = here.ask(standards_kept)
    if not found.lines:
        yield "No complaint has owed one of them yet."
        return
    yield "**How they were kept so far**\n"
    for line in found.lines:
        judged = f"{share(line.in_time, line.judged)} in time" if line.judged else "none can be judged yet"
        yield f"- {line.title}: {judged}, {line.late:,} late, {line.open:,} still open."
    if found.apart:
        brought = counted(found.apart, "complaint is", "complaints are")
        yield f"- Counted apart: {brought} brought by a professional representative."


def _change(*, kept: bool) -> None:
    st.button(COMMANDS[_STEP].title, key=keys.step_key(_STEP), on_click=_open)
    opened = Opened(step=_STEP, starts={"kept": kept}, page=places.THE_CODE, leads_to=_back_here)
    forms.finish(opened)
    if st.query_params.get("step") != _STEP:
        return
    with st.container(border=True):
        st.subheader(COMMANDS[_STEP].title, anchor=False)
        forms.draw(opened)
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _back_here(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {}


def _open() -> None:
    st.query_params["step"] = _STEP


def _close() -> None:
    st.query_params.pop("step", None)
