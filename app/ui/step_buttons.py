"""The buttons that open a step of a case; the step's form then stands in place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import streamlit as st

from app.ui import keys
from core.commands.base import COMMANDS

_SHOWN = 5
"""Buttons at most: the likeliest come first, and the others stand behind one more."""


def draw(names: Sequence[str], *, likeliest: str = "") -> None:
    """A button for each of the first of these steps, in a row, and the rest in a menu; the likeliest one stands out."""
    # One button needs no row of its own.
    with st.container(horizontal=True, gap="small") if len(names) != 1 else nullcontext():
        shown = names if len(names) <= _SHOWN + 1 else names[:_SHOWN]
        for name in shown:
            st.button(
                COMMANDS[name].title,
                key=keys.step_key(name),
                type="primary" if name == likeliest else "secondary",
                on_click=choose,
                args=(name,),
            )
        if rest := names[len(shown) :]:
            menu("More steps", rest)


def menu(label: str, names: Sequence[str]) -> None:
    """These steps behind one button: a case has many, and most of them are taken now and then."""
    title = {name: COMMANDS[name].title for name in names}.get
    st.menu_button(label, names, key=keys.step_key(label), format_func=title, on_click=_chosen, args=(label,))


def _chosen(label: str) -> None:
    """Open the step that was picked from a menu."""
    if name := st.session_state.get(keys.step_key(label)):
        choose(name)


def choose(name: str) -> None:
    """Open the form of a step, and close whichever was open."""
    st.query_params.pop("release", None)
    st.query_params["step"] = name
