"""Intake: get it down in a minute, then decide what it is."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import streamlit as st

from app.ui import alike, arrived, badge, forms, mail_drop, places, triage
from app.ui.desk import desk, guard, said_in_addresses
from app.ui.plain import plain
from core.code.catalogue import clause
from core.errors import ComplaintsError
from core.permissions import Permission
from core.queries.in_force import intake_clock
from core.words import day_words

CLOCK = "### The clock this starts\n\n"
NO_DAY_YET = f"{CLOCK}Give the day any of us first heard it, and the date to acknowledge by shows here."


@forms.by_itself
def page() -> None:
    """The form on the left; on the right what follows from it, counted as it is typed."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        opened = triage.choose()
        mail_drop.place(opened)
        typed = forms.body(opened)
    with right:
        triage.advice(opened, typed)
        received: date | None = typed.get("received_on")
        told = [_definitions(str(said_in_addresses()))]
        if opened.step == triage.RECORD and not triage.goes_elsewhere():
            if received is None:
                told.insert(0, NO_DAY_YET)
            else:
                _clock(received, typed)
        alike.on_intake(typed)
        st.markdown("\n\n".join(told))


def _clock(received: date, typed: dict[str, Any]) -> None:
    try:
        clock = desk().ask(intake_clock, received, issue_on=typed.get("issue_on"), aware_on=typed.get("aware_on"))
    except ComplaintsError as refusal:
        st.markdown(CLOCK)
        st.warning(plain(refusal))
        return
    due = f"**Acknowledge by {day_words(clock.acknowledge_by)}** {badge.due(clock.soon)}"
    st.markdown(f"{CLOCK}{due} Clause {places.clause_links([clock.clause])}.")
    with st.expander("Why this date?"):
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in clock.why.sentences("Received")))
    st.subheader("Is it within its time limit?")
    if clock.late is not None:
        st.warning(f"{plain(clock.late.sentence)} Clause {places.clause_links([clock.late.clause])}.")
    elif clock.accept_until is not None:
        st.markdown(f"Yes: it can be taken until {day_words(clock.accept_until)}.")
    else:
        st.markdown("Give the day it happened, or the day they became aware of it, to see.")


@lru_cache(maxsize=100)
def _definitions(_addresses_say: str) -> str:
    """Service request or complaint: the two clauses that tell them apart [lgsco:1.2] [lgsco:1.4]."""
    told = [
        f"**{clause(key).title}.** {clause(key).gist} Clause {places.clause_links([key])}."
        for key in ("lgsco:1.2", "lgsco:1.4", "lgsco:1.5")
    ]
    return "\n\n".join(["### Is it a complaint?", *told])


guard(Permission.RECORD, title="Intake")
st.title("Intake", anchor=False)
if not arrived.band():
    page()
