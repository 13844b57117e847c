"""One's own searches on the search page: the list, keeping what is looked for now, and taking one away."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from app.ui import forms, page_steps, places, search_filter
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.queries.searching import own_searches

_SAVE, _REMOVE = "SaveSearch", "RemoveSearch"


def band(here: Desk, *, looking: bool) -> None:
    """The saved searches as links, the buttons for what can be done now, and the form of the one chosen."""
    kept = here.ask(own_searches)
    if kept:
        links = [f"[{one_line(name)}]({_address(looks_for)})" for name, looks_for in kept]
        st.markdown(f"Your saved searches: {' · '.join(links)}")
    steps = [*([_SAVE] if looking else []), *([_REMOVE] if kept else [])]
    page_steps.buttons(here, steps)
    step = st.query_params.get("step", "")
    if step not in steps:
        return
    names = {name: name for name, _looks_for in kept}
    given = {"looks_for": urlencode(search_filter.asked(st.query_params))} if step == _SAVE else {}
    with st.container(border=True):
        st.subheader(COMMANDS[step].title, anchor=False)
        opened = Opened(step=step, page="search", listed={"searches": names}, given=given, leads_to=_back_here)
        forms.draw(opened)
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _address(looks_for: str) -> str:
    return places.address(places.FOUND, search_filter.asked(dict(parse_qsl(looks_for))))


def _back_here(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return search_filter.asked(st.query_params)


def _close() -> None:
    st.query_params.pop("step", None)
