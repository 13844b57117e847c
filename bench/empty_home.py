"""The least a page can be: what every figure of bench.pages is a multiple of."""

from __future__ import annotations

import streamlit as st


def nothing() -> None:
    """An empty page."""


st.set_page_config(layout="wide", page_title="Empty")
st.navigation([st.Page(nothing, title="Empty", default=True)], position="top").run()
