"""Choices that a page's address keeps: a list of them, or a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from app.ui import keys


def choice(page: str, name: str, label: str, reads: Mapping[str, str], *, drops: tuple[str, ...] = ()) -> None:
    """A list whose choice stands in the address; choosing takes `drops` out of it, such as which page is shown."""
    key = keys.filter_key(page, name)
    held = st.query_params.get(name, "")
    st.session_state[key] = held if held in reads else ""
    st.selectbox(
        label, list(reads), format_func=lambda each: reads[each], key=key, on_change=_keep, args=(page, name, drops)
    )


def day(page: str, name: str, label: str, held: date | None, *, drops: tuple[str, ...] = ()) -> None:
    """A day that stands in the address; `held` is the one that is there, where it is one."""
    key = keys.filter_key(page, name)
    st.session_state[key] = held
    st.date_input(label, key=key, format="DD/MM/YYYY", on_change=_keep, args=(page, name, drops))


def _keep(page: str, name: str, drops: tuple[str, ...]) -> None:
    value = st.session_state[keys.filter_key(page, name)]
    for other in (name, *drops):
        st.query_params.pop(other, None)
    if value:
        st.query_params[name] = str(value)
