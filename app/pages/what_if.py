"""What if: another policy tried on everything here, and what would have been late. No complaint is touched."""

from __future__ import annotations

import streamlit as st

from app.ui import places, trying
from app.ui.desk import guard
from core.desk import Desk
from core.permissions import Permission
from core.queries.in_force import policy_today
from core.queries.policies import policy_versions
from core.queries.what_if import WhatIf, what_if, what_if_changed
from core.rules.duties import TITLES


def page() -> None:
    """What is tried, what it comes to in words and tables, and each complaint that would differ."""
    here = guard(Permission.FIGURES, title="What if")
    st.title("What if we had another policy?", anchor=False)
    st.markdown(
        "The days on which everything was really done, under other periods. Complaints under the Code alone, by the "
        f"bank holidays held today. Nothing is changed. [Policy and departures]({places.address(places.POLICY, {})})"
    )
    with here.one_view():
        trying.choosers(here.ask(policy_today), here.ask(policy_versions))
        trial, against = trying.trial_of(st.query_params), trying.against_of(st.query_params)
        span = trying.span_of(st.query_params)
        with st.spinner("Counting every answer again…"):
            found = here.ask(what_if, trial, against=against, span=span)
        if not found.complaints:
            st.info("No complaint was received in this time. Choose another, or bring in your old records first.")
            return
        _figures(found)
        if here.may(Permission.READ):
            _complaints(here)


def _figures(found: WhatIf) -> None:
    st.markdown("\n".join(f"- {trying.told(clock)}" for clock in found.clocks))
    chosen = trying.clock_of(st.query_params)
    clock = next(each for each in found.clocks if each.key == chosen)
    st.subheader(f"{TITLES[chosen]}, by service and month of receipt", anchor=False)
    st.markdown(trying.left_out(clock.total.after) or "Everything is judged.")
    st.dataframe(trying.table(clock.services, "Service"), hide_index=True, alt=f"{TITLES[chosen]} by service")
    st.dataframe(trying.table(clock.months, "Month"), hide_index=True, alt=f"{TITLES[chosen]} by month of receipt")


def _complaints(here: Desk) -> None:
    params = st.query_params
    found = here.ask(
        what_if_changed,
        trying.trial_of(params),
        clock=trying.clock_of(params),
        against=trying.against_of(params),
        span=trying.span_of(params),
    )
    trying.changed(found)


page()
