"""Letter wording: what the council's letters share, in force today, and how the council puts its own in its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from app.ui import forms, keys, letter_templates, places
from app.ui.desk import guard
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.permissions import Permission
from core.queries.letters import WordingView, shared_wording
from core.words import day_words


def page() -> None:
    """Each shared wording with its versions; one at a time is written anew."""
    here = guard(Permission.POLICY, title="Letter wording")
    st.title("Letter wording", anchor=False)
    st.markdown(
        "What letters share: how to reach us, how to ask for stage 2, and how to reach the Ombudsman at each moment "
        "the Code names. A letter keeps what it said when it went out. "
        f"Clauses {places.clause_links(['lgsco:3.7', 'lgsco:6.8', 'lgsco:6.5', 'lgsco:6.18'])}."
    )
    found = here.ask(shared_wording)
    stale = sum(bool(each.stale) for each in found)
    st.markdown(f"**{stale} of {len(found)}** need a look." if stale else f"All {len(found)} are looked after.")
    chosen = st.query_params.get("wording", "")
    letter_templates.band(here)
    for each in found:
        _one(each, chosen=each.block.name == chosen)


def _one(wording: WordingView, *, chosen: bool) -> None:
    name = wording.block.name
    opened = _publishing(wording)
    forms.finish(opened)
    with st.container(border=True):
        whose = "the council's own" if wording.own else "comes with the console"
        st.markdown(f"#### {wording.block.title}\n\n{whose}")
        st.text(wording.text or "Nothing is written yet.")
        if wording.stale:
            st.warning(f"**To look at.** {wording.stale}")
        _versions(wording)
        if chosen:
            forms.draw(opened)
            st.button("Close (what you typed is kept)", on_click=_choose, args=("",), type="tertiary")
        else:
            key = keys.letter_key(f"wording/{name}")
            st.button(f"Write anew: {wording.block.title}", key=key, on_click=_choose, args=(name,))


def _versions(wording: WordingView) -> None:
    lines = [_version(row) for row in wording.versions]
    if lines:
        st.markdown("\n".join(lines))


def _version(row: Any) -> str:
    begins: date = row["in_force_from"]
    what = one_line(row["text"], longest=120) if row["text"] else "back to the wording that comes with the console"
    return f"- From {day_words(begins)}, approved by {one_line(row['approved_by'])}: {what}"


def _publishing(wording: WordingView) -> Opened:
    return Opened(
        step="PublishWording",
        about=wording.block.name,
        given={"block": wording.block.name},
        starts={"text": wording.text},
        page=places.WORDING,
        leads_to=lambda _opened, _done: {},
    )


def _choose(name: str) -> None:
    st.query_params.pop("wording", None)
    if name:
        st.query_params["wording"] = name


page()
