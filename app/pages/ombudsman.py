"""Ombudsman: what is there and due next, recommendations, decisions, our own handling, and the yearly letters."""

from __future__ import annotations

import streamlit as st

from app.ui import handling, keys, ombudsman, places, yearly_letter
from app.ui.desk import guard
from core.commands.base import COMMANDS
from core.desk import Desk
from core.permissions import REFUSAL, Permission
from core.queries.handling import handling_complaints
from core.queries.ombudsman import OmbudsmanList, ombudsman_list

_BEGINS = (ombudsman.RECORD, handling.RAISE, yearly_letter.ENTER)


def page() -> None:
    """One case when the address names one, or else the lists."""
    here = guard(Permission.OUTSIDE, title="Ombudsman")
    if not here.may(Permission.READ):
        _figures_alone(here)
        return
    opened = st.query_params.get("open", "")
    if opened:
        ombudsman.one(here, opened)
        return
    st.title("Ombudsman", anchor=False)
    year = yearly_letter.this_year(here)
    ombudsman.complied()
    handling.finish()
    _begin(here, year)
    with here.one_view():
        found, handled = here.ask(ombudsman_list), here.ask(handling_complaints)
    outside = here.may(Permission.ASSESS)
    if not outside:
        st.markdown(ombudsman.counts(found))
        _comply(here, found)
        ombudsman.lists(found)
    handling.lists(here, handled)
    if here.may(Permission.FIGURES):
        yearly_letter.figures(here, today_year=year)


def _figures_alone(here: Desk) -> None:
    """The yearly letters, for whoever opens no case."""
    st.title("Ombudsman", anchor=False)
    st.markdown(
        "What the Ombudsman says of each year. Our own records stand on the "
        f"[Member dashboard]({places.address(places.DASHBOARD, {})}), with small numbers held back. "
        f"{REFUSAL[Permission.READ]}"
    )
    yearly_letter.figures(here, today_year=yearly_letter.this_year(here))


def _begin(here: Desk, year: int) -> None:
    """What a page without anything opened can begin, and the form of the one that was chosen."""
    may = [name for name in _BEGINS if here.may(COMMANDS[name].needs)]
    step = st.query_params.get("step", "")
    with st.container(horizontal=True, gap="small"):
        for name in may:
            st.button(COMMANDS[name].title, key=keys.ombudsman_key(name), on_click=ombudsman.choose, args=(name,))
    if step not in may:
        return
    if step == ombudsman.RECORD:
        ombudsman.draw(ombudsman.recording())
    elif step == handling.RAISE:
        ombudsman.draw(handling.raising())
    else:
        yearly_letter.finish(year)
        yearly_letter.enter(here, today_year=year)


def _comply(here: Desk, found: OmbudsmanList) -> None:
    """The form for what an assessor recommended, which stands with no case at the Ombudsman."""
    chosen = ombudsman.given_of(found, st.query_params.get("comply", ""))
    if chosen is None or not here.may(COMMANDS[ombudsman.COMPLY].needs):
        return
    ombudsman.draw(ombudsman.complying(chosen.id, files={}))
    st.page_link(places.page(places.CASE), label=f"Open {chosen.complaint}", query_params={"ref": chosen.complaint})


page()
