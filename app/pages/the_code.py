"""The Code: section by section, how each clause is met here, the value in force, readings and worked examples."""

from __future__ import annotations

import streamlit as st

from app.ui import clauses, keys, lived, own_standards, places, reasons
from app.ui.desk import guard
from core.code.catalogue import CLAUSES, SECTIONS, Clause
from core.desk import Desk
from core.permissions import Permission
from core.queries.departures import departure_counts
from core.queries.in_force import policy_today
from core.queries.policies import policy_versions


def page() -> None:
    """One clause opened, or a section's clauses, or those with the words looked for."""
    here = guard(Permission.CODE, title="The Code")
    st.title("The Code", anchor=False)
    key = f"lgsco:{st.query_params.get('clause', '')}"
    chosen = CLAUSES.get(key) or next((each for each in CLAUSES.values() if key in {p.key for p in each.parts}), None)
    _choosers(chosen)
    counts = here.ask(departure_counts) if here.may(Permission.FIGURES) else None
    if chosen is not None:
        _one(here, chosen, counts)
        return
    words = st.query_params.get("words", "").strip()
    section = st.query_params.get("section", "")
    found = [each for each in CLAUSES.values() if clauses.fits(each, words=words, section=section)]
    met = sum(each.met for each in CLAUSES.values())
    st.markdown(
        f"**{len(found)}** of {len(CLAUSES)} clauses. This release meets {met} of them; for the others it says "
        "what the council does meanwhile. The wording is ours, the numbers are the Code’s."
    )
    if not found:
        st.info("No clause has these words. Use fewer, or choose another section.")
    _list(found, counts or {})
    if not (words or section):
        own_standards.band(here)


def _choosers(chosen: Clause | None) -> None:
    left, right = st.columns([2, 2])
    sections = {"": "All sections", **{str(number): f"{number}. {title}" for number, title in SECTIONS.items()}}
    held = str(chosen.section) if chosen else st.query_params.get("section", "")
    key = keys.filter_key("code", "section")
    st.session_state[key] = held if held in sections else ""
    left.selectbox("Section", list(sections), format_func=sections.get, key=key, on_change=_set, args=("section",))
    key = keys.filter_key("code", "words")
    st.session_state[key] = st.query_params.get("words", "")
    right.text_input("Words or a clause number", key=key, on_change=_set, args=("words",))


def _set(name: str) -> None:
    st.query_params.pop("clause", None)
    value = str(st.session_state[keys.filter_key("code", name)]).strip()
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _one(here: Desk, chosen: Clause, counts: dict[str, int] | None) -> None:
    """A single clause with everything known about it, and its neighbours."""
    order = list(CLAUSES.values())
    place = order.index(chosen)
    with st.container(horizontal=True):
        st.page_link(
            places.page(places.THE_CODE),
            label=f"All of section {chosen.section}",
            query_params={"section": str(chosen.section)},
        )
        if place:
            before = order[place - 1].number
            st.page_link(places.page(places.THE_CODE), label=f"Back to {before}", query_params={"clause": before})
        if place + 1 < len(order):
            after = order[place + 1].number
            st.page_link(places.page(places.THE_CODE), label=f"On to {after}", query_params={"clause": after})
    st.header(f"{chosen.number} {chosen.title}")
    left, right = st.columns(2, gap="large")
    policy = here.ask(policy_today)
    with left:
        clauses.told(chosen, policy=policy, departed=None if counts is None else counts.get(chosen.key, 0))
        clauses.history(chosen, here.ask(policy_versions))
        lived.band(here, chosen)
        if chosen.key == reasons.CLAUSE:
            reasons.band(here)
    with right:
        clauses.readings(chosen, policy)
        clauses.examples(chosen)


def _list(found: list[Clause], counts: dict[str, int]) -> None:
    """Clauses under their section, each a link to its own view."""
    for number, title in SECTIONS.items():
        inside = [each for each in found if each.section == number]
        if not inside:
            continue
        st.subheader(f"{number}. {title}")
        with st.container(key=f"rows-clauses-{number}", gap=None):
            for each in inside:
                clauses.row(each, departed=counts.get(each.key, 0))


page()
