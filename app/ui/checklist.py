"""The items of the quality checklist in a form: a mark and a few words for each, phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from app.ui import places
from app.ui.opened import Opened
from core.code.quality import CHECKLIST
from core.rules.quality import Mark

PARTS = ("mark", "words")
MARKS = [each.value for each in Mark]


def parts(name: str) -> Iterator[str]:
    """The name of each widget."""
    for key in CHECKLIST:
        yield from (f"{name}.{key}.{part}" for part in PARTS)


def draw(opened: Opened, name: str, *, on_change: Callable[[Opened], None]) -> None:
    """Each item with what to look for, under the heading of its phase."""
    phase = ""
    for key, item in CHECKLIST.items():
        told: dict[str, Any] = {"on_change": on_change, "args": (opened,)}
        if item.phase != phase:
            phase = item.phase
            st.markdown(f"### {phase.capitalize()}")
        st.markdown(f"**{item.title}** ({places.clause_links([item.clause])})  \n{item.help}")
        with st.container(key=f"check-{key}", horizontal=True, vertical_alignment="bottom"):
            mark = opened.key(f"{name}.{key}.mark")
            st.selectbox(f"{item.title}: found", MARKS, index=None, placeholder="Choose one", key=mark, **told)
            st.text_input(f"{item.title}: in words", key=opened.key(f"{name}.{key}.words"), **told)


def usable(name: str, kept: Any) -> Any:
    """What a widget begins with."""
    if name.endswith(".mark"):
        return kept if kept in MARKS else None
    return str(kept) if kept is not None else ""


def values(opened: Opened, name: str) -> tuple[dict[str, Any], ...]:
    """The marks as the command takes them."""
    found = []
    for key in CHECKLIST:
        mark = st.session_state.get(opened.key(f"{name}.{key}.mark"))
        words = st.session_state.get(opened.key(f"{name}.{key}.words")) or ""
        found.append({"item": key, "mark": Mark(mark) if mark else None, "words": words})
    return tuple(found)
