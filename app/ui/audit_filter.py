"""The audit's filter and the address of its page, each read from the other: what was looked for is a link."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from app.ui import keys
from core.errors import BadInput
from core.events.base import known_tags
from core.queries.audit import AuditFilter

NAMES = ("by", "kind", "ref", "from", "until")
"""What the address may say; whose entries is "by", because the demo's address says by "who" who is here."""

KINDS = {
    tag: (inspect.getdoc(kind) or tag).splitlines()[0].rstrip(".")
    for tag, kind in sorted(known_tags().items(), key=lambda item: str(item[1].__doc__))
}
"""Every kind of entry in words: what its event says of itself."""

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def show() -> None:
    """The five filters in one row; the address decides what they show."""
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _text("by", "Who")
        key = keys.filter_key("audit", "kind")
        held = st.query_params.get("kind", "")
        st.session_state[key] = held if held in KINDS else ""
        told: dict[str, Any] = {"key": key, "on_change": _set, "args": ("kind",)}
        st.selectbox("Kind", ["", *KINDS], format_func=lambda tag: KINDS.get(tag, "Every kind"), **told)
        _text("ref", "Complaint")
        _day("from", "From")
        _day("until", "Until")


def _text(name: str, label: str) -> None:
    key = keys.filter_key("audit", name)
    st.session_state[key] = st.query_params.get(name, "")
    st.text_input(label, key=key, on_change=_set, args=(name,))


def _day(name: str, label: str) -> None:
    key = keys.filter_key("audit", name)
    st.session_state[key] = day_of(st.query_params.get(name, ""))
    told: dict[str, Any] = {"key": key, "on_change": _set, "args": (name,)}
    st.date_input(label, format="DD/MM/YYYY", min_value=_FIRST, max_value=_LAST, **told)


def _set(name: str) -> None:
    value = st.session_state[keys.filter_key("audit", name)]
    said = value.isoformat() if isinstance(value, date) else str(value or "").strip()
    st.query_params.pop("before", None)
    st.query_params.pop(name, None)
    if said:
        st.query_params[name] = said


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The filter's part of an address, without what says nothing."""
    return {name: params[name] for name in NAMES if params.get(name)}


def chosen(params: Mapping[str, str]) -> AuditFilter:
    """The filter an address asks for; BadInput when it names a day that does not exist."""
    return AuditFilter(
        actor=params.get("by", ""),
        tag=params.get("kind", ""),
        reference=params.get("ref", ""),
        from_day=day_of(params.get("from", "")),
        until_day=day_of(params.get("until", "")),
    )


def before(params: Mapping[str, str]) -> int | None:
    """The entry before which a page of the list begins; BadInput when the address names none."""
    said = params.get("before", "")
    if said and not (said.isascii() and said.isdigit() and len(said) < len(str(10**18))):
        raise BadInput("This page of the audit does not exist. Go back to the newest entries.")
    return int(said) if said else None


def day_of(said: str) -> date | None:
    """A day as an address writes it, such as 2026-11-24; BadInput for anything else."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or not _FIRST <= day <= _LAST:
        raise BadInput("The address names a day that the audit cannot look for. Choose it in the filter instead.")
    return day
