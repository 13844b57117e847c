"""The least a page behind the gate can be: it asks who sits there, as every page does, and shows nothing."""

from __future__ import annotations

import streamlit as st

from app.ui.desk import visit


def nothing() -> None:
    """An empty page."""


visit()
st.set_page_config(layout="wide", page_title="Empty")
st.navigation([st.Page(nothing, title="Empty", default=True)], position="top").run()
