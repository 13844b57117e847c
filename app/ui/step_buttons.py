"""The buttons that open a step of a case; the step's form then stands in place."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import keys
from core.commands.base import COMMANDS


def draw(names: Sequence[str], *, likeliest: str = "") -> None:
    """A button for each of these steps, in a row; the likeliest one stands out."""
    with st.container(horizontal=True, gap="small"):
        for name in names:
            st.button(
                COMMANDS[name].title,
                key=keys.step_key(name),
                type="primary" if name == likeliest else "secondary",
                on_click=choose,
                args=(name,),
            )


def choose(name: str) -> None:
    """Open the form of a step, and close whichever was open."""
    st.query_params.pop("release", None)
    st.query_params["step"] = name
